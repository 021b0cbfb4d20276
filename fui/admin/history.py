"""The history: what was told of presses, put together to one episode for each press.

Rules: pure; the facts come in the order in which they were told, and may begin anywhere, so an end
whose beginning is not known is an episode of its own. A press and what was decided of it are told one
right after the other, so a fact is about the last press of that user and action of which nothing is
known yet. Knows nothing of where facts come from, nor how an episode is shown.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from fui.model.facts import Fact, FactKind, Told
from fui.model.job import JobId
from fui.model.menu import ActionId
from fui.model.states import JobResult, Refusal

KINDS = frozenset(
    {
        FactKind.PRESSED,
        FactKind.DENIED,
        FactKind.UNATTRIBUTED,
        FactKind.ASKED,
        FactKind.QUEUED,
        FactKind.LEFT,
        FactKind.MANY,
        FactKind.CANCELLED,
        FactKind.STARTED,
        FactKind.ENDED,
        FactKind.NOT_RUN,
        FactKind.LOST,
    }
)
"""What can be told of a press."""


class Outcome(Enum):
    """What came of a press; how its job ended, if there was one."""

    PRESSED = "pressed"  # nothing was decided yet, or it is not known what
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    NOT_STARTED = "not-started"
    TIMED_OUT = "timed-out"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"  # the reason says by whom
    DENIED = "denied"
    MANY = "many-at-once"  # several presses, none of which ran
    UNATTRIBUTED = "unattributed"
    TO_CONFIRM = "to-confirm"  # had to be pressed once more; that is an episode of its own
    QUEUED = "queued"
    TAKEN_BACK = "taken-back"  # it was queued, and its user took it out
    LEAVES = "leaves"  # the press by which that was done
    CANCELS = "cancels"  # the press that ended the job
    NOT_RUN = "not-run"  # FUI was not there to decide on it
    LOST = "lost"  # Samba told of it, and FUI saw nothing go


FAILED = frozenset({Outcome.FAILED, Outcome.NOT_STARTED, Outcome.TIMED_OUT, Outcome.INTERRUPTED})
DENIED = frozenset(
    {Outcome.DENIED, Outcome.MANY, Outcome.UNATTRIBUTED, Outcome.NOT_RUN, Outcome.LOST}
)

_DECISIONS = {
    FactKind.DENIED: Outcome.DENIED,
    FactKind.UNATTRIBUTED: Outcome.UNATTRIBUTED,
    FactKind.MANY: Outcome.MANY,
    FactKind.ASKED: Outcome.TO_CONFIRM,
    FactKind.QUEUED: Outcome.QUEUED,
    FactKind.LEFT: Outcome.LEAVES,
    FactKind.CANCELLED: Outcome.CANCELS,
    FactKind.NOT_RUN: Outcome.NOT_RUN,
    FactKind.LOST: Outcome.LOST,
}

_ALONE = frozenset({FactKind.UNATTRIBUTED, FactKind.MANY, FactKind.LOST})
"""The decisions before which no press is told."""


@dataclass(slots=True)
class Episode:
    """One press, from beginning to end as far as it is known.

    Attributes:
        at: When it was pressed, in seconds since the epoch.
        user: Who pressed, by name; empty if nobody is proven.
        uid: The same, as the kernel says.
        client: The address the press came from.
        action: What was pressed; None for many at once.
        outcome: What came of it.
        refusal: Why nothing ran, for programs.
        reason: Likewise, or how it ended; for people.
        job: The job that it started, or ended.
        run_as: user:group of the job.
        argv: What it ran.
        status: Its exit status.
        duration: Seconds from its start to its end.
    """

    at: float
    user: str = ""
    uid: int | None = None
    client: str = ""
    action: ActionId | None = None
    outcome: Outcome = Outcome.PRESSED
    refusal: Refusal | None = None
    reason: str = ""
    job: JobId = ""
    run_as: str = ""
    argv: tuple[str, ...] = ()
    status: int | None = None
    duration: float | None = None

    def take(self, outcome: Outcome, fact: Fact) -> None:
        """Take in what came of it."""
        self.outcome, self.refusal, self.reason = outcome, fact.refusal, fact.reason
        self.job = "" if outcome is Outcome.DENIED else fact.job  # which somebody else may have
        self.status, self.duration = fact.status, fact.duration
        self.run_as, self.argv = fact.run_as, fact.argv


_REPEATED = 100
"""How many jobs are remembered whose end is not to be taken for that of another one."""

_Key = tuple[ActionId | None, int | None]


class Episodes:
    """Puts facts together, one after the other."""

    def __init__(self) -> None:
        self._undecided: dict[_Key, list[Episode]] = {}
        self._queued: dict[_Key, Episode] = {}
        self._running: dict[JobId, Episode] = {}
        self._ended: deque[JobId] = deque(maxlen=_REPEATED)

    def add(self, told: Told) -> list[Episode]:
        """Take in a fact; return the episodes that it begins or changes."""
        fact, key = told.fact, (told.fact.action, told.fact.uid)
        match fact.kind:
            case FactKind.PRESSED:
                pressed = _begin(told)
                self._undecided.setdefault(key, []).append(pressed)
                return [pressed]
            case FactKind.STARTED | FactKind.ENDED if self._known(fact):
                return []
            case FactKind.STARTED:
                started = self._pop(key) or self._queued.pop(key, None) or _begin(told)
                started.take(Outcome.RUNNING, fact)
                self._running[fact.job] = started
                return [started]
            case FactKind.ENDED:
                ended = self._running.pop(fact.job, None) or self._pop(key) or _begin(told)
                ended.take(_how(fact.result), fact)
                self._ended.append(fact.job)
                return [ended]
            case kind if kind in _DECISIONS:
                return self._decide(told, key, _DECISIONS[kind])
            case _:
                return []

    def _known(self, fact: Fact) -> bool:
        """Tell whether FUI was killed just after it told this, and has told it once more."""
        begun = fact.kind is FactKind.STARTED and fact.job in self._running
        return begun or fact.job in self._ended

    def _decide(self, told: Told, key: _Key, outcome: Outcome) -> list[Episode]:
        fact = told.fact
        if fact.kind is FactKind.LOST and None in key:
            return []  # it is about no press
        alone = fact.kind in _ALONE or fact.refusal is Refusal.SAMBA
        decided = None if alone else self._pop(key)
        if decided is None and outcome in (Outcome.DENIED, Outcome.NOT_RUN) and not alone:
            decided = self._queued.pop(key, None)  # its turn has come, or never will
        decided = decided or _begin(told)
        decided.take(outcome, fact)
        if outcome is Outcome.QUEUED:
            self._queued[key] = decided
        if outcome is Outcome.LEAVES and (waited := self._queued.pop(key, None)):
            waited.outcome, waited.reason = Outcome.TAKEN_BACK, ""
            return [waited, decided]
        return [decided]

    def _pop(self, key: _Key) -> Episode | None:
        """Take the last press of a user and action of which nothing is known yet."""
        undecided = self._undecided.get(key)
        if not undecided:
            return None
        episode = undecided.pop()
        if not undecided:
            del self._undecided[key]
        return episode


def _begin(told: Told) -> Episode:
    """Return an episode that begins with a fact; a run whose start is not known, when it began."""
    fact = told.fact
    at = told.at - (fact.duration or 0.0)
    return Episode(at, fact.user, fact.uid, fact.client, fact.action)


def _how(result: JobResult | None) -> Outcome:
    return Outcome(result.value) if result else Outcome.PRESSED


def together(tolds: Iterable[Told]) -> list[Episode]:
    """Return the episodes of facts, in the order in which they were pressed."""
    episodes, found = Episodes(), dict[int, Episode]()
    for told in tolds:
        found |= {id(episode): episode for episode in episodes.add(told)}
    return sorted(found.values(), key=lambda episode: episode.at)


_BEFORE = 100
"""Further presses that are read, so that those that took long have their beginning, too."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which episodes are asked for; what is empty or false does not matter.

    Attributes:
        user: Whose, by name.
        object: Of which object; upper and lower case are the same.
        action: Of which action, likewise.
        outcomes: What came of it; empty for anything.
    """

    user: str = ""
    object: str = ""
    action: str = ""
    outcomes: frozenset[Outcome] = frozenset()

    def __call__(self, episode: Episode) -> bool:
        """Tell whether an episode is one of them."""
        what = episode.action or ActionId("", "")
        return (
            self.user in ("", episode.user)
            and self.object.casefold() in ("", what.object.casefold())
            and self.action.casefold() in ("", what.action.casefold())
            and (not self.outcomes or episode.outcome in self.outcomes)
        )


def last(
    number: int, backwards: Iterator[Told], wanted: Callable[[Episode], bool]
) -> tuple[list[Told], list[Episode]]:
    """Return the last episodes that are wanted, and the facts that were read for them.

    Args:
        number: How many at most.
        backwards: What was told, the newest first; no more of it is read than need be.
        wanted: Says which.
    """
    tolds: list[Told] = []
    enough, begun = number + _BEFORE, 0
    for told in backwards:
        tolds.append(told)
        begun += told.fact.kind in (FactKind.PRESSED, *_ALONE, FactKind.NOT_RUN)
        if begun >= enough:
            enough = begun * 2
            found = list(filter(wanted, together(reversed(tolds))))
            if len(found) >= number:
                return tolds[::-1], found[-number:]
    tolds.reverse()
    return tolds, list(filter(wanted, together(tolds)))[-number:]
