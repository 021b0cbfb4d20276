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
