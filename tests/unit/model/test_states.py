from fui.model.states import JobResult


def test_every_result_has_words() -> None:
    assert [result.words for result in JobResult] == [
        "done",
        "failed",
        "not started",
        "took too long and was ended",
        "interrupted",
        "cancelled",
    ]
