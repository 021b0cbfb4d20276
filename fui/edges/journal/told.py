"""Which entries were told already, so that going back tells none of them a second time.

Rules: what is remembered has a limit. What was forgotten is behind the floor, and going back never
leads there: so it may leave an entry out, but never tells one twice. Knows no reader.
"""

from collections import deque

LIMIT = 10_000


class Told:
    """The entries that were told, by cursor; times are seconds of CLOCK_MONOTONIC."""

    def __init__(self, floor: float) -> None:
        """Begin with nothing told but what was written before `floor`."""
        self.floor = floor
        self._cursors: set[str] = set()
        self._order: deque[tuple[str, float]] = deque()

    def __contains__(self, cursor: str) -> bool:
        return cursor in self._cursors

    def add(self, cursor: str, written: float) -> None:
        """Remember an entry that journald wrote at that time."""
        self._cursors.add(cursor)
        self._order.append((cursor, written))
        if len(self._order) > LIMIT:
            oldest, its_time = self._order.popleft()
            self._cursors.discard(oldest)
            self.floor = max(self.floor, its_time)
