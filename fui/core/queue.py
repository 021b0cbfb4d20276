"""The presses that wait until their action groups are free, in the order in which they were made.

Rules: each action group has a queue of its own, of the presses of its own actions; its head may
start when every group of its action is free, and holds none of them until then. So nobody waits for
somebody who waits, which is why there is no deadlock, and a head that waits for another group holds
up its own queue only. Knows neither rights nor flags.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fui.model.job import Queued
from fui.model.menu import Action, ActionId
from fui.model.press import Press


@dataclass(slots=True)
class Waiting:
    """A press that waits for its turn.

    Attributes:
        press: Proven.
        user: Who pressed.
        called: Its turn has come, and it is asked once more whether the user may.
    """

    press: Press
    user: str
    called: bool = False

    @property
    def action(self) -> Action:
        """What was pressed."""
        return self.press.action

    @property
    def kept(self) -> Queued:
        """Return it as it is kept over restarts."""
        record = self.press.record
        assert record is not None  # noqa: S101 - only a proven press is queued
        return Queued(self.action.id, self.user, record.uid, record.client, record.cursor)


class Queue:
    """All queues, as one list in the order of the presses."""

    def __init__(self) -> None:
        self._waiting: dict[ActionId, Waiting] = {}

    def __iter__(self) -> Iterator[Waiting]:
        return iter(tuple(self._waiting.values()))

    def get(self, action: ActionId) -> Waiting | None:
        """Return the press of an action that waits."""
        return self._waiting.get(action)

    def add(self, press: Press, user: str) -> None:
        """Have a press wait behind those that do. One press of an action waits at a time."""
        assert press.action.id not in self._waiting  # noqa: S101 - its flag says Queued
        self._waiting[press.action.id] = Waiting(press, user)

    def remove(self, action: ActionId) -> Waiting | None:
        """Take the press of an action out."""
        return self._waiting.pop(action, None)

    def of(self, own: tuple[str, ...]) -> list[Waiting]:
        """Return the queue of an action group, given as the first of an action's groups."""
        return [one for one in self._waiting.values() if one.action.groups[:1] == own]

    def place(self, action: ActionId) -> int:
        """Return the place of a press in its queue, counted from 1."""
        queue = self.of(self._waiting[action].action.groups[:1])
        return [one.action.id for one in queue].index(action) + 1

    def call(self, free: Callable[[tuple[str, ...]], bool]) -> list[Waiting]:
        """Return the presses whose turn comes, each once, until `called` is taken back.

        Args:
            free: Says whether all of some action groups are free.
        """
        heads: dict[tuple[str, ...], Waiting] = {}
        for one in self._waiting.values():
            heads.setdefault(one.action.groups[:1], one)
        called = [one for one in heads.values() if not one.called and free(one.action.groups)]
        for one in called:
            one.called = True
        return called
