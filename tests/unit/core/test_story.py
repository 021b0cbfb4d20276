from dataclasses import replace

from fui.core.story import (
    of_job,
    of_leaving,
    of_many,
    of_menu,
    of_press,
    of_queued,
    of_stray,
    of_suppressed,
)
from fui.model.facts import Fact, FactKind
from fui.model.job import Queued, Run
from fui.model.states import FlagState, JobResult, Loss, Refusal
from tests.playbook import BACKUP, MENU, action
from tests.unit.core.values import press

START, STOP, RESTART, RUN = MENU.actions


def test_a_press_with_and_without_proof() -> None:
    made = press(RESTART)
    assert of_press(FactKind.DENIED, made, "alice", "why", Refusal.BUSY) == Fact(
        FactKind.DENIED,
        RESTART.id,
        "alice",
        1001,
        "192.0.2.7",
        Refusal.BUSY,
        "why",
        records=(made.record.cursor,) if made.record else (),
    )
    unproven = replace(made, record=None)
    assert of_press(FactKind.UNATTRIBUTED, unproven, "") == Fact(FactKind.UNATTRIBUTED, RESTART.id)


def test_a_press_that_names_nobody_says_what_was_lost() -> None:
    unproven = replace(press(RESTART), record=None)
    lost = {
        refusal: of_press(FactKind.UNATTRIBUTED, unproven, "", "why", refusal).loss
        for refusal in (Refusal.NO_RECORD, Refusal.CONTRADICTION, Refusal.BUSY)
    }
    assert [*lost.values()] == [Loss.NO_RECORD, Loss.CONTRADICTION, None]


def test_how_long_the_proof_took_is_told_once() -> None:
    made = replace(press(RESTART), latency=0.002)
    assert of_press(FactKind.PRESSED, made, "alice").latency == 0.002
    assert of_press(FactKind.DENIED, made, "alice").latency is None


def test_a_record_for_which_nothing_was_seen_or_that_came_too_late() -> None:
    made = press(RESTART)
    stray, late = of_stray(made, late=False), of_stray(made, late=True)
    assert (stray.kind, stray.uid, stray.loss) == (FactKind.LOST, 1001, Loss.STRAY)
    assert "nothing was seen to go" in stray.reason
    assert late.loss is Loss.LATE
    assert "given up already" in late.reason


def test_what_journald_dropped() -> None:
    fact = of_suppressed("smbd.service", 7)
    assert (fact.kind, fact.loss, fact.number) == (FactKind.LOST, Loss.SUPPRESSED, 7)
    assert "dropped 7 messages of smbd.service" in fact.reason


def test_a_press_of_what_runs_names_the_job() -> None:
    made = press(RESTART, shown=FlagState.RUNNING, job="j1")
    assert of_press(FactKind.CANCELLED, made, "alice").job == "j1"


def test_many_presses_are_one_fact_that_names_them() -> None:
    made = (press(START, "bob"), press(RUN, "bob"))
    assert of_many(made, "bob") == Fact(
        FactKind.MANY,
        user="bob",
        uid=1002,
        client="192.0.2.7",
        refusal=Refusal.MANY,
        reason="2 presses at once, none of which ran: Apache/Start, Backup/Run",
        records=tuple(one.record.cursor for one in made if one.record),
        number=2,
    )


def test_of_very_many_twenty_are_named() -> None:
    made = tuple(press(action(str(number))) for number in range(22))
    named = ", ".join(f"Apache/{number}" for number in range(20))
    assert of_many(made, "alice").reason == (
        f"22 presses at once, none of which ran: {named} and 2 more"
    )
    assert of_many(made[:20], "alice").reason == (f"20 presses at once, none of which ran: {named}")


def test_a_press_that_waited_in_vain() -> None:
    queued = Queued(RUN.id, "bob", 1002, "192.0.2.9", "c7")
    assert of_queued(queued, "why") == Fact(
        FactKind.NOT_RUN,
        RUN.id,
        user="bob",
        uid=1002,
        client="192.0.2.9",
        reason="why",
        records=("c7",),
    )


def test_who_leaves_the_queue_ends_two_presses() -> None:
    left = of_leaving(press(RUN), "alice", Queued(RUN.id, "bob", 1002, "192.0.2.9", "c7"))
    assert (left.kind, left.user) == (FactKind.LEFT, "alice")
    assert left.records == ("Backup/Run@0.0", "c7")


def test_a_menu_is_told_by_what_is_new_in_it_and_what_is_gone() -> None:
    changed = replace(START, description="changed")
    menu = replace(MENU, actions=(changed, action("Go", BACKUP), action("Halt", BACKUP)))
    assert of_menu(MENU, menu) == Fact(
        FactKind.CONFIGURED, reason="3 actions, of which 2 are new; 3 are gone"
    )
    assert of_menu(MENU, MENU).reason == "4 actions, of which 0 are new; 0 are gone"


def test_a_job_has_a_duration_when_it_has_ended() -> None:
    run = Run("j1", "alice", 1001, "192.0.2.7", "c1", 100.0)
    assert of_job(FactKind.STARTED, RESTART, run).duration is None
    ended = replace(run, ended=101.5, result=JobResult.DONE, status=0)
    assert of_job(FactKind.ENDED, RESTART, ended, "why", "out") == Fact(
        FactKind.ENDED,
        RESTART.id,
        user="alice",
        uid=1001,
        client="192.0.2.7",
        reason="why",
        job="j1",
        run_as="root:root",
        argv=("/usr/bin/systemctl", "restart"),
        result=JobResult.DONE,
        status=0,
        duration=1.5,
        output="out",
        records=("c1",),
    )
    assert of_job(FactKind.ENDED, RESTART, replace(run, ended=99.0)).duration == 0.0
