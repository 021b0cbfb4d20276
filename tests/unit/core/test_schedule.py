import pytest

from fui.core.schedule import Schedule, Why, how_it_ended
from fui.model.job import Ending
from fui.model.menu import ActionId
from fui.model.states import JobResult, JobState
from tests.playbook import action

WEB = action("Restart", groups=("web",))
DATABASE = action("Dump", groups=("database",))
BOTH = action("Deploy", groups=("web", "database"))


def test_a_group_is_held_until_its_job_has_ended() -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", WEB, "alice", 0.0)
    assert (job.action, job.user, job.state) == (WEB, "alice", JobState.RUNNING)
    assert schedule.holder(("web",)) is job
    assert not schedule.free(("web",))
    assert schedule.get("j1") is job
    assert schedule.running(WEB.id) == "j1"
    assert schedule.running(ActionId("Apache", "Stop")) == ""
    with pytest.raises(AssertionError, match="held already"):
        schedule.take("j2", WEB, "bob", 0.0)
    assert schedule.jobs == (job,)
    assert schedule.release("j1") is job
    assert schedule.holder(("web",)) is None
    assert schedule.free(("web",))
    assert schedule.running(WEB.id) == ""
    assert schedule.get("j1") is None
    assert schedule.release("j1") is None


def test_a_job_takes_all_groups_of_its_action_or_none() -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", DATABASE, "alice", 0.0)
    with pytest.raises(AssertionError, match="held already"):
        schedule.take("j2", BOTH, "alice", 0.0)
    assert schedule.holder(("web",)) is None
    assert schedule.holder(BOTH.groups) is job
    schedule.release("j1")
    both = schedule.take("j3", BOTH, "alice", 0.0)
    assert schedule.holder(("web",)) is schedule.holder(("database",)) is both
    schedule.release("j3")
    assert schedule.free(BOTH.groups)


def test_an_action_without_a_group_is_in_nobodys_way() -> None:
    schedule = Schedule(10.0)
    schedule.take("j1", action("Look", groups=()), "alice", 0.0)
    assert schedule.free(())
    assert schedule.running(ActionId("Apache", "Look")) == "j1"


def test_groups_do_not_know_each_other() -> None:
    schedule = Schedule(10.0)
    schedule.take("j1", WEB, "alice", 0.0)
    schedule.take("j2", DATABASE, "alice", -300.0)
    assert schedule.next_due() == 300.0
    assert [job.id for job in schedule.overdue(300.0)] == ["j2"]
    assert [job.id for job in schedule.jobs] == ["j1", "j2"]


def test_a_job_is_asked_once_then_killed_once() -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", WEB, "alice", 0.0)
    assert schedule.overdue(599.9) == ()
    assert schedule.overdue(600.0) == (job,)
    assert schedule.terminate(job, Why.TIMEOUT, 600.0)
    assert job.state is JobState.TERMINATING
    assert not schedule.terminate(job, Why.CANCELLED, 601.0, "bob")
    assert (job.ended_because, job.ended_by) == (Why.TIMEOUT, "")
    assert schedule.next_due() == 610.0
    assert schedule.overdue(609.9) == ()
    assert schedule.overdue(610.0) == (job,)
    schedule.kill(job)
    assert job.state is JobState.KILLING
    assert not schedule.terminate(job, Why.STOPPING, 611.0)
    assert schedule.next_due() is None
    assert schedule.overdue(9999.0) == ()
    assert not schedule.free(("web",))


def test_a_grace_that_changes_counts_for_the_next_that_is_asked_to_end() -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", WEB, "alice", 0.0)
    schedule.grace = 2.0
    schedule.terminate(job, Why.CANCELLED, 5.0, "bob")
    assert schedule.next_due() == 7.0


def test_a_job_ends_by_itself() -> None:
    job = Schedule(10.0).take("j1", WEB, "alice", 0.0)
    assert how_it_ended(job, Ending(0)) == (JobResult.DONE, "")
    assert how_it_ended(job, Ending(1)) == (JobResult.FAILED, "")
    assert how_it_ended(job, Ending(None, error="e")) == (JobResult.NOT_STARTED, "e")
    assert how_it_ended(job, Ending(1, error="e")) == (JobResult.NOT_STARTED, "e")


@pytest.mark.parametrize(
    ("why", "result", "reason"),
    [
        (Why.TIMEOUT, JobResult.TIMED_OUT, "it was still running after 600 s"),
        (Why.CANCELLED, JobResult.CANCELLED, "bob cancelled it"),
        (Why.STOPPING, JobResult.INTERRUPTED, "FUI was stopped"),
    ],
)
def test_or_it_is_ended_and_whatever_its_status_that_is_why(
    why: Why, result: JobResult, reason: str
) -> None:
    schedule = Schedule(10.0)
    job = schedule.take("j1", WEB, "alice", 0.0)
    schedule.terminate(job, why, 1.0, "bob")
    for _ in range(2):
        assert how_it_ended(job, Ending(0)) == (result, reason)
        assert how_it_ended(job, Ending(143)) == (result, reason)
        schedule.kill(job)
    assert how_it_ended(job, Ending(None, error="e")) == (JobResult.NOT_STARTED, "e")
