"""An action that is to be confirmed runs with the second press of the same user, and no other."""

from integration.conftest import ClientOf
from integration.menu import Menu
from integration.smb import Client

ASKS = "Careful [Delete again to confirm]"


def test_the_second_press_runs(menu: Menu, alice: Client, bob: Client) -> None:
    alice.delete("Probe/Careful [Ready].txt")
    menu.wait_for_names("Probe", ASKS)
    assert "alice pressed it" in alice.read(f"Probe/{ASKS}.txt").decode()
    assert menu.story("started") == []
    alice.delete(f"Probe/{ASKS}.txt")
    menu.wait_for_names("Probe", "Careful [Running]")
    bob.delete("Probe/Careful [Running].txt")
    menu.wait_for_names("Probe", "Careful [Cancelled]")
    assert [fact.kind for fact in menu.story()][:4] == ["pressed", "asked", "pressed", "started"]


def test_without_a_second_press_nothing_runs(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Careful [Ready].txt")
    menu.wait_for_names("Probe", ASKS)
    menu.wait_for_names("Probe", "Careful [Ready]")
    assert [fact.kind for fact in menu.story()] == ["pressed", "asked"]


def test_somebody_else_does_not_confirm(menu: Menu, alice: Client, bob: Client) -> None:
    alice.delete("Probe/Careful [Ready].txt")
    menu.wait_for_names("Probe", ASKS)
    bob.delete(f"Probe/{ASKS}.txt")
    assert menu.wait_for_fact("denied")["FUI_USER"] == "bob"
    menu.wait_for_names("Probe", "Careful [Ready]")
    assert menu.story("started") == []


def test_another_who_may_press_it_does_not_confirm_either(
    menu: Menu, alice: Client, client_of: ClientOf
) -> None:
    alice.delete("Probe/Careful [Ready].txt")
    menu.wait_for_names("Probe", ASKS)
    client_of("mallory").delete(f"Probe/{ASKS}.txt")
    fact = menu.wait_for_fact("denied")
    assert (fact["FUI_USER"], fact["FUI_REFUSAL"]) == ("mallory", "not-confirmed")
    menu.wait_for_names("Probe", ASKS)
    assert "a press by mallory ran nothing" in menu.text("Probe", ASKS)
    menu.wait_for_names("Probe", "Careful [Ready]")
    assert menu.story("started") == []
