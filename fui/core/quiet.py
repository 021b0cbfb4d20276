"""What is told once and then not for a while, so that nobody can fill the ledger with it.

Rules: each key by itself; what is forgotten after its time costs no memory. Knows nothing of what
is told.
"""

from collections.abc import Hashable


class Quiet:
    """Remembers what was told within a period of seconds."""

    def __init__(self, period: float) -> None:
        self._period = period
        self._until: dict[Hashable, float] = {}

    def news(self, key: Hashable, now: float) -> bool:
        """Whether it has to be told; if so, not again until the period is over."""
        self._until = {each: until for each, until in self._until.items() if until > now}
        if key in self._until:
            return False
        self._until[key] = now + self._period
        return True
