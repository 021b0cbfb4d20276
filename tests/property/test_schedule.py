"""Any order of presses, starts, ends and times: one job a group, in order, and nobody waits in vain."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fui.core.queue import Queue, Waiting
from fui.core.schedule import Schedule
from fui.model.menu import Action
from fui.model.states import Intervention, JobState
from tests.playbook import action
from tests.unit.core.values import begun, press

GROUPS = ["web", "database", "backup", "mail"]
ACTIONS = [
    action(f"{own} {number}", groups=(own, *others))
    for own in GROUPS
    for number, others in enumerate(
        [(), (), *((other,) for other in GROUPS if other != own), [g for g in GROUPS if g != own]]
    )
]
"""Of each group some that need it alone, some one other too, in any circle, and one that needs all."""


class Jobs(RuleBasedStateMachine):
    """What the work does with presses, without rights, flags and limits."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule = Schedule(10.0)
        self.queue = Queue()
        self.called: list[Waiting] = []
        self.presses: dict[str, list[Action]] = {group: [] for group in GROUPS}
        self.now = 0.0
        self.number = 0

    def start(self, what: Action) -> None:
        self.number += 1
        self.schedule.take(begun(f"j{self.number}", what, now=self.now))

    def call(self) -> None:
        self.called += self.queue.call(self.schedule.free)

    def answer(self, waiting: Waiting) -> None:
        """Its turn has come, and it is known by now that the user may."""
        self.called.remove(waiting)
        if self.queue.get(waiting.action.id) is waiting:
            waiting.called = self.schedule.free(waiting.action.groups)
            if waiting.called:
                self.queue.remove(waiting.action.id)
                own = waiting.action.groups[0]
                assert self.presses[own].pop(0) is waiting.action, "somebody was overtaken"
                self.start(waiting.action)
        self.call()

    @rule(what=st.sampled_from(ACTIONS))
    def press(self, what: Action) -> None:
        if self.queue.get(what.id) is not None:
            return
        if self.schedule.free(what.groups) and not self.queue.of(what.groups[:1]):
            self.start(what)
        else:
            self.queue.add(press(what), "alice")
            self.presses[what.groups[0]].append(what)
        self.call()

    @precondition(lambda self: self.schedule.jobs)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.schedule.jobs))
        assert self.schedule.release(job.id) is job
        self.call()

    @precondition(lambda self: self.called)
    @rule(data=st.data())
    def look_up(self, data: st.DataObject) -> None:
        self.answer(data.draw(st.sampled_from(self.called)))

    @precondition(lambda self: list(self.queue))
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        waiting = data.draw(st.sampled_from(list(self.queue)))
        self.queue.remove(waiting.action.id)
        self.presses[waiting.action.groups[0]].remove(waiting.action)
        self.call()

    @rule(seconds=st.floats(0, 500))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        for job in self.schedule.overdue(self.now):
            if not self.schedule.terminate(job, Intervention.TIMEOUT, self.now):
                assert job.state is JobState.TERMINATING
                self.schedule.kill(job)

    @invariant()
    def never_two_of_a_group(self) -> None:
        held = [group for job in self.schedule.jobs for group in job.action.groups]
        assert len(held) == len(set(held))
        for group in GROUPS:
            assert self.schedule.free((group,)) == (group not in held)

    @invariant()
    def each_waits_in_the_order_of_the_presses(self) -> None:
        for group, presses in self.presses.items():
            assert [one.action for one in self.queue.of((group,))] == presses
            for place, one in enumerate(presses, 1):
                assert self.queue.place(one.id) == place

    @invariant()
    def nobody_waits_who_could_start(self) -> None:
        for group in GROUPS:
            for head in self.queue.of((group,))[:1]:
                assert head.called or not self.schedule.free(head.action.groups)

    def teardown(self) -> None:
        """Whatever has come to be: when jobs end, everybody gets his turn."""
        while waiting := len(list(self.queue)):
            for job in self.schedule.jobs:
                self.schedule.release(job.id)
            self.call()
            for one in list(self.called):
                self.answer(one)
            assert len(list(self.queue)) < waiting, "a deadlock"


TestJobs = Jobs.TestCase
TestJobs.settings = settings(stateful_step_count=40, deadline=None)


@given(st.lists(st.sampled_from(ACTIONS)))
def test_what_is_held_cannot_be_taken_and_all_of_it_is_free_again(actions: list[Action]) -> None:
    schedule = Schedule(10.0)
    for number, one in enumerate(actions):
        if schedule.free(one.groups):
            schedule.take(begun(str(number), one))
    held = [group for job in schedule.jobs for group in job.action.groups]
    assert len(held) == len(set(held))
    for job in schedule.jobs:
        schedule.release(job.id)
    assert schedule.free(GROUPS)
    assert schedule.next_due() is None
