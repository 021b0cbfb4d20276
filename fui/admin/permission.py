"""May this user press that action, which rule says so, and what would a press do now?

Rules: decides nothing by itself. Who the user is and what applies to them the accounts edge says, and
what follows from it fui.core's `authorize`, as for the daemon; `forecast` says what comes of a press.

NSS can hang, and the configuration asks it too. So all that asks it is given up after its time; the
thread that hangs is a daemonic one, and ends with the process.
"""

import asyncio
import difflib
import pwd
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from fui.admin.forecast import forecast, queue_is_full, supposed
from fui.core import gate
from fui.core.authorize import Denied, Granted, authorize, samba_spelling
from fui.edges.accounts import Accounts
from fui.model.effects import LookUpAccount
from fui.model.errors import EdgeError
from fui.model.events import AccountFailed, AccountFound, Event
from fui.model.harmless import harmless
from fui.model.menu import Access, Action, Menu, Subject
from fui.model.states import FlagState, Refusal
from fui.model.status import Standing, Status

LOADING = 10.0
"""Seconds that reading the configuration may take, whatever the name service does."""

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Person:
    """A user, as NSS spells them."""

    name: str
    uid: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said of one user and one action.

    Attributes:
        action: Which.
        decision: Whether the user may press it to run it, with the rule.
        now: What a press would do now, in words.
    """

    action: Action
    decision: Granted | Denied
    now: str

    @property
    def may(self) -> bool:
        """Whether the user may press it."""
        return isinstance(self.decision, Granted)


def in_time(seconds: float, ask: Callable[[], _Found], what: str) -> _Found:
    """Return what a question gives that may hang in the name service.

    Raises:
        EdgeError: There was no answer in time.
    """
    answers: list[_Found | Exception] = []

    def work() -> None:
        try:
            answers.append(ask())
        except Exception as error:  # noqa: BLE001 - raised below, by whoever asked
            answers.append(error)

    thread = threading.Thread(target=work, name=what, daemon=True)
    thread.start()
    thread.join(seconds)
    if not answers:
        raise EdgeError(
            f"cannot {what} within {seconds:g} s: the name service does not answer;"
            " see: getent passwd"
        )
    answer = answers[0]
    if isinstance(answer, Exception):
        raise answer
    return answer


def person(name: str, menu: Menu) -> Person:
    """Return a user.

    Raises:
        EdgeError: There is none, with names that are near; or NSS does not answer in time.
    """
    timeout = menu.settings.lookup_timeout
    try:
        account = in_time(timeout, lambda: pwd.getpwnam(name), f"look up the user {harmless(name)}")
    except (KeyError, ValueError):
        raise EdgeError(
            f"there is no user {harmless(name)}{_near(name, _users(timeout))}"
        ) from None
    return Person(account.pw_name, account.pw_uid)


def _users(timeout: float) -> set[str]:
    """Return the names of users, as far as they can be had in time."""
    try:
        return {each.pw_name for each in in_time(timeout, pwd.getpwall, "list the users")}
    except EdgeError:
        return set()


def find(menu: Menu, text: str) -> Action:
    """Return the action that is called `OBJECT/ACTION`; upper and lower case are the same.

    Raises:
        EdgeError: There is none, with what there is.
    """
    by_name = {str(action.id).casefold(): action for action in menu.actions}
    found = by_name.get(text.casefold())
    if found is not None:
        return found
    objects = {action.id.object.casefold(): action.id.object for action in menu.actions}
    name, _, _ = text.partition("/")
    known = objects.get(name.casefold())
    if known is None:
        raise EdgeError(f"there is no object {harmless(name)}{_near(name, objects.values())}")
    actions = [str(one.id) for one in menu.actions if one.id.object == known]
    raise EdgeError(f"there is no action {harmless(text)}{_near(text, actions)}")


def answers(
    menu: Menu,
    actions: Iterable[Action],
    who: Person,
    status: Status | None,
    wall: float,
) -> list[Answer]:
    """Say of each action whether a user may press it, and what a press would do now.

    Args:
        menu: The configuration.
        actions: Those of its actions that are asked about.
        who: The user.
        status: What is going on; None if the daemon does not run.
        wall: The time, in seconds since the epoch.
    """
    return asyncio.run(_answers(menu, actions, who, status, wall))


async def _answers(
    menu: Menu, actions: Iterable[Action], who: Person, status: Status | None, wall: float
) -> list[Answer]:
    lookup = _LookUp(who, menu.settings.lookup_timeout)
    standings = {one.action: one for one in status.standings} if status else {}
    found = []
    for action in actions:
        now = "FUI does not run"
        if status is not None:
            standing = standings.get(action.id) or Standing(action.id, FlagState.READY)
            press = supposed(action, who.uid, samba_spelling(who.name), standing)
            event = await lookup.ask(gate.wanted(press))
            now = forecast(press, event, standing, queue_is_full(action, menu, status), wall)
        event = await lookup.ask(action.access)
        found.append(Answer(action, _decide(action.access, event), now))
    return found


class _LookUp:
    """Asks the accounts edge about one user, each question once, one after the other."""

    def __init__(self, who: Person, timeout: float) -> None:
        self._who = who.uid, samba_spelling(who.name)
        self._timeout = timeout
        self._accounts = Accounts(self._answer)
        self._waiting: asyncio.Future[AccountFound | AccountFailed] | None = None
        self._known: dict[frozenset[Subject], AccountFound | AccountFailed] = {}

    async def ask(self, access: Access) -> AccountFound | AccountFailed:
        subjects = frozenset(access.allow + access.deny)
        if subjects not in self._known:
            self._waiting = asyncio.get_running_loop().create_future()
            number = len(self._known)
            self._accounts.look_up(LookUpAccount(number, *self._who, subjects, self._timeout))
            self._known[subjects] = await self._waiting
        return self._known[subjects]

    def _answer(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, AccountFound | AccountFailed) and self._waiting is not None:
                self._waiting.set_result(event)


def _decide(access: Access, event: AccountFound | AccountFailed) -> Granted | Denied:
    if isinstance(event, AccountFailed):
        return Denied(Refusal.NO_ANSWER if event.known else Refusal.UNKNOWN_USER, event.why)
    return authorize(access, event.name, event.within, samba_spelling(event.name))


def _near(name: str, known: Iterable[str]) -> str:
    """Say which names there are that are like one that there is not."""
    by_case = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), by_case, n=5)
    some = [by_case[one] for one in near] or sorted(by_case.values())[:5]
    return f"; there is {harmless(', '.join(some))}" if some else ""
