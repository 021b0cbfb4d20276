from dataclasses import replace

import pytest

from fui.core import gate
from fui.model.menu import Access, Action
from fui.model.press import Gesture, Press
from fui.model.record import Operation, Record
from fui.model.states import FlagState, Refusal
from tests.playbook import ADMINS, MALLORY, MENU

ACTION = MENU.actions[2]
OPERATORS = Access((MALLORY,))
RECORD = Record("c1", 1.0, 2.0, 1001, "alice", "192.0.2.7", Operation.UNLINK, "/x")


def decide(
    action: Action = ACTION,
    shown: FlagState = FlagState.READY,
    job: str = "",
    *,
    state: FlagState | None = None,
    confirms: bool = False,
    busy: str = "",
    within: tuple[object, ...] = (ADMINS,),
) -> gate.Outcome:
    press = Press(action, Gesture.PRESS, shown, job, RECORD)
    return gate.decide(
        press, "alice", frozenset(within), state=state or shown, confirms=confirms, busy=busy
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("shown", set(FlagState) - {FlagState.RUNNING, FlagState.BLOCKED})
def test_a_flag_that_can_be_pressed_starts(shown: FlagState) -> None:
    assert isinstance(decide(shown=shown), gate.Start)


@pytest.mark.parametrize("shown", [FlagState.RUNNING, FlagState.BLOCKED])
def test_one_that_cannot_does_not_though_nothing_is_in_the_way_by_now(shown: FlagState) -> None:
    why = "it was not ready when it was pressed"
    assert decide(shown=shown, state=FlagState.READY) == gate.Refuse(Refusal.BUSY, why)


def test_a_busy_group_refuses_and_says_who() -> None:
    assert decide(busy="a is running") == gate.Refuse(Refusal.BUSY, "a is running")


def test_who_may_not_is_refused_first() -> None:
    outcome = decide(busy="a is running", within=())
    assert outcome == gate.Refuse(Refusal.NOT_ALLOWED, "allowed is group wwwadmins")


class TestConfirm:
    ACTION = replace(ACTION, confirm=30.0)

    def test_the_first_press_is_to_be_repeated(self) -> None:
        assert decide(self.ACTION) == gate.AskAgain()

    def test_the_second_by_the_same_user_starts(self) -> None:
        assert isinstance(decide(self.ACTION, FlagState.CONFIRM, confirms=True), gate.Start)

    def test_another_users_is_refused(self) -> None:
        outcome = decide(self.ACTION, FlagState.CONFIRM)
        why = "somebody else was asked to confirm it"
        assert outcome == gate.Refuse(Refusal.NOT_CONFIRMED, why)

    def test_what_was_pressed_before_it_asked_confirms_nothing(self) -> None:
        outcome = decide(self.ACTION, FlagState.READY, state=FlagState.CONFIRM, confirms=True)
        assert isinstance(outcome, gate.Refuse)

    def test_too_late_is_a_first_press_again(self) -> None:
        outcome = decide(self.ACTION, FlagState.CONFIRM, state=FlagState.READY)
        assert outcome == gate.AskAgain()


class TestCancel:
    ACTION = replace(ACTION, cancel=OPERATORS)

    def test_a_running_flag_asks_for_other_people(self) -> None:
        running = Press(self.ACTION, Gesture.PRESS, FlagState.RUNNING, "j1")
        assert gate.wanted(running) == OPERATORS
        assert gate.wanted(replace(running, job="")) == ACTION.access

    def test_who_may_cancels_the_job_that_ran_then(self) -> None:
        outcome = decide(self.ACTION, FlagState.RUNNING, "j1", busy="it runs", within=(MALLORY,))
        assert isinstance(outcome, gate.Cancel)
        assert outcome.job == "j1"

    def test_who_may_only_run_it_does_not(self) -> None:
        outcome = decide(self.ACTION, FlagState.RUNNING, "j1", busy="it runs")
        assert outcome == gate.Refuse(Refusal.NOT_ALLOWED, "allowed is user mallory")

    def test_without_the_key_nobody_does(self) -> None:
        outcome = decide(ACTION, FlagState.RUNNING, "j1", busy="it runs")
        assert outcome == gate.Refuse(Refusal.BUSY, "it runs")
