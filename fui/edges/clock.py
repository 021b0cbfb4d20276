"""The one reader of clocks. Everybody else is handed an Instant.

Rules: a decision compares `mono`, which neither a clock step nor a time zone touches; `wall` is for
people. CLOCK_MONOTONIC is also what asyncio's loop runs on, so a time that the engine asks to be
woken at can be given to the loop as it is. Knows nothing of what the time is for.
"""

import time

from fui.model.instant import Instant


def now() -> Instant:
    """Return this moment by both clocks."""
    return Instant(mono=time.monotonic(), wall=time.time())
