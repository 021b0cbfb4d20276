"""One job as the daemon sees it: its supervisor, its control group, and what is in its directory.

Rules:
- It is over when its supervisor is gone and its control group is empty. How it ended the supervisor has
  written down; if it has not, nobody knows, and what is left of the job has to be killed.
- What is read is checked, for a job that runs as FUI's user could have written it.

It must not know the loop, nor post anything.
"""

import contextlib
import json
import os
import re
import signal
import stat
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from fui.edges.runner.cgroup import JobGroup
from fui.edges.runner.spare import Spare
from fui.edges.runner.supervisor import ENDING, SEEN
from fui.model.events import JobSeen
from fui.model.job import Ending, JobId, Progress
from fui.model.menu import Command

EXECUTED = "wx"
"""The whole report of a process that has become what was ordered."""

_PIECE = 65536
_SIZE_MAX = 16 << 20
"""Bytes; a supervisor leaves a tenth of that at most."""
_NUMBER_MAX = 2**63 - 1
_ERRNO = re.compile(r"[0-9]{1,5}")
_CAREFUL = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_REFUSALS = (
    "sudo: a password is required",
    "sudo: a terminal is required",
    "is not allowed to execute",
    "is not allowed to run sudo",
    "is not in the sudoers file",
    "I'm afraid I can't do that",  # this and the next are sudo-rs's
    "interactive authentication is required",
)
_REFUSAL_LINES = 4


class _Left(NamedTuple):
    """What the supervisor left: a line of JSON, and output."""

    head: dict[str, Any]
    output: bytes

    def text(self, name: str) -> str:
        value = self.head.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        value = self.head.get(name)
        return value if _is_number(value) and 0 <= value <= _NUMBER_MAX else 0


class Job:
    """A job from its start, or from when it was found, to its end."""

    def __init__(
        self,
        job: JobId,
        command: Command,
        group: JobGroup | None,
        directory: Path,
        supervisor: Spare | int | None,
    ) -> None:
        """Take it over.

        Args:
            job: Its id.
            command: What it runs.
            group: Its control groups; None where there are none.
            directory: Where its supervisor leaves what it knows.
            supervisor: The process that supervises it: a child of this daemon, or a pidfd of one of
                the last daemon's; None if it is gone.
        """
        self.id = job
        self.command = command
        self.group = group
        self.directory = directory
        self._child = supervisor if isinstance(supervisor, Spare) else None
        self.supervisor = supervisor.pidfd if isinstance(supervisor, Spare) else supervisor
        """Its pidfd; None if it is gone."""
        self._piped = self._filed = ""
        self.told = False
        """Whether it was told that it was executed."""

    @property
    def _report(self) -> str:
        """What came of the order, whichever was heard of it first: its pipe may be read after its files."""
        return self._piped or self._filed

    @property
    def executed(self) -> bool:
        """Whether the program was executed, as far as is known."""
        return self._report == EXECUTED

    @property
    def over(self) -> bool:
        """Whether nothing of it is left."""
        return self.supervisor is None and (self.group is None or not self.group.populated)

    @property
    def report(self) -> int | None:
        """Where the supervisor reports whether it could be executed; None if it does not any more."""
        return self._child.report if self._child is not None else None

    def read_report(self) -> bool:
        """Take in whether it could be executed; False if nothing more will be said."""
        with contextlib.suppress(BlockingIOError):
            while self._child is not None and (piece := os.read(self._child.report, _PIECE)):
                self._piped += piece.decode("ascii")
            return False
        return True

    def seen(self) -> JobSeen:
        """Say what it has written until now, and take in whether it was executed."""
        left = self._read(SEEN)
        if left is None:
            return JobSeen(self.id)
        self._filed = left.text("report")
        progress = _progress(left.head.get("progress"))
        return JobSeen(self.id, _text(left.output), left.number("written"), progress)

    def reap(self) -> None:
        """Its supervisor is gone; if that was before its time, what is left of the job is killed."""
        if self._child is not None:
            os.waitpid(self._child.pid, 0)
        self.let_go()
        if self.group is not None and self.group.populated:
            self.group.kill()

    def let_go(self) -> None:
        """Give the descriptors back."""
        if self._child is not None:
            self._child.close()
        elif self.supervisor is not None:
            os.close(self.supervisor)
        self._child = self.supervisor = None

    def terminate(self) -> None:
        """Ask it to end; its supervisor passes that on, and sudo to its command."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill all of it, or what may be killed where there is no control group."""
        if not self.executed:
            self.seen()
        if not self.executed:  # maybe in no group yet; without its supervisor it executes nothing
            self._signal(signal.SIGKILL)
        if self.group is not None:
            self.group.kill()
        else:
            self._signal(signal.SIGUSR1)

    def _signal(self, number: signal.Signals) -> None:
        if self.supervisor is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self.supervisor, number)

    def ending(self, rule: str) -> Ending:
        """Say how it ended; `rule` is the line that sudoers needs for it."""
        left = self._read(ENDING)
        if left is None:
            why = "its supervisor was ended from outside; nobody can say how it ended"
            if not self.directory.exists():
                why = "FUI ended before it could start it"
            return Ending(None, self.seen().output, interrupted=why)
        self._piped, self._filed = "", left.text("report")
        output, lost = _text(left.output), left.number("lost")
        if not self.executed:
            return Ending(None, output, lost, self._not_executed())
        status = left.number("status")
        if status == 1 and _refused(output):
            error = f"sudo has no rule for this; add to /etc/sudoers.d/fui: {rule}"
            return Ending(None, output, lost, error)
        exceeded = self.group.exceeded if self.group is not None else ""
        return Ending(status, output, lost, exceeded=exceeded)

    def _not_executed(self) -> str:
        code = self._report.removeprefix(EXECUTED)
        if not _ERRNO.fullmatch(code):
            return "cannot start the command: its process was ended from outside; try again"
        why = os.strerror(int(code))
        if code == self._report:
            return f"cannot enter a control group: {why}; set Delegate=yes in fui.service"
        return f"cannot execute sudo: {why}; install sudo, or mend its permissions"

    def _read(self, name: str) -> _Left | None:
        with contextlib.suppress(OSError, ValueError, RecursionError):
            line, _, output = _content(self.directory / name).partition(b"\n")
            head = json.loads(line)
            if isinstance(head, dict):
                return _Left(head, output)
        return None


def _content(path: Path) -> bytes:
    """Return what stands in a file; nothing of what is none, for that could be waited for."""
    with os.fdopen(os.open(path, os.O_RDONLY | _CAREFUL), "rb") as file:
        return file.read(_SIZE_MAX) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _progress(said: object) -> Progress | None:
    match said:
        case [percent, str(text)] if _is_number(percent) and 0 <= percent <= 100:  # noqa: PLR2004
            return Progress(percent, text)
        case _:
            return None


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")


def _refused(output: str) -> bool:
    lines = output.strip().splitlines()
    return len(lines) <= _REFUSAL_LINES and any(refusal in output for refusal in _REFUSALS)
