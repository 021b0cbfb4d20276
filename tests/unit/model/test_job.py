from fui.model.job import History, Run

FIRST, SECOND = (Run(job, "alice", 1001, "192.0.2.7", f"c-{job}", 1.0, 2.0) for job in ("j1", "j2"))


def test_the_last_run_is_the_newest() -> None:
    assert History().last is None
    assert History((FIRST, SECOND)).last is SECOND
