"""A process that waits in a control group of its own until it may become sudo.

Why: a process that enters a control group waits for the kernel's RCU grace period (8 ms measured),
and a fork of the daemon copies its page tables (2 ms with 40 MB); from Python 3.12 on it warns as
well, because the daemon has threads. Both are done with before anybody presses: a small process is
spawned (vfork), enters, and waits. An order costs one write to a pipe.

Rules:
- The child holds /dev/null, the output pipe, the order pipe, the report pipe and nothing else, in a
  session of its own. It imports only what is built into the interpreter.
- It reads one order and becomes what the order says; when the daemon dies, the order pipe ends and
  so does the child.
- It reports `w` when it waits in its group, `x` when it is about to execute, and an errno where
  something failed. The report pipe ends when it has executed.

It must not know sudo, nor what a job is.
"""

import contextlib
import errno
import os
import signal
import sys
from dataclasses import dataclass

ORDER_MAX = 60_000
"""Bytes of an order; a pipe takes them at once."""

EXECUTED = b"wx"
"""The whole report of a child that has become what was ordered."""

_SCRIPT = r"""
import posix, sys, _signal
order, report, procs = map(int, sys.argv[1:])
def end(error):
    posix.write(report, b"%d" % error.errno)
    posix._exit(127)
low = 3
for kept in sorted((order, report, procs)):
    posix.closerange(low, kept)
    low = max(low, kept + 1)
posix.closerange(low, 1 << 20)
try:
    posix.chdir("/")
    if procs >= 0:
        posix.write(procs, b"0")
        posix.close(procs)
except OSError as error:
    end(error)
posix.write(report, b"w")
words = b""
while not words.endswith(b"\0\0"):
    piece = posix.read(order, 65536)
    if not piece:
        posix._exit(0)
    words += piece
count, *words = words[:-2].split(b"\0")
argv, pairs = words[:int(count)], words[int(count):]
for number in (_signal.SIGPIPE, _signal.SIGXFSZ, _signal.SIGINT):
    _signal.signal(number, _signal.SIG_DFL)
posix.close(order)
posix.set_inheritable(report, False)
posix.write(report, b"x")
try:
    posix.execve(argv[0], argv, dict(pair.split(b"=", 1) for pair in pairs))
except OSError as error:
    end(error)
"""


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
        order = b"".join(os.fsencode(word) + b"\0" for word in words) + b"\0"
        if len(order) > ORDER_MAX:
            raise OSError(errno.E2BIG, os.strerror(errno.E2BIG))
        os.write(self.order, order)

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
            [sys.executable, "-I", "-S", "-c", _SCRIPT, *numbers],
            {"LANG": "C.UTF-8"},
            file_actions=[(os.POSIX_SPAWN_DUP2, source, target) for source, target in moves],
            setsid=True,
            setsigmask=(),
            setsigdef=(signal.SIGPIPE, signal.SIGXFSZ),
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
