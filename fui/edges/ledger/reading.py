"""The ledger read back: entries of the journal to the facts that they were made of.

Rules:
- Anybody can write entries with FUI's fields and numbers. Only those count whose trusted fields say
  that the daemon sent them: `_UID` of FUI's user (SCM_CREDENTIALS, unix(7)), `_SYSTEMD_UNIT` of its
  service and, since jobs run below the same unit, `_SYSTEMD_CGROUP` of the daemon itself and not of a
  job (edges/runner/cgroup). Matches only narrow down what is looked at; each entry is checked.
- So a job that runs as root or as anybody else but FUI's user cannot add to the history. A job that
  runs as FUI's own user could, by entering the daemon's control group first, which belongs to that
  user; it could as well rule the daemon itself. Give no action `user: fui`.
- What is odd in an entry is left out of its fact; nothing that stands in one raises.
- journald's indexes are used, so entries of others cost nothing.
- Reading at the tail can miss an entry until the next one is written (edges/journal): so to follow
  is to go back by time again and again, and to drop what is known by its cursor.

It must not know what belongs to which press, but for the record that a fact names.
"""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import TypeVar

from systemd.journal import LOCAL_ONLY, SYSTEM_ONLY
from systemd.journal import Reader as _SystemdReader

from fui.edges.ledger.fields import MESSAGE_IDS, field
from fui.model.errors import EdgeError
from fui.model.facts import TO_BE_CONTINUED, Fact, FactKind, Told
from fui.model.job import JobId
from fui.model.menu import ActionId
from fui.model.states import JobResult, Loss, Refusal

UNIT = "fui.service"

UNREADABLE = (
    "cannot read the journal: only root and the members of the group systemd-journal (or adm) may;"
    " ask for: usermod --append --groups systemd-journal YOU"
)

MARGIN = 2.0
"""Seconds that is read further back than asked for, where an entry must not be missed."""

_WAIT = 1.0
_KNOWN = 10_000
"""How many entries are known at most, while following."""
_MICRO = 1_000_000
_CGROUPS = (f"/{UNIT}", f"/{UNIT}/daemon")
_OF_JOBS = (FactKind.STARTED, FactKind.ENDED, FactKind.OUTPUT)
_KINDS = {number: kind for kind, number in MESSAGE_IDS.items()}
_NUMBER = re.compile(r"[0-9]{1,10}")
_DURATION = re.compile(r"[0-9]{1,12}\.[0-9]{3}")
_LATENCY = re.compile(r"[0-9]{1,12}\.[0-9]{6}")

Fields = Mapping[str, bytes | list[bytes]]
_Value = TypeVar("_Value", bound=Enum)


class LedgerReader:
    """Reads what was told about presses. Not for threads."""

    def __init__(
        self, uid: int, kinds: Iterable[FactKind], user: str = "", folder: str | None = None
    ) -> None:
        """Open the journal.

        Args:
            uid: Of FUI's user.
            kinds: What is wanted.
            user: Whose presses are wanted; empty: everybody's.
            folder: Where the journal files are; None for the journal of this system.

        Raises:
            EdgeError: It cannot be read.
        """
        self._uid = uid
        if folder is None:
            with _SystemdReader(LOCAL_ONLY | SYSTEM_ONLY) as system:
                if not (system.has_runtime_files() or system.has_persistent_files()):
                    raise EdgeError(UNREADABLE)
        self._reader = _SystemdReader(LOCAL_ONLY) if folder is None else _SystemdReader(path=folder)
        self._reader.add_match(f"_SYSTEMD_UNIT={UNIT}")
        self._reader.add_match(f"_UID={uid}")
        for kind in kinds:
            self._reader.add_match(f"MESSAGE_ID={MESSAGE_IDS[kind]}")
        if user:
            self._reader.add_match(b"FUI_USER=" + field(user))

    def since(self, wall: float) -> Iterator[Told]:
        """Yield what was told at that time (seconds since the epoch) or later, the oldest first."""
        self._reader.seek_realtime(max(int(wall * _MICRO), 0))
        yield from self._steps(self._reader._next)  # noqa: SLF001 - the raw call is the fast one

    def backwards(self) -> Iterator[Told]:
        """Yield all that was told, the newest first."""
        self._reader.seek_tail()
        yield from self._steps(self._reader._previous)  # noqa: SLF001

    def follow(
        self, known: Iterable[Told], now: Callable[[], float], wait: float = _WAIT
    ) -> Iterator[Told | None]:
        """Yield what is told from now on, and None whenever there is nothing more at the time.

        Args:
            known: What is known already.
            now: Reads the clock on the wall.
            wait: Seconds after which it looks again, whatever journald says.
        """
        seen = dict.fromkeys(told.cursor for told in known)
        until = now()
        while True:
            # What is told between two looks is younger than the first of them, also if the clock is
            # put back; what was told before can be found late.
            before, until = until, now()
            for told in self.since(min(before, until) - MARGIN):
                if told.cursor not in seen:
                    yield told
                seen[told.cursor] = None
            for cursor in list(seen)[:-_KNOWN]:
                del seen[cursor]
            yield None
            self._reader.wait(wait)

    def _steps(self, step: Callable[[], bool]) -> Iterator[Told]:
        try:
            while step():
                told = self._told()
                if told is not None:
                    yield told
        except OSError as error:
            why = f"{error.strerror}; see whether it is damaged: journalctl --verify"
            raise EdgeError(f"cannot read the journal: {why}") from error

    def _told(self) -> Told | None:
        """Return the entry at hand; None if it is not one of the daemon's."""
        try:
            fields: Fields = self._reader._get_all()  # noqa: SLF001
        except UnicodeDecodeError:  # the name of a field, in a damaged file
            return None
        if not is_trusted(fields, self._uid):
            return None
        fact = fact_of(fields)
        at = self._reader._get_realtime() / _MICRO  # noqa: SLF001
        return Told(at, str(self._reader._get_cursor()), fact) if fact else None  # noqa: SLF001


def told_since(
    wall: float, uid: int, folder: str | None = None
) -> tuple[frozenset[str], frozenset[tuple[FactKind, JobId]]]:
    """Return of which presses and jobs the ledger has what came of them, since a time.

    Args:
        wall: In seconds since the epoch.
        uid: Of FUI's user.
        folder: As for LedgerReader.

    Returns:
        The cursors of the records of those presses, and what was told of which job.

    Raises:
        EdgeError: It cannot be read.
    """
    kinds = frozenset(FactKind) - TO_BE_CONTINUED
    presses: set[str] = set()
    jobs: set[tuple[FactKind, JobId]] = set()
    for told in LedgerReader(uid, kinds, folder=folder).since(wall - MARGIN):
        presses.update(told.fact.records)
        if told.fact.job and told.fact.kind in _OF_JOBS:
            jobs.add((told.fact.kind, told.fact.job))
    return frozenset(presses), frozenset(jobs)


def is_trusted(fields: Fields, uid: int) -> bool:
    """Tell whether the daemon has sent an entry, by what journald and the kernel say of it."""
    return (
        _text(fields, "_UID") == str(uid)
        and _text(fields, "_SYSTEMD_UNIT") == UNIT
        and _text(fields, "_SYSTEMD_CGROUP").endswith(_CGROUPS)
    )


def fact_of(fields: Fields) -> Fact | None:
    """Return the fact that has these fields; None if it is none of FUI's.

    What cannot be read is as if it were not there.
    """
    kind = _KINDS.get(_text(fields, "MESSAGE_ID"))
    if kind is None:
        return None
    action = ActionId(_text(fields, "FUI_OBJECT"), _text(fields, "FUI_ACTION"))
    return Fact(
        kind,
        action if all(action) else None,
        user=_text(fields, "FUI_USER"),
        uid=_number(fields, "FUI_UID"),
        client=_text(fields, "FUI_CLIENT"),
        refusal=_value(Refusal, fields, "FUI_REFUSAL"),
        reason=_text(fields, "FUI_REASON"),
        job=_text(fields, "FUI_JOB"),
        run_as=_text(fields, "FUI_RUN_AS"),
        argv=_argv(_text(fields, "FUI_COMMAND")),
        result=_value(JobResult, fields, "FUI_RESULT"),
        status=_number(fields, "FUI_EXIT"),
        records=tuple(_text(fields, "FUI_RECORD").split()),
        duration=_seconds(fields, "FUI_DURATION", _DURATION),
        loss=_value(Loss, fields, "FUI_LOSS"),
        number=_number(fields, "FUI_NUMBER"),
        latency=_seconds(fields, "FUI_LATENCY", _LATENCY),
    )


def _text(fields: Fields, name: str) -> str:
    """Return a field; one with several values says nothing."""
    value = fields.get(name, b"")
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else ""


def _argv(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return ()


def _number(fields: Fields, name: str) -> int | None:
    text = _text(fields, name)
    return int(text) if _NUMBER.fullmatch(text) else None


def _seconds(fields: Fields, name: str, form: re.Pattern[str]) -> float | None:
    text = _text(fields, name)
    return float(text) if form.fullmatch(text) else None


def _value(kind: type[_Value], fields: Fields, name: str) -> _Value | None:
    try:
        return kind(_text(fields, name))
    except ValueError:
        return None
