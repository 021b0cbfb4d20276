from dataclasses import replace

import pytest

from fui.core.schedule import Schedule, how_it_ended
from fui.model.job import Ending
from fui.model.menu import ActionId
from fui.model.states import Intervention, JobResult, JobState
from tests.playbook import action
from tests.unit.core.values import begun

WEB = action("Restart", groups=("web",))
DATABASE = action("Dump", groups=("database",))
BOTH = action("Deploy", groups=("web", "database"))


def test_a_group_is_held_until_its_job_has_ended() -> None:
    schedule = Schedule(10.0)
    job = begun("j1", WEB)
    schedule.take(job)
    assert schedule.holder(("web",)) is job
    assert not schedule.free(("web",))
    assert schedule.get("j1") is job
    assert schedule.running(WEB.id) == "j1"
    assert schedule.running(ActionId("Apache", "Stop")) == ""
    with pytest.raises(AssertionError, match="held already"):
        schedule.take(begun("j2", WEB, "bob"))
    assert schedule.jobs == (job,)
    assert schedule.release("j1") is job
    assert schedule.holder(("web",)) is None
    assert schedule.free(("web",))
    assert schedule.running(WEB.id) == ""
    assert schedule.get("j1") is None
    assert schedule.release("j1") is None


def test_a_job_takes_all_groups_of_its_action_or_none() -> None:
    schedule = Schedule(10.0)
    job = begun("j1", DATABASE)
    schedule.take(job)
    with pytest.raises(AssertionError, match="held already"):
        schedule.take(begun("j2", BOTH))
    assert schedule.holder(("web",)) is None
    assert schedule.holder(BOTH.groups) is job
    schedule.release("j1")
    both = begun("j3", BOTH)
    schedule.take(both)
    assert schedule.holder(("web",)) is schedule.holder(("database",)) is both
    schedule.release("j3")
    assert schedule.free(BOTH.groups)


def test_an_action_without_a_group_is_in_nobodys_way() -> None:
    schedule = Schedule(10.0)
    schedule.take(begun("j1", action("Look", groups=())))
    assert schedule.free(())
    assert schedule.running(ActionId("Apache", "Look")) == "j1"


def test_groups_do_not_know_each_other() -> None:
    schedule = Schedule(10.0)
    schedule.take(begun("j1", WEB))
    schedule.take(begun("j2", DATABASE, now=-300.0))
    assert schedule.next_due() == 300.0
    assert [job.id for job in schedule.overdue(300.0)] == ["j2"]
    assert [job.id for job in schedule.jobs] == ["j1", "j2"]


def test_a_job_is_asked_once_then_killed_once() -> None:
    schedule = Schedule(10.0)
    job = begun("j1", WEB)
    schedule.take(job)
    assert schedule.overdue(599.9) == ()
    assert schedule.overdue(600.0) == (job,)
    ending = schedule.terminate(job, Intervention.TIMEOUT, 600.0)
    assert ending == replace(
        job, state=JobState.TERMINATING, ended_because=Intervention.TIMEOUT, due=610.0
    )
    assert schedule.get("j1") is schedule.holder(("web",)) is ending
    assert schedule.terminate(ending, Intervention.CANCELLED, 601.0, "bob") is None
    assert schedule.jobs == (ending,)
    assert schedule.next_due() == 610.0
    assert schedule.overdue(609.9) == ()
    assert schedule.overdue(610.0) == (ending,)
    schedule.kill(ending)
    (killed,) = schedule.jobs
    assert killed.state is JobState.KILLING
    assert schedule.terminate(killed, Intervention.STOPPING, 611.0) is None
    assert schedule.next_due() is None
    assert schedule.overdue(9999.0) == ()
    assert not schedule.free(("web",))


def test_a_grace_that_changes_counts_for_the_next_that_is_asked_to_end() -> None:
    schedule = Schedule(10.0)
    job = begun("j1", WEB)
    schedule.take(job)
    schedule.grace = 2.0
    schedule.terminate(job, Intervention.CANCELLED, 5.0, "bob")
    assert schedule.next_due() == 7.0


def test_a_job_ends_by_itself() -> None:
    job = begun("j1", WEB)
    assert how_it_ended(job, Ending(0)) == (JobResult.DONE, "")
    assert how_it_ended(job, Ending(1)) == (JobResult.FAILED, "")
    assert how_it_ended(job, Ending(137, exceeded="x")) == (JobResult.FAILED, "x")
    assert how_it_ended(job, Ending(None, error="e")) == (JobResult.NOT_STARTED, "e")
    assert how_it_ended(job, Ending(1, error="e")) == (JobResult.NOT_STARTED, "e")
    assert how_it_ended(job, Ending(None, interrupted="i")) == (JobResult.INTERRUPTED, "i")


@pytest.mark.parametrize(
    ("why", "result", "reason"),
    [
        (Intervention.TIMEOUT, JobResult.TIMED_OUT, "it was still running after 600 s"),
        (Intervention.CANCELLED, JobResult.CANCELLED, "bob cancelled it"),
        (Intervention.STOPPING, JobResult.INTERRUPTED, "FUI was stopped"),
    ],
)
def test_or_it_is_ended_and_whatever_its_status_that_is_why(
    why: Intervention, result: JobResult, reason: str
) -> None:
    schedule = Schedule(10.0)
    job = begun("j1", WEB)
    schedule.take(job)
    ending = schedule.terminate(job, why, 1.0, "bob")
    assert ending is not None
    schedule.kill(ending)
    for one in (ending, *schedule.jobs):
        assert how_it_ended(one, Ending(0)) == (result, reason)
        assert how_it_ended(one, Ending(143)) == (result, reason)
        assert how_it_ended(one, Ending(None, error="e")) == (JobResult.NOT_STARTED, "e")
        assert how_it_ended(one, Ending(None, interrupted="i")) == (JobResult.INTERRUPTED, "i")


def test_what_is_known_of_a_job_can_change() -> None:
    schedule = Schedule(10.0)
    schedule.take(begun("j1", WEB))
    told = replace(begun("j1", WEB), told=True)
    assert schedule.update(told) is told
    assert schedule.get("j1") is told
