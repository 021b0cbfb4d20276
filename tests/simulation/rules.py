"""When a press may start something, by what was really done and by the rules of the menu.

Rules: a check that cannot be made for sure, because the truth itself is in doubt there, is not made:
so limits count from the last time that the clock was put, and a burst counts what nobody else is said
to have done as well.
"""

from typing import TYPE_CHECKING

from fui.model.menu import Access, Action, ActionId
from tests.simulation.cast import Person, within
from tests.simulation.truth import CONFIRM, Deed, Violation, require

if TYPE_CHECKING:
    from tests.simulation.daemon import Daemon
    from tests.simulation.world import World

CLOSE = 1e-6
"""Seconds that are no difference."""


class Rules:
    """Each method insists on one of them."""

    def __init__(self, world: "World", deeds: list[Deed]) -> None:
        self._world = world
        self.deeds = deeds
        self.asked: dict[ActionId, int] = {}
        self.queue: list[Deed] = []
        self.limited_since: dict[ActionId, float] = {}
        self.settled_since = 0.0

    def really_pressed(self, deed: Deed, daemon: "Daemon") -> None:
        """It was a press of that flag, in that life, and the daemon saw its end."""
        life = deed.life
        require(deed.asks, "a move is no press", deed)
        require(life.daemon == daemon.number, "a flag is pressed that this daemon made", deed)
        require(life.born <= deed.sent, "a record proves nothing of an earlier life", deed)
        # Where inotify lost a deletion, the end of somebody's file in the flag's place is taken for it.
        ends = [each for each in self.deeds if each.life is life and each.seen is not None]
        mixed = [each for each in ends if not (each.genuine and deed.genuine)]
        witness = deed if deed.seen is not None else next(iter(mixed), None)
        require(witness, "a press has two witnesses", deed)
        require(deed.text == deed.who.text, "who closed last is who deleted", deed)
        if witness is None or deed.waits:
            return
        apart = abs((deed.heard or 0.0) - (witness.seen or 0.0))
        held = self._world.held_last > (witness.seen or 0.0) - CLOSE
        # With files of their own in place of a flag, and records that are late, people can have each be
        # taken for the next one; what starts was pressed by its user all the same.
        held = held or any(not each.genuine and each.action == deed.action for each in self.deeds)
        window = self._world.menu.settings.attribution_timeout
        require(held or apart <= window + CLOSE, "a record is waited for as long as is said", deed)
        # What fits as well, and was there before it was decided, makes a contradiction.
        proven = max(deed.heard or 0.0, witness.seen or 0.0)
        for other in self.deeds:
            if other is deed or other.life is not life or other.heard is None:
                continue
            fits = other.operation == deed.operation and other.sent >= life.born
            there = other.target in ("", deed.target) and not other.outcomes
            early = proven - window + CLOSE < other.heard < proven - CLOSE
            require(not (fits and there and early), "two candidates are none", f"{deed}; {other}")

    def permitted(self, deed: Deed, access: Access) -> None:
        """Who did it may do so, and carried it out himself."""
        require(self.may(deed.who, access), "only who may is let", deed)
        require(deed.text == deed.who.text, "who closed last is who deleted", deed)

    def may(self, who: Person, access: Access) -> bool:
        """Whether somebody may."""
        belongs = self._world.belongs
        denied = any(belongs(who, each) for each in access.deny)
        return bool(who.name) and not denied and any(belongs(who, each) for each in access.allow)

    def cancelled(self, deed: Deed, job: str) -> None:
        """It was that job's flag that went; or, where files of their own are about, that one's too."""
        alike = [each for each in self.deeds if each.action == deed.action and each.asks]
        own = any(not each.genuine for each in alike)
        too = own and any(each.who is deed.who and each.job == job for each in alike)
        require(deed.job == job or too, "a cancellation hits the job that was shown", deed)

    def alone(self, deed: Deed, action: Action) -> None:
        """No other job that shares a group really goes on."""
        for other in self._world.processes.values():
            if other.alive and not set(action.groups).isdisjoint(other.action.groups):
                detail = f"{deed} while {other.job} of {other.action.id} runs"
                raise Violation("one job of an action group runs at a time", detail)

    def in_time(self, deed: Deed, action: Action) -> None:
        """Hours and limits, by the clock on the wall as long as nobody puts it."""
        world, limit = self._world, action.limit
        if action.hours is not None:
            require(within(action.hours, world.wall), "nothing runs outside its hours", deed)
        if limit is None:
            return
        since = max(world.stepped, self.limited_since.get(action.id, 0.0))
        uses = [
            each
            for each in world.processes.values()
            if each.action.id == action.id
            and each.began > since
            and (not limit.per_user or each.deed.who is deed.who)
        ]
        if limit.count is not None:
            recent = [each for each in uses if each.began > world.mono - limit.period + CLOSE]
            require(len(recent) < limit.count, "a limit is never exceeded", deed)
        for each in uses:
            cool = each.ended + limit.cooldown - CLOSE <= world.mono
            require(each.alive or cool, "a cool-down is kept", deed)

    def in_turn(self, deed: Deed, action: Action) -> None:
        """Nobody starts before who waits in front of him; and what is to be confirmed is."""
        own = self.own(deed.action)
        before = [each for each in self.queue if self.own(each.action) == own]
        if deed in before:
            before = before[: before.index(deed)]
        require(not before, "the queue is kept", f"{deed} before {', '.join(map(str, before))}")
        if not deed.waits:
            self.confirmed(deed, action)

    def confirmed(self, deed: Deed, action: Action) -> None:
        """What is to be confirmed was, by who was asked last."""
        if action.confirm is not None:
            confirmed = deed.life.word == CONFIRM and self.asked.get(action.id) == deed.who.uid
            require(confirmed, "the same user confirms", deed)

    def own(self, action: ActionId) -> str:
        """Return the first group of an action, whose queue it waits in."""
        known = self._world.actions.get(action)
        return known.groups[0] if known else ""

    def not_many(self, deed: Deed) -> None:
        """What was pressed together with others, at once, runs nothing."""
        settings = self._world.menu.settings
        if not settings.settle or deed.at - 1 < self.settled_since or deed.sent - deed.at > CLOSE:
            return
        hand = sorted(
            (
                each
                for each in self.deeds
                if each.who is deed.who
                and each.asks
                and each.cursor
                and each.seen_by == deed.seen_by
                and each.seen is not None
                and each.sent - each.at < CLOSE
                and not self.contested(each)
                and (not each.outcomes or each.outcomes[0] != "unattributed")
            ),
            key=lambda each: each.at,
        )
        here = hand.index(deed) if deed in hand else None
        if here is None:
            return
        first = last = here
        while first > 0 and hand[first].at - hand[first - 1].at < settings.settle - CLOSE:
            first -= 1
        while last + 1 < len(hand) and hand[last + 1].at - hand[last].at < settings.settle - CLOSE:
            last += 1
        burst = hand[first : last + 1]
        objects = {each.action.object for each in burst}
        many = len(burst) >= settings.mass_limit or len(objects) < len(burst)
        require(not many, "many at once are no press", "; ".join(map(str, burst)))

    def contested(self, deed: Deed) -> bool:
        """Whether somebody else is said to have ended the same life."""
        return any(each.life is deed.life and each is not deed for each in self.deeds)
