"""What systemd is told about the daemon: sd_notify(3). Its only importer.

Rules: to be heard is a courtesy, so nothing here raises; without systemd (no NOTIFY_SOCKET) every
call says False and does nothing. A status is one line, whatever is in it: a line of its own would
be an assignment of its own. Knows nothing of when something is to be told.
"""

import os

from systemd.daemon import notify

_MICRO = 1_000_000


def ready(status: str) -> bool:
    """Say that the start, or a reload, is over; units ordered after this one may start."""
    return _notify(f"READY=1\nSTATUS={_line(status)}")


def reloading(mono: float) -> bool:
    """Say that the configuration is being read again; ready() says that this is over.

    Args:
        mono: When it began, in CLOCK_MONOTONIC seconds. With Type=notify-reload systemd takes this
            for the answer to its signal if that is not younger.
    """
    return _notify(f"RELOADING=1\nMONOTONIC_USEC={int(mono * _MICRO)}")


def status(text: str) -> bool:
    """Say what the daemon is doing, for `systemctl status`."""
    return _notify(f"STATUS={_line(text)}")


def stopping(text: str = "waiting for the running jobs") -> bool:
    """Say that the daemon is ending."""
    return _notify(f"STOPPING=1\nSTATUS={_line(text)}")


def watchdog() -> bool:
    """Say that the daemon lives."""
    return _notify("WATCHDOG=1")


def watchdog_interval() -> float | None:
    """Return how many seconds there may be between two calls of watchdog(); None for no watchdog.

    It is half of what systemd waits for, as sd_watchdog_enabled(3) recommends.
    """
    usec, pid = (os.environ.get(name, "") for name in ("WATCHDOG_USEC", "WATCHDOG_PID"))
    if not _is_number(usec) or int(usec) == 0:
        return None
    if pid and pid != str(os.getpid()):
        return None
    return int(usec) / _MICRO / 2


def _notify(state: str) -> bool:
    try:
        return bool(notify(state))
    except OSError:
        return False


def _line(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
