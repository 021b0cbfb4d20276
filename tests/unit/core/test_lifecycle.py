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
)
from fui.model.states import FlagState, JobResult


@pytest.mark.parametrize(("state", "trigger"), [*itertools.product(FlagState, Trigger)])
def test_every_pair_follows_the_table_or_raises(state: FlagState, trigger: Trigger) -> None:
    if (state, trigger) in TRANSITIONS:
        assert after(state, trigger) is TRANSITIONS[state, trigger]
    else:
        with pytest.raises(IllegalTransitionError, match=f"{state.name} has no {trigger.name}"):
            after(state, trigger)


def test_a_flag_that_runs_or_is_blocked_cannot_be_pressed() -> None:
    assert set(FlagState) - PRESSABLE == {FlagState.RUNNING, FlagState.BLOCKED}


def test_results_and_denials_pass() -> None:
    assert set(FlagState) - PASSING == {FlagState.READY, FlagState.RUNNING, FlagState.BLOCKED}


def test_a_job_always_frees_its_flag() -> None:
    assert set(ENDS) == set(JobResult)
    assert FlagState.RUNNING not in {after(FlagState.RUNNING, end) for end in ENDS.values()}
