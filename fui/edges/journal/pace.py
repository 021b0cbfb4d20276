"""When to look into the journal while an entry is expected.

Rules: time is an argument; no clock, no timer. journald wakes its readers 250 ms late and more, but
what it has written can be read at once, as a rule within a millisecond of the event. So the pauses
are short at first and then grow with the time that has passed. To poll without any pause would be
no faster: it takes the processor away from journald.

A reader at the tail can miss an entry: journald was still linking it, or had a later one ready in
another file. So now and then it is to go back and read again.
"""

import math

from fui.model.instant import Instant

FIRST_PAUSE = 0.00025
LONGEST_PAUSE = 0.05
GROWTH = 1.25

GO_BACK = ((0.0015, 0.05), (0.0035, 0.05), (0.045, 0.25), (0.2, 1.0), (0.5, 1.0))
"""Seconds until it is time to go back, then until the next time; the last one over and over. And how many
seconds before the event to go back to, each: little as long as a press would feel it, for on FUI's facility
there may be thousands of entries a second, and enough for who was held up himself when he is late anyway."""


class Pace:
    """The times to poll and to go back; seconds of CLOCK_MONOTONIC."""

    def __init__(self, since: Instant, now: float) -> None:
        """Begin to expect entries that were sent after `since`."""
        self.since = since
        self._back_at = math.inf
        self.expect(now)

    def expect(self, now: float) -> None:
        """Start anew, for one more entry is expected; going back is not put off by it."""
        self._pause = FIRST_PAUSE
        self._times_back = 0
        self._back_at = min(self._back_at, now + GO_BACK[0][0])

    def goes_back(self, now: float) -> float:
        """Return how many seconds before the event it is time to go back to; 0 while it is not.

        If it is, the next time is set.
        """
        if now < self._back_at:
            return 0.0
        _, margin = GO_BACK[self._times_back]
        self._times_back = min(self._times_back + 1, len(GO_BACK) - 1)
        self._back_at = now + GO_BACK[self._times_back][0]
        return margin

    def pause(self, now: float) -> float:
        """Return the seconds until the next poll."""
        pause = self._pause
        self._pause = min(self._pause * GROWTH, LONGEST_PAUSE)
        return max(min(pause, self._back_at - now), 0.0)
