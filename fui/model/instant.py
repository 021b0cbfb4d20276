"""Time as an argument. Decisions compare `mono`; `wall` is only ever shown to people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment by two clocks.

    Attributes:
        mono: Seconds of CLOCK_MONOTONIC; orders events, unaffected by clock steps.
        wall: Seconds since the epoch (CLOCK_REALTIME); for texts only.
    """

    mono: float
    wall: float


def span(seconds: float) -> str:
    """Return how long something takes, as the configuration writes it: `90s`, `10min`, `2h`.

    It is in the largest unit of which it is a whole number.
    """
    if not seconds:
        return "0"
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds * 1000:g}ms" if seconds < 1 else f"{seconds:g}s"
