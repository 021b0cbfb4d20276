"""The process beside a job: it keeps what the job writes and how it ends, whoever else dies.

It is the parent of the process that waits (`waiting`) and becomes sudo. So neither a restart nor the
death of the daemon ends a job or loses its output: another daemon finds the supervisor by its control
group, and what it wrote by the job's directory.

Rules:
- It imports nothing of ours but what makes `output` of bytes, and is run without site packages (-I -S).
- Descriptors: 0 to 2 are /dev/null but for the daemon's stderr; the others are named on its command line,
  -1 where there is none. All else is closed.
- It lies in a control group of its own, so that what is done to the job's group never hits it.
- In the directory it leaves `seen` while the job runs, at most twice a second, and `ending` when nothing
  of the job is left; each is a line of JSON and then output as it came, and is written whole or not at all.
- TERM is passed on to sudo, USR1 kills the job's process group. Where there are no control groups nobody
  could find the job again, so then it is ended when the daemon goes: by TERM, for it has no grace.
- It ends when the job has ended. The daemon then reads `ending`.

It must not know sudo, nor what a job is.
"""

import contextlib
import json
import os
import select
import signal
import sys
import time
from dataclasses import astuple, dataclass
from types import FrameType

from fui.edges.runner import waiting
from fui.edges.runner.output import Output

SEEN, ENDING = "seen", "ending"
SHOWN = 65536
"""Bytes of output that are shown while it runs."""
_PIECE = 65536
_LAST_PIECES = 16
"""A pipe holds 1 MiB at most; more than that is somebody else's who holds it."""
_PACE = 0.5
"""Seconds between two writings of `seen`."""
BLOCKED = (signal.SIGTERM, signal.SIGUSR1)
"""The signals that wait from its birth until it can handle them."""


@dataclass(frozen=True)
class Ends:
    """Numbers of descriptors: the daemon's pipes, control groups, the directory; and two other numbers.

    Attributes:
        order: Read end of the pipe by which the daemon gives the order.
        report: Write end of the pipe by which the daemon learns what came of it.
        own: `cgroup.procs` of the supervisor's group.
        procs: `cgroup.procs` of the job's group.
        events: `cgroup.events` of the job's group.
        directory: The job's directory.
        limit: How many bytes of output are kept.
        files: How many files the job may have open; -1 for as many as this process.
    """

    order: int
    report: int
    own: int
    procs: int
    events: int
    directory: int
    limit: int
    files: int


class Supervisor:
    """From the spawn of the process that waits to the end of the job."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._output = Output(ends.limit)
        self._report = b""
        self._status: int | None = None
        self._killed = False
        self._output_ended = False
        self._dirty = False
        self._seen_at = -_PACE
        self._pid = 0
        self._child = -1

    def run(self) -> None:
        """Do all of it; returns when nothing of the job is left."""
        ends = self._ends
        self._from_job, to_us = os.pipe()
        self._from_child, report = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.setsid()
            for number in (1, 2):
                os.dup2(to_us, number)
            waiting.wait_and_become(ends.order, report, ends.procs, ends.files)
            os._exit(0)
        self._child = os.pidfd_open(self._pid)
        signal.signal(signal.SIGTERM, self._pass_on)
        signal.signal(signal.SIGUSR1, self._kill)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, BLOCKED)
        unneeded = {to_us, report, ends.procs} | ({ends.order} if ends.events >= 0 else set())
        for number in unneeded - {-1}:
            os.close(number)
        os.set_blocking(self._from_job, False)
        if ends.own >= 0:
            os.write(ends.own, b"0")
            os.close(ends.own)
        self._watch()
        self._finish()

    # -- signals --------------------------------------------------------------------------------

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        if self._status is None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._child, number)

    def _kill(self, _number: int, _frame: FrameType | None) -> None:
        self._killed = True
        with contextlib.suppress(OSError):
            os.killpg(self._pid, signal.SIGKILL)

    # -- while it runs --------------------------------------------------------------------------

    @property
    def _over(self) -> bool:
        if self._status is None:
            return False
        if self._ends.events >= 0:
            return not populated(self._ends.events)
        return self._output_ended or self._killed

    def _watch(self) -> None:
        poll = select.poll()
        for number in (self._from_job, self._from_child, self._child):
            poll.register(number, select.POLLIN)
        if self._ends.events < 0:
            poll.register(self._ends.order, 0)  # its end: the daemon is gone
        while not self._over:
            for number, _ in poll.poll(self._patience()):
                if (number == self._from_job and not self._read_output()) or (
                    number == self._from_child and not self._read_report()
                ):
                    poll.unregister(number)
                elif number == self._child:
                    poll.unregister(number)
                    self._reap()
                    if self._ends.events >= 0:
                        poll.register(self._ends.events, select.POLLPRI)
                elif number == self._ends.order:
                    poll.unregister(number)
                    self._pass_on(signal.SIGTERM, None)
            if self._dirty and self._patience() == 0:
                self._show()

    def _patience(self) -> int | None:
        """Return how many milliseconds may pass until there is something to do without an event."""
        if not self._dirty:
            return None
        return max(0, int((self._seen_at + _PACE - time.monotonic()) * 1000))

    def _read_output(self) -> bool:
        """Take in a piece of output; False if none will come any more."""
        try:
            piece = os.read(self._from_job, _PIECE)
        except BlockingIOError:
            return True
        self._output.add(piece)
        self._output_ended = not piece
        self._dirty = self._dirty or bool(piece)
        return bool(piece)

    def _read_report(self) -> bool:
        """Pass on what the process that waits reports; False if it has become the command, or is gone."""
        piece = os.read(self._from_child, _PIECE)
        self._report += piece
        with contextlib.suppress(OSError):  # the daemon is gone
            os.write(self._ends.report, piece)
        if not piece:
            self._show()
            os.close(self._ends.report)
        return bool(piece)

    def _reap(self) -> None:
        _, status = os.waitpid(self._pid, 0)
        code = os.waitstatus_to_exitcode(status)
        self._status = code if code >= 0 else 128 - code

    # -- what is left of it ---------------------------------------------------------------------

    def _show(self) -> None:
        tail, progress = self._output.tail, self._output.progress
        self._dirty, self._seen_at = False, time.monotonic()
        with contextlib.suppress(OSError):  # it is shown only
            self._write(SEEN, tail.end(SHOWN), written=tail.seen, progress=progress)

    def _finish(self) -> None:
        for _ in range(_LAST_PIECES):
            with contextlib.suppress(BlockingIOError):
                self._output.add(os.read(self._from_job, _PIECE))
        self._output.finish()
        tail = self._output.tail
        self._write(ENDING, tail.content, status=self._status, lost=tail.lost)

    def _write(self, name: str, output: bytes, **head: object) -> None:
        line = json.dumps({"report": self._report.decode("ascii"), **head}).encode("ascii")
        directory = self._ends.directory
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(f"{name}.new", flags, 0o600, dir_fd=directory), "wb") as file:
            file.write(line + b"\n" + output)
        os.rename(f"{name}.new", name, src_dir_fd=directory, dst_dir_fd=directory)


def populated(events: int) -> bool:
    """Tell whether a living process is in the group of a `cgroup.events`, or in one below it."""
    try:
        return b"populated 1" in os.pread(events, 256, 0)
    except OSError:  # ENODEV: somebody else removed it, which only goes when it is empty
        return False


def main() -> None:
    """Be the supervisor that the command line says."""
    ends = Ends(*(int(word) for word in sys.argv[2:]))
    waiting.shed({*astuple(ends)[:-2]} - {-1})
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    Supervisor(ends).run()
