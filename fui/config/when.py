"""When an action may run: its limit, its hours, and what happens while its groups are busy.

Rules: what an action does not say its group says, and what that does not say fui.yaml or a default
here; a key that changes nothing where it stands is told, for somebody expects it to.
Asks for zones by their names; compares no times.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from fui.config.hours import Part
from fui.config.placed import Placed
from fui.config.schema import ActionPart, written
from fui.config.tree import KeyPath
from fui.config.values import Rate
from fui.model.errors import Problem
from fui.model.menu import Hours, Limit

QUEUE_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What an action says, or its group for it, and where."""

    group: Placed
    index: int
    part: ActionPart

    def get(self, key: str) -> Any:  # noqa: ANN401 - as the schema has it
        """Return a value; None if neither says it."""
        own = getattr(self.part, key)
        return getattr(self.group.part, key) if own is None else own

    def path(self, key: str) -> KeyPath:
        """Return where it is said, from the group on."""
        own = getattr(self.part, key) is not None
        return ("actions", self.index, written(key)) if own else (written(key),)


def limit(said: Said) -> Limit | None:
    """Return how often an action may run; None if nobody limits it."""
    rate: Rate | None = said.get("limit")
    cooldown: float | None = said.get("cooldown")
    if rate is None and cooldown is None:
        return None
    count, period = (None, 0.0) if rate is None else (rate.count, rate.period)
    return Limit(count, period, cooldown or 0.0, said.get("limit_per") == "user")


def hours(said: Said, zone: tzinfo, zone_of: Callable[[str], tzinfo]) -> Hours | None:
    """Return when an action may run; None if always.

    Args:
        said: What is said of the action.
        zone: Whose clock it goes by where nothing else is said.
        zone_of: The zone that has a name.
    """
    parts: list[Part] | None = said.get("only")
    if parts is None:
        return None
    name: str | None = said.get("timezone")
    spans = dict.fromkeys(span for part in parts for span in part.spans)
    text = "; ".join(part.text for part in parts)
    return Hours(tuple(spans), zone_of(name) if name else zone, text)


def queue(said: Said) -> int | None:
    """Return how many presses may wait while the action's groups are busy; None if none may."""
    if not _queues(said):
        return None
    return said.get("queue_limit") or QUEUE_LIMIT


def hides(said: Said, default: str) -> bool:
    """Whether its flag is gone while it is blocked. What can wait in the queue is never blocked."""
    return not _queues(said) and (said.get("show_blocked") or default) == "hide"


def idle(group: Placed) -> Iterator[Problem]:
    """Tell the keys of an action group and its actions that have no effect where they stand."""
    actions = [Said(group, index, part) for index, part in enumerate(group.part.actions)]
    for key, (needs, hint) in _NEEDS.items():
        text = f'cannot use "{written(key)}" here, it has no effect; {hint}'
        for said in actions:
            if getattr(said.part, key) is not None and not needs(said):
                yield group.problem(text, *said.path(key))
        if getattr(group.part, key) is not None and not any(map(needs, actions)):
            yield group.problem(text, written(key))
    for said in actions:
        if _queues(said) and said.get("show_blocked") == "hide":
            # The one that is said more closely is at fault.
            key = max(("show_blocked", "when_busy"), key=lambda each: len(said.path(each)))
            other = "when-busy: queue" if key == "show_blocked" else "show-blocked: hide"
            text = (
                f'cannot use "{written(key)}" here together with "{other}", what can wait is never '
                "blocked; take one of them out"
            )
            yield group.problem(text, *said.path(key))


def _queues(said: Said) -> bool:
    return bool(said.get("when_busy") == "queue")


_NEEDS: dict[str, tuple[Callable[[Said], bool], str]] = {
    "limit_per": (
        lambda said: said.get("limit") is not None or said.get("cooldown") is not None,
        'write "limit" or "cooldown" too, or take it out',
    ),
    "timezone": (lambda said: said.get("only") is not None, 'write "only" too, or take it out'),
    "queue_limit": (_queues, 'write "when-busy: queue" too, or take it out'),
}
