"""What rests: the flags of actions that nobody can run now, because of their hours or their limit.

Rules: it is read from the clock on the wall each time and shown by the table of states; a decision asks
`obstacles` and never a flag. A limit of each user is none of everybody's, so it shows on no flag.
"""

from datetime import tzinfo

from fui.core import obstacles, runs
from fui.core.flag import Flag
from fui.core.hours import open_until
from fui.core.lifecycle import Trigger
from fui.core.obstacles import Rest
from fui.core.view import View
from fui.model.instant import Instant
from fui.model.states import FlagState

_TRIGGERS = {FlagState.CLOSED: Trigger.CLOSE, FlagState.WAIT: Trigger.REST}


class Rests:
    """Of all flags of a view."""

    def __init__(self, view: View, zone: tzinfo) -> None:
        self._view = view
        self.zone = zone
        """In which times are said."""

    def show(self, flag: Flag, now: Instant) -> bool:
        """Show on a flag that could be pressed whether its action rests.

        Returns:
            Whether it does.
        """
        to_mono = now.mono - now.wall
        for trigger, rest in self.of(flag, now.wall).items():
            if rest is not None:
                self._view.change(flag, trigger, now.mono, until=rest.until + to_mono)
                return True
        if flag.action.hours and (ends := open_until(flag.action.hours, now.wall)):
            self._view.look_again(flag, ends + to_mono)
        return False

    def review(self, now: Instant) -> None:
        """Look whether what rests still does, and what is ready does not: a clock can be put."""
        for flag in self._view.flags:
            flag.history = runs.by_now(flag.history, now.wall)
            rests = self.of(flag, now.wall)
            if flag.state is FlagState.READY and flag.action.hours:
                self.show(flag, now)
            elif _TRIGGERS.get(flag.state) in rests and not any(rests.values()):
                self._view.change(flag, Trigger.EXPIRE, now.mono)

    def of(self, flag: Flag, wall: float) -> dict[Trigger, Rest | None]:
        """Return why an action cannot be run by anybody now, by what that is to its flag."""
        action, rests = flag.action, {Trigger.CLOSE: obstacles.closed(flag.action, wall)}
        if action.limit and not action.limit.per_user:
            rests[Trigger.REST] = obstacles.limited(action, flag.history, None, wall, self.zone)
        return rests
