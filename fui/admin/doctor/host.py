"""The machine that is looked at: what its programs, its files and its name service answer.

Rules: a program is asked once and its answer kept, so that one that hangs costs its time once; the
name service has a time limit too. Nothing is changed. What cannot be asked is `Unanswered`. Judges
nothing.
"""

import ctypes
import grp
import os
import pwd
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from fui.admin.doctor import programs
from fui.admin.doctor.programs import PATIENCE, Answer, Program
from fui.admin.doctor.row import Unanswered
from fui.edges import clock
from fui.model.instant import Instant
from fui.model.menu import Subject, SubjectKind

_UNSYNCHRONIZED = 0x0040
"""STA_UNSYNC of adjtimex(2)."""

T = TypeVar("T")


class Space(NamedTuple):
    """What is free on a file system; shares of one, and None where it does not count inodes."""

    bytes: float
    inodes: float | None


class Host:
    """This machine."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._answers: dict[tuple[str, ...], Answer | Unanswered] = {}

    def ask(self, program: Program, *arguments: str) -> Answer:
        """Return what a program answers to these arguments, once asked.

        Raises:
            Unanswered: It is not there, or took too long.
        """
        argv = (program.path, *arguments)
        if argv not in self._answers:
            try:
                self._answers[argv] = self.run(program, *arguments)
            except Unanswered as unanswered:
                self._answers[argv] = unanswered
        answer = self._answers[argv]
        if isinstance(answer, Unanswered):
            raise answer
        return answer

    def say(self, program: Program, *arguments: str) -> str:
        """Return what a program writes; Unanswered also if it fails."""
        answer = self.ask(program, *arguments)
        if answer.status != 0:
            words = answer.last_words or f"exit status {answer.status}"
            raise Unanswered(f"cannot ask {program.path}: {words}", self.privilege)
        return answer.out

    def run(self, program: Program, *arguments: str) -> Answer:
        """Run a program to its end, whether or not it was asked before; raises as `ask`."""
        return programs.run(program, arguments, self._patience)

    @cached_property
    def is_root(self) -> bool:
        """Whether everything may be asked."""
        return os.geteuid() == 0

    @property
    def privilege(self) -> str:
        """What to do if something may not be asked."""
        return "" if self.is_root else "ask again as root"

    def read(self, path: str) -> str | None:
        """Return what stands in a file; None if there is none; Unanswered if it may not be read."""
        data = self.read_bytes(path)
        return None if data is None else data.decode(errors="surrogateescape")

    def read_bytes(self, path: str) -> bytes | None:
        """Return what stands in a file, as `read` does."""
        try:
            return Path(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unanswered(f"cannot read {path}: {error.strerror}", self.privilege) from error

    def names(self, path: str) -> list[str] | None:
        """Name what is in a directory, sorted; None if there is none."""
        try:
            return sorted(os.listdir(path))  # noqa: PTH208 - names, whatever bytes they have
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unanswered(f"cannot list {path}: {error.strerror}", self.privilege) from error

    def real(self, path: str) -> str:
        """Return a path without symbolic links, as far as it is there."""
        return os.path.realpath(path)

    def changed(self, path: str) -> float | None:
        """Return when a file was last written, renamed or installed; seconds, None if it is gone.

        It is ctime: what a package installs bears the time of its build as mtime.
        """
        try:
            return Path(path).stat().st_ctime
        except OSError:
            return None

    def has_attribute(self, path: str, name: str) -> bool:
        """Whether a file has an attribute (xattr(7)); one that may not be looked at has."""
        try:
            os.getxattr(path, name)
        except PermissionError:
            return True
        except OSError:
            return False
        return True

    def space(self, path: str) -> Space:
        """Return what is free where a path is."""
        try:
            status = os.statvfs(path)
        except OSError as error:
            raise Unanswered(f"cannot look at {path}: {error.strerror}", self.privilege) from error
        inodes = status.f_favail / status.f_files if status.f_files else None
        return Space(status.f_bavail / status.f_blocks if status.f_blocks else 1.0, inodes)

    def members(self, group: str) -> set[str] | None:
        """Return the members that this machine knows of a local group; None if it is not local.

        A directory service need not tell the members of a group, so only /etc/group is asked.
        """
        for line in (self.read("/etc/group") or "").splitlines():
            name, _, gid, users = (*line.split(":"), "", "", "", "")[:4]
            if name == group:
                accounts = [row.split(":") for row in (self.read("/etc/passwd") or "").splitlines()]
                own = {row[0] for row in accounts if len(row) > 3 and row[3] == gid}  # noqa: PLR2004
                return own | set(filter(None, users.split(",")))
        return None

    def look_up(self, subject: Subject) -> float | None:
        """Ask the name service for a user or group: seconds that it took; None if it knows none."""
        user = subject.kind is SubjectKind.USER
        find: Callable[[str], object] = pwd.getpwnam if user else grp.getgrnam

        def ask() -> float | None:
            begin = clock.now().mono
            try:
                find(subject.name)
            except KeyError:
                return None
            return clock.now().mono - begin

        return within(self._patience, ask, f"the name service, asked for {subject}")

    def groups(self, user: str) -> set[str]:
        """Return the names of a user's groups; none if there is no such user."""

        def ask() -> set[str]:
            try:
                account = pwd.getpwnam(user)
            except KeyError:
                return set()
            return {self.group_name(str(gid)) for gid in os.getgrouplist(user, account.pw_gid)}

        return within(self._patience, ask, f"the name service, asked for the groups of {user}")

    def group_name(self, gid: str) -> str:
        """Return the name of a group by its number; what is no number, or unknown, stays as it is."""
        try:
            return grp.getgrgid(int(gid)).gr_name
        except (KeyError, ValueError):
            return gid

    def now(self) -> Instant:
        """Return this moment."""
        return clock.now()

    def pause(self, seconds: float) -> None:
        """Let some time pass, for what was on its way."""
        threading.Event().wait(seconds)

    def clock_is_synchronized(self) -> bool:
        """Whether the kernel says that something keeps its clock right (adjtimex(2))."""
        state = (ctypes.c_byte * 512)()  # struct timex; all 0 asks and sets nothing
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.adjtimex(ctypes.byref(state)) < 0:
            raise Unanswered(f"cannot ask the clock: {os.strerror(ctypes.get_errno())}")
        return not ctypes.c_int.from_buffer(state, _STATUS_OFFSET).value & _UNSYNCHRONIZED


_STATUS_OFFSET = 5 * ctypes.sizeof(ctypes.c_long)
"""Of `status` in struct timex: `modes` is padded to a long; offset, freq, maxerror, esterror."""


def within(seconds: float, ask: Callable[[], T], what: str) -> T:
    """Return an answer that may hang; Unanswered after so many seconds.

    What hangs is left behind in a thread that does not keep the program from ending.
    """
    outcome: list[T | Exception] = []

    def run() -> None:
        try:
            outcome.append(ask())
        except Exception as error:  # noqa: BLE001 - raised below, in the thread that asked
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise Unanswered.silent(what, seconds)
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]
