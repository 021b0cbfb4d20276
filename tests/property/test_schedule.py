from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fui.core.schedule import Schedule, Why
from fui.model.menu import ActionId
from fui.model.states import JobState

GROUPS = ["web", "database", "backup"]


class Jobs(RuleBasedStateMachine):
    """Any order of starts, ends and times."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule = Schedule(10.0)
        self.running: dict[str, str] = {}
        self.now = 0.0
        self.number = 0

    @rule(group=st.sampled_from(GROUPS), timeout=st.floats(1, 100))
    def press(self, group: str, timeout: float) -> None:
        if self.schedule.holder(group) is None:
            self.number += 1
            job = f"j{self.number}"
            self.schedule.take(job, ActionId("o", job), group, self.now, timeout)
            self.running[job] = group

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(sorted(self.running)))
        ended = self.schedule.release(job)
        assert ended is not None
        assert ended.group == self.running.pop(job)

    @rule(seconds=st.floats(0, 50))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        for job in self.schedule.overdue(self.now):
            if not self.schedule.terminate(job, Why.TIMEOUT, self.now):
                assert job.state is JobState.TERMINATING
                self.schedule.kill(job)

    @invariant()
    def never_two_of_a_group(self) -> None:
        groups = [job.group for job in self.schedule.jobs]
        assert len(groups) == len(set(groups))
        assert {job.id: job.group for job in self.schedule.jobs} == self.running
        for group in GROUPS:
            holder = self.schedule.holder(group)
            assert (holder is not None) == (group in self.running.values())


TestJobs = Jobs.TestCase


@given(st.lists(st.sampled_from(GROUPS)))
def test_a_held_group_cannot_be_taken(groups: list[str]) -> None:
    schedule = Schedule(10.0)
    for number, group in enumerate(groups):
        if schedule.holder(group) is None:
            schedule.take(str(number), ActionId("o", "a"), group, 0.0, 1.0)
    assert len(schedule.jobs) == len(set(groups))
