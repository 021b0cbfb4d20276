"""From the raw fields of a journal entry to the Entry, or the Notice, of the vocabulary.

Rules: pure functions. They translate and never decide: whether an entry is believed, the core
says. Whatever bytes a stranger wrote, they do not raise. Know neither reader nor clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fui.model.record import Entry, Notice

MICRO = 1_000_000

_BLANKS = b" \t\n\r"
"""What journald trims off the end of a syslog message (WHITESPACE in its source)."""

_DIGITS = len(str(2**64))

Fields = Mapping[str, bytes | list[bytes]]
"""By name; a field that is there several times has a list."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When journald wrote an entry, by two clocks that it read at the same moment.

    Attributes:
        realtime: Microseconds since the epoch.
        monotonic: Microseconds of CLOCK_MONOTONIC in the boot in which it was written.
        this_boot: Whether that is the boot we are in.
    """

    realtime: int
    monotonic: int
    this_boot: bool

    @property
    def wall(self) -> float:
        """The first in seconds."""
        return self.realtime / MICRO

    @property
    def mono(self) -> float:
        """Seconds of our CLOCK_MONOTONIC; below zero for an earlier boot."""
        return self.monotonic / MICRO if self.this_boot else -1.0


def translate(fields: Fields, cursor: str, stamp: Stamp) -> Entry:
    """Return the entry that has these fields.

    A number that is missing or cannot be read is -1, a text is empty. A field with several values
    says nothing: journald gives a syslog message one of each.

    The kernel notes the time of sending on the clock on the wall only. What CLOCK_MONOTONIC said
    follows from how long journald took, which its stamp tells: so the clock can be stepped at any
    time after that. If it is stepped in just that moment, the entry looks older, never younger.
    """
    sent, wall = _sent(fields, stamp)
    return Entry(
        cursor=cursor,
        sent=sent,
        wall=wall,
        uid=_number(fields, "_UID"),
        gid=_number(fields, "_GID"),
        unit=_text(_only(fields, "_SYSTEMD_UNIT")),
        transport=_text(_only(fields, "_TRANSPORT")),
        identifier=_text(_only(fields, "SYSLOG_IDENTIFIER")),
        facility=_number(fields, "SYSLOG_FACILITY"),
        message=_text(_whole(_only(fields, "MESSAGE"), _only(fields, "SYSLOG_RAW"))),
    )


def notice(fields: Fields, cursor: str, stamp: Stamp) -> Notice:
    """Return what an entry with these fields says of others that were dropped."""
    return Notice(
        cursor=cursor,
        sent=_sent(fields, stamp)[0],
        transport=_text(_only(fields, "_TRANSPORT")),
        uid=_number(fields, "_UID"),
        unit=_text(_only(fields, "OBJECT_SYSTEMD_UNIT")),
        number=_number(fields, "N_DROPPED"),
    )


def _sent(fields: Fields, stamp: Stamp) -> tuple[float, float]:
    """Return when an entry was sent, as in Entry, and the same on the clock on the wall."""
    sent = _number(fields, "_SOURCE_REALTIME_TIMESTAMP")
    if sent < 0:
        sent = stamp.realtime
    took = max(stamp.realtime - sent, 0) / MICRO
    return max(stamp.mono - took, 0.0) if stamp.this_boot else stamp.mono, sent / MICRO


def _whole(message: bytes, raw: bytes) -> bytes:
    """Return the message with the blanks that journald trimmed off its end.

    The message ends the datagram, but for those blanks. So its length says where in the datagram
    it begins, and the header before it need not be understood.
    """
    body = raw.rstrip(_BLANKS)
    if not message or not body.endswith(message):
        return message
    return raw[len(body) - len(message) :].removesuffix(b"\n")


def _only(fields: Fields, name: str) -> bytes:
    value = fields.get(name, b"")
    return value if isinstance(value, bytes) else b""


def _number(fields: Fields, name: str) -> int:
    value = _only(fields, name)
    return int(value) if value.isdigit() and len(value) <= _DIGITS else -1


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
