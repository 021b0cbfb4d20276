from dataclasses import replace

from fui.core.story import of_job, of_press
from fui.model.facts import Fact, FactKind
from fui.model.job import Run
from fui.model.press import Gesture, Press
from fui.model.record import Operation, Record
from fui.model.states import FlagState, JobResult, Refusal
from tests.playbook import MENU

RESTART = MENU.actions[2]
RECORD = Record("c1", 1.0, 2.0, 1001, "alice", "192.0.2.7", Operation.UNLINK, "/x")


def test_a_press_with_and_without_proof() -> None:
    press = Press(RESTART, Gesture.PRESS, FlagState.READY, record=RECORD)
    assert of_press(FactKind.DENIED, press, "alice", "why", Refusal.BUSY) == Fact(
        FactKind.DENIED, RESTART.id, "alice", 1001, "192.0.2.7", Refusal.BUSY, "why"
    )
    unproven = replace(press, record=None)
    assert of_press(FactKind.UNATTRIBUTED, unproven, "") == Fact(FactKind.UNATTRIBUTED, RESTART.id)


def test_a_job_has_a_duration_when_it_has_ended() -> None:
    run = Run("j1", "alice", 1001, "192.0.2.7", "c1", 100.0)
    assert of_job(FactKind.STARTED, RESTART, run).duration is None
    ended = replace(run, ended=101.5, result=JobResult.DONE, status=0)
    fact = of_job(FactKind.ENDED, RESTART, ended, "why", "out")
    assert (fact.duration, fact.result, fact.status) == (1.5, JobResult.DONE, 0)
    assert (fact.reason, fact.output, fact.run_as) == ("why", "out", "root:root")
    assert of_job(FactKind.ENDED, RESTART, replace(run, ended=99.0)).duration == 0.0
