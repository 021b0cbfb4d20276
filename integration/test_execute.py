"""A flag that is dragged into the execute folder is pressed; whatever else lies there stays."""

import pytest

from integration.menu import EXECUTE, SHARE, Menu
from integration.smb import Client, SmbError

QUICK = "Quick [Ready].txt"


def drag(client: Client, folder: str, name: str) -> None:
    client.rename(f"{folder}/{name}", f"{EXECUTE}/{name}")


def test_a_flag_that_is_dragged_there_runs_and_is_back(menu: Menu, alice: Client) -> None:
    assert EXECUTE in alice.list()
    assert f"move it into {EXECUTE}" in alice.read(f"Probe/{QUICK}").decode()
    drag(alice, "Probe", QUICK)
    menu.wait_for_names("Probe", "Quick [Done]")
    assert alice.list(EXECUTE) == []
    assert [fact.kind for fact in menu.story()] == ["pressed", "started", "ended"]
    assert {fact["FUI_USER"] for fact in menu.story()} == {"alice"}


def test_it_is_back_while_it_runs(menu: Menu, alice: Client) -> None:
    drag(alice, "Probe", "Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]", "Waiting [Blocked]")
    assert alice.list(EXECUTE) == []
    drag(alice, "Probe", "Waiting [Blocked].txt")
    assert "Probe/Slow is running for alice" in menu.wait_for_fact("denied")["MESSAGE"]
    menu.wait_for_names("Probe", "Slow [Running]", "Waiting [Blocked]")
    assert len(menu.story("started")) == 1


def test_flags_of_one_name_are_told_apart(menu: Menu, alice: Client) -> None:
    drag(alice, "Twin", QUICK)
    menu.wait_for_facts("ended", 1)
    drag(alice, "Probe", QUICK)
    menu.wait_for_facts("ended", 2)
    assert [fact["FUI_OBJECT"] for fact in menu.story("started")] == ["Twin", "Probe"]


def test_who_may_not_press_may_not_drag(menu: Menu, bob: Client) -> None:
    drag(bob, "Probe", QUICK)
    menu.wait_for_names("Probe", "Quick [Denied]")
    assert bob.list(EXECUTE) == []
    assert [fact.kind for fact in menu.story()] == ["pressed", "denied"]


def test_a_drag_confirms_and_cancels_like_a_deletion(
    menu: Menu, alice: Client, bob: Client
) -> None:
    drag(alice, "Probe", "Careful [Ready].txt")
    menu.wait_for_names("Probe", "Careful [Delete again to confirm]")
    drag(alice, "Probe", "Careful [Delete again to confirm].txt")
    menu.wait_for_names("Probe", "Careful [Running]")
    drag(bob, "Probe", "Careful [Running].txt")
    menu.wait_for_names("Probe", "Careful [Cancelled]")
    assert alice.list(EXECUTE) == []


def test_files_of_users_stay_there(menu: Menu, alice: Client, bob: Client) -> None:
    alice.put(f"{EXECUTE}/notes.txt", b"mine")
    alice.put(f"{EXECUTE}/{QUICK}", b"a copy of a flag")
    alice.put("Probe/draft.txt", b"moved there")
    alice.rename("Probe/draft.txt", f"{EXECUTE}/draft.txt")
    drag(alice, "Twin", "Deaf [Ready].txt")
    menu.wait_for_names("Twin", "Deaf [Running]")
    alice.delete("Twin/Deaf [Running].txt")
    menu.wait_for_facts("ended", 1)
    with menu.stopped():
        pass
    assert alice.list(EXECUTE) == [QUICK, "draft.txt", "notes.txt"]
    assert bob.read(f"{EXECUTE}/notes.txt") == b"mine"
    assert bob.read(f"{EXECUTE}/{QUICK}") == b"a copy of a flag"
    for name in alice.list(EXECUTE):
        alice.delete(f"{EXECUTE}/{name}")
    assert [fact["FUI_ACTION"] for fact in menu.story("started")] == ["Deaf"]


def test_a_flag_that_is_dragged_onto_a_file_of_a_user(menu: Menu, alice: Client) -> None:
    """The server refuses it, as an ordinary move; nothing ran and nothing is lost."""
    alice.put(f"{EXECUTE}/{QUICK}", b"mine")
    with pytest.raises(SmbError):
        drag(alice, "Probe", QUICK)
    assert alice.read(f"{EXECUTE}/{QUICK}") == b"mine"
    alice.delete(f"{EXECUTE}/{QUICK}")
    menu.wait_until_ready()
    assert menu.story("started") == []


def test_two_that_are_dragged_at_once_run_nothing(menu: Menu, alice: Client) -> None:
    names = [f"Task {number} [Ready].txt" for number in ("01", "02")]
    alice.rename_all({f"Many/{name}": f"{EXECUTE}/{name}" for name in names})
    menu.wait_for_fact("many")
    menu.wait_for_names("Many", "Task 01 [Denied]", "Task 02 [Denied]")
    assert alice.list(EXECUTE) == []
    assert [fact.kind for fact in menu.story()] == ["many"]


def test_a_flag_that_is_moved_elsewhere_runs_nothing(menu: Menu, alice: Client) -> None:
    alice.mkdir(f"{EXECUTE}/deeper")
    alice.rename(f"Probe/{QUICK}", f"{EXECUTE}/deeper/{QUICK}")
    menu.wait_for_facts("restored", 1)
    alice.rename(f"Probe/{QUICK}", f"Twin/mine {QUICK}")
    menu.wait_for_facts("restored", 2)
    menu.machine.run(["rm", "-r", f"{SHARE}/{EXECUTE}/deeper"])
    menu.wait_until_ready()
    assert {fact.kind for fact in menu.story()} == {"restored"}


def test_a_flag_that_is_moved_in_a_shell_is_no_press(menu: Menu) -> None:
    argv = ["mv", f"{SHARE}/Probe/{QUICK}", f"{SHARE}/{EXECUTE}/"]
    menu.machine.run(argv, user="alice")
    menu.wait_for_fact("unattributed")
    menu.wait_for_names("Probe", "Quick [Denied]")
    assert menu.names(EXECUTE) == []
    menu.machine.run(["mv", f"{SHARE}/Probe/Fail [Ready].txt", "/home"])
    menu.wait_until_ready()
    menu.machine.run(["rm", "/home/Fail [Ready].txt"])
    assert menu.story("started") == []


def test_the_execute_folder_comes_back(menu: Menu, alice: Client) -> None:
    menu.machine.run(["rmdir", f"{SHARE}/{EXECUTE}"])
    menu.wait_for(menu.folder(EXECUTE).exists, "the folder")
    drag(alice, "Probe", QUICK)
    menu.wait_for_facts("ended", 1)
    menu.machine.run(["mv", f"{SHARE}/{EXECUTE}", f"{SHARE}/Old"])
    menu.wait_for(menu.folder(EXECUTE).exists, "the folder again")
    menu.machine.run(["rmdir", f"{SHARE}/Old"])
    drag(alice, "Twin", QUICK)
    menu.wait_for_facts("ended", 2)
