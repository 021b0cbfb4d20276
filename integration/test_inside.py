"""What stands inside a flag: what it does, who may, the state, and all of the last run."""

import pytest

from integration.menu import Menu
from integration.smb import Client


@pytest.mark.usefixtures("menu")
def test_a_flag_says_what_it_does_and_who_may(alice: Client) -> None:
    text = alice.read("Probe/Speak [Ready].txt").decode()
    assert "Says who asked, in a terminal's colours" in text
    assert "/usr/local/bin/speak (as nobody:nogroup)" in text
    assert "user o'neil" in text
    assert "group wwwadmins" in text
    assert "State           Ready" in text


def test_a_flag_tells_of_its_last_run(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Speak [Ready].txt")
    menu.wait_for_names("Probe", "Speak [Failed]")
    text = alice.read("Probe/Speak [Failed].txt").decode()
    fields = dict(line.split(maxsplit=1) for line in text.splitlines() if len(line.split()) > 1)
    assert fields["Who"] == "alice from 127.0.0.1"
    assert fields["State"] == "Failed"
    assert fields["Result"] == "failed"
    assert fields["When"][:4].isdigit()
    assert "Exit status     3" in text
    assert "How long" in text
    assert "as nobody:nogroup" in text
    assert "\\x1b[31mred\\x1b[0m" in text
    assert "\x1b" not in text
    assert f"job={menu.story('ended')[0]['FUI_JOB']}" in text


def test_a_running_flag_says_for_whom_and_a_blocked_one_why(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]", "Waiting [Blocked]")
    assert "alice from 127.0.0.1" in alice.read("Probe/Slow [Running].txt").decode()
    blocked = alice.read("Probe/Waiting [Blocked].txt").decode()
    assert "Blocked; Probe/Slow is running for alice" in blocked
