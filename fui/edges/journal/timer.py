"""A timer of the loop for pauses below a millisecond, which asyncio cannot make.

asyncio waits in epoll, which counts in whole milliseconds, and rounds up. A timerfd(2) is a file
that becomes readable in time, to the microsecond. Python has it from 3.13 on; here it is called
in the C library. Knows nothing of what it is set for.
"""

import asyncio
import ctypes
import os
import time
from collections.abc import Callable

_NANO = 1_000_000_000
_libc = ctypes.CDLL(None, use_errno=True)


_Itimerspec = ctypes.c_long * 4
"""Interval and value, each in seconds and nanoseconds."""


class Timer:
    """Calls once when its time has come; setting it anew replaces the time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
        """Make a timer that is not set."""
        self._loop = loop
        self._call = call
        flags = os.O_NONBLOCK | os.O_CLOEXEC
        self._fd = _checked(_libc.timerfd_create(time.CLOCK_MONOTONIC, flags))
        loop.add_reader(self._fd, self._ring)

    def set(self, seconds: float) -> None:
        """Call in so many seconds; 0 is at once, but not from here."""
        self._arm(max(round(seconds * _NANO), 1))

    def clear(self) -> None:
        """Do not call."""
        self._arm(0)

    def close(self) -> None:
        """Do not call, and never again."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)

    def _arm(self, nanoseconds: int) -> None:
        spec = _Itimerspec(0, 0, *divmod(nanoseconds, _NANO))
        _checked(_libc.timerfd_settime(self._fd, 0, spec, None))

    def _ring(self) -> None:
        try:
            os.read(self._fd, 8)
        except BlockingIOError:  # it was set anew in the meantime
            return
        self._call()


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
