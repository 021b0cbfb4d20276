"""One job: its process, its control group and what it wrote.

Rules:
- It is over when its main process is reaped and nothing else of it is left. With a control group
  that is the kernel's word; without one, the end of its output, or that it was killed.
- Of the output the end is kept; `output` knows what is output.

It must not know the loop, nor post anything.
"""

import contextlib
import os
import signal

from fui.edges.runner.cgroup import JobGroup
from fui.edges.runner.output import Output
from fui.edges.runner.spare import EXECUTED, Spare
from fui.model.effects import StartJob
from fui.model.events import JobSeen
from fui.model.job import Ending

_PIECE = 65536
_SEEN = 65536
"""Bytes of output that are shown while it runs."""
_LAST_PIECES = 16
"""A pipe holds 1 MiB at most; more than that is somebody else's who holds it."""
_REFUSALS = (
    "sudo: a password is required",
    "sudo: a terminal is required",
    "is not allowed to execute",
    "is not allowed to run sudo",
    "is not in the sudoers file",
)
_REFUSAL_LINES = 4


class Job:
    """A job from its start to its end."""

    def __init__(
        self, effect: StartJob, process: Spare, group: JobGroup | None, output_limit: int
    ) -> None:
        self.effect = effect
        self.process = process
        self.group = group
        self.reported = False
        """Whether it is known if it could be executed."""
        self.reaped = False
        self._report = b""
        self._status = 0
        self._output = Output(output_limit)
        self.output_ended = False
        self._killed = False

    @property
    def executed(self) -> bool:
        """Whether the program was executed, as far as is known."""
        return self.reported and self._report == EXECUTED

    @property
    def over(self) -> bool:
        """Whether nothing of it is left."""
        if not self.reaped:
            return False
        if self.group is not None:
            return not self.group.populated
        return self.output_ended or self._killed

    def read_report(self) -> None:
        """Take in whether it could be executed."""
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self.process.report, _PIECE):
                self._report += piece
            self.reported = True

    def read_output(self) -> bool:
        """Take in a piece of output; False where there is none now, or none will come."""
        try:
            piece = os.read(self.process.output, _PIECE)
        except BlockingIOError:
            return False
        if piece:
            self._output.add(piece)
        else:
            self.output_ended = True
        return bool(piece)

    def seen(self) -> JobSeen:
        """Say what it has written until now."""
        tail = self._output.tail
        return JobSeen(self.effect.job, _text(tail.end(_SEEN)), tail.seen, self._output.progress)

    def reap(self) -> None:
        """Take the exit status of the main process, which has exited."""
        _, status = os.waitpid(self.process.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        self._status = code if code >= 0 else 128 - code
        self.reaped = True

    def terminate(self) -> None:
        """Ask the main process to end; sudo passes that on to its command."""
        if not self.reaped:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self.process.pidfd, signal.SIGTERM)

    def kill(self) -> None:
        """Kill all of it, or what may be killed where there is no control group."""
        self._killed = True
        if not self.executed and not self.reaped:  # it may not have entered its group yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self.process.pidfd, signal.SIGKILL)
        if self.group is not None:
            self.group.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def ending(self, rule: str) -> Ending:
        """Say how it ended; `rule` is the line that sudoers needs for it."""
        for _ in range(_LAST_PIECES):
            if not self.read_output():
                break
        self._output.finish()
        output, lost = _text(self._output.tail.content), self._output.tail.lost
        if not self.executed:
            return Ending(None, output, lost, self._not_executed())
        if self._status == 1 and _refused(output):
            error = f"sudo has no rule for this; add to /etc/sudoers.d/fui: {rule}"
            return Ending(None, output, lost, error)
        return Ending(self._status, output, lost)

    def _not_executed(self) -> str:
        code = self._report.removeprefix(EXECUTED)
        if not code.isdigit():
            return "cannot start the command: its process was ended from outside; try again"
        why = os.strerror(int(code))
        if code == self._report:
            return f"cannot enter a control group: {why}; set Delegate=yes in fui.service"
        return f"cannot execute sudo: {why}; install sudo, or mend its permissions"


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")


def _refused(output: str) -> bool:
    lines = output.strip().splitlines()
    return len(lines) <= _REFUSAL_LINES and any(refusal in output for refusal in _REFUSALS)
