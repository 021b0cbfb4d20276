"""What Samba, FUI and the commands say of it, read from the machine.

Rules: each is read by itself; nothing of FUI's own code but the numbers of its facts is used. Samba's records
are those whose sender the kernel says; a press is a flag of an object that was deleted or moved away.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from integration.inside import Entry
from integration.menu import EXECUTE, KINDS, SHARE, Menu
from integration.soak.offer import TRACE

ActionName = str
"""`Object/Action`."""

Key = tuple[int | None, ActionName]
"""A user's uid, and an action."""

FLAG = re.compile(rf"{SHARE}/(?P<path>(?P<object>[^/|]+)/(?P<action>[^/|]+) \[[^]|]+\]\.txt)")
AUDIT = "smbd_audit"
PREFIX_FIELDS = 3
DONE = "ok"
FIELDS = (
    *("MESSAGE", "MESSAGE_ID", "_UID", "_SOURCE_REALTIME_TIMESTAMP", "FUI_OBJECT", "FUI_ACTION"),
    *("FUI_UID", "FUI_JOB", "FUI_REFUSAL", "FUI_RESULT", "FUI_EXIT", "FUI_REASON"),
)
READING = 600.0
"""Seconds in which a long journal can be read on a busy host."""
NAMED = re.compile(r"(?P<number>\d+) presses at once, none of which ran: (?P<names>.*)")


@dataclass(frozen=True)
class Record:
    """A flag is gone, as Samba told it."""

    at: float
    uid: int
    path: str
    action: ActionName

    @property
    def key(self) -> Key:
        """Whose press of what it is."""
        return self.uid, self.action


@dataclass(frozen=True)
class Fact:
    """What FUI told.

    Attributes:
        at: When, in seconds since the epoch.
        kind: Of the fact.
        uid: About whom; None if nobody is known.
        actions: About which actions.
        job: About which job.
        refusal: Why nothing ran.
        result: How the job ended.
        status: The exit status of its command.
        reason: In words.
    """

    at: float
    kind: str
    uid: int | None = None
    actions: tuple[ActionName, ...] = ()
    job: str = ""
    refusal: str = ""
    result: str = ""
    status: str = ""
    reason: str = ""

    @property
    def key(self) -> "Key":
        """Whose press, of which action, it is about, where it is about one."""
        return self.uid, self.actions[0]


@dataclass(frozen=True)
class Line:
    """What a command left: `start JOB USER OBJECT/ACTION`, `end JOB STATUS`, or `overlap JOB GROUP`."""

    kind: str
    job: str
    rest: str


def records(menu: Menu, since: float) -> list[Record]:
    """Read what Samba told of flags that are gone."""
    entries = _entries(menu, since, f"--identifier={AUDIT}")
    return list(filter(None, map(_record, entries)))


def _record(entry: Entry) -> Record | None:
    fields = str(entry["MESSAGE"]).split("|")[PREFIX_FIELDS:]
    if fields[:2] not in (["unlinkat", DONE], ["renameat", DONE]):
        return None
    flag = FLAG.fullmatch(fields[2])
    if flag is None or flag["object"] == EXECUTE:
        return None
    action = f"{flag['object']}/{flag['action']}"
    return Record(_when(entry), int(entry["_UID"]), flag["path"], action)


def _entries(menu: Menu, since: float, *which: str) -> list[Entry]:
    fields = f"--output-fields={','.join(FIELDS)}"
    argv = ["journalctl", "--output=json", "--all", "--no-pager", "--quiet", fields]
    said = menu.machine.run([*argv, f"--since=@{since:.6f}", *which], timeout=READING).stdout
    return [json.loads(line) for line in said.splitlines()]


def _when(entry: Entry) -> float:
    own = entry.get("_SOURCE_REALTIME_TIMESTAMP")
    return int(own or entry["__REALTIME_TIMESTAMP"]) / 1e6


def facts(menu: Menu, since: float) -> list[Fact]:
    """Read what FUI told, in its order."""
    entries = _entries(menu, since, "--unit=fui", "--identifier=fui")
    return [_fact(entry) for entry in entries if entry.get("MESSAGE_ID") in KINDS]


def _fact(entry: Entry) -> Fact:
    text = {key: str(value) for key, value in entry.items()}.get
    reason = text("FUI_REASON", "")
    many = NAMED.fullmatch(reason)
    if many is not None:
        actions = tuple(many["names"].split(", "))
    else:
        there = "FUI_ACTION" in entry
        actions = (f"{entry['FUI_OBJECT']}/{entry['FUI_ACTION']}",) if there else ()
    return Fact(
        at=_when(entry),
        kind=KINDS[str(entry["MESSAGE_ID"])],
        uid=int(entry["FUI_UID"]) if "FUI_UID" in entry else None,
        actions=actions,
        job=text("FUI_JOB", ""),
        refusal=text("FUI_REFUSAL", ""),
        result=text("FUI_RESULT", ""),
        status=text("FUI_EXIT", ""),
        reason=reason,
    )


def trace(menu: Menu) -> list[Line]:
    """Read what the commands left."""
    return list(lines(menu.machine.read(TRACE).decode().splitlines()))


def lines(written: Iterable[str]) -> Iterable[Line]:
    """Take lines apart."""
    for line in written:
        kind, job, rest = line.split(" ", 2)
        yield Line(kind, job, rest)
