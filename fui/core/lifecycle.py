"""The states of a flag and what moves it from one to the next, as one table.

Rules: the table is the only place where a state follows from another; a pair that it does not hold
is a bug, raises and changes nothing; DESIGN's diagram is drawn from it (`python -m tests.diagram`).
Knows nothing of why something happened.
"""

from enum import Enum

from fui.model.states import FlagState, JobResult, Refusal


class Trigger(Enum):
    """What can happen to a flag."""

    ASK = "a press is to be confirmed"
    QUEUE = "a press waits for its turn"
    LEAVE = "it leaves the queue"
    START = "its job starts"
    SUCCEED = "its job ends well"
    FAIL = "its job ends badly"
    INTERRUPT = "its job is interrupted"
    CANCEL = "its job is cancelled"
    HOLD = "another action takes a group of it"
    RELEASE = "its groups are free again"
    REST = "it ran too often or too recently"
    CLOSE = "its hours are over"
    REFUSE = "a press is refused"
    EXPIRE = "shown long enough"


class IllegalTransitionError(Exception):
    """The table holds no such pair: a bug in the caller."""


_S = FlagState
_T = Trigger

_RESULTS = (_S.DONE, _S.FAILED, _S.DENIED, _S.CANCELLED)
_FREE = (_S.READY, *_RESULTS, _S.CONFIRM, _S.WAIT)

TRANSITIONS: dict[tuple[FlagState, Trigger], FlagState] = {
    **{(state, _T.ASK): _S.CONFIRM for state in _FREE if state is not _S.CONFIRM},
    **{(state, _T.QUEUE): _S.QUEUED for state in _FREE},
    (_S.QUEUED, _T.LEAVE): _S.READY,
    **{(state, _T.START): _S.RUNNING for state in (*_FREE, _S.QUEUED)},
    (_S.RUNNING, _T.SUCCEED): _S.DONE,
    (_S.RUNNING, _T.FAIL): _S.FAILED,
    (_S.RUNNING, _T.INTERRUPT): _S.READY,
    (_S.RUNNING, _T.CANCEL): _S.CANCELLED,
    **{(state, _T.HOLD): _S.BLOCKED for state in (*_FREE, _S.CLOSED)},
    (_S.BLOCKED, _T.RELEASE): _S.READY,
    **{(state, _T.REST): _S.WAIT for state in _FREE},
    **{(state, _T.CLOSE): _S.CLOSED for state in _FREE},
    **{(state, _T.REFUSE): _S.DENIED for state in (_S.READY, *_RESULTS, _S.WAIT)},
    (_S.CONFIRM, _T.REFUSE): _S.CONFIRM,
    (_S.BLOCKED, _T.REFUSE): _S.BLOCKED,
    (_S.RUNNING, _T.REFUSE): _S.RUNNING,
    (_S.QUEUED, _T.REFUSE): _S.QUEUED,
    (_S.CLOSED, _T.REFUSE): _S.CLOSED,
    (_S.ERROR, _T.REFUSE): _S.ERROR,
    **{(state, _T.EXPIRE): _S.READY for state in (*_RESULTS, _S.CONFIRM, _S.WAIT, _S.CLOSED)},
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

PRESSABLE = frozenset(state for state, trigger in TRANSITIONS if trigger is Trigger.QUEUE)
"""The states in which a press can start a job, now or when its turn comes."""

PASSING = frozenset(state for state, trigger in TRANSITIONS if trigger is Trigger.EXPIRE)
"""The states that are shown for a while only."""

_REFUSALS = {Refusal.LIMIT: _T.REST, Refusal.CLOSED: _T.CLOSE}
RESTS = frozenset(_REFUSALS.values())
"""What happens to a flag because of its action's limit or hours."""

_UNSHOWN = frozenset({Refusal.BUSY, Refusal.QUEUE_FULL, Refusal.STOPPING})


def of_refusal(state: FlagState, refusal: Refusal) -> Trigger | None:
    """Return what a refused press is to a flag; None if it changes nothing but the note inside."""
    if refusal in _UNSHOWN:
        return None
    return _REFUSALS.get(refusal, _T.REFUSE) if state in PRESSABLE else _T.REFUSE


def after(state: FlagState, trigger: Trigger) -> FlagState:
    """Return the state that follows.

    Raises:
        IllegalTransitionError: The table holds no such pair.
    """
    try:
        return TRANSITIONS[state, trigger]
    except KeyError:
        raise IllegalTransitionError(f"{state.name} has no {trigger.name}") from None
