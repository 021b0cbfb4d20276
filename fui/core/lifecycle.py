"""The states of a flag and what moves it from one to the next, as one table.

Rules: the table is the only place where a state follows from another; a pair that it does not hold
is a bug, raises and changes nothing; DESIGN's diagram is drawn from it (`python -m tests.diagram`).
Knows nothing of why something happened.
"""

from enum import Enum

from fui.model.states import FlagState, JobResult


class Trigger(Enum):
    """What can happen to a flag."""

    ASK = "a press is to be confirmed"
    START = "its job starts"
    SUCCEED = "its job ends well"
    FAIL = "its job ends badly"
    INTERRUPT = "its job is interrupted"
    CANCEL = "its job is cancelled"
    HOLD = "another action takes the group"
    RELEASE = "the group is free again"
    REFUSE = "a press is refused"
    EXPIRE = "shown long enough"


class IllegalTransitionError(Exception):
    """The table holds no such pair: a bug in the caller."""


_S = FlagState
_T = Trigger

TRANSITIONS: dict[tuple[FlagState, Trigger], FlagState] = {
    (_S.READY, _T.ASK): _S.CONFIRM,
    (_S.DONE, _T.ASK): _S.CONFIRM,
    (_S.FAILED, _T.ASK): _S.CONFIRM,
    (_S.DENIED, _T.ASK): _S.CONFIRM,
    (_S.CANCELLED, _T.ASK): _S.CONFIRM,
    (_S.READY, _T.START): _S.RUNNING,
    (_S.DONE, _T.START): _S.RUNNING,
    (_S.FAILED, _T.START): _S.RUNNING,
    (_S.DENIED, _T.START): _S.RUNNING,
    (_S.CONFIRM, _T.START): _S.RUNNING,
    (_S.CANCELLED, _T.START): _S.RUNNING,
    (_S.RUNNING, _T.SUCCEED): _S.DONE,
    (_S.RUNNING, _T.FAIL): _S.FAILED,
    (_S.RUNNING, _T.INTERRUPT): _S.READY,
    (_S.RUNNING, _T.CANCEL): _S.CANCELLED,
    (_S.READY, _T.HOLD): _S.BLOCKED,
    (_S.DONE, _T.HOLD): _S.BLOCKED,
    (_S.FAILED, _T.HOLD): _S.BLOCKED,
    (_S.DENIED, _T.HOLD): _S.BLOCKED,
    (_S.CONFIRM, _T.HOLD): _S.BLOCKED,
    (_S.CANCELLED, _T.HOLD): _S.BLOCKED,
    (_S.BLOCKED, _T.RELEASE): _S.READY,
    (_S.READY, _T.REFUSE): _S.DENIED,
    (_S.DONE, _T.REFUSE): _S.DENIED,
    (_S.FAILED, _T.REFUSE): _S.DENIED,
    (_S.DENIED, _T.REFUSE): _S.DENIED,
    (_S.CANCELLED, _T.REFUSE): _S.DENIED,
    (_S.CONFIRM, _T.REFUSE): _S.CONFIRM,
    (_S.BLOCKED, _T.REFUSE): _S.BLOCKED,
    (_S.RUNNING, _T.REFUSE): _S.RUNNING,
    (_S.DONE, _T.EXPIRE): _S.READY,
    (_S.FAILED, _T.EXPIRE): _S.READY,
    (_S.DENIED, _T.EXPIRE): _S.READY,
    (_S.CONFIRM, _T.EXPIRE): _S.READY,
    (_S.CANCELLED, _T.EXPIRE): _S.READY,
}

ENDS = {
    JobResult.DONE: _T.SUCCEED,
    JobResult.FAILED: _T.FAIL,
    JobResult.NOT_STARTED: _T.FAIL,
    JobResult.TIMED_OUT: _T.FAIL,
    JobResult.INTERRUPTED: _T.INTERRUPT,
    JobResult.CANCELLED: _T.CANCEL,
}
"""What the end of its job is to a flag."""

PRESSABLE = frozenset(state for state, trigger in TRANSITIONS if trigger is Trigger.START)
"""The states in which a press can start a job."""

PASSING = frozenset(state for state, trigger in TRANSITIONS if trigger is Trigger.EXPIRE)
"""The states that are shown for a while only."""


def after(state: FlagState, trigger: Trigger) -> FlagState:
    """Return the state that follows.

    Raises:
        IllegalTransitionError: The table holds no such pair.
    """
    try:
        return TRANSITIONS[state, trigger]
    except KeyError:
        raise IllegalTransitionError(f"{state.name} has no {trigger.name}") from None
