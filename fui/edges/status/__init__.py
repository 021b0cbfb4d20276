"""The status file: what is going on, for everybody on this machine to read.

Rules:
- Written whole under another name and renamed, so that nobody reads half of it; at most twice a
  second, the first change at once. Nothing waits for it, and a job's start least of all.
- It goes when the daemon ends. One that a killed daemon left behind is known by the process that it
  names: pid and time of birth, field 22 of /proc/PID/stat (proc(5)), of which no two are the same in
  one boot. Where /proc is hidden from others (hidepid=), the pid alone has to do.
- What is read is checked in full, for another version may have written it.

It must not know what the status means.

The package is one edge: `content` says what stands in the file.

The file is a JSON object: `format` (1), `fui` (the version), `pid`, `born` (clock ticks since the
boot), `since` (of the daemon), `share`, `actions`, `folders` (numbers), `faults` (texts), `missed` (a
number), `losses` (numbers by kind; none where it is 0) and `flags`: a list of objects with `object`,
`action`, `state`, `detail`, `user`, `job`, `since`, `until` (or null) and `why`. What they mean,
fui.model.status says. Times are seconds since the epoch.
"""

import asyncio
import contextlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

from fui import __version__
from fui.edges.status import content
from fui.model.errors import EdgeError
from fui.model.status import Published, Status

PAUSE = 0.5
"""Seconds between two writings."""

_SIZE_MAX = 64 << 20
_WHY_MAX = 200
_CAREFUL = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_BORN = 19
"""Where field 22 of /proc/PID/stat is, counted from the first one behind the name."""


class StatusFile:
    """The status file of this process; call it within the running loop."""

    def __init__(self, path: Path, since: float, say: Callable[[str], None]) -> None:
        """Write nothing yet.

        Args:
            path: Where; its directory has to be there.
            since: When the daemon began.
            say: Takes a sentence when it cannot be written, once.
        """
        self._path = path
        self._new = path.with_name(f"{path.name}.new")
        self._say = say
        self._head = {
            "format": content.FORMAT,
            "fui": __version__,
            "pid": os.getpid(),
            "born": _born(os.getpid()),
            "since": since,
        }
        self._status: Status | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._next = 0.0
        self._failed = False

    def publish(self, status: Status) -> None:
        """Have it written soon; of several only the last is."""
        self._status = status
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(self._next, loop.time()), self._write)

    def close(self) -> None:
        """Take the file away, for what it says is over."""
        if self._timer is not None:
            self._timer.cancel()
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _write(self) -> None:
        assert self._status is not None  # noqa: S101 - it is set before the timer
        self._timer = None
        self._next = asyncio.get_running_loop().time() + PAUSE
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _CAREFUL
        text = json.dumps(self._head | content.plain(self._status)).encode("ascii")
        try:
            with os.fdopen(os.open(self._new, flags, 0o644), "wb") as file:
                os.fchmod(file.fileno(), 0o644)  # whatever the umask is
                file.write(text)
            self._new.rename(self._path)
        except OSError as error:
            if not self._failed:
                self._failed = True
                self._say(
                    f"fui: cannot publish the status in {self._path}: {error.strerror};"
                    " set RuntimeDirectory=fui in fui.service. `fui status` will not work"
                )
        else:
            self._failed = False


def read(path: Path) -> Published | None:
    """Return what the daemon that runs by now has published; None if none runs.

    Raises:
        EdgeError: It cannot be read.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _CAREFUL), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise EdgeError(f"cannot use {path}: it is not a file; take it away")
            found = json.loads(file.read(_SIZE_MAX))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EdgeError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise EdgeError(f"cannot understand {path}: {error}; run: systemctl restart fui") from error
    match found:
        case {"format": content.FORMAT, "pid": int(pid), "born": int(born)}:
            return _understood(path, found) if _lives(pid, born) else None
        case _:
            why = "it is of another version of FUI"
            raise EdgeError(f"cannot understand {path}: {why}; run: systemctl restart fui")


def plain(found: Published) -> dict[str, object]:
    """Return what was published by a daemon that runs, as JSON can hold it."""
    head = {"running": True, "fui": found.fui, "pid": found.pid, "since": found.since}
    return head | content.plain(found.status)


def _understood(path: Path, found: object) -> Published:
    try:
        return content.published(found)
    except (KeyError, TypeError, ValueError) as error:
        why = f"{error!r:.{_WHY_MAX}}; run: systemctl restart fui"
        raise EdgeError(f"cannot understand {path}: {why}") from error


def _born(pid: int) -> int:
    """Return when a process began, in clock ticks since the boot."""
    line = Path(f"/proc/{pid}/stat").read_bytes()
    return int(line.rpartition(b")")[2].split()[_BORN])


def _lives(pid: int, born: int) -> bool:
    """Tell whether a process is still there, and no other one has its pid."""
    try:
        if pid <= 0:  # which is no process, but many
            return False
        os.kill(pid, 0)
    except PermissionError:
        pass
    except (OSError, OverflowError):
        return False
    try:
        return _born(pid) == born
    except FileNotFoundError:  # hidden, for it was there a moment ago
        return True
    except OSError:
        return False
