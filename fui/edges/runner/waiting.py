"""The process that waits for an order and becomes it; `spare` runs this file by its path.

Rules:
- It imports only what is built into the interpreter, so it is small and soon ready; it is run
  without site packages (-I -S) and can import nothing of ours.
- Descriptors: 0 to 2 as the command shall have them, then the three named on its command line:
  the order pipe, the report pipe and `cgroup.procs` of its control group (-1 for none). All others
  are closed.
- It reports `w` when it waits in its group, `x` when it is about to execute, and an errno where
  something failed. The report pipe ends when it has executed.
- It ends when the order pipe ends, so it does not outlive the daemon.

It must not know sudo, nor what a job is.
"""

import _signal  # type: ignore[import-not-found] # typeshed leaves it out
import os
import sys

_LAST_DESCRIPTOR = 1 << 20
_DIGITS = 8


def wait_and_become(order: int, report: int, procs: int) -> None:
    """Enter the control group, wait for the order, execute it; returns only if none will come."""
    try:
        _shed({order, report, procs} - {-1})
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


def _shed(kept: set[int]) -> None:
    """Let go of every other descriptor, of the directory, and of what is ignored."""
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, _LAST_DESCRIPTOR)
    os.chdir("/")
    for number in _signal.valid_signals() - {_signal.SIGKILL, _signal.SIGSTOP}:
        _signal.signal(number, _signal.SIG_DFL)


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


if __name__ == "__main__":
    wait_and_become(*(int(word) for word in sys.argv[1:]))
