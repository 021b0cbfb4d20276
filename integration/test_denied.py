"""Who may not press is told so, and nothing runs."""

from integration.conftest import ClientOf
from integration.menu import Menu
from integration.smb import Client


def test_bob_is_denied_and_told_why(menu: Menu, bob: Client) -> None:
    before = menu.machine.unit_property("apache2", "MainPID")
    bob.delete("Apache/Restart [Ready].txt")
    menu.wait_for_names("Apache", "Restart [Denied]", "Start [Ready]", "Stop [Ready]")
    text = bob.read("Apache/Restart [Denied].txt").decode()
    assert "a press by bob ran nothing: allowed is group wwwadmins" in text
    menu.wait_for_names("Apache", "Restart [Ready]")
    assert [fact.kind for fact in menu.story()] == ["pressed", "denied"]
    assert menu.story("denied")[0]["FUI_USER"] == "bob"
    assert menu.machine.unit_property("apache2", "MainPID") == before


def test_deny_beats_allow(menu: Menu, client_of: ClientOf) -> None:
    client_of("mallory").delete("Probe/Slow [Ready].txt")
    fact = menu.wait_for_fact("denied")
    assert "deny user mallory" in fact["MESSAGE"]
    assert menu.story("started") == []


def test_a_flag_that_was_denied_to_bob_can_be_pressed_by_alice(
    menu: Menu, alice: Client, bob: Client
) -> None:
    bob.delete("Probe/Quick [Ready].txt")
    menu.wait_for_names("Probe", "Quick [Denied]")
    alice.delete("Probe/Quick [Denied].txt")
    menu.wait_for_names("Probe", "Quick [Done]")


def test_a_group_that_was_left_counts_no_more(menu: Menu, alice: Client) -> None:
    menu.machine.run(["gpasswd", "--delete", "alice", "wwwadmins"])
    try:
        alice.delete("Probe/Quick [Ready].txt")
        assert menu.wait_for_fact("denied")["FUI_USER"] == "alice"
    finally:
        menu.machine.run(["gpasswd", "--add", "alice", "wwwadmins"])
    assert menu.story("started") == []
