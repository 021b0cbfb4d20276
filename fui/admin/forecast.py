"""What would come of a press that is made now: asked of fui.core's gate, as the daemon asks it.

Rules: pure, and decides nothing by itself. What is going on comes from the daemon's status; hours are
read by the clock. Some of it only the daemon knows, how often each user ran something and who has to
confirm, and that is said.
"""

from typing import assert_never

from fui.core import gate, obstacles
from fui.model.events import AccountFailed, AccountFound
from fui.model.instant import span
from fui.model.menu import Action, Menu
from fui.model.press import Gesture, Press
from fui.model.record import Operation, Record
from fui.model.states import FlagState, Refusal
from fui.model.status import Standing, Status

_BUSY = frozenset({FlagState.READY, FlagState.BLOCKED, FlagState.QUEUED})
"""The states of which a standing's `why` says who holds a group of the action."""


def supposed(action: Action, uid: int, text_user: str, standing: Standing) -> Press:
    """Return a press of an action's flag as it stands now, with a record as Samba would make it.

    Args:
        action: What is pressed.
        uid: By whom.
        text_user: The same, as Samba spells it.
        standing: How things stand with it.
    """
    record = Record("", 0.0, 0.0, uid, text_user, "", Operation.UNLINK, "")
    job = standing.job if standing.state is FlagState.RUNNING else ""
    return Press(action, Gesture.PRESS, standing.state, job, record)


def queue_is_full(action: Action, menu: Menu, status: Status) -> str:
    """Say that the queue of an action has no more room; empty if it has."""
    queued = {one.action for one in status.standings if one.state is FlagState.QUEUED}
    limit = action.queue
    if limit is not None and len(queued) >= limit:
        own = {one.id for one in menu.actions if one.groups[:1] == action.groups[:1]}
        return f"the queue is full, {limit} may wait" if len(queued & own) >= limit else ""
    return ""


def forecast(
    press: Press,
    account: AccountFound | AccountFailed,
    standing: Standing,
    full: str,
    wall: float,
) -> str:
    """Say what would come of a press.

    Args:
        press: The press.
        account: Who made it, and which subjects of `gate.wanted` they fall under.
        standing: How things stand with its action.
        full: That the queue has no more room, if it is so.
        wall: The time, in seconds since the epoch.
    """
    if isinstance(account, AccountFailed):
        return f"nothing would run: {account.why}"
    moment = _moment(press, account.name, standing, full, wall)
    outcome = gate.decide(press, account.name, account.within, moment)
    return _words(outcome, standing, press.action, moment)


def _moment(press: Press, user: str, standing: Standing, full: str, wall: float) -> gate.Moment:
    """Return what is so now, as far as it is known."""
    state, why = standing.state, standing.why
    closed = obstacles.closed(press.action, wall)
    waits = state is FlagState.QUEUED and standing.user == user
    busy = why if state in _BUSY else ""
    if state is FlagState.RUNNING:
        busy = f"{press.action.id} is running for {standing.user}"
    return gate.Moment(
        state,
        queued_by=press.record.uid if waits and press.record else None,
        closed=closed.why if closed else "",
        wait=why if state is FlagState.WAIT and not _per_user(press.action) else "",
        busy=busy,
        full=full,
    )


def _words(outcome: gate.Outcome, standing: Standing, action: Action, moment: gate.Moment) -> str:
    match outcome:
        case gate.Refuse(refusal, why):
            to_confirm = refusal is Refusal.NOT_CONFIRMED
            return (
                f"it is to be confirmed: {standing.why}"
                if to_confirm
                else f"nothing would run: {why}"
            )
        case gate.AskAgain():
            return f"it would have to be pressed once more within {span(action.confirm or 0.0)}"
        case gate.Enqueue():
            return f"it would wait for its turn: {moment.busy}"
        case gate.Leave():
            return "it would take the press that waits out of the queue"
        case gate.Cancel(_, job):
            return f"it would end the job {job}, which runs for {standing.user}"
        case gate.Start():
            often = ", unless this user has run it too often" if _per_user(action) else ""
            return f"it would start{often}"
        case _:  # pragma: no cover
            assert_never(outcome)


def _per_user(action: Action) -> bool:
    return action.limit is not None and action.limit.per_user
