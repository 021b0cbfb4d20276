"""A job ends when somebody who may cancel it deletes its flag while it runs."""

from integration.conftest import ClientOf
from integration.menu import Menu
from integration.smb import Client


def run_careful(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Careful [Ready].txt")
    menu.wait_for_names("Probe", "Careful [Delete again to confirm]")
    alice.delete("Probe/Careful [Delete again to confirm].txt")
    menu.wait_for_names("Probe", "Careful [Running]")


def test_who_may_cancels_and_both_are_named(menu: Menu, alice: Client, bob: Client) -> None:
    run_careful(menu, alice)
    bob.delete("Probe/Careful [Running].txt")
    menu.wait_for_names("Probe", "Careful [Cancelled]")
    text = bob.read("Probe/Careful [Cancelled].txt").decode()
    assert "alice from 127.0.0.1" in text
    assert "bob cancelled it" in text
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_USER"], ended["FUI_RESULT"]) == ("alice", "cancelled")
    assert "bob cancelled it" in ended["MESSAGE"]
    assert menu.story("cancelled")[0]["FUI_USER"] == "bob"
    assert menu.machine.run(["pgrep", "-f", "^/usr/bin/sleep 30"], check=False).stdout == ""
    menu.wait_for_names("Probe", "Careful [Ready]")


def test_who_may_only_run_it_does_not_end_it(menu: Menu, alice: Client, bob: Client) -> None:
    run_careful(menu, alice)
    alice.delete("Probe/Careful [Running].txt")
    assert menu.wait_for_fact("denied")["FUI_USER"] == "alice"
    menu.wait_for_names("Probe", "Careful [Running]")
    assert menu.machine.run(["pgrep", "-f", "^/usr/bin/sleep 30"], check=False).stdout != ""
    bob.delete("Probe/Careful [Running].txt")
    menu.wait_for_names("Probe", "Careful [Cancelled]")


def test_what_ignores_term_is_killed_with_all_its_children(
    menu: Menu, alice: Client, client_of: ClientOf
) -> None:
    menu.machine.path("/run/stubborn").unlink(missing_ok=True)
    alice.delete("Twin/Deaf [Ready].txt")
    menu.wait_for(menu.machine.path("/run/stubborn").exists, "the child that left its session")
    menu.wait_for_names("Twin", "Deaf [Running]", "Quick [Blocked]")
    client_of("mallory").delete("Twin/Deaf [Running].txt")
    menu.wait_for_names("Twin", "Deaf [Cancelled]", "Quick [Ready]")
    assert menu.machine.run(["pgrep", "-f", "stubborn"], check=False).stdout == ""
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_USER"], ended["FUI_RESULT"]) == ("alice", "cancelled")
    assert menu.story("cancelled")[0]["FUI_USER"] == "mallory"
    text = menu.text("Twin", "Deaf [Cancelled]")
    assert "alice from 127.0.0.1" in text
    assert "mallory cancelled it" in text


def test_nobody_ends_what_is_not_configured_to_be_ended(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]")
    alice.delete("Probe/Slow [Running].txt")
    assert menu.wait_for_fact("denied")["FUI_REFUSAL"] == "busy"
    assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done"
