"""A process that waits in a control group of its own until it may become sudo, and its supervisor.

Why: a process that enters a control group waits for the kernel's RCU grace period (8 ms measured),
and a fork of the daemon copies its page tables (2 ms with 40 MB); from Python 3.12 on it warns as
well, because the daemon has threads. Both are done with before anybody presses: a small process is
spawned (vfork), forks once, and waits. An order costs one write to a pipe.

Rules:
- `supervisor` is what the child runs, and says what it does; here are the daemon's ends of its pipes.
- The child gets a session of its own.

It must not know sudo, nor what a job is.
"""

import contextlib
import errno
import os
import select
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import fui
from fui.edges.runner.cgroup import JobGroup
from fui.edges.runner.supervisor import BLOCKED

ORDER_MAX = 60_000
"""Bytes of an order; a pipe takes them at once."""

_ROOT = str(Path(fui.__file__).parent.parent)
_BOOT = "import sys; sys.path.append(sys.argv[1]); from fui.edges.runner import supervisor as s; s.main()"


@dataclass(slots=True)
class Spare:
    """The supervisor, and the daemon's ends of its pipes; none of them blocks."""

    pid: int
    pidfd: int
    order: int
    report: int

    @property
    def _gone(self) -> bool:
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(0))

    def become(self, argv: tuple[str, ...], environment: tuple[tuple[str, str], ...]) -> None:
        """Order it to execute a program; OSError if it is gone, or the order is too long."""
        words = [str(len(argv)), *argv, *(f"{name}={value}" for name, value in environment)]
        if any("\0" in word for word in words):
            raise OSError(errno.EINVAL, "an argument holds a NUL character")
        order = b"".join(os.fsencode(word) + b"\0" for word in words)
        if len(order) > ORDER_MAX:
            raise OSError(errno.E2BIG, os.strerror(errno.E2BIG))
        if self._gone:  # who waits would read the order, and could report to nobody
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        os.write(self.order, b"%08d" % len(order) + order)

    def end(self) -> None:
        """Kill it and reap it, for one that was not used; who waits goes with it."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.close()

    def close(self) -> None:
        """Give the descriptors back."""
        for descriptor in (self.pidfd, self.order, self.report):
            os.close(descriptor)


def spawn(group: JobGroup | None, directory: Path, limit: int, files: int = -1) -> Spare:
    """Spawn one.

    Args:
        group: Its control groups; None where there are none.
        directory: Where the supervisor leaves what it knows.
        limit: How many bytes of output are kept.
        files: How many files the job may have open; -1 for as many as this process.

    Raises:
        OSError: The system refuses.
    """
    with contextlib.ExitStack() as childs, contextlib.ExitStack() as ours:
        null = _kept(childs, os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC))
        order_end, order = _pipe(childs, ours)
        report, report_end = _pipe(ours, childs)
        place = _kept(childs, os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        groups = (-1, -1, -1) if group is None else (group.own, group.procs, group.events)
        numbers = (order_end, report_end, *groups, place)
        for descriptor in (order, report):
            os.set_blocking(descriptor, False)
        moves = [(null, 0), (null, 1)] + [(kept, kept) for kept in numbers if kept >= 0]
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-c", _BOOT, _ROOT, *map(str, (*numbers, limit, files))],
            {"LANG": "C.UTF-8"},
            file_actions=[(os.POSIX_SPAWN_DUP2, source, target) for source, target in moves],
            setsid=True,
            setsigmask=BLOCKED,
        )
        pidfd = os.pidfd_open(pid)
        ours.pop_all()
    return Spare(pid, pidfd, order, report)


def _kept(stack: contextlib.ExitStack, descriptor: int) -> int:
    stack.callback(os.close, descriptor)
    return descriptor


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    read_end, write_end = os.pipe2(os.O_CLOEXEC)
    return _kept(reader, read_end), _kept(writer, write_end)
