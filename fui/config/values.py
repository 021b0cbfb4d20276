"""Single values: what is written in the file to what it means.

Rules: the input is the text as it stands there (`0770` is four characters), or whatever else the
file has in its place; a refusal is a ValueError whose text begins with "cannot" and says what to
write instead. Pure, knows neither YAML nor the machine.
"""

import ipaddress
import posixpath
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from fui.config.names import broken, shown
from fui.config.tree import kind
from fui.model.instant import span
from fui.model.menu import size

DAY = 86400.0
LONGEST = 7 * DAY
LONGEST_COMMAND = 1 << 16
"""Characters of a command in one text: shlex takes time as the square of what it splits."""
MOST_RUNS = 1000
"""How many runs a limit can count: each is kept until it counts no more."""

NO_LIMIT = "infinity"
FEWEST_TASKS, MOST_TASKS = 8, 4_194_304
"""The least leaves room for sudo, its monitor and a small script; the most is the kernel's pid_max."""
LEAST_MEMORY, MOST_MEMORY = 16 * 1024**2, 1024**5
"""The least leaves room for sudo with its modules of PAM."""

FACILITIES = {
    "user": 1,
    "mail": 2,
    "daemon": 3,
    "auth": 4,
    "syslog": 5,
    "lpr": 6,
    "news": 7,
    "uucp": 8,
    "cron": 9,
    "authpriv": 10,
    "ftp": 11,
} | {f"local{number}": 16 + number for number in range(8)}

_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": DAY}
_TIME = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([a-z]*)")
_NUMBER = re.compile(r"[0-9]{1,9}")
_SIZES = {"": 1, **{unit: 1024**power for power, unit in enumerate("KMGT", start=1)}}
_SIZE = re.compile(f"([0-9]{{1,16}})([{''.join(_SIZES)}]?)")
_MODE = re.compile(r"(?:0o?)?([0-7]{3,4})")
_OTHERS_WRITE = 0o002
_SERVICE = re.compile(r"[A-Za-z0-9:_.@\\-]+\.service")

# Quoted or escaped text, in which a shell sees no operators.
_QUOTED = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
# A word that only a shell gives a meaning: | || & && ; ;; < << > >> 2>&1 >file, `word;`, $(…, `…`
_SHELL = re.compile(r"[|&;]+|(?:[0-9]*|&)[<>].*|.*;|.*\$\(.*|.*`.*", re.DOTALL)


def refuse(raw: object, wanted: str) -> NoReturn:
    """Say that something else is wanted than what stands in the file."""
    raise ValueError(f"cannot use {kind(raw)} here; {wanted}")


def text(raw: object, wanted: str = "write a text") -> str:
    """Return a text without control characters."""
    if not isinstance(raw, str):
        refuse(raw, wanted)
    if broken(raw):
        raise ValueError(f"cannot use control characters, as in {shown(raw)}; take them out")
    return raw


def description(raw: object) -> str:
    """Return a text for people; it may have several lines."""
    if isinstance(raw, str):
        return "\n".join(text(line).rstrip() for line in raw.replace("\t", " ").strip().split("\n"))
    return text(raw)


def seconds(low: float, high: float) -> Callable[[object], float]:
    """Return a reader of times that refuses those outside the bounds (in seconds)."""

    def read(raw: object) -> float:
        wanted = "write for example 500ms, 30s, 2min, 1h"
        written = text(raw, wanted)
        match = _TIME.fullmatch(written)
        if match is None or match[2] not in _UNITS:
            raise ValueError(f"cannot read {shown(written)} as a time; {wanted}")
        value = float(match[1]) * _UNITS[match[2]]
        if not low <= value <= high:
            raise ValueError(
                f"cannot use the time {shown(written)}; it has to be from {span(low)} to {span(high)}"
            )
        return value

    return read


def whole(low: int, high: int, also: str = "") -> Callable[[object], int]:
    """Return a reader of whole numbers that refuses those outside the bounds.

    `also` is what else may stand there, for the refusal.
    """

    def read(raw: object) -> int:
        wanted = f"write a whole number from {low} to {high}{also}"
        written = text(raw, wanted)
        if not _NUMBER.fullmatch(written) or not low <= int(written) <= high:
            raise ValueError(f"cannot use {shown(written)} here; {wanted}")
        return int(written)

    return read


@dataclass(frozen=True, slots=True)
class AtMost:
    """How much there may be of something; None: there is no limit."""

    limit: int | None


def tasks(raw: object) -> AtMost:
    """Return how many processes and threads there may be, or `infinity`."""
    if raw == NO_LIMIT:
        return AtMost(None)
    return AtMost(whole(FEWEST_TASKS, MOST_TASKS, also=f", or {NO_LIMIT}")(raw))


def memory(raw: object) -> AtMost:
    """Return how many bytes there may be, as `512M` (to the base 1024, as systemd's), or `infinity`."""
    wanted = f"write for example 512M, 2G, or {NO_LIMIT}"
    written = text(raw, wanted)
    if written == NO_LIMIT:
        return AtMost(None)
    match = _SIZE.fullmatch(written)
    if match is None:
        raise ValueError(f"cannot read {shown(written)} as a size of memory; {wanted}")
    value = int(match[1]) * _SIZES[match[2]]
    if not LEAST_MEMORY <= value <= MOST_MEMORY:
        raise ValueError(
            f"cannot use the size {shown(written)}; it has to be from {size(LEAST_MEMORY)} to "
            f"{size(MOST_MEMORY)}, or {NO_LIMIT}"
        )
    return AtMost(value)


def choice(*words: str) -> Callable[[object], str]:
    """Return a reader of one of a few words."""
    wanted = f"write {', '.join(words[:-1])} or {words[-1]}"

    def read(raw: object) -> str:
        written = text(raw, wanted)
        if written not in words:
            raise ValueError(f"cannot use {shown(written)} here; {wanted}")
        return written

    return read


@dataclass(frozen=True, slots=True)
class Rate:
    """So many within so many seconds."""

    count: int
    period: float


def rate(raw: object) -> Rate:
    """Return how often something may happen, as `3 per 10min`."""
    wanted = "write for example 3 per 10min"
    written = text(raw, wanted)
    count, per, period = written.partition(" per ")
    if not per:
        raise ValueError(f"cannot read {shown(written)} as a limit; {wanted}")
    return Rate(whole(1, MOST_RUNS)(count.strip()), seconds(1.0, LONGEST)(period.strip()))


def mode(kept: int, example: str) -> Callable[[object], int]:
    """Return a reader of permission bits, always octal, that refuses bits outside `kept`."""

    def read(raw: object) -> int:
        wanted = f"write octal digits, for example {example}"
        written = text(raw, wanted)
        match = _MODE.fullmatch(written)
        if match is None:
            raise ValueError(f"cannot read {shown(written)} as a mode; {wanted}")
        value = int(match[1], 8)
        if value & _OTHERS_WRITE:
            raise ValueError(
                f"cannot use the mode {written}; it lets everybody write, write {value & ~_OTHERS_WRITE:04o}"
            )
        if value & ~kept:
            raise ValueError(f"cannot use the mode {written} here; write {value & kept:04o}")
        return value

    return read


def words(raw: str) -> list[str]:
    """Split a command as a shell splits words, and refuse what only a shell understands."""
    if len(raw) > LONGEST_COMMAND:
        raise ValueError(
            f"cannot read a command of more than {LONGEST_COMMAND} characters; put it into a script"
        )
    for word in _QUOTED.sub("_", raw).split():
        if _SHELL.fullmatch(word):
            raise ValueError(
                f"cannot give {shown(word)} a meaning, no shell sees the command; "
                "put it into a script, or into quotes if it is meant literally"
            )
    try:
        return shlex.split(raw)
    except ValueError as error:
        complaint = str(error)
    raise ValueError(f"cannot split the command into words: {complaint}; close the quotes")


def path(raw: object) -> str:
    """Return an absolute path, without needless slashes, that the audit line can spell."""
    written = text(raw, "write an absolute path")
    if not written.startswith("/") or ".." in written.split("/"):
        raise ValueError(f"cannot use {shown(written)}; write an absolute path, without ..")
    if "|" in written:
        raise ValueError(
            f"cannot use | in the path {shown(written)}; it parts the fields of the audit line"
        )
    normal = posixpath.normpath(f"/{written.lstrip('/')}")
    if normal == "/":
        raise ValueError('cannot use "/"; write a directory that serves nothing else')
    return normal


def textfile(raw: object) -> str:
    """Return the path of a file that node_exporter reads, or nothing for none."""
    written = text(raw, 'write an absolute path, or "" for none')
    if written and not (written.startswith("/") and written.endswith(".prom")):
        raise ValueError(
            f"cannot use {shown(written)} as textfile; write an absolute path that ends in .prom,"
            ' for node_exporter reads no other, or "" for none'
        )
    return written


def address(raw: object) -> str:
    """Return an address of this machine."""
    written = text(raw, "write for example 127.0.0.1")
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        complaint = f"cannot use {shown(written)} as an address; write for example 127.0.0.1"
    raise ValueError(complaint)


def account(raw: object) -> str:
    """Return the name of a user or group; whether there is one is for the machine to say."""
    written = text(raw, "write a name")
    if not written or written.startswith(("#", "-")):
        raise ValueError(
            f"cannot use {shown(written)} as an account; write its name, not a number or option"
        )
    return written


def facility(raw: object) -> int:
    """Return the number of a syslog facility."""
    written = text(raw, "write for example local5")
    if written.lower() not in FACILITIES:
        raise ValueError(
            f"cannot find the syslog facility {shown(written)}; write for example local5"
        )
    return FACILITIES[written.lower()]


def service(raw: object) -> str:
    """Return the name of a systemd service."""
    written = text(raw, "write the name of a service")
    if not _SERVICE.fullmatch(written):
        raise ValueError(f"cannot use {shown(written)} as a unit; write for example smbd.service")
    return written
