"""The process that waits for an order and becomes it; a child of `supervisor`.

Rules:
- Descriptors: 0 to 2 as the command shall have them, the order pipe, the report pipe and `cgroup.procs`
  of its control group (-1 for none). All others are closed.
- It reports `w` when it waits in its group, `x` when it is about to execute, and an errno where
  something failed. The report pipe ends when it has executed.
- It ends when the order pipe ends before an order came, so it does not outlive the daemon; and when it
  can report to nobody, so nothing is executed that no supervisor knows of.

It must not know sudo, nor what a job is.
"""

import os
import resource
import signal

_LAST_DESCRIPTOR = 1 << 20
_DIGITS = 8


def wait_and_become(order: int, report: int, procs: int, files: int) -> None:
    """Enter the control group, wait for the order, execute it; returns only if none will come.

    Args:
        order: Read end of the pipe by which the order comes.
        report: Write end of the pipe for what comes of it.
        procs: `cgroup.procs` of its control group.
        files: How many files the command may have open; -1 for as many as this process.
    """
    try:
        shed({order, report, procs} - {-1})
        if files >= 0:
            _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if procs >= 0:
            os.write(procs, b"0")
            os.close(procs)
        os.write(report, b"w")
        words = _read(order)
        if words:
            count = int(words[0])
            pairs = dict(word.split(b"=", 1) for word in words[count + 1 :])
            os.close(order)
            os.set_inheritable(report, False)  # noqa: FBT003 - the name says it
            os.write(report, b"x")
            os.execve(words[1], words[1 : count + 1], pairs)  # noqa: S606 - no shell is wanted
    except OSError as error:
        os.write(report, b"%d" % (error.errno or 0))
        os._exit(127)


def shed(kept: set[int]) -> None:
    """Let go of every other descriptor but 0 to 2, of the directory, and of what is ignored."""
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, _LAST_DESCRIPTOR)
    os.chdir("/")
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)


def _read(order: int) -> list[bytes]:
    """Return the words of an order, none if it never comes whole.

    Its length in eight digits, then words that end in NUL: how many are argv, argv, environment.
    """
    text = b""
    while len(text) < _DIGITS or len(text) < _DIGITS + int(text[:_DIGITS]):
        piece = os.read(order, 65536)
        if not piece:
            return []
        text += piece
    return text[_DIGITS:-1].split(b"\0")
