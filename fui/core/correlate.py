"""Who ended the life of a name? Pairs what inotify saw with what Samba's audit said.

A *generation* is one life of a name: it is born when FUI makes the name and ends at the first thing
that happens to it. A record that was sent after the birth, with that path and the right operation,
names who ended it.

Rules: event or record, either may come first; each is used once. Two records for one end are none.
No record within the window: nobody is proven. After such an end the name stays fenced for a while:
the record that was missing may still come, so a new end of the same name and kind in that time,
which it could be taken for, proves nobody either. Records whose end never comes are handed back as strays.
Knows nothing of users' rights, actions or files: a path is only a key, and what an end means to the
caller (`subject`) is handed back with the verdict.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from fui.model.record import Operation, Record
from fui.model.states import Refusal

_REMEMBERED = 10_000
"""Cursors of records that were heard, so that one that is read twice is heard once."""


Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Proven(Generic[Subject]):
    """One record, and no other, fits the end of this generation."""

    subject: Subject
    record: Record


@dataclass(frozen=True, slots=True)
class Unproven(Generic[Subject]):
    """Nobody is proven to have ended this generation."""

    subject: Subject
    refusal: Refusal
    why: str


@dataclass(frozen=True, slots=True)
class Stray:
    """A record for which nothing was seen to end.

    Attributes:
        record: The record.
        late: Whether it came while the name was fenced, so it is the one that was missing.
    """

    record: Record
    late: bool = False


Verdict = Proven[Subject] | Unproven[Subject] | Stray


@dataclass(frozen=True, slots=True)
class _End(Generic[Subject]):
    subject: Subject
    path: str
    operation: Operation
    target: str
    born: float
    deadline: float
    fence: float

    def fits(self, record: Record) -> bool:
        there = self.target in ("", record.target)
        return record.operation is self.operation and record.sent >= self.born and there


@dataclass(frozen=True, slots=True)
class _Waiting:
    record: Record
    deadline: float
    late: bool


class Correlator(Generic[Subject]):
    """Generations, their ends and the records; times are CLOCK_MONOTONIC seconds."""

    def __init__(self, window: float, fence: float) -> None:
        """Make one.

        Args:
            window: How long an end waits for its record, and a record for its end.
            fence: How long a record that was missed may still come.
        """
        self.window = window
        self.fence = fence
        self._born: dict[str, float] = {}
        self._ends: dict[str, _End[Subject]] = {}
        self._waiting: dict[str, list[_Waiting]] = {}
        self._fences: dict[tuple[str, Operation], float] = {}
        self._heard: set[str] = set()
        self._heard_order: deque[str] = deque()

    @property
    def pending(self) -> bool:
        """Whether an end waits for its record."""
        return bool(self._ends)

    @property
    def undecided(self) -> bool:
        """Whether an end waits for its record, or a record for its end."""
        return bool(self._ends or self._waiting)

    @property
    def unknown(self) -> tuple[Subject, ...]:
        """What ended, and it is not known yet by whom."""
        return tuple(end.subject for end in self._ends.values())

    def born(self, path: str, at: float) -> None:
        """A new generation: FUI made this name."""
        self._born[path] = at

    def retire(self, path: str) -> None:
        """The generation is over by FUI's own doing, or in a way that blames nobody."""
        self._born.pop(path, None)

    def lost(self, path: str, now: float) -> None:
        """The generation is over, and nobody saw how: a record of that may still come."""
        if self._born.pop(path, None) is not None:
            self._fences |= {(path, operation): now + self.fence for operation in Operation}

    def ended(
        self, path: str, operation: Operation, subject: Subject, now: float, target: str = ""
    ) -> list[Verdict[Subject]]:
        """Somebody ended the generation of this name; nothing follows if it has none.

        Where a rename counts only if it had a certain target, that is given.
        """
        born = self._born.pop(path, None)
        if born is None:
            return []
        verdicts: list[Verdict[Subject]] = []
        if path in self._ends:
            verdicts.append(self._give_up(path, now))
        # Who was held up sees an end late, when the fence is over that stood when it happened.
        fence = math.inf if self._fenced(path, operation, now) else self._fence_of(path, operation)
        deadline = now + self.window
        self._ends[path] = _End(subject, path, operation, target, born, deadline, fence)
        if path in self._waiting:
            verdicts += self._resolve(path, now)
        return verdicts

    def hear(self, record: Record, now: float) -> list[Verdict[Subject]]:
        """A record came; a record that was heard before is nothing."""
        if record.cursor in self._heard:
            return []
        self._heard.add(record.cursor)
        self._heard_order.append(record.cursor)
        if len(self._heard_order) > _REMEMBERED:
            self._heard.discard(self._heard_order.popleft())
        waiting = self._waiting.setdefault(record.path, [])
        late = self._fenced(record.path, record.operation, now)
        waiting.append(_Waiting(record, now + self.window, late))
        return self._resolve(record.path, now)

    def expire(self, now: float) -> list[Verdict[Subject]]:
        """Say what the passing of time decides."""
        verdicts: list[Verdict[Subject]] = [
            self._give_up(path, now)
            for path, end in list(self._ends.items())
            if end.deadline <= now
        ]
        for path, waiting in list(self._waiting.items()):
            verdicts += [Stray(one.record, one.late) for one in waiting if one.deadline <= now]
            self._keep(path, [one for one in waiting if one.deadline > now])
        for name, until in list(self._fences.items()):
            if until + self.fence <= now:
                del self._fences[name]
        return verdicts

    def next_deadline(self) -> float | None:
        """Return when time next decides something."""
        ends = [end.deadline for end in self._ends.values()]
        records = [one.deadline for waiting in self._waiting.values() for one in waiting]
        return min(ends + records, default=None)

    def _resolve(self, path: str, now: float) -> list[Verdict[Subject]]:
        end = self._ends.get(path)
        if end is None:
            return []
        waiting = self._waiting[path]
        fitting = [one for one in waiting if end.fits(one.record)]
        if not fitting:
            return []
        del self._ends[path]
        self._keep(path, [one for one in waiting if one not in fitting])
        records = [one.record for one in fitting]
        if len(records) > 1:
            uids = ", ".join(str(record.uid) for record in records)
            return [self._contradiction(end, f"{len(records)} records fit it, of uids {uids}", now)]
        if records[0].sent < end.fence:
            return [
                self._contradiction(
                    end,
                    f"the record of uid {records[0].uid} may belong to an earlier deletion",
                    now,
                )
            ]
        return [Proven(end.subject, records[0])]

    def _fenced(self, path: str, operation: Operation, now: float) -> bool:
        return self._fence_of(path, operation) > now

    def _fence_of(self, path: str, operation: Operation) -> float:
        """Return until when the missing record of an earlier end may have been sent."""
        return self._fences.get((path, operation), -math.inf)

    def _contradiction(self, end: _End[Subject], why: str, now: float) -> Unproven[Subject]:
        self._fences[end.path, end.operation] = now + self.fence
        return Unproven(end.subject, Refusal.CONTRADICTION, why)

    def _give_up(self, path: str, now: float) -> Unproven[Subject]:
        end = self._ends.pop(path)
        self._fences[path, end.operation] = now + self.fence
        return Unproven(end.subject, Refusal.NO_RECORD, f"no audit record within {self.window:g} s")

    def _keep(self, path: str, waiting: list[_Waiting]) -> None:
        if waiting:
            self._waiting[path] = waiting
        else:
            del self._waiting[path]
