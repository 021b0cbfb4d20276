"""What is in the way of an action by now: its hours, its limit, who holds its groups; in words.

Rules: composes `hours`, `runs`, `schedule` and `queue`, and changes none of them; every text names
who or until when, for it is what the user reads. Knows neither rights nor names of flags.
"""

from dataclasses import dataclass
from datetime import tzinfo

from fui.core import hours, runs
from fui.core.flag_text import moment
from fui.core.queue import Queue
from fui.core.schedule import Schedule
from fui.model.job import History
from fui.model.menu import Action


@dataclass(frozen=True, slots=True)
class Rest:
    """An action does not run before `until` (seconds since the epoch), and why."""

    until: float
    why: str


def closed(action: Action, wall: float) -> Rest | None:
    """Return until when an action's hours are over; None if it has none, or is within them."""
    until = hours.closed_until(action.hours, wall) if action.hours else None
    if until is None or action.hours is None:
        return None
    return Rest(until, f"closed until {moment(until, action.hours.zone)} ({action.hours.text})")


def limited(
    action: Action, history: History, uid: int | None, wall: float, zone: tzinfo
) -> Rest | None:
    """Return until when an action's limit is reached for a user; None if it may run."""
    limit = action.limit
    until = runs.wait_until(history, limit, uid, wall) if limit else None
    if limit is None or until is None:
        return None
    return Rest(until, f"not before {moment(until, zone)}: it may run {limit}")


def busy(action: Action, schedule: Schedule, queue: Queue) -> str:
    """Say who holds a group of an action, or waits for it before; empty if nobody does."""
    holder = schedule.holder(action.groups)
    if holder is not None:
        return f"{holder.action.id} is running for {holder.run.user}"
    head = next(iter(queue.of(action.groups[:1])), None)
    if head is None or head.action.id == action.id:
        return ""
    return f"{head.action.id} waits before it, for {head.user}"


def full(action: Action, queue: Queue) -> str:
    """Say that an action's queue has no more room; empty if it has."""
    limit = action.queue or 0
    waiting = len(queue.of(action.groups[:1]))
    return f"the queue is full, {limit} may wait" if waiting >= limit else ""


def place(action: Action, schedule: Schedule, queue: Queue) -> str:
    """Say at which place of its queue a press waits, and for whom."""
    number = queue.place(action.id)
    if number > 1:
        before = queue.of(action.groups[:1])[number - 2]
        return f"place {number}, behind {before.action.id}, which waits for {before.user}"
    return "; ".join(filter(None, ("place 1", busy(action, schedule, queue))))
