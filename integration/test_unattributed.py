"""A deletion that nobody is proven to have done runs nothing, and the flag is back."""

import pytest

from integration.menu import SHARE, Menu
from integration.smb import Command, Library


@pytest.mark.parametrize("user", ["root", "alice"])
def test_rm_by_somebody_with_a_shell(menu: Menu, user: str) -> None:
    menu.machine.run(["rm", "--force", f"{SHARE}/Probe/Quick [Ready].txt"], user=user)
    fact = menu.wait_for_fact("unattributed")
    assert fact["FUI_ACTION"] == "Quick"
    assert fact["FUI_USER"] == ""
    menu.wait_for_names("Probe", "Quick [Denied]", "Fail [Ready]")
    assert "nobody known" in menu.text("Probe", "Quick [Denied]")
    menu.wait_for_names("Probe", "Quick [Ready]")
    assert [fact.kind for fact in menu.story()] == ["unattributed"]


def test_the_next_press_over_smb_runs(menu: Menu) -> None:
    menu.machine.run(["rm", f"{SHARE}/Probe/Quick [Ready].txt"])
    menu.wait_for_names("Probe", "Quick [Denied]")
    with Library(menu.machine.smb_port, "alice") as alice:
        alice.delete("Probe/Quick [Denied].txt")
        menu.wait_for_fact("ended")


def test_one_whose_client_is_gone_before_journald_looks_is_nobody(menu: Menu) -> None:
    """The unit comes from /proc; without it an entry could be anybody's."""
    journald = menu.machine.unit_property("systemd-journald", "MainPID")
    menu.machine.run(["kill", "-STOP", journald])
    try:
        Command(menu.machine, menu.machine.smb_port, "alice").delete("Probe/Quick [Ready].txt")
    finally:
        menu.machine.run(["kill", "-CONT", journald])
    menu.wait_for_fact("unattributed")
    menu.wait_for_names("Probe", "Quick [Denied]")
    menu.wait_until_ready()
    assert {fact.kind for fact in menu.story()} <= {"suspicious", "unattributed"}
