"""Many presses at once are none: a deleted folder, a sync client, a program that deletes everything.

A press waits until it is sure that its user presses nothing else: until he has been quiet for
`settle`. Presses of one user with shorter pauses between them are one *burst*. A burst that holds
two flags of one object, or as many flags as `mass_limit`, is no press at all; such a burst is over
only after a longer quiet, so that a program that pauses does not set something off after all.

Rules: when a press was made its record says, so it does not matter how late it is heard of, nor in
which order. A burst is not judged while flags are gone of which nobody knows yet who did it, as far
as they were seen to go when the burst was first due: what goes later is no part of it, so nobody can
put it off for ever. Nor is one judged before an earlier burst of the same user. Nothing is decided
about who may do what. Times are CLOCK_MONOTONIC seconds.
"""

from bisect import insort
from collections.abc import Collection
from dataclasses import dataclass, field
from operator import attrgetter

from fui.model.press import Press

CALM = 10
"""How many times longer than `settle` the quiet is after which many at once are over."""

_WHEN = attrgetter("at")


@dataclass(slots=True)
class _Hand:
    """What one user has pressed.

    Attributes:
        presses: Those that wait, in the order in which they were made.
        size: How many of them the first burst held when it was first due.
        due: When that was.
    """

    presses: list[Press] = field(default_factory=list)
    size: int = 0
    due: float = 0.0


class Bursts:
    """The presses that wait, by user."""

    def __init__(self, settle: float, mass_limit: int) -> None:
        """Make it; with a `settle` of 0 nothing is to be put in here."""
        self.settle = settle
        self.mass_limit = mass_limit
        self._waiting: dict[int, _Hand] = {}

    @property
    def pending(self) -> bool:
        """Whether a press waits."""
        return bool(self._waiting)

    def add(self, press: Press) -> None:
        """Have a proven press wait."""
        assert press.record is not None  # noqa: S101 - only a proven press has a user
        insort(self._waiting.setdefault(press.record.uid, _Hand()).presses, press, key=_WHEN)

    def over(self, at: float, now: float, unknown: Collection[Press]) -> list[tuple[Press, ...]]:
        """Take out the bursts that are over: one press, or many at once, each.

        Args:
            at: Until when all that was done is known, in `unknown` at least.
            now: The time, which may be later.
            unknown: What was done to flags, and not known yet by whom.
        """
        ended: list[tuple[Press, ...]] = []
        for uid, hand in list(self._waiting.items()):
            while (burst := self._first(hand)) and self._until(burst) <= at:
                if len(burst) != hand.size:
                    hand.size, hand.due = len(burst), now
                if self._open(hand, burst, unknown):
                    break
                ended += [tuple(burst)] if self.many(burst) else [(one,) for one in burst]
                hand.presses = hand.presses[len(burst) :]
                hand.size = 0
            if not hand.presses:
                del self._waiting[uid]
        return ended

    def next_due(self, unknown: Collection[Press]) -> float | None:
        """Return when a burst will be over, which may be past; None if that depends on `unknown`."""
        dues = [
            self._until(burst)
            for hand in self._waiting.values()
            if not self._open(hand, burst := self._first(hand), unknown)
        ]
        return min(dues, default=None)

    def many(self, burst: Collection[Press]) -> bool:
        """Whether these presses, made at once, are none."""
        objects = {press.action.id.object for press in burst}
        return len(burst) >= self.mass_limit or len(objects) < len(burst)

    def _open(self, hand: _Hand, burst: list[Press], unknown: Collection[Press]) -> bool:
        """Whether a burst that is due could be added to by what is not known yet.

        That may have been done earlier than it was seen.
        """
        begin = burst[0].at - self.settle * CALM
        due = hand.due if hand.size == len(burst) else begin
        return any(press.presses and begin <= press.at <= due for press in unknown)

    def _until(self, burst: list[Press]) -> float:
        """Return when a burst is over if nothing more is added to it."""
        return burst[-1].at + self._quiet(many=self.many(burst))

    def _quiet(self, *, many: bool) -> float:
        return self.settle * (CALM if many else 1)

    def _first(self, hand: _Hand) -> list[Press]:
        """Return one user's presses until the first quiet that was long enough."""
        burst: list[Press] = []
        many = False  # and once it is, it stays so
        for press in hand.presses:
            if burst and press.at > burst[-1].at + self._quiet(many=many):
                break
            burst.append(press)
            many = many or self.many(burst)
        return burst
