import itertools

import pytest

from fui.core.lifecycle import (
    ENDS,
    PASSING,
    PRESSABLE,
    TRANSITIONS,
    IllegalTransitionError,
    Trigger,
    after,
    of_refusal,
)
from fui.model.states import FlagState, JobResult, Refusal

S, T = FlagState, Trigger
FREE = {S.READY, S.DONE, S.FAILED, S.DENIED, S.CANCELLED, S.CONFIRM, S.WAIT}
NAMES = {
    T.ASK: {S.CONFIRM: FREE - {S.CONFIRM}},
    T.QUEUE: {S.QUEUED: FREE},
    T.LEAVE: {S.READY: {S.QUEUED}},
    T.START: {S.RUNNING: FREE | {S.QUEUED}},
    T.SUCCEED: {S.DONE: {S.RUNNING}},
    T.FAIL: {S.FAILED: {S.RUNNING}},
    T.INTERRUPT: {S.READY: {S.RUNNING}},
    T.CANCEL: {S.CANCELLED: {S.RUNNING}},
    T.HOLD: {S.BLOCKED: FREE | {S.CLOSED}},
    T.RELEASE: {S.READY: {S.BLOCKED}},
    T.REST: {S.WAIT: FREE},
    T.CLOSE: {S.CLOSED: FREE},
    T.REFUSE: {S.DENIED: FREE - {S.CONFIRM}}
    | {one: {one} for one in (S.CONFIRM, S.BLOCKED, S.RUNNING, S.QUEUED, S.CLOSED, S.ERROR)},
    T.EXPIRE: {S.READY: FREE - {S.READY} | {S.CLOSED}},
}
"""What can happen: by trigger, the state that follows and the states that it follows on."""
EXPECTED = {
    (state, trigger): follows
    for trigger, ways in NAMES.items()
    for follows, states in ways.items()
    for state in states
}


@pytest.mark.parametrize(("state", "trigger"), [*itertools.product(FlagState, Trigger)])
def test_every_pair_follows_the_table_or_raises(state: FlagState, trigger: Trigger) -> None:
    if (state, trigger) in EXPECTED:
        assert after(state, trigger) is EXPECTED[state, trigger]
    else:
        with pytest.raises(IllegalTransitionError, match=f"{state.name} has no {trigger.name}"):
            after(state, trigger)


def test_the_table_holds_no_other_pair() -> None:
    assert TRANSITIONS == EXPECTED


def test_a_flag_can_be_pressed_unless_it_is_at_work_waits_or_rests() -> None:
    assert set(FlagState) - PRESSABLE == {S.RUNNING, S.BLOCKED, S.QUEUED, S.CLOSED, S.ERROR}


def test_whatever_can_be_queued_can_start_and_can_be_blocked() -> None:
    for state in PRESSABLE:
        assert {T.START, T.HOLD, T.REST, T.CLOSE} <= {
            trigger for one, trigger in TRANSITIONS if one is state
        }


def test_results_refusals_and_rests_pass() -> None:
    assert set(FlagState) - PASSING == {S.READY, S.RUNNING, S.BLOCKED, S.QUEUED, S.ERROR}


def test_every_state_but_that_of_a_fault_is_reached_and_left() -> None:
    reached = {follows for (state, _), follows in TRANSITIONS.items() if follows is not state}
    left = {state for (state, _), follows in TRANSITIONS.items() if follows is not state}
    assert reached == left == set(FlagState) - {S.ERROR}


def test_every_end_of_a_job_frees_its_flag() -> None:
    assert {result: after(S.RUNNING, end) for result, end in ENDS.items()} == {
        JobResult.DONE: S.DONE,
        JobResult.FAILED: S.FAILED,
        JobResult.NOT_STARTED: S.FAILED,
        JobResult.TIMED_OUT: S.FAILED,
        JobResult.INTERRUPTED: S.READY,
        JobResult.CANCELLED: S.CANCELLED,
    }
    assert set(ENDS) == set(JobResult)


@pytest.mark.parametrize(("state", "refusal"), [*itertools.product(FlagState, Refusal)])
def test_a_refusal_is_a_legal_transition_or_changes_nothing(
    state: FlagState, refusal: Refusal
) -> None:
    trigger = of_refusal(state, refusal)
    if refusal in {Refusal.BUSY, Refusal.QUEUE_FULL, Refusal.STOPPING}:
        assert trigger is None
        return
    assert trigger is not None
    follows = after(state, trigger)
    if state not in PRESSABLE:
        assert follows is state
    elif refusal is Refusal.LIMIT:
        assert follows is S.WAIT
    elif refusal is Refusal.CLOSED:
        assert follows is S.CLOSED
    else:
        assert follows is (S.CONFIRM if state is S.CONFIRM else S.DENIED)
