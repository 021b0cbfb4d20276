"""Who deletes, who closes, who hangs up: a deletion that is put off is the press of nobody but its asker.

Samba carries a deletion out when the last who has the file open closes it, by name, and as the user who
asked for it; the text of its line names the one who closed.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from integration.adversary_client import Rude
from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Client
from integration.test_reload import extra

QUICK = "Probe/Quick [Ready].txt"

Enter = Callable[[str], Rude]


@pytest.fixture
def rude(machine: Machine) -> Iterator[Enter]:
    """Give sessions by user name; they are gone in the end."""
    with ExitStack() as sessions:
        yield lambda user: sessions.enter_context(Rude(machine.smb_port, user))


def kinds(menu: Menu) -> list[str]:
    return [fact.kind for fact in menu.story()]


def settled(menu: Menu) -> None:
    """Wait until all that was to come has come."""
    menu.machine.run(["sleep", "1"])
    menu.wait_until_ready()


@pytest.mark.parametrize("at_once", [False, True], ids=["disposition", "delete-on-close"])
def test_who_asks_and_hangs_up_has_pressed(menu: Menu, rude: Enter, at_once: bool) -> None:  # noqa: FBT001
    alice = rude("alice")
    handle = alice.open(QUICK, delete_on_close=at_once)
    if not at_once:
        alice.mark(handle)
    menu.machine.run(["sleep", "0.5"])
    assert kinds(menu) == []
    alice.drop()
    ended = menu.wait_for_fact("ended")
    assert ended["FUI_USER"] == "alice"
    settled(menu)
    assert kinds(menu) == ["pressed", "started", "ended"]


def test_who_asks_and_hangs_up_while_another_has_it_open(menu: Menu, rude: Enter) -> None:
    alice, bob = rude("alice"), rude("bob")
    handle = bob.open(QUICK)
    alice.mark(alice.open(QUICK))
    alice.drop()
    menu.machine.run(["sleep", "0.5"])
    assert kinds(menu) == []
    handle.close()
    fact = menu.wait_for_fact("denied")
    assert (fact["FUI_USER"], fact["FUI_REFUSAL"]) == ("alice", "deferred-delete")
    settled(menu)
    assert menu.story("started") == []


def test_who_may_not_press_hangs_up_while_one_who_may_has_it_open(menu: Menu, rude: Enter) -> None:
    bob, alice = rude("bob"), rude("alice")
    handle = alice.open(QUICK)
    bob.mark(bob.open(QUICK))
    bob.drop()
    menu.machine.run(["sleep", "0.5"])
    alice.drop()
    assert menu.wait_for_fact("denied")["FUI_USER"] == "bob"
    settled(menu)
    assert menu.story("started") == []
    assert handle.file_id


def test_the_smbd_of_the_one_who_asked_is_killed(menu: Menu, rude: Enter) -> None:
    """Then nobody closes, and the next one who does carries it out; that is nobody's press."""
    alice = rude("alice")
    alice.mark(alice.open(QUICK))
    told = menu.machine.run(["smbstatus", "--processes", "--user=alice"]).stdout
    (process,) = [line.split()[0] for line in told.splitlines() if " alice " in line]
    menu.machine.run(["kill", "-KILL", process])
    menu.machine.run(["sleep", "0.5"])
    assert kinds(menu) == []
    with Rude(menu.machine.smb_port, "bob") as bob:
        bob.open(QUICK).close()
    settled(menu)
    assert menu.story("started") == []
    assert {fact["FUI_REFUSAL"] for fact in menu.story("denied")} <= {"deferred-delete"}


def test_an_old_deletion_that_takes_a_new_flag(menu: Menu, rude: Enter) -> None:
    """The flag is made anew under its name before bob lets the deletion of the old one happen."""
    with menu.configured("conf.d/extra.yaml", extra("name: One, command: /bin/true")):
        menu.wait_for_names("Extra", "One [Ready]")
        path = menu.folder("Extra") / "One [Ready].txt"
        old = path.stat().st_ino
        alice, bob = rude("alice"), rude("bob")
        handle = bob.open("Extra/One [Ready].txt")
        alice.mark(alice.open("Extra/One [Ready].txt"))
        alice.drop()
        menu.configure(
            "conf.d/extra.yaml", extra("name: One, command: /bin/true, description: anew")
        )
        menu.wait_for(lambda: path.stat().st_ino != old, "the new flag")
        handle.close()
        settled(menu)
        assert menu.names("Extra") == ["One [Ready]"]
        assert menu.story("started") == []
        assert {fact["FUI_REFUSAL"] for fact in menu.story("denied")} <= {"deferred-delete"}


def test_one_whom_samba_spells_alike_closes(menu: Menu, rude: Enter) -> None:
    """Samba writes o_neil for both; it is o'neil's press all the same, for the kernel names him."""
    hers, his = rude("o_neil"), rude("o'neil")
    handle = hers.open("Probe/Speak [Ready].txt")
    his.mark(his.open("Probe/Speak [Ready].txt"))
    his.drop()
    handle.close()
    assert menu.wait_for_fact("started")["FUI_USER"] == "o'neil"


def test_one_whom_samba_spells_alike_asks(menu: Menu, rude: Enter) -> None:
    """The other way round nothing runs: who closes lends no right."""
    his, hers = rude("o'neil"), rude("o_neil")
    handle = his.open("Probe/Speak [Ready].txt")
    hers.mark(hers.open("Probe/Speak [Ready].txt"))
    hers.drop()
    handle.close()
    fact = menu.wait_for_fact("denied")
    assert (fact["FUI_USER"], fact["FUI_REFUSAL"]) == ("o_neil", "not-allowed")
    assert menu.story("started") == []


def test_many_who_hang_up_at_once_have_pressed_nothing(menu: Menu, rude: Enter) -> None:
    alice = rude("alice")
    handles = [alice.open(f"Many/Task {number} [Ready].txt") for number in ("01", "02", "03")]
    for handle in handles:
        alice.mark(handle)
    alice.drop()
    menu.wait_for_fact("many")
    settled(menu)
    assert kinds(menu) == ["many"]


def test_a_deletion_that_is_taken_back_is_none(menu: Menu, rude: Enter, alice: Client) -> None:
    session = rude("alice")
    handle = session.open(QUICK)
    session.mark(handle)
    session.mark(handle, really=False)
    handle.close()
    settled(menu)
    assert kinds(menu) == []
    alice.delete(QUICK)
    menu.wait_for_fact("ended")
