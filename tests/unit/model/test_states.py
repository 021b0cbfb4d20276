from fui.model.states import NOBODY_PROVEN, FlagState, JobResult, Loss, Refusal


def test_every_result_has_words() -> None:
    assert [result.words for result in JobResult] == [
        "done",
        "failed",
        "not started",
        "took too long and was ended",
        "interrupted",
        "cancelled",
    ]


def test_the_refusals_that_name_nobody_are_those_of_a_missing_proof() -> None:
    assert {Refusal.NO_RECORD, Refusal.CONTRADICTION} == NOBODY_PROVEN.keys()


def test_no_two_states_have_one_key() -> None:
    keys = [state.value for state in FlagState]
    assert len(set(keys)) == len(keys) == len(FlagState.__members__)


def test_no_two_losses_have_one_name() -> None:
    assert len({loss.value for loss in Loss}) == len(Loss)
