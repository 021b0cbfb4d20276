"""What comes of a proven press whose user is known: the one place where it may become a start.

Rules: who may not is refused first, then what the moment does not allow; a press of a flag that did
not say it could be pressed starts nothing, whatever is so by now. Nothing is changed here. Knows
nothing of files, records or jobs beyond what it is given.
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
class Cancel:
    """The job is to be ended, by this grant."""

    grant: Granted
    job: JobId


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing is done, and why."""

    refusal: Refusal
    why: str


Outcome = Start | AskAgain | Cancel | Refuse


def wanted(press: Press) -> Access:
    """Return who may do what a press asks for: to run the action, or to cancel the job that runs."""
    return (press.action.cancel if press.job else None) or press.action.access


def decide(
    press: Press,
    user: str,
    within: frozenset[Subject],
    *,
    state: FlagState,
    confirms: bool,
    busy: str,
) -> Outcome:
    """Decide on a press.

    Args:
        press: What was done, with its record.
        user: The user's name by NSS.
        within: Those subjects of `wanted` that the user is or is a member of.
        state: The flag's state by now.
        confirms: Whether this user was the last to be asked to press once more.
        busy: What keeps anything from starting; empty if nothing does.
    """
    assert press.record is not None  # noqa: S101 - only a proven press is decided on
    decision = authorize(wanted(press), user, within, press.record.text_user)
    if isinstance(decision, Denied):
        return Refuse(decision.refusal, decision.rule)
    if press.job and press.action.cancel is not None:
        return Cancel(decision, press.job)
    if busy or press.shown not in PRESSABLE:
        return Refuse(Refusal.BUSY, busy or "it was not ready when it was pressed")
    if press.action.confirm is None or (confirms and press.shown is FlagState.CONFIRM):
        return Start(decision)
    if state is FlagState.CONFIRM:
        return Refuse(Refusal.NOT_CONFIRMED, "somebody else was asked to confirm it")
    return AskAgain()
