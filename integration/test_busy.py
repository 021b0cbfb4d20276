"""A flag that is running or blocked comes back when it is deleted, and runs nothing."""

from integration.menu import SHARE, Menu
from integration.smb import Client


def test_deleting_what_is_running_or_blocked(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]", "Waiting [Blocked]")
    alice.delete("Probe/Slow [Running].txt")
    menu.wait_for_facts("denied", 1)
    alice.delete("Probe/Waiting [Blocked].txt")
    menu.wait_for_facts("denied", 2)
    menu.wait_for_names("Probe", "Slow [Running]", "Waiting [Blocked]")
    for fact in menu.story("denied"):
        assert "Probe/Slow is running for alice" in fact["MESSAGE"]
    menu.wait_for_names("Probe", "Slow [Done]", "Waiting [Ready]")
    assert len(menu.story("started")) == 1


def test_rm_of_a_running_flag(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]")
    menu.machine.run(["rm", f"{SHARE}/Probe/Slow [Running].txt"])
    menu.wait_for_fact("unattributed")
    menu.wait_for_fact("ended")
    menu.wait_for_names("Probe", "Slow [Done]", "Waiting [Ready]")
    assert len(menu.story("started")) == 1


def test_groups_run_side_by_side(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]")
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]", "Quick [Done]")
