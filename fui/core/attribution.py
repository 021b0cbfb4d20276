"""Who did it? From flags that are gone and entries of the journal to presses with a proven user.

Rules: composes `audit_line` (is this entry to be believed), `correlate` (which record names who
ended which name), `burst` (many at once are none), `quiet` (what was told just now) and `losses` (what
journald says it has dropped), and knows no other stage. What it finds out is handed back as findings, in
order; nothing is decided about who may do what. It also knows how far the journal has been dealt with,
so that after a restart no press is told twice or not at all.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from fui.core import audit_line
from fui.core.burst import Bursts
from fui.core.correlate import Correlator, Proven, Unproven, Verdict
from fui.core.losses import suppressed
from fui.core.quiet import Quiet
from fui.model.events import Started
from fui.model.menu import Action, Menu
from fui.model.press import Gesture, Press
from fui.model.record import Entry, NotARecord, Notice, Operation, Record, Refused
from fui.model.states import FlagState, Refusal


@dataclass(frozen=True, slots=True)
class Attributed:
    """It is proven who did this, and it is no part of many at once."""

    press: Press


@dataclass(frozen=True, slots=True)
class Many:
    """One user's presses that are none, because there are many of them."""

    presses: tuple[Press, ...]


@dataclass(frozen=True, slots=True)
class Unattributed:
    """Nobody is proven to have done this."""

    press: Press
    refusal: Refusal
    why: str


@dataclass(frozen=True, slots=True)
class Prevented:
    """Samba did not let somebody do this."""

    press: Press


@dataclass(frozen=True, slots=True)
class Stray:
    """There is a record of this, and nothing was seen, or it came too late for what was."""

    press: Press
    late: bool = False


@dataclass(frozen=True, slots=True)
class Disbelieved:
    """An entry that claims to be an audit record is none."""

    why: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """journald has dropped messages of Samba, among which can have been records."""

    unit: str
    number: int


Finding = Attributed | Many | Unattributed | Prevented | Stray | Disbelieved | Suppressed

REFUSED_QUIET = 30.0
"""Seconds in which it is told once that a user was not let delete a flag: file managers try again."""

Named = Callable[[str], tuple[Action, FlagState] | None]
"""Says which action's flag, in which state, a path is the name of."""


class Attribution:
    """What is waited for, and what was heard; times are CLOCK_MONOTONIC seconds."""

    def __init__(self, menu: Menu, named: Named) -> None:
        self._named = named
        self._correlator: Correlator[Press] = Correlator(0.0, 0.0)
        self._bursts = Bursts(0.0, 0)
        self._quiet = Quiet(REFUSED_QUIET)
        self.configure(menu)
        self._began = 0.0
        self._told: set[str] = set()
        self._read_until = -math.inf
        self.cursor: str | None = None
        """How far the journal was read."""
        self.cursor_counts = False
        """Whether that is worth being kept: something of ours was read since it was."""

    def configure(self, menu: Menu) -> None:
        """Go by the settings of another menu from now on."""
        self._settings = settings = menu.settings
        self._execute = f"{menu.execute.path}/" if menu.execute else None
        self._correlator.window = settings.attribution_timeout
        self._correlator.fence = settings.late_record_window
        self._bursts.settle = settings.settle
        self._bursts.mass_limit = settings.mass_limit

    def begin(self, now: float, event: Started) -> None:
        """The daemon begins; of what the last one left behind, the presses were dealt with."""
        self._began = now
        self.cursor = event.cursor
        self._told = {queued.cursor for queued in event.queued} | event.dealt_with

    def watching(self, since: float) -> None:
        """What was done since then is seen; what was done before was missed."""
        self._began = since

    @property
    def expecting(self) -> bool:
        """Whether a record is waited for."""
        return self._correlator.pending

    @property
    def undecided(self) -> bool:
        """Whether something that was read or seen is not decided yet."""
        return self._correlator.undecided or self._bursts.pending

    # -- names ----------------------------------------------------------------------------------

    def renamed(self, left: str | None, new: str | None, born: float) -> None:
        """FUI has taken a flag from one path, and made it at another."""
        if left is not None:
            self._correlator.retire(left)
        if new is not None:
            self._correlator.born(new, born)

    def lost(self, path: str, now: float) -> None:
        """A flag's name has ended, and nobody saw how."""
        self._correlator.lost(path, now)

    def gone(self, press: Press, path: str, target: str = "") -> list[Finding]:
        """Somebody has ended a name; `target` is where it had to be moved to, if anywhere."""
        operation = Operation.UNLINK if press.gesture is Gesture.PRESS else Operation.RENAME
        ended = self._correlator.ended(path, operation, press, press.at, target)
        return self._follow(ended, press.at)

    # -- entries --------------------------------------------------------------------------------

    def read(self, entry: Entry, now: float) -> list[Finding]:
        """The journal has an entry."""
        self._read(entry)
        record = audit_line.parse(entry, self._settings)
        if isinstance(record, NotARecord):
            return [Disbelieved(record.why)] if record.suspicious else []
        named = self._named(record.path)
        if named is None:
            return []
        self.cursor_counts = True
        if record.cursor in self._told:
            return []
        if isinstance(record, Refused):
            press = Press(named[0], Gesture.REFUSED, named[1], record=record)
            return [Prevented(press)] if self._quiet.news((record.uid, named[0].id), now) else []
        return self._heard(record, named, now)

    def read_notice(self, notice: Notice) -> list[Finding]:
        """The journal has an entry that says that others were dropped."""
        self._read(notice)
        number = suppressed(notice, self._settings)
        if not number:
            return []
        self.cursor_counts = True
        return [Suppressed(notice.unit, number)]

    def _read(self, entry: Entry | Notice) -> None:
        """Go on in the journal, unless it was found late, by going back."""
        if entry.sent >= self._read_until:
            self.cursor, self._read_until = entry.cursor, entry.sent

    def _heard(self, record: Record, named: tuple[Action, FlagState], now: float) -> list[Finding]:
        if record.sent >= self._began:
            return self._follow(self._correlator.hear(record, now), now)
        if record.operation is Operation.UNLINK or self._executes(record):
            self._told.add(record.cursor)
            return [Attributed(Press(named[0], Gesture.MISSED, named[1], record=record))]
        return []

    # -- time -----------------------------------------------------------------------------------

    def expire(self, now: float) -> list[Finding]:
        """Give up what was waited for in vain."""
        return self._follow(self._correlator.expire(now), now)

    def judge(self, at: float, now: float) -> list[Finding]:
        """Say what is a press and what is many at once; all that was done until `at` was told."""
        bursts = self._bursts.over(at, now, self._correlator.unknown)
        return [
            Many(burst) if self._bursts.many(burst) else Attributed(burst[0]) for burst in bursts
        ]

    def next_due(self) -> float | None:
        """Return when time next decides something; it may be past, then it does at once."""
        unknown = self._correlator.unknown
        dues = (self._correlator.next_deadline(), self._bursts.next_due(unknown))
        return min((due for due in dues if due is not None), default=None)

    def _follow(self, verdicts: list[Verdict[Press]], now: float) -> list[Finding]:
        findings: list[Finding] = []
        for verdict in verdicts:
            match verdict:
                case Proven(press, record):
                    made = min(press.at, record.sent)  # it can be seen late, but not early
                    proof = replace(press, record=record, at=made, latency=now - made)
                    findings += self._proven(proof)
                case Unproven(press, refusal, why):
                    findings.append(Unattributed(press, refusal, why))
                case _:
                    findings += self._stray(verdict.record, late=verdict.late)
        return findings

    def _executes(self, record: Record) -> bool:
        return self._execute is not None and record.target.startswith(self._execute)

    def _proven(self, press: Press) -> list[Finding]:
        if press.presses and self._bursts.settle:
            self._bursts.add(press)
            return []
        return [Attributed(press)]

    def _stray(self, record: Record, *, late: bool) -> list[Finding]:
        named = self._named(record.path)
        if named is None:  # it was taken out of the menu meanwhile
            return []
        return [Stray(Press(named[0], Gesture.PRESS, named[1], record=record), late)]
