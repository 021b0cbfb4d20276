"""Draws a conversation: the menus and what happens, all of it from one seed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from fui.model.menu import ActionId, Menu
from tests.simulation import cast, mishaps, steps
from tests.simulation.cast import ADMINS, OBJECTS, OPERATORS, PEOPLE, NameService, Person
from tests.simulation.journal import FLAWS, Word
from tests.simulation.machine import Plan
from tests.simulation.mishaps import Step

_WORDS = ("Ready", "Running", "Denied", "Done", "Blocked")
_PLACES = (
    "into the execute folder",
    "into the execute folder",
    "to another folder",
    "out",
    *_WORDS,
)
_PEOPLE = (*(cast.ALICE,) * 5, *(cast.BOB,) * 3, *(cast.ONEIL,) * 3, *PEOPLE)
_SHORT = (0.005, 0.03, 0.05, 0.08, 0.15, 0.3, 0.6)
_LONG = (1.0, 2.1, 3.0, 6.0, 10.0, 21.0, 31.0, 61.0)


@dataclass(frozen=True, slots=True)
class Script:
    """A conversation.

    Attributes:
        seed: Of which it was drawn.
        menus: Those that can hold.
        steps: What happens.
    """

    seed: int
    menus: tuple[Menu, ...]
    steps: tuple[Step, ...]


def draw(seed: int) -> Script:
    """Return the conversation of a seed."""
    rng = Random(seed)  # noqa: S311 - it is to be foreseen
    menus = cast.menus(rng)
    artist = _Artist(rng, tuple(action.id for action in menus[0].actions))
    length = rng.randint(12, 32)
    makers = rng.choices(_MAKERS, _WEIGHTS, k=length)
    made: list[Step] = []
    for maker in makers:
        made += maker(artist)
    return Script(seed, menus, tuple(made))


class _Artist:
    """Chooses people, things and times."""

    def __init__(self, rng: Random, actions: tuple[ActionId, ...]) -> None:
        self.rng = rng
        self.actions = (*actions, *actions[:2])
        self.odd = rng.random()
        """How much goes wrong in this conversation."""

    def who(self) -> Person:
        return _PEOPLE[int(self.rng.random() * len(_PEOPLE))]

    def action(self) -> ActionId:
        return self.actions[int(self.rng.random() * len(self.actions))]

    def word(self) -> Word:
        if self.rng.random() > 0.45 * self.odd:
            return Word()
        choices = (
            Word(sent=self.rng.choice((0.02, 0.5, 1.5))),
            Word(sent=self.rng.choice((2.5, 4.0, 8.0))),
            Word(read=self.rng.choice((0.06, 0.25))),
            Word(read=2.5),
            Word(twice=True),
            Word(text=self.who().text),
        )
        return self.rng.choice(choices)

    def maybe(self) -> Word | None:
        return None if self.rng.random() < 0.25 else self.word()

    def short(self) -> Step:
        return mishaps.Wait(self.rng.choice(_SHORT))


Maker = Callable[[_Artist], list[Step]]


def _press(a: _Artist) -> list[Step]:
    word = None if a.rng.random() < 0.15 * a.odd else a.word()
    return [steps.Delete(a.who(), a.action(), word), a.short()]


def _again(a: _Artist) -> list[Step]:
    """The same flag twice, or three times."""
    who, action = a.who(), a.action()
    other = who if a.rng.random() < 0.6 else a.who()
    return [
        steps.Delete(who, action, a.maybe()),
        mishaps.Wait(a.rng.choice((*_SHORT, 2.1))),
        steps.Delete(other, action, a.maybe()),
        a.short(),
    ]


def _haunt(a: _Artist) -> list[Step]:
    """A record is missing, and comes when the next deletion of the same name waits for its own."""
    action, late = a.action(), Word(sent=a.rng.choice((4.5, 5.0, 6.0)))
    return [
        steps.Delete(a.who(), action, None),
        mishaps.Wait(2.5),
        steps.Delete(a.who(), action, late),
        mishaps.Wait(2.5),
        steps.Delete(a.who(), action, a.rng.choice((None, Word()))),
        mishaps.Wait(2.5),
    ]


def _together(a: _Artist) -> list[Step]:
    """Several flags shortly after one another."""
    who = a.who()
    made: list[Step] = []
    for _ in range(a.rng.randint(2, 4)):
        made += [
            steps.Delete(who, a.action(), a.word()),
            mishaps.Wait(a.rng.choice((0.001, 0.01, 0.05, 0.099, 0.12))),
        ]
    return [*made, mishaps.Wait(a.rng.choice((0.2, 1.2)))]


def _line(a: _Artist) -> list[Step]:
    """People press what belongs together while a job goes on."""
    mates = [each for each in a.actions if each.object == a.actions[0].object]
    made: list[Step] = [mishaps.Jobs(Plan(a.rng.choice((1.0, 3.0))))]
    for action in a.rng.sample(mates, len(mates)):
        made += [steps.Delete(a.who(), action, Word()), mishaps.Wait(a.rng.choice((0.15, 0.3)))]
    return made


def _forge(a: _Artist) -> list[Step]:
    flaw = a.rng.choice(tuple(FLAWS))
    return [steps.Forge(a.who(), a.action(), flaw, a.rng.random() < 0.7), a.short()]


def _overlap(a: _Artist) -> list[Step]:
    """Two records for one deletion."""
    action = a.action()
    another = [steps.Phantom(a.who(), action, Word())] if a.rng.random() < 0.3 else []
    return [
        *another,
        steps.Phantom(a.who(), action, a.rng.choice((Word(), Word(read=0.25), Word(twice=True)))),
        mishaps.Wait(a.rng.choice((0.001, 0.1, 1.0))),
        steps.Delete(a.who(), action, a.maybe()),
        a.short(),
    ]


def _lost(a: _Artist) -> list[Step]:
    """A deletion of which inotify tells nothing, and another one, maybe before the record came."""
    action, pause = a.action(), a.rng.choice((0.01, 0.2))
    late = Word(sent=a.rng.choice((0.5, 1.5, 4.0)))
    return [
        mishaps.Overflow(pause),
        steps.Delete(a.who(), action, a.rng.choice((late, late, Word(), None))),
        mishaps.Wait(a.rng.choice((0.005, 0.3))),
        steps.Delete(a.who(), action, a.rng.choice((None, None, Word()))),
        a.short(),
    ]


def _swap(a: _Artist) -> list[Step]:
    """A file of somebody's own takes the place of a flag."""
    who, action, word = a.who(), a.action(), a.rng.choice(_WORDS)
    return [
        steps.Put(who, action, word),
        a.short(),
        *(
            [steps.Unput(who, action, word, a.rng.choice((None, Word())))]
            if a.rng.random() < 0.4
            else []
        ),
    ]


def _names(a: _Artist) -> list[Step]:
    delay = a.rng.choice((0.05, 0.5, 1.5, 5.0))
    service = NameService(delay, works=a.rng.random() < 0.7)
    return [mishaps.Names(service, a.rng.choice((0.5, 3.0, 10.0)))]


def _jobs(a: _Artist) -> list[Step]:
    lasts = a.rng.choice((0.01, 0.5, 3.0, 3.0, 15.0, 100.0))
    stubborn, broken = a.rng.random() < 0.25, a.rng.random() < 0.1
    return [mishaps.Jobs(Plan(lasts, a.rng.choice((0, 0, 1)), stubborn, broken))]


def _crash(a: _Artist) -> list[Step]:
    effects = a.rng.choice((0, 0, *range(1, 20)))
    return [mishaps.Crash(effects, a.rng.choice((0.1, 1.0, 5.0)))]


_TABLE: tuple[tuple[float, Maker], ...] = (
    (30, _press),
    (7, _again),
    (2, _haunt),
    (4, _together),
    (2, _line),
    (14, lambda a: [mishaps.Wait(a.rng.choice(_LONG))]),
    (3, _forge),
    (2.5, _overlap),
    (2, _lost),
    (2, _swap),
    (2, lambda a: [steps.Delete(a.who(), a.action(), None), a.short()]),
    (4, lambda a: [steps.Move(a.who(), a.action(), a.rng.choice(_PLACES), a.maybe()), a.short()]),
    (1.5, lambda a: [steps.DeleteMany(a.who(), a.rng.choice(("", *OBJECTS)), 0.01, a.maybe())]),
    (1, lambda a: [steps.Refused(a.who(), a.action()), a.short()]),
    (1.5, lambda a: [mishaps.Hold(a.rng.choice((0.05, 0.3, 2.5, 6.0)))]),
    (1, lambda a: [steps.ReplaceFolder(a.who(), a.action().object, a.rng.random() < 0.5)]),
    (1, lambda a: [mishaps.ShareFails(a.rng.choice((0.3, 3.0, 12.0)))]),
    (2, _names),
    (1, lambda a: [mishaps.StaleAnswer(a.rng.randrange(1, 12), a.who())]),
    (4, _jobs),
    (2, lambda a: [mishaps.Reload(a.rng.randrange(3))]),
    (2, _crash),
    (1, lambda a: [mishaps.Stop(a.rng.choice((0.1, 3.0)), a.rng.random() < 0.6)]),
    (0.6, lambda _: [mishaps.Reboot()]),
    (1, lambda a: [mishaps.Clock(a.rng.choice((3600.0, 40.0, -40.0, -3600.0)))]),
    (1, lambda a: [mishaps.Membership(a.who(), a.rng.choice((ADMINS, OPERATORS)))]),
    (0.5, lambda _: [mishaps.Gap()]),
)
_WEIGHTS = [weight for weight, _ in _TABLE]
_MAKERS = [maker for _, maker in _TABLE]
