"""Many presses at once are none: a folder, the whole share, or a program that touches everything."""

import os
import time

from integration.menu import ETC, EXECUTE, SHARE, Menu
from integration.smb import Client, Library

FOLDER = "Many"
FLAGS = 20
TRIES = int(os.environ.get("FUI_TRIES", "10"))
"""How often what must always be so is tried; `make soak` tries it 50 times."""


def wait_until_back(menu: Menu, folder: str, number: int) -> list[str]:
    """Wait until so many flags are in a folder; give their names."""
    menu.wait_for(lambda: len(menu.names(folder)) == number, f"{number} flags in {folder}")
    return menu.names(folder)


def test_a_folder_of_twenty_flags_that_is_deleted_runs_nothing(menu: Menu, alice: Client) -> None:
    for tried in range(1, TRIES + 1):
        alice.deltree(FOLDER)
        menu.wait_for_facts("many", tried)
        wait_until_back(menu, FOLDER, FLAGS)
    menu.wait_until_ready()
    told = menu.story()
    assert [fact.kind for fact in told] == ["many"] * TRIES
    for fact in told:
        assert fact["FUI_USER"] == "alice"
        assert f"{FLAGS} presses at once" in fact["MESSAGE"]


def test_a_flag_of_the_same_folder_that_is_deleted_alone_runs(menu: Menu, alice: Client) -> None:
    for tried in range(1, TRIES + 1):
        flag = next(
            name for name in menu.names(FOLDER) if name.startswith(f"Task {tried % FLAGS + 1:02}")
        )
        alice.delete(f"{FOLDER}/{flag}.txt")
        menu.wait_for_facts("ended", tried)
        wait_until_back(menu, FOLDER, FLAGS)
    kinds = [fact.kind for fact in menu.story()]
    assert kinds == ["pressed", "started", "ended"] * TRIES


def test_a_refused_flag_says_why(menu: Menu, alice: Client) -> None:
    alice.deltree(FOLDER)
    menu.wait_for_names(FOLDER, "Task 01 [Denied]", "Task 20 [Denied]")
    text = alice.read(f"{FOLDER}/Task 07 [Denied].txt").decode()
    assert "a press by alice ran nothing: 20 presses at once" in text


def test_the_whole_tree_that_is_deleted_runs_nothing(menu: Menu, alice: Client) -> None:
    objects = menu.objects()
    alice.deltree(*objects, EXECUTE)
    menu.wait_for_fact("many")
    for name, actions in objects.items():
        wait_until_back(menu, name, len(actions))
    menu.wait_until_ready()
    assert {fact.kind for fact in menu.story()} == {"many"}
    assert {fact["FUI_USER"] for fact in menu.story()} == {"alice"}


def test_a_folder_that_is_removed_as_a_whole_runs_nothing(menu: Menu, alice: Client) -> None:
    alice.deltree(FOLDER)
    menu.machine.run(["rm", "-rf", f"{SHARE}/{FOLDER}"])
    wait_until_back(menu, FOLDER, FLAGS)
    menu.wait_until_ready()
    assert menu.story("started", "pressed") == []


def test_a_program_that_renames_every_file_runs_nothing(menu: Menu, alice: Client) -> None:
    for name in alice.list(FOLDER):
        alice.put(f"{FOLDER}/{name}", b"nothing that anybody can read")
        alice.rename(f"{FOLDER}/{name}", f"{FOLDER}/{name}.locked")
    menu.wait_until_ready()
    assert {fact.kind for fact in menu.story()} == {"restored"}
    text = menu.text(FOLDER, "Task 01 [Ready]")
    assert text.startswith(f"{FOLDER}: Task 01\n")


def test_two_flags_of_one_object_at_once_are_none_and_one_later_runs(
    menu: Menu, alice: Client
) -> None:
    alice.deltree("Twin")
    menu.wait_for_fact("many")
    menu.wait_for_names("Twin", "Quick [Denied]")
    alice.delete("Twin/Quick [Denied].txt")
    menu.wait_for_fact("ended")
    assert [fact.kind for fact in menu.story()] == ["many", "pressed", "started", "ended"]


def test_a_slow_program_is_one_burst_however_long_it_takes(menu: Menu) -> None:
    with Library(menu.machine.smb_port, "alice") as alice:
        for name in alice.list(FOLDER):
            alice.delete(f"{FOLDER}/{name}")
            time.sleep(0.05)
    menu.wait_until_ready()
    assert [fact.kind for fact in menu.story()] == ["many"]


def test_one_flag_each_of_two_objects_is_two_presses_and_of_three_is_none(menu: Menu) -> None:
    paths = [f"{name} [Ready].txt" for name in ("Probe/Quick", "Twin/Quick", "Queue/One")]
    with Library(menu.machine.smb_port, "alice") as alice:
        alice.list()
        for path in paths:
            alice.delete(path)
        assert "3 presses at once" in menu.wait_for_fact("many")["MESSAGE"]
        menu.wait_until_ready()
        assert menu.story("started") == []
        for path in paths[:2]:
            alice.delete(path)
        menu.wait_for_facts("ended", 2)
    assert {fact["FUI_OBJECT"] for fact in menu.story("started")} == {"Probe", "Twin"}


def test_where_nothing_settles_each_of_them_runs(menu: Menu) -> None:
    said = menu.machine.read(f"{ETC}/fui.yaml").decode()
    with menu.configured("fui.yaml", f"{said}settle: 0\n"):
        with Library(menu.machine.smb_port, "alice") as alice:
            alice.list()
            alice.delete("Probe/Quick [Ready].txt")
            alice.delete("Probe/Speak [Ready].txt")
        menu.wait_for_facts("ended", 2)
    assert menu.story("many", "denied") == []
