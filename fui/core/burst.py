"""Many presses at once are none: a deleted folder, a sync client, a program that deletes everything.

A press waits until it is sure that its user presses nothing else: until he has been quiet for
`settle`. Presses of one user with shorter pauses between them are one *burst*. A burst that holds
two flags of one object, or as many flags as `mass_limit`, is no press at all; such a burst is over
only after a longer quiet, so that a program that pauses does not set something off after all.

Rules: when a press was made its record says, so it does not matter how late it is heard of, nor in
which order. A burst is not judged while flags are gone of which nobody knows yet who did it, and
with which it would be many; nor before an earlier burst of the same user. Nothing is decided about
who may do what. Times are CLOCK_MONOTONIC seconds.
"""

from collections.abc import Collection, Iterator
from operator import attrgetter

from fui.model.press import Press

CALM = 10
"""How many times longer than `settle` the quiet is after which many at once are over."""


class Bursts:
    """The presses that wait, by user."""

    def __init__(self, settle: float, mass_limit: int) -> None:
        """Make it; with a `settle` of 0 nothing is to be put in here."""
        self.settle = settle
        self.mass_limit = mass_limit
        self._waiting: dict[int, list[Press]] = {}

    @property
    def pending(self) -> bool:
        """Whether a press waits."""
        return bool(self._waiting)

    def add(self, press: Press) -> None:
        """Have a proven press wait."""
        assert press.record is not None  # noqa: S101 - only a proven press has a user
        self._waiting.setdefault(press.record.uid, []).append(press)

    def over(self, now: float, unknown: Collection[Press]) -> list[tuple[Press, ...]]:
        """Take out the bursts that are over: one press, or many at once, each.

        Args:
            now: Until when all that was done is known, in `unknown` at least.
            unknown: What was done to flags, and not known yet by whom.
        """
        ended: list[tuple[Press, ...]] = []
        for uid, presses in list(self._waiting.items()):
            left: list[Press] = []
            for burst in self._bursts(presses):
                if left or self._until(burst) > now or self._open(burst, unknown):
                    left += burst
                else:
                    ended += [tuple(burst)] if self.many(burst) else [(one,) for one in burst]
            if left:
                self._waiting[uid] = left
            else:
                del self._waiting[uid]
        return ended

    def next_due(self, unknown: Collection[Press]) -> float | None:
        """Return when a burst will be over, which may be past; None if that depends on `unknown`."""
        firsts = [next(self._bursts(presses)) for presses in self._waiting.values()]
        dues = [self._until(burst) for burst in firsts if not self._open(burst, unknown)]
        return min(dues, default=None)

    def many(self, burst: Collection[Press]) -> bool:
        """Whether these presses, made at once, are none."""
        objects = {press.action.id.object for press in burst}
        return len(burst) >= self.mass_limit or len(objects) < len(burst)

    def _open(self, burst: list[Press], unknown: Collection[Press]) -> bool:
        """Whether what is not known yet could belong to a burst, and something more by that.

        It may have been done earlier than it was seen, so it counts from the burst's time on.
        """
        begin = burst[0].at - self.settle * CALM
        return any(press.presses and press.at >= begin for press in unknown)

    def _until(self, burst: list[Press]) -> float:
        """Return when a burst is over if nothing more is added to it."""
        return burst[-1].at + self.settle * (CALM if self.many(burst) else 1)

    def _bursts(self, presses: list[Press]) -> Iterator[list[Press]]:
        """Part one user's presses where the quiet between them was long enough."""
        burst: list[Press] = []
        for press in sorted(presses, key=attrgetter("at")):
            if burst and press.at > self._until(burst):
                yield burst
                burst = []
            burst.append(press)
        yield burst
