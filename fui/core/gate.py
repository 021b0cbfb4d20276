"""What comes of a proven press whose user is known: the one place where it may become a start.

Rules: who may not is refused first, then what the moment does not allow; a press of a flag that did
not say it could be pressed starts nothing, whatever is so by now; nor does one of a flag that cannot
be pressed any more. Nothing is changed here. Knows nothing of files, records or jobs beyond what it
is given.
"""

from dataclasses import dataclass

from fui.core.authorize import Denied, Granted, authorize
from fui.core.lifecycle import PRESSABLE
from fui.model.job import JobId
from fui.model.menu import Access, Subject
from fui.model.press import Press
from fui.model.states import FlagState, Refusal


@dataclass(frozen=True, slots=True)
class Start:
    """The job may start, by this grant."""

    grant: Granted


@dataclass(frozen=True, slots=True)
class AskAgain:
    """The same user has to press once more."""


@dataclass(frozen=True, slots=True)
class Enqueue:
    """The press waits for its turn."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The press that waits is taken back."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The job is to be ended, by this grant."""

    grant: Granted
    job: JobId


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing is done, and why."""

    refusal: Refusal
    why: str


Outcome = Start | AskAgain | Enqueue | Leave | Cancel | Refuse


@dataclass(frozen=True, slots=True)
class Moment:
    """What is so when a press is decided on; a text says what is in the way, empty if nothing is.

    Attributes:
        state: The flag's state by now.
        confirms: Whether this user was the last to be asked to press once more.
        queued_by: Who waits with this flag in the queue; None if nobody does.
        turn: Whether the press has waited in the queue and its turn has come.
        closed: The hours.
        wait: The limit or the cool-down.
        busy: A job of one of its action groups, or a press that waits before it.
        full: The queue has no more room.
    """

    state: FlagState
    confirms: bool = False
    queued_by: int | None = None
    turn: bool = False
    closed: str = ""
    wait: str = ""
    busy: str = ""
    full: str = ""


def wanted(press: Press) -> Access:
    """Return who can do what a press asks for: to run the action, or to cancel the job that runs."""
    return (press.action.cancel if press.job else None) or press.action.access


def decide(  # noqa: PLR0911 - one for each outcome
    press: Press, user: str, within: frozenset[Subject], moment: Moment
) -> Outcome:
    """Decide on a press.

    Args:
        press: What was done, with its record.
        user: The user's name by NSS.
        within: Those subjects of `wanted` that the user is or is a member of.
        moment: What is so by now.
    """
    assert press.record is not None  # noqa: S101 - only a proven press is decided on
    decision = authorize(wanted(press), user, within, press.record.text_user)
    if isinstance(decision, Denied):
        return Refuse(decision.refusal, decision.rule)
    if press.job and press.action.cancel is not None:
        return Cancel(decision, press.job)
    if press.shown is FlagState.QUEUED and moment.queued_by == press.record.uid:
        return Leave()
    in_the_way = _in_the_way(press, moment)
    if in_the_way is not None:
        return in_the_way
    confirmed = moment.confirms and press.shown is FlagState.CONFIRM
    if press.action.confirm is not None and not confirmed and not moment.turn:
        if moment.state is FlagState.CONFIRM:
            return Refuse(Refusal.NOT_CONFIRMED, "somebody else was asked to confirm it")
        return AskAgain()
    return Enqueue() if moment.busy else Start(decision)


def _in_the_way(press: Press, moment: Moment) -> Refuse | None:  # noqa: PLR0911 - one for each
    """Say what the moment does not allow."""
    if press.shown not in PRESSABLE and press.shown is not FlagState.CLOSED:
        return Refuse(Refusal.BUSY, moment.busy or "it was not ready when it was pressed")
    if moment.closed:
        return Refuse(Refusal.CLOSED, moment.closed)
    if press.shown is FlagState.CLOSED:
        return Refuse(Refusal.BUSY, "it was closed when it was pressed")
    if moment.state not in PRESSABLE:
        return Refuse(Refusal.BUSY, moment.busy or "it cannot be pressed any more")
    if moment.busy and press.action.queue is None:
        return Refuse(Refusal.BUSY, moment.busy)
    if moment.wait:
        return Refuse(Refusal.LIMIT, moment.wait)
    if moment.full and moment.busy:
        return Refuse(Refusal.QUEUE_FULL, moment.full)
    return None
