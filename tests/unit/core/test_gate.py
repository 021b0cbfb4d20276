from dataclasses import replace
from typing import TypedDict

import pytest

from fui.core import gate
from fui.core.gate import Moment
from fui.core.lifecycle import PRESSABLE
from fui.model.menu import Access, Action, Subject
from fui.model.press import Press
from fui.model.states import FlagState, Refusal
from tests.playbook import ADMINS, MALLORY, MENU
from tests.unit.core.values import press

ACTION = MENU.actions[2]
QUEUEING = replace(ACTION, queue=5)
CONFIRMING = replace(ACTION, confirm=30.0)
OPERATORS = Access((MALLORY,))
CANCELLABLE = replace(ACTION, cancel=OPERATORS)
ALICE, BOB = 1001, 1002
READY = Moment(FlagState.READY)


class Obstacles(TypedDict):
    closed: str
    wait: str
    busy: str
    full: str


ALL: Obstacles = {"closed": "closed", "wait": "wait", "busy": "busy", "full": "full"}


def decide(
    action: Action = ACTION,
    moment: Moment = READY,
    *,
    shown: FlagState = FlagState.READY,
    job: str = "",
    within: frozenset[Subject] = frozenset({ADMINS}),
) -> gate.Outcome:
    made = press(action, shown=shown, job=job)
    return gate.decide(made, "alice", within, moment)


@pytest.mark.parametrize("shown", [each for each in FlagState if each in PRESSABLE])
def test_a_flag_that_can_be_pressed_starts(shown: FlagState) -> None:
    outcome = decide(moment=Moment(shown), shown=shown)
    assert isinstance(outcome, gate.Start)
    assert outcome.grant.rule == "allow group wwwadmins"


@pytest.mark.parametrize(
    "shown", [each for each in FlagState if each not in PRESSABLE | {FlagState.CLOSED}]
)
def test_one_that_cannot_does_not_though_nothing_is_in_the_way_by_now(shown: FlagState) -> None:
    why = "it was not ready when it was pressed"
    assert decide(shown=shown) == gate.Refuse(Refusal.BUSY, why)
    busy = Moment(FlagState.READY, busy="a is running")
    assert decide(QUEUEING, busy, shown=shown) == gate.Refuse(Refusal.BUSY, "a is running")


@pytest.mark.parametrize("state", [each for each in FlagState if each not in PRESSABLE])
def test_nor_does_one_that_can_by_no_means_be_pressed_any_more(state: FlagState) -> None:
    why = "it cannot be pressed any more"
    assert decide(QUEUEING, Moment(state)) == gate.Refuse(Refusal.BUSY, why)
    busy = Moment(state, busy="a is running")
    assert decide(QUEUEING, busy) == gate.Refuse(Refusal.BUSY, "a is running")


def test_one_that_was_closed_does_not_though_it_is_open_by_now() -> None:
    why = "it was closed when it was pressed"
    assert decide(shown=FlagState.CLOSED) == gate.Refuse(Refusal.BUSY, why)


class TestRefused:
    def test_who_may_not_is_refused_before_anything_else_is_looked_at(self) -> None:
        outcome = decide(moment=Moment(FlagState.BLOCKED, **ALL), within=frozenset())
        assert outcome == gate.Refuse(Refusal.NOT_ALLOWED, "allowed is group wwwadmins")
        outcome = decide(within=frozenset({ADMINS, MALLORY}))
        assert outcome == gate.Refuse(Refusal.DENY_RULE, "deny user mallory")

    def test_another_name_in_the_record_is_refused_too(self) -> None:
        outcome = gate.decide(press(ACTION), "bob", frozenset({ADMINS}), READY)
        assert isinstance(outcome, gate.Refuse)
        assert outcome.refusal is Refusal.DEFERRED_DELETE

    def test_what_was_not_ready_comes_before_all_the_moment_says(self) -> None:
        outcome = decide(moment=Moment(FlagState.READY, **ALL), shown=FlagState.BLOCKED)
        assert outcome == gate.Refuse(Refusal.BUSY, "busy")

    def test_then_come_the_hours(self) -> None:
        for shown in (FlagState.READY, FlagState.CLOSED):
            outcome = decide(moment=Moment(shown, **ALL), shown=shown)
            assert outcome == gate.Refuse(Refusal.CLOSED, "closed")

    def test_then_who_is_at_work_where_nothing_waits(self) -> None:
        moment = replace(Moment(FlagState.READY, **ALL), closed="")
        assert decide(moment=moment) == gate.Refuse(Refusal.BUSY, "busy")

    def test_then_the_limit(self) -> None:
        moment = replace(Moment(FlagState.READY, **ALL), closed="")
        assert decide(QUEUEING, moment) == gate.Refuse(Refusal.LIMIT, "wait")
        assert decide(moment=replace(moment, busy="")) == gate.Refuse(Refusal.LIMIT, "wait")

    def test_and_last_the_queue_if_it_is_needed(self) -> None:
        moment = Moment(FlagState.READY, busy="busy", full="full")
        assert decide(QUEUEING, moment) == gate.Refuse(Refusal.QUEUE_FULL, "full")
        assert isinstance(decide(QUEUEING, replace(moment, busy="")), gate.Start)

    def test_what_cannot_run_is_not_asked_to_be_confirmed(self) -> None:
        for obstacle in ({"closed": "why"}, {"wait": "why"}, {"busy": "why"}):
            outcome = decide(CONFIRMING, Moment(FlagState.READY, **obstacle))  # type: ignore[arg-type]
            assert isinstance(outcome, gate.Refuse)


class TestQueue:
    def test_a_press_waits_while_somebody_is_at_work(self) -> None:
        assert decide(QUEUEING, Moment(FlagState.READY, busy="busy")) == gate.Enqueue()

    def test_when_its_turn_has_come_it_starts(self) -> None:
        moment = Moment(FlagState.READY, turn=True)
        assert isinstance(decide(QUEUEING, moment), gate.Start)

    def test_its_turn_does_not_help_where_the_hours_are_over_or_the_limit_is_reached(self) -> None:
        closed = Moment(FlagState.READY, turn=True, closed="closed")
        assert decide(QUEUEING, closed) == gate.Refuse(Refusal.CLOSED, "closed")
        limited = Moment(FlagState.READY, turn=True, wait="wait")
        assert decide(QUEUEING, limited) == gate.Refuse(Refusal.LIMIT, "wait")

    def test_nor_where_its_user_may_not_any_more(self) -> None:
        outcome = decide(QUEUEING, Moment(FlagState.READY, turn=True), within=frozenset())
        assert isinstance(outcome, gate.Refuse)

    def test_the_user_who_waits_may_leave_whatever_is_so(self) -> None:
        moment = Moment(FlagState.QUEUED, queued_by=ALICE, **ALL)
        assert decide(QUEUEING, moment, shown=FlagState.QUEUED) == gate.Leave()

    def test_another_one_may_not_take_it_out(self) -> None:
        moment = Moment(FlagState.QUEUED, queued_by=BOB, busy="a is running")
        outcome = decide(QUEUEING, moment, shown=FlagState.QUEUED)
        assert outcome == gate.Refuse(Refusal.BUSY, "a is running")

    def test_what_was_pressed_before_it_was_queued_does_not_leave(self) -> None:
        moment = Moment(FlagState.QUEUED, queued_by=ALICE, busy="busy")
        assert decide(QUEUEING, moment) == gate.Refuse(Refusal.BUSY, "busy")

    def test_what_has_left_the_queue_meanwhile_is_not_pressed(self) -> None:
        outcome = decide(QUEUEING, Moment(FlagState.RUNNING), shown=FlagState.QUEUED)
        assert isinstance(outcome, gate.Refuse)


class TestConfirm:
    ASKED = Moment(FlagState.CONFIRM)

    def test_the_first_press_is_to_be_repeated(self) -> None:
        assert decide(CONFIRMING) == gate.AskAgain()

    def test_the_second_by_the_same_user_starts(self) -> None:
        moment = replace(self.ASKED, confirms=True)
        assert isinstance(decide(CONFIRMING, moment, shown=FlagState.CONFIRM), gate.Start)

    def test_another_users_is_refused(self) -> None:
        outcome = decide(CONFIRMING, self.ASKED, shown=FlagState.CONFIRM)
        why = "somebody else was asked to confirm it"
        assert outcome == gate.Refuse(Refusal.NOT_CONFIRMED, why)

    def test_what_was_pressed_before_it_asked_confirms_nothing(self) -> None:
        outcome = decide(CONFIRMING, replace(self.ASKED, confirms=True))
        assert isinstance(outcome, gate.Refuse)
        assert outcome.refusal is Refusal.NOT_CONFIRMED

    def test_a_press_in_time_counts_though_it_is_decided_on_later(self) -> None:
        moment = Moment(FlagState.READY, confirms=True)
        assert isinstance(decide(CONFIRMING, moment, shown=FlagState.CONFIRM), gate.Start)

    def test_another_ones_too_late_is_a_first_press(self) -> None:
        assert decide(CONFIRMING, READY, shown=FlagState.CONFIRM) == gate.AskAgain()

    def test_where_nothing_is_to_be_confirmed_any_more_it_starts(self) -> None:
        assert isinstance(decide(ACTION, self.ASKED, shown=FlagState.CONFIRM), gate.Start)

    def test_it_is_confirmed_before_it_waits_and_not_once_more_at_its_turn(self) -> None:
        action = replace(CONFIRMING, queue=5)
        busy = Moment(FlagState.READY, busy="busy")
        assert decide(action, busy) == gate.AskAgain()
        confirmed = Moment(FlagState.CONFIRM, busy="busy", confirms=True)
        assert decide(action, confirmed, shown=FlagState.CONFIRM) == gate.Enqueue()
        turn = Moment(FlagState.READY, turn=True)
        assert isinstance(decide(action, turn, shown=FlagState.CONFIRM), gate.Start)


class TestCancel:
    RUNNING = Moment(FlagState.RUNNING, busy="it runs")

    def test_a_running_flag_asks_for_other_people(self) -> None:
        running = press(CANCELLABLE, shown=FlagState.RUNNING, job="j1")
        assert gate.wanted(running) == OPERATORS
        assert gate.wanted(replace(running, job="")) == ACTION.access
        assert gate.wanted(replace(running, action=ACTION)) == ACTION.access

    def test_who_may_cancels_the_job_that_ran_then(self) -> None:
        outcome = decide(
            CANCELLABLE,
            self.RUNNING,
            shown=FlagState.RUNNING,
            job="j1",
            within=frozenset({MALLORY}),
        )
        assert isinstance(outcome, gate.Cancel)
        assert (outcome.job, outcome.grant.rule) == ("j1", "allow user mallory")

    def test_whatever_the_hours_and_the_limit_are(self) -> None:
        moment = Moment(FlagState.RUNNING, **ALL)
        outcome = decide(
            CANCELLABLE, moment, shown=FlagState.RUNNING, job="j1", within=frozenset({MALLORY})
        )
        assert isinstance(outcome, gate.Cancel)

    def test_who_may_only_run_it_does_not(self) -> None:
        outcome = decide(CANCELLABLE, self.RUNNING, shown=FlagState.RUNNING, job="j1")
        assert outcome == gate.Refuse(Refusal.NOT_ALLOWED, "allowed is user mallory")

    def test_nobody_cancels_where_nobody_is_named(self) -> None:
        nobody = replace(ACTION, cancel=Access(()))
        outcome = decide(nobody, self.RUNNING, shown=FlagState.RUNNING, job="j1")
        assert outcome == gate.Refuse(Refusal.NOT_ALLOWED, "allowed is nobody")

    def test_without_the_key_nobody_does(self) -> None:
        outcome = decide(ACTION, self.RUNNING, shown=FlagState.RUNNING, job="j1")
        assert outcome == gate.Refuse(Refusal.BUSY, "it runs")


def test_only_a_proven_press_is_decided_on() -> None:
    unproven: Press = replace(press(), record=None)
    with pytest.raises(AssertionError):
        gate.decide(unproven, "alice", frozenset({ADMINS}), READY)
