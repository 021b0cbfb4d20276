"""A member of an Active Directory domain, installed as docs/active-directory.md says.

Rules: the users come from the controller's machine over the network, by real logons. What a test
changes in the domain it puts back. The last test changes Samba's own settings.
"""

from collections.abc import Iterator

import pytest

from integration.domain import (
    CONTROLLER,
    DOMAIN,
    REALM,
    Controller,
    Member,
    Remote,
    Session,
    domain,
)
from integration.menu import Menu
from integration.smb import SmbError

ALICE, BOB, CAROL, O_NEIL = (f"{DOMAIN}\\{name}" for name in ("alice", "bob", "carol", "o'neil"))
SETTINGS = "result-shown-for: 1s\nlate-record-window: 1s\n"
READY, OTHER = "Apache/Check [Ready].txt", "Apache/Restart [Ready].txt"
HEARD = ["pressed", "started", "ended"]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Controller, Member]]:
    with domain(SETTINGS) as both:
        yield both


@pytest.fixture(scope="module")
def controller(both: tuple[Controller, Member]) -> Controller:
    return both[0]


@pytest.fixture(scope="module")
def member(both: tuple[Controller, Member]) -> Member:
    return both[1]


@pytest.fixture
def menu(member: Member) -> Menu:
    menu = Menu(member)
    wait_until_ready(menu)
    menu.mark()
    return menu


def wait_until_ready(menu: Menu) -> None:
    """Wait for the flags, and for winbind, which is slow to answer when it has just begun."""
    menu.machine.run(["id", ALICE])
    menu.wait_for_names("Apache", "Check [Ready]", "Restart [Ready]")


def runs(menu: Menu, user: str) -> None:
    """Wait until a run has ended, and see that it was this user's."""
    menu.wait_for_fact("ended")
    assert [fact.kind for fact in menu.story() if fact.kind != "output"] == HEARD
    for fact in menu.story():
        assert fact["FUI_USER"] == user
        assert fact["FUI_UID"] == menu.machine.run(["id", "--user", user]).stdout.strip()
        assert fact["FUI_CLIENT"] == CONTROLLER


def refused(menu: Menu, refusal: str) -> str:
    """Wait for a refusal, and give what was told; nothing has run."""
    fact = menu.wait_for_fact("denied")
    assert fact["FUI_REFUSAL"] == refusal
    assert menu.story("started") == []
    return fact["MESSAGE"]


@pytest.mark.parametrize(
    ("login", "user"),
    [
        (ALICE, ALICE),
        ("alice", ALICE),
        (f"{DOMAIN.lower()}\\ALICE", ALICE),
        (f"alice@{REALM}", ALICE),
        (O_NEIL, O_NEIL),
    ],
)
def test_who_is_in_a_nested_group_presses(
    menu: Menu, controller: Controller, login: str, user: str
) -> None:
    """And the line in the journal has the name as NSS has it, under the user's own uid."""
    Remote(controller, login).delete(READY)
    runs(menu, user)
    entry = menu.machine.journal("SYSLOG_IDENTIFIER=smbd_audit", "--grep=unlinkat")[-1]
    text = user.replace("'", "_")
    assert entry["MESSAGE"] == f"{text}|{CONTROLLER}|Controls|unlinkat|ok|/srv/controls/{READY}"
    assert entry["_UID"] == menu.story("pressed")[0]["FUI_UID"]


@pytest.mark.parametrize(
    ("user", "why"),
    [(BOB, rf"allowed is group {DOMAIN}\web admins"), (CAROL, rf"deny user {CAROL}")],
)
def test_who_may_not_is_refused_by_samba(
    menu: Menu, controller: Controller, user: str, why: str
) -> None:
    with pytest.raises(SmbError) as caught:
        Remote(controller, user).delete(READY)
    assert caught.value.status == "ACCESS_DENIED"
    told = refused(menu, "refused-by-samba")
    assert told.startswith(f"denied {user} ({CONTROLLER}) Apache/Check: ")
    assert why in told
    assert "Check [Ready]" in menu.names("Apache")


def test_setup_has_no_more_to_do_nor_to_ask_for(member: Member) -> None:
    said = member.administer(["fui", "setup", "--yes"])
    assert "nothing to do" in said
    assert "usermod" not in said


def test_who_left_a_group_is_refused_when_they_log_on_anew(
    menu: Menu, controller: Controller
) -> None:
    """And not before: so does every file server of a domain."""
    with Session(controller, ALICE) as session, controller.outside("alice", "operators"):
        session.delete(READY)
        runs(menu, ALICE)
        wait_until_ready(menu)
        menu.mark()
        with pytest.raises(SmbError) as caught:
            Remote(controller, ALICE).delete(READY)
        assert caught.value.status == "ACCESS_DENIED"
        refused(menu, "refused-by-samba")
    Remote(controller, ALICE).delete(READY)
    menu.wait_for_fact("ended")


def test_who_left_a_group_is_refused_at_once_if_winbind_forgets_the_logon(
    menu: Menu, controller: Controller
) -> None:
    """Samba still lets the open session delete; FUI does not let it press."""
    with Session(controller, ALICE) as session, controller.outside("alice", "operators"):
        sid = menu.machine.run(["wbinfo", "--name-to-sid", ALICE]).stdout.split()[0]
        menu.machine.run(["net", "cache", "samlogon", "delete", sid])
        menu.machine.run(["systemctl", "restart", "winbind"])
        wait_until_ready(menu)
        session.delete(READY)
        assert refused(menu, "not-allowed").endswith(rf"allowed is group {DOMAIN}\web admins")


def test_without_winbind_nobody_is_known_and_then_again(menu: Menu, controller: Controller) -> None:
    with Session(controller, ALICE) as session:
        menu.machine.run(["systemctl", "stop", "winbind"])
        session.delete(READY)
        assert "there is no user with uid" in refused(menu, "unknown-user")
        menu.machine.run(["systemctl", "start", "winbind"])
        wait_until_ready(menu)
        menu.mark()
        session.delete(READY)
        runs(menu, ALICE)


def test_while_winbind_hangs_nobody_is_known_and_then_again(
    menu: Menu, controller: Controller, member: Member
) -> None:
    with Session(controller, ALICE) as session:
        with member.hanging("winbind.service"):
            session.delete(READY)
            menu.wait_for_names("Apache", "Check [Denied]")
        assert "no answer within 2 s" in refused(menu, "no-answer")
        wait_until_ready(menu)
        menu.mark()
        session.delete(READY)
        runs(menu, ALICE)


def test_a_domain_that_names_leave_out(menu: Menu, controller: Controller) -> None:
    """NSS says alice then, and Samba's text has the domain before it."""
    said = menu.machine.read("/etc/samba/smb.conf").decode()
    other = said.replace("security = ads", "security = ads\n    winbind use default domain = yes")
    menu.machine.write("/etc/samba/smb.conf", other)
    menu.machine.run(["systemctl", "restart", "winbind", "smbd"])
    assert menu.machine.run(["id", "--user", "--name", ALICE]).stdout == "alice\n"
    for user in (ALICE, O_NEIL):
        wait_until_ready(menu)
        menu.mark()
        Remote(controller, user).delete(READY)
        runs(menu, user)
    wait_until_ready(menu)
    menu.mark()
    with pytest.raises(SmbError):
        Remote(controller, BOB).delete(
            OTHER
        )  # what was told of the first is not told again so soon
    assert refused(menu, "refused-by-samba").startswith(f"denied {BOB} ")
