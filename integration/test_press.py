"""A press runs the action: the flags show it, the web server feels it, the journal tells it."""

import pytest

from integration.menu import Menu
from integration.smb import Client

FOLDER = "Apache"
READY = ["Restart [Ready].txt", "Start [Ready].txt", "Stop [Ready].txt"]


@pytest.mark.usefixtures("menu")
def test_the_share_is_a_menu(alice: Client) -> None:
    assert {"Apache", "README.txt"} <= set(alice.list())
    assert alice.list(FOLDER) == READY
    readme = alice.read("README.txt").decode()
    assert 10 <= len(readme.splitlines()) <= 16
    for word in ("Ready", "Running", "Blocked", "Done", "Failed", "Denied", "delete"):
        assert word in readme.replace("Delete", "delete")
    assert ".fui" not in alice.list()


def test_a_press_restarts_the_real_web_server(menu: Menu, alice: Client) -> None:
    before = menu.machine.unit_property("apache2", "MainPID")
    alice.delete(f"{FOLDER}/Restart [Ready].txt")
    menu.wait_for_names(FOLDER, "Restart [Running]", "Start [Blocked]", "Stop [Blocked]")
    menu.wait_for_names(FOLDER, "Restart [Done]", "Start [Ready]", "Stop [Ready]")
    assert menu.machine.unit_property("apache2", "MainPID") != before
    assert alice.list(FOLDER) == ["Restart [Done].txt", *READY[1:]]
    menu.wait_for_names(FOLDER, "Restart [Ready]")
    assert alice.list(FOLDER) == READY


def test_the_journal_tells_the_story(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Speak [Ready].txt")
    ended = menu.wait_for_fact("ended")
    menu.wait_for_fact("output")
    assert [fact.kind for fact in menu.story()] == ["pressed", "started", "ended", "output"]
    uid, _ = menu.machine.ids("alice")
    for fact in menu.story():
        assert fact["FUI_OBJECT"] == "Probe"
        assert fact["FUI_ACTION"] == "Speak"
        assert fact["FUI_USER"] == "alice"
        assert fact["FUI_UID"] == str(uid)
        assert fact["FUI_CLIENT"] == "127.0.0.1"
        assert fact["_SYSTEMD_UNIT"] == "fui.service"
    assert ended["FUI_EXIT"] == "3"
    assert float(ended["FUI_DURATION"]) < 60
    lines = menu.machine.run(["journalctl", "--unit=fui", f"FUI_JOB={ended['FUI_JOB']}"]).stdout
    assert "alice" in lines
    assert "user=alice client=127.0.0.1 object=Probe action=Speak" in lines
    assert "\x1b" not in lines
    explained = menu.machine.run(["journalctl", "-x", "--unit=fui", "--lines=20"]).stdout
    assert "Defined-By: FUI" in explained


def test_failed_and_done_can_be_pressed_again(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Fail [Ready].txt")
    menu.wait_for_names("Probe", "Fail [Failed]", "Quick [Ready]")
    alice.delete("Probe/Fail [Failed].txt")
    menu.wait_for(lambda: len(menu.story("ended")) == 2, "the second run")
    menu.wait_for_names("Probe", "Fail [Failed]")
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_names("Probe", "Quick [Done]", "Fail [Ready]")
    alice.delete("Probe/Quick [Done].txt")
    menu.wait_for(lambda: len(menu.story("ended")) == 4, "the fourth run")
