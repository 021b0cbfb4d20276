"""When the share is looked at again, and when a trouble is told.

Rules: a trouble is told when it is new, not each time that it shows; what failed is tried again
after a while, never at once over and over. Knows nothing of flags; a folder is only a path.
"""

RETRY = 5.0
"""Seconds until what failed is tried again."""

AT_ONCE = 3
"""How often within that time a folder is watched anew without delay: one can be replaced, and again."""

SUSPICION_QUIET = 60.0
"""Seconds between two facts about entries that are not believed."""


class Upkeep:
    """Times are CLOCK_MONOTONIC seconds; None stands for all folders."""

    def __init__(self, every: float) -> None:
        self.every = every
        self.next_look = 0.0
        self._errors: dict[str, str] = {}
        self._unwatched: set[str | None] = set()
        self._later: set[str | None] = set()
        self._lost_at: dict[str | None, tuple[float, ...]] = {}
        self._overflowed = float("-inf")
        self._quiet_until = 0.0

    def looked(self, now: float) -> None:
        """All of it is looked at now."""
        self.next_look = now + self.every
        self._unwatched |= self._later
        self._later.clear()

    def failed(self, folder: str, error: str, now: float) -> bool:
        """A folder could not be read or written; return whether that is news."""
        self.next_look = min(self.next_look, now + RETRY)
        news = self._errors.get(folder) != error
        self._errors[folder] = error
        return news

    def lost(self, folder: str | None, now: float) -> tuple[bool, bool]:
        """Events are missing; return whether that is news, and whether it is looked at without delay."""
        lately = tuple(at for at in self._lost_at.get(folder, ()) if now - at < RETRY)
        if len(lately) >= AT_ONCE:
            self._later.add(folder)
            self.next_look = min(self.next_look, now + RETRY)
            return False, False
        self._unwatched.add(folder)
        self._lost_at[folder] = (*lately, now)
        return not lately, True

    def overflow(self, now: float) -> None:
        """Single events are missing, nobody knows which."""
        self._overflowed = now

    def overflowed(self, within: float, now: float) -> bool:
        """Whether that was within so many seconds."""
        return now - self._overflowed <= within

    def suspected(self, now: float) -> bool:
        """An entry was not believed; return whether that is to be told."""
        if now < self._quiet_until:
            return False
        self._quiet_until = now + SUSPICION_QUIET
        return True

    def seen(self, folder: str) -> tuple[str | None, ...]:
        """A folder was listed, so it is there; return what is to be watched anew."""
        self._errors.pop(folder, None)
        anew = tuple(one for one in (folder, None) if one in self._unwatched)
        self._unwatched.difference_update(anew)
        return anew
