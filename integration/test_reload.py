"""`systemctl reload fui`: what is new is there, what is gone goes, what runs and did not change stays."""

import re
import time
from contextlib import suppress

import pytest

from integration.menu import ETC, SHARE, Menu
from integration.smb import Client, SmbError

EXTRA = "conf.d/extra.yaml"
ERROR = "[Configuration error]"


def extra(*actions: str, more: str = "") -> str:
    """Write the drop-in of the object Extra."""
    lines = [
        "object: Extra",
        "action-group:",
        "    directory: {group: controls}",
        "    allow: {groups: [wwwadmins]}",
        *([f"    {more}"] if more else []),
        "    actions:",
        *(f"      - {{{action}}}" for action in actions),
    ]
    return "\n".join(lines) + "\n"


SLOW = "name: Slow, command: /usr/bin/sleep 3"
ONE = "name: One, command: /bin/true"
TWO = "name: Two, command: /bin/true"
WRONG = extra("name: One, command: nothing")


def stamps(menu: Menu, folder: str) -> dict[str, tuple[int, int]]:
    """Tell each flag of a folder from any other that was ever there."""
    found = ((path.name, path.stat()) for path in menu.folder(folder).iterdir())
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found}


def test_what_is_new_can_be_pressed_and_what_is_gone_is_gone(menu: Menu, alice: Client) -> None:
    with menu.configured(EXTRA, extra(ONE)):
        menu.wait_for_names("Extra", "One [Ready]")
        alice.delete("Extra/One [Ready].txt")
        menu.wait_for_facts("ended", 1)
        menu.configure(EXTRA, extra(TWO))
        menu.wait_for(lambda: menu.names("Extra") == ["Two [Ready]"], "the other flag")
        alice.delete("Extra/Two [Ready].txt")
        menu.wait_for_facts("ended", 2)
    menu.wait_for(lambda: not menu.folder("Extra").exists(), "the folder to go")
    assert "Extra" not in alice.list()
    assert "1 are new; 0 are gone" in menu.story("configured")[0]["MESSAGE"]


def test_a_flag_that_did_not_change_is_not_touched(menu: Menu) -> None:
    folders = ("Probe", "Apache", "Many")
    with menu.configured(EXTRA, extra(ONE, TWO)):
        menu.wait_for_names("Extra", "One [Ready]", "Two [Ready]")
        before = {folder: stamps(menu, folder) for folder in folders}
        own = stamps(menu, "Extra")
        said = "description: Says so, " + ONE
        menu.configure(EXTRA, extra(said, TWO))
        menu.wait_for(lambda: "Says so" in menu.text("Extra", "One [Ready]"), "the description")
        assert {folder: stamps(menu, folder) for folder in folders} == before
        now = stamps(menu, "Extra")
        assert now["Two [Ready].txt"] == own["Two [Ready].txt"]
        assert now["One [Ready].txt"] != own["One [Ready].txt"]


def test_a_job_that_runs_and_its_group_stay_as_they_are(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]", "Waiting [Blocked]")
    with menu.configured(EXTRA, extra(ONE)):
        menu.wait_for_names("Extra", "One [Ready]")
        assert {"Slow [Running]", "Waiting [Blocked]"} <= set(menu.names("Probe"))
        menu.wait_for_names("Probe", "Slow [Done]", "Waiting [Ready]")
    assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done"
    assert len(menu.story("started")) == 1


def test_an_action_that_is_removed_while_it_runs_ends_and_then_goes(
    menu: Menu, alice: Client
) -> None:
    with menu.configured(EXTRA, extra(SLOW, TWO, more="cancel: true")):
        menu.wait_for_names("Extra", "Slow [Ready]")
        alice.delete("Extra/Slow [Ready].txt")
        menu.wait_for_names("Extra", "Slow [Running]", "Two [Blocked]")
        menu.configure(EXTRA, extra(TWO))
        menu.wait_for_names("Extra", "Slow [Running]", "Two [Blocked]")
        menu.wait_for(lambda: menu.names("Extra") == ["Two [Ready]"], "the flag to go")
        ended = menu.wait_for_fact("ended")
        assert (ended["FUI_ACTION"], ended["FUI_RESULT"]) == ("Slow", "done")
        menu.configure(EXTRA, extra(SLOW))
        menu.wait_for_names("Extra", "Slow [Ready]")
        alice.delete("Extra/Slow [Ready].txt")
        menu.wait_for_names("Extra", "Slow [Running]")
        menu.configure(EXTRA, None)
        assert menu.names("Extra") == ["Slow [Running]"]
        menu.wait_for(lambda: not menu.folder("Extra").exists(), "the folder to go")
    assert [fact["FUI_RESULT"] for fact in menu.wait_for_facts("ended", 2)] == ["done", "done"]


def test_a_wrong_drop_in_keeps_what_was_good_and_says_so(menu: Menu, alice: Client) -> None:
    with menu.configured(EXTRA, extra(ONE)):
        menu.wait_for_names("Extra", "One [Ready]")
        menu.configure(EXTRA, WRONG)
        menu.wait_for_names("Extra", ERROR, "One [Ready]")
        text = alice.read(f"Extra/{ERROR}.txt").decode()
        assert re.search(rf"^{ETC}/{EXTRA}:6:\d+: cannot .*absolute", text, re.MULTILINE)
        assert f"{ETC}/{EXTRA}:6:" in menu.wait_for_fact("misconfigured")["MESSAGE"]
        alice.delete("Extra/One [Ready].txt")
        menu.wait_for_facts("ended", 1)
        with suppress(SmbError):  # some clients may not
            alice.delete(f"Extra/{ERROR}.txt")
        menu.wait_for_names("Extra", ERROR)
        menu.configure(EXTRA, extra(TWO))
        menu.wait_for(lambda: menu.names("Extra") == ["Two [Ready]"], "the notice to go")
    assert len(menu.story("started")) == 1


def test_a_new_drop_in_that_is_wrong_shows_itself_and_nothing_else(
    menu: Menu, alice: Client
) -> None:
    before = stamps(menu, "Probe")
    with menu.configured(EXTRA, WRONG):
        menu.wait_for(lambda: menu.names("Extra") == [ERROR], "the notice")
        assert f"{ETC}/{EXTRA}:6:" in alice.read(f"Extra/{ERROR}.txt").decode()
        assert stamps(menu, "Probe") == before
    menu.wait_for(lambda: not menu.folder("Extra").exists(), "the folder to go")


def test_at_a_start_a_wrong_drop_in_does_not_take_the_others_down(
    menu: Menu, alice: Client
) -> None:
    menu.machine.write(f"{ETC}/{EXTRA}", WRONG)
    try:
        menu.machine.run(["systemctl", "restart", "fui"])
        menu.wait_for(lambda: menu.names("Extra") == [ERROR], "the notice")
        alice.delete("Probe/Quick [Ready].txt")
        menu.wait_for_facts("ended", 1)
        menu.configure(EXTRA, extra(ONE))
        menu.wait_for(lambda: menu.names("Extra") == ["One [Ready]"], "the action")
    finally:
        menu.configure(EXTRA, None)


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("settle: soon", ":8:9:", "soon"),
        ("share: /srv", ":2:8:", 'cannot change "share" while FUI runs'),
        ("facility: local3", ":8:11:", 'cannot change "facility" while FUI runs'),
    ],
)
def test_a_wrong_fui_yaml_keeps_the_one_before(
    menu: Menu, alice: Client, line: str, place: str, words: str
) -> None:
    key = line.partition(":")[0]
    good = menu.machine.read(f"{ETC}/fui.yaml").decode()
    lines = good.splitlines()
    wrong = [line if each.startswith(f"{key}:") else each for each in lines]
    with menu.configured("fui.yaml", "\n".join(wrong if wrong != lines else [*lines, line]) + "\n"):
        told = menu.wait_for_fact("misconfigured")["MESSAGE"]
        assert f"{ETC}/fui.yaml{place}" in told
        assert words in told
        alice.delete("Probe/Quick [Ready].txt")
        menu.wait_for_names("Probe", "Quick [Done]")
        menu.wait_for_names("Probe", "Quick [Ready]")  # after 2 s, as it was before


@pytest.mark.parametrize(
    ("states", "ready", "done"),
    [
        ("{language: de}", "{} [Bereit]", "{} [Fertig]"),
        ('{place: before, brackets: "()"}', "(Ready) {}", "(Done) {}"),
        ('{language: fr, ready: ""}', "{}", "{} [Terminé]"),
    ],
)
def test_other_words_rename_the_flags_and_they_can_be_pressed(
    menu: Menu, alice: Client, states: str, ready: str, done: str
) -> None:
    good = menu.machine.read(f"{ETC}/fui.yaml").decode()
    names = sorted(ready.format(action) for action in menu.objects()["Probe"])
    with menu.configured("fui.yaml", f"{good}states: {states}\n"):
        menu.wait_for(lambda: menu.names("Probe") == names, f"{names}")
        alice.delete(f"Probe/{ready.format('Quick')}.txt")
        menu.wait_for_names("Probe", done.format("Quick"))
        assert f"{done.format('Quick')}.txt" in alice.list("Probe")
    menu.wait_until_ready()
    assert [fact.kind for fact in menu.story("pressed", "denied", "ended")] == ["pressed", "ended"]


def test_an_execute_folder_comes_and_goes(menu: Menu, alice: Client) -> None:
    good = menu.machine.read(f"{ETC}/fui.yaml").decode()
    with menu.configured("fui.yaml", good.replace("Execute", "Run it")):
        menu.wait_for(menu.folder("Run it").exists, "the new folder")
        menu.wait_for(lambda: not menu.folder("Execute").exists(), "the old one to go")
        alice.rename("Probe/Quick [Ready].txt", "Run it/Quick [Ready].txt")
        menu.wait_for_names("Probe", "Quick [Done]")
    menu.wait_for(menu.folder("Execute").exists, "the old one to be back")


def test_a_reload_returns_when_it_is_done(menu: Menu) -> None:
    version = menu.machine.systemd_version()
    if version < 253:
        pytest.skip(f"systemd {version} has no Type=notify-reload")
    menu.machine.write(f"{ETC}/{EXTRA}", extra(ONE))
    menu.machine.run(["systemctl", "reload", "fui"])
    there = menu.names("Extra")
    menu.configure(EXTRA, None)
    assert there == ["One [Ready]"]


def test_many_reloads_at_once_are_no_trouble(menu: Menu, alice: Client) -> None:
    for number in range(10):
        menu.machine.write(f"{ETC}/{EXTRA}", extra(ONE if number % 2 else TWO))
        menu.machine.kill_unit("fui", "HUP")
    menu.wait_for(lambda: menu.names("Extra") == ["One [Ready]"], "the last of them")
    menu.configure(EXTRA, None)
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_facts("ended", 1)
    assert not menu.machine.path(f"{SHARE}/Extra").exists()


def test_a_group_that_a_directory_service_has_later_is_found_without_a_reload(menu: Menu) -> None:
    text = menu.machine.path(f"{ETC}/fui.yaml").read_text("utf-8")
    late = extra(ONE).replace("wwwadmins", "late")
    with menu.configured("fui.yaml", f"{text}reconcile-every: 1s\n"):
        menu.machine.write(f"{ETC}/{EXTRA}", late)
        try:
            menu.reload()
            menu.wait_for_names("Extra", ERROR)
            menu.machine.run(["groupadd", "late"])
            menu.wait_for(lambda: menu.names("Extra") == ["One [Ready]"], "the flag")
            menu.machine.write(f"{ETC}/{EXTRA}", late.replace("One", "Two"))
            time.sleep(3)  # what is written holds when somebody says so
            assert menu.names("Extra") == ["One [Ready]"]
        finally:
            menu.machine.run(["groupdel", "-f", "late"], check=False)
            menu.configure(EXTRA, None)
