"""The people of a conversation, how NSS tells of them, and the menus that hold one after the other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from random import Random

from fui.model.effects import LookUpAccount
from fui.model.errors import Problem
from fui.model.events import AccountFailed, AccountFound, Event
from fui.model.menu import (
    Access,
    Action,
    ActionId,
    Command,
    Fault,
    FileSpec,
    Folder,
    Hours,
    Limit,
    Menu,
    Settings,
    Span,
    Subject,
    SubjectKind,
)

SHARE = "/srv/controls"
EXECUTE = Folder(f"{SHARE}/Execute", FileSpec(None, None, 0o2770))
ADMINS = Subject(SubjectKind.GROUP, "admins")
OPERATORS = Subject(SubjectKind.GROUP, "operators")
MALLORY = Subject(SubjectKind.USER, "mallory")

BEGIN = 1_800_000_000.0
"""The clock on the wall when a conversation begins: Friday 2027-01-15, 08:00 UTC."""

_DAY = 24 * 60
_WEEK = 7 * _DAY


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the share.

    Attributes:
        uid: As the kernel says.
        name: As NSS says; empty where it knows nobody of that uid.
        text: How Samba spells it.
        groups: Those that the user is in when the conversation begins.
    """

    uid: int
    name: str
    text: str
    groups: frozenset[Subject]


PEOPLE = (
    Person(1001, "alice", "alice", frozenset({ADMINS})),
    Person(1002, "bob", "bob", frozenset({OPERATORS})),
    Person(1003, "o'neil", "o_neil", frozenset({ADMINS})),
    Person(1004, "mallory", "mallory", frozenset({ADMINS})),
    Person(1005, "dave", "dave", frozenset()),
    Person(1099, "", "ghost", frozenset()),
)
ALICE, BOB, ONEIL, MALLORY_HERSELF, DAVE, GHOST = PEOPLE
_KNOWN = {one.uid: one for one in PEOPLE}

OBJECTS = {"Apache": ("Start", "Stop", "Restart"), "Backup": ("Run", "Check"), "Cache": ("Clear",)}
ACTIONS = tuple(ActionId(name, one) for name, actions in OBJECTS.items() for one in actions)
FOLDERS = {name: Folder(f"{SHARE}/{name}", FileSpec(None, None, 0o2770)) for name in OBJECTS}

_ACCESSES = (
    Access((ADMINS,), (MALLORY,)),
    Access((ADMINS,), (MALLORY,)),
    Access((ADMINS, OPERATORS)),
    Access((OPERATORS,), (MALLORY,)),
)
_LIMITS = (Limit(1, 30.0), Limit(2, 40.0), Limit(cooldown=15.0), Limit(1, 30.0, per_user=True))
_HOURS = (
    Hours((Span(4, 470, 481),), UTC, "Fri 07:50-08:01"),
    Hours((Span(4, 481, 1020), Span(5, 0, 60)), UTC, "Fri 08:01-17:00; Sat 00:00-01:00"),
    Hours((Span(4, 400, 480 + _DAY),), UTC, "Fri 06:40-08:00"),
)


@dataclass(frozen=True, slots=True)
class NameService:
    """How NSS answers by now."""

    delay: float = 0.002
    works: bool = True

    def takes(self, timeout: float) -> tuple[float, bool]:
        """Return how long an answer takes, and whether it is one."""
        return min(self.delay, timeout), self.works and self.delay < timeout


Groups = Mapping[int, Collection[Subject]]
"""Who is in which groups by now, by uid."""


def belongs(person: Person, subject: Subject, groups: Groups) -> bool:
    """Whether somebody is, or is in, what a rule names."""
    if subject.kind is SubjectKind.USER:
        return subject.name == person.name
    return subject in groups[person.uid]


def answer(question: LookUpAccount, groups: Groups) -> Event:
    """Return what NSS says."""
    person = _KNOWN.get(question.uid)
    if person is None or not person.name:
        return AccountFailed(question.question, known=False, why="nobody")
    within = frozenset(one for one in question.subjects if belongs(person, one, groups))
    return AccountFound(question.question, person.name, within)


def no_answer(question: LookUpAccount) -> Event:
    """Return what is said when NSS says nothing."""
    return AccountFailed(question.question, known=True, why="no answer")


def menus(rng: Random) -> tuple[Menu, ...]:
    """Draw the menus of a conversation; the first holds when it begins."""
    first = _menu(rng)
    return first, _varied(rng, first), _menu(rng)


def within(hours: Hours, wall: float) -> bool:
    """Whether a time is within hours that are those of a clock in UTC."""
    minute = (wall - BEGIN) / 60 + 4 * _DAY + 8 * 60
    return any(
        (minute - begin) % _WEEK < span.end - span.begin
        for span in hours.spans
        for begin in (span.day * _DAY + span.begin,)
    )


def _menu(rng: Random) -> Menu:
    settings = Settings(
        SHARE,
        settle=rng.choice((0.0, 0.1, 0.1)),
        late_record_window=rng.choice((10.0, 60.0)),
        result_shown_for=rng.choice((5.0, 60.0)),
        grace=rng.choice((1.0, 5.0)),
        reconcile_every=rng.choice((30.0, 120.0)),
    )
    chosen = ACTIONS[: rng.choice((2, 3, 3, 3, 4, 6))]
    problems = (Problem("cache.yaml", 1, 1, "cannot be"),) if rng.random() < 0.1 else ()
    faults = tuple(Fault("Cache", FOLDERS["Cache"], (each,)) for each in problems)
    return Menu(
        settings,
        tuple(_action(rng, each) for each in chosen),
        execute=EXECUTE if rng.random() < 0.4 else None,
        problems=problems,
        faults=faults,
    )


def _action(rng: Random, name: ActionId) -> Action:
    groups = [f"{name.object}/1" if rng.random() < 0.8 else f"{name}"]
    groups += ["Apache/1"] if name.object != "Apache" and rng.random() < 0.3 else []
    queue = rng.choice((None, 1, 1, 2))
    return Action(
        name,
        FOLDERS[name.object],
        tuple(groups),
        Command(("/bin/act", *name), "root", "root", rng.choice((3.0, 20.0))),
        rng.choice(_ACCESSES),
        FileSpec(None, None, 0o640),
        confirm=5.0 if rng.random() < 0.15 else None,
        cancel=rng.choice(_ACCESSES) if rng.random() < 0.4 else None,
        limit=rng.choice(_LIMITS) if rng.random() < 0.2 else None,
        hours=rng.choice(_HOURS) if rng.random() < 0.15 else None,
        queue=queue,
        hide_blocked=queue is None and rng.random() < 0.2,
    )


def _varied(rng: Random, menu: Menu) -> Menu:
    """Return the menu with something taken out, or changed, or both."""
    left = [action for action in menu.actions if rng.random() < 0.7]
    changed = tuple(
        _action(rng, action.id)
        if rng.random() < 0.3
        else replace(action, access=rng.choice(_ACCESSES))
        for action in left or menu.actions[:1]
    )
    return replace(menu, actions=changed)
