"""Attribution cannot be borrowed or forged, whatever the text of the audit line says."""

import pytest

from integration.conftest import ClientOf
from integration.menu import SHARE, Menu
from integration.smb import Client, Library

FLAG = f"{SHARE}/Probe/Quick [Ready].txt"


def test_who_closes_the_file_last_is_not_who_deleted_it(menu: Menu, client_of: ClientOf) -> None:
    """Bob deletes while alice has the flag open: Samba's text names alice, the kernel bob."""
    with Library(menu.machine.smb_port, "alice") as alice, alice.hold("Probe/Quick [Ready].txt"):
        client_of("bob").delete("Probe/Quick [Ready].txt")
    fact = menu.wait_for_fact("denied")
    assert fact["FUI_USER"] == "bob"
    assert "alice" in fact["MESSAGE"]
    assert menu.story("started") == []


def test_the_same_the_other_way_round(menu: Menu, alice: Client) -> None:
    """Alice may, but it was bob's closing that pulled it: refused, for who decided when?"""
    with Library(menu.machine.smb_port, "bob") as bob, bob.hold("Probe/Quick [Ready].txt"):
        alice.delete("Probe/Quick [Ready].txt")
        assert menu.story() == []
    fact = menu.wait_for_fact("denied")
    assert fact["FUI_USER"] == "alice"
    assert menu.story("started") == []


@pytest.mark.parametrize("forger", ["bob", "alice", "nobody"])
def test_a_forged_line_is_not_believed(menu: Menu, forger: str) -> None:
    line = f"alice|192.0.2.7|Controls|unlinkat|ok|{FLAG}"
    forge = ["logger", "--tag", "smbd_audit", "--priority", "local5.notice", line]
    menu.machine.run(forge, user=forger)
    menu.machine.run(["rm", FLAG])
    menu.machine.run(forge, user=forger)
    menu.wait_for_fact("unattributed")
    assert menu.story("started", "pressed", "denied") == []


def test_a_line_forged_by_root_outside_of_samba_is_not_believed(menu: Menu) -> None:
    line = f"alice|192.0.2.7|Controls|unlinkat|ok|{FLAG}"
    menu.machine.run(["logger", "--tag", "smbd_audit", "--priority", "local5.notice", line])
    menu.machine.run(["rm", FLAG])
    menu.wait_for_fact("unattributed")
    assert menu.story("started") == []


@pytest.mark.parametrize(("user", "kind"), [("o'neil", "started"), ("o_neil", "denied")])
def test_names_that_samba_spells_alike(
    menu: Menu, client_of: ClientOf, user: str, kind: str
) -> None:
    client_of(user).delete("Probe/Speak [Ready].txt")
    assert menu.wait_for_fact(kind)["FUI_USER"] == user


def test_odd_names_are_buttons_like_any_other(menu: Menu, alice: Client) -> None:
    name = "o'neil's 100% [now] Größe"
    assert f"{name} [Ready].txt" in alice.list("Probe")
    alice.delete(f"Probe/{name} [Ready].txt")
    menu.wait_for_names("Probe", f"{name} [Done]")
    assert "it's-100%:[a],$HOME=\\\n" in menu.text("Probe", f"{name} [Done]")
    assert menu.wait_for_fact("ended")["FUI_ACTION"] == name
