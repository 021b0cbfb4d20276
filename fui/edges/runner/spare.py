"""A process that waits in a control group of its own until it may become sudo.

Why: a process that enters a control group waits for the kernel's RCU grace period (8 ms measured),
and a fork of the daemon copies its page tables (2 ms with 40 MB); from Python 3.12 on it warns as
well, because the daemon has threads. Both are done with before anybody presses: a small process is
spawned (vfork), enters, and waits. An order costs one write to a pipe.

Rules:
- `waiting` is what the child runs, and says what it does; here are the daemon's ends of its pipes.
- The child gets a session of its own, /dev/null for stdin, one pipe for stdout and stderr.

It must not know sudo, nor what a job is.
"""

import contextlib
import errno
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

ORDER_MAX = 60_000
"""Bytes of an order; a pipe takes them at once."""

EXECUTED = b"wx"
"""The whole report of a child that has become what was ordered."""

_SCRIPT = str(Path(__file__).with_name("waiting.py"))


@dataclass(slots=True)
class Spare:
    """The child, and the daemon's ends of its pipes; none of them blocks."""

    pid: int
    pidfd: int
    order: int
    report: int
    output: int

    def become(self, argv: tuple[str, ...], environment: tuple[tuple[str, str], ...]) -> None:
        """Order it to execute a program; OSError if it is gone, or the order is too long."""
        words = [str(len(argv)), *argv, *(f"{name}={value}" for name, value in environment)]
        if any("\0" in word for word in words):
            raise OSError(errno.EINVAL, "an argument holds a NUL character")
        order = b"".join(os.fsencode(word) + b"\0" for word in words)
        if len(order) > ORDER_MAX:
            raise OSError(errno.E2BIG, os.strerror(errno.E2BIG))
        os.write(self.order, b"%08d" % len(order) + order)

    def end(self) -> None:
        """Kill it and reap it; for one that was not used."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.close()

    def close(self) -> None:
        """Give the descriptors back."""
        for descriptor in (self.pidfd, self.order, self.report, self.output):
            os.close(descriptor)


def spawn(procs: int) -> Spare:
    """Spawn one that enters the control group of `procs`, or none if that is negative.

    OSError if the system refuses.
    """
    with contextlib.ExitStack() as childs, contextlib.ExitStack() as ours:
        null = _kept(childs, os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
        order_end, order = _pipe(childs, ours)
        report, report_end = _pipe(ours, childs)
        output, output_end = _pipe(ours, childs)
        passed = [order_end, report_end] + ([procs] if procs >= 0 else [])
        for descriptor in (order, report, output):
            os.set_blocking(descriptor, False)
        moves = [(null, 0), (output_end, 1), (output_end, 2)] + [(kept, kept) for kept in passed]
        numbers = [str(number) for number in (order_end, report_end, procs)]
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", _SCRIPT, *numbers],
            {"LANG": "C.UTF-8"},
            file_actions=[(os.POSIX_SPAWN_DUP2, source, target) for source, target in moves],
            setsid=True,
            setsigmask=(),
        )
        pidfd = os.pidfd_open(pid)
        ours.pop_all()
    return Spare(pid, pidfd, order, report, output)


def _kept(stack: contextlib.ExitStack, descriptor: int) -> int:
    stack.callback(os.close, descriptor)
    return descriptor


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    read_end, write_end = os.pipe2(os.O_CLOEXEC)
    return _kept(reader, read_end), _kept(writer, write_end)
