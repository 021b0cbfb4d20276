import pytest

from fui.core.schedule import Schedule, Why, how_it_ended
from fui.model.job import Ending
from fui.model.menu import ActionId
from fui.model.states import JobResult, JobState

RESTART = ActionId("Apache", "Restart")


def test_a_group_is_held_until_its_job_has_ended() -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", RESTART, "g", 0.0, 600.0)
    assert schedule.holder("g") is job
    assert schedule.get("j1") is job
    assert schedule.running("g", RESTART) == "j1"
    assert schedule.running("g", ActionId("Apache", "Stop")) == ""
    assert schedule.running("h", RESTART) == ""
    with pytest.raises(AssertionError, match="held already"):
        schedule.take("j2", RESTART, "g", 0.0, 600.0)
    assert schedule.jobs == (job,)
    assert schedule.release("j1") is job
    assert schedule.holder("g") is None
    assert schedule.release("j1") is None


def test_groups_do_not_know_each_other() -> None:
    schedule = Schedule(10.0)
    schedule.take("j1", RESTART, "g", 0.0, 600.0)
    schedule.take("j2", RESTART, "h", 0.0, 300.0)
    assert schedule.next_due() == 300.0
    assert [job.id for job in schedule.overdue(300.0)] == ["j2"]


def test_a_job_is_asked_once_then_killed_once() -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", RESTART, "g", 0.0, 600.0)
    assert schedule.overdue(599.9) == ()
    assert schedule.overdue(600.0) == (job,)
    assert schedule.terminate(job, Why.TIMEOUT, 600.0)
    assert not schedule.terminate(job, Why.STOPPING, 601.0)
    assert job.ended_because is Why.TIMEOUT
    assert schedule.next_due() == 610.0
    schedule.kill(job)
    assert job.state is JobState.KILLING
    assert schedule.next_due() is None
    assert schedule.overdue(9999.0) == ()


def test_how_jobs_end() -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", RESTART, "g", 0.0, 600.0)
    assert how_it_ended(job, Ending(0), 600) == (JobResult.DONE, "")
    assert how_it_ended(job, Ending(1), 600) == (JobResult.FAILED, "")
    assert how_it_ended(job, Ending(None, error="e"), 600) == (JobResult.NOT_STARTED, "e")
    assert how_it_ended(job, Ending(1, error="e"), 600) == (JobResult.NOT_STARTED, "e")
    schedule.terminate(job, Why.TIMEOUT, 1.0)
    assert how_it_ended(job, Ending(0), 600) == (
        JobResult.TIMED_OUT,
        "it was still running after 600 s",
    )
    job.ended_because, job.ended_by = Why.CANCELLED, "bob"
    assert how_it_ended(job, Ending(0), 600) == (JobResult.CANCELLED, "bob cancelled it")
    job.ended_because = Why.STOPPING
    assert how_it_ended(job, Ending(0), 600) == (JobResult.INTERRUPTED, "FUI was stopped")
