from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fui.core.flag import Flag
from fui.core.gate import Moment
from fui.core.lifecycle import Trigger
from fui.core.view import View
from fui.core.work import Work
from fui.model import effects as do
from fui.model.events import JobSeen, Started
from fui.model.facts import Fact, FactKind
from fui.model.instant import Instant
from fui.model.job import Ending, History, Job, Progress, Queued, Run, Use
from fui.model.menu import Action, ActionId, Hours, Limit, Menu, Span
from fui.model.states import FlagState, Intervention, JobResult, JobState
from tests.playbook import BACKUP, MENU, action
from tests.unit.core.values import begun, press

START, STOP, RESTART, RUN = (replace(one, queue=5) for one in MENU.actions)
REFUSING = MENU.actions[1]
BOTH = action("Both", BACKUP, groups=("Backup/1", "Apache/1"), queue=5)
NOW = Instant(100.0, datetime(2026, 11, 23, 12, 0, tzinfo=UTC).timestamp())
MORNING = Hours(tuple(Span(day, 0, 720) for day in range(7)), UTC, "00:00-12:00")
EVENING = Hours(tuple(Span(day, 720, 1440) for day in range(7)), UTC, "12:00-24:00")
ALICE, BOB = 1001, 1002


def later(seconds: float) -> Instant:
    return Instant(NOW.mono + seconds, NOW.wall + seconds)


class Place:
    """The work of a menu, and its flags."""

    def __init__(self, *actions: Action) -> None:
        self.menu = Menu(MENU.settings, actions or (START, STOP, RESTART, RUN))
        self.view = View(self.menu)
        self.work = Work(self.view, self.menu.settings, "5f3a")

    def __getitem__(self, action: Action) -> Flag:
        return self.view[action.id]

    def start(self, action: Action, user: str = "alice", now: Instant = NOW) -> list[do.Effect]:
        return self.work.start(self[action], press(action, user), user, now)

    def enqueue(self, action: Action, user: str = "alice") -> str:
        return self.work.enqueue(self[action], press(action, user), user, NOW)

    def states(self) -> dict[str, str]:
        return {flag.action.id.action: flag.state.value for flag in self.view.flags}

    def touched(self) -> list[str]:
        """What is to be shown anew since this was last asked."""
        touched = [flag.action.id.action for flag in self.view.touched]
        for effect in self.view.draw(lambda _flag, _wall: "", NOW):
            self.view.undrawn(effect.action.id)
        return touched

    def moment(self, action: Action, uid: int = ALICE, *, turn: bool = False) -> Moment:
        return self.work.moment(self[action], uid, NOW, turn=turn)


def facts(effects: list[do.Effect]) -> list[Fact]:
    return [effect.fact for effect in effects if isinstance(effect, do.Tell)]


def jobs(effects: list[do.Effect]) -> list[str]:
    return [effect.job for effect in effects if isinstance(effect, do.TerminateJob | do.KillJob)]


class TestJob:
    RUNS = Run("5f3a-1", "alice", ALICE, "192.0.2.7", "Apache/Start@0.0", NOW.wall)

    def test_it_begins_with_what_it_may_know(self) -> None:
        place = Place()
        assert place.work.idle
        assert place.work.running(START) == ""
        place[START].pressed, place[START].seen = True, JobSeen("old")
        assert place.start(START) == [
            do.SaveHistory(START.id, History((self.RUNS,))),
            do.SaveJob(Job("5f3a-1", START, self.RUNS, due=700.0)),
            do.StartJob(
                "5f3a-1",
                START.command,
                (
                    ("FUI_USER", "alice"),
                    ("FUI_CLIENT", "192.0.2.7"),
                    ("FUI_OBJECT", "Apache"),
                    ("FUI_ACTION", "Start"),
                    ("FUI_JOB", "5f3a-1"),
                ),
            ),
        ]
        assert not place.work.idle
        assert place.work.running(START) == "5f3a-1"
        assert place[START].state is FlagState.RUNNING
        assert (place[START].pressed, place[START].seen) == (False, None)

    def test_every_job_has_another_id(self) -> None:
        place = Place()
        place.start(START)
        place.start(RUN)
        assert place.work.running(RUN) == "5f3a-2"

    def test_that_it_was_executed_is_told(self) -> None:
        place = Place()
        place.start(START)
        effects = place.work.started("5f3a-1")
        (fact,) = facts(effects)
        assert (fact.kind, fact.action, fact.user) == (FactKind.STARTED, START.id, "alice")
        assert effects[1:] == [do.SaveJob(Job("5f3a-1", START, self.RUNS, due=700.0, told=True))]
        assert place.work.started("5f3a-1") == []
        assert place.work.started("else") == []

    def test_its_end_is_kept_and_told_with_its_output(self) -> None:
        place = Place()
        place.start(START)
        place[START].seen = JobSeen("5f3a-1", "o", 1)
        ending = Ending(3, "out\x1b\n", lost=7)
        effects = place.work.ended("5f3a-1", ending, later(1.5))
        run = replace(
            self.RUNS, ended=NOW.wall + 1.5, result=JobResult.FAILED, status=3, tail="out\\x1b\n"
        )
        assert effects[2:] == [
            do.SaveHistory(
                START.id, History((run,))
            ),  # once it is told, and before it is forgotten
            do.ForgetJob("5f3a-1"),
        ]
        ended, output = facts(effects)
        assert (ended.kind, ended.result, ended.status, ended.duration) == (
            FactKind.ENDED,
            JobResult.FAILED,
            3,
            1.5,
        )
        assert (output.kind, output.output) == (FactKind.OUTPUT, "out\x1b\n")
        assert output.reason == "7 bytes before this were over the limit"
        assert place[START].state is FlagState.FAILED
        assert place[START].seen is None
        assert place.work.idle
        assert place.work.next_due() is None
        assert place.work.ended("5f3a-1", ending, later(2)) == []

    def test_without_output_only_its_end_is_told(self) -> None:
        place = Place()
        place.start(START)
        (fact,) = facts(place.work.ended("5f3a-1", Ending(None, error="cannot"), NOW))
        assert (fact.result, fact.reason) == (JobResult.NOT_STARTED, "cannot")
        place.start(START)
        _, output = facts(place.work.ended("5f3a-2", Ending(0, "x"), NOW))
        assert output.reason == ""

    def test_it_counts_for_the_limit_of_its_action(self) -> None:
        limited = replace(START, limit=Limit(1, 600.0))
        place = Place(limited)
        place.start(limited)
        assert place[limited].history.uses == (Use(ALICE, NOW.wall),)
        place.work.ended("5f3a-1", Ending(0), later(5))
        assert place[limited].history.uses == (Use(ALICE, NOW.wall, NOW.wall + 5),)

    def test_it_is_looked_at_and_shown(self) -> None:
        place = Place()
        place.start(START)
        assert place.work.next_due() == 101.0
        assert place.work.pass_time(later(0.9)) == []
        assert place.work.pass_time(later(1.0)) == [do.LookAtJob("5f3a-1")]
        assert place.work.next_due() == 102.0
        place.touched()
        seen = JobSeen("5f3a-1", "out", 3, Progress(40))
        place.work.seen(seen, later(2.0))
        assert (place[START].seen, place[START].detail) == (seen, "40 %")
        assert place.touched() == ["Start"]
        place.work.seen(seen, later(3.0))
        assert place.touched() == []
        place.work.seen(replace(seen, progress=None), later(3.5))
        assert place[START].detail == ""
        place.work.seen(JobSeen("else", "out", 3), later(9.0))
        assert place.touched() == ["Start"]

    def test_it_is_ended_when_it_takes_too_long_and_killed_after_the_grace(self) -> None:
        place = Place()
        place.start(START)
        assert jobs(place.work.pass_time(later(599.9))) == []
        kept, terminated = place.work.pass_time(later(600.0))[:2]
        assert isinstance(kept, do.SaveJob)
        assert (kept.job.ended_because, kept.job.due) == (Intervention.TIMEOUT, 710.0)
        assert terminated == do.TerminateJob("5f3a-1")
        assert jobs(place.work.pass_time(later(609.9))) == []
        assert place.work.pass_time(later(610.0))[0] == do.KillJob("5f3a-1")
        assert jobs(place.work.pass_time(later(999.0))) == []
        place.work.ended("5f3a-1", Ending(137), later(610.1))
        last = place[START].history.last
        assert last is not None
        assert (last.result, last.error) == (
            JobResult.TIMED_OUT,
            "it was still running after 600 s",
        )

    def test_it_is_cancelled_once_and_says_by_whom(self) -> None:
        place = Place()
        place.start(START)
        kept, terminated = place.work.cancel("5f3a-1", "bob", NOW)
        assert isinstance(kept, do.SaveJob)
        assert (kept.job.ended_because, kept.job.ended_by) == (Intervention.CANCELLED, "bob")
        assert terminated == do.TerminateJob("5f3a-1")
        assert place.work.cancel("5f3a-1", "alice", NOW) == []
        assert place.work.cancel("else", "alice", NOW) == []
        (fact,) = facts(place.work.ended("5f3a-1", Ending(143), NOW))
        assert (fact.result, fact.reason) == (JobResult.CANCELLED, "bob cancelled it")
        assert place[START].state is FlagState.CANCELLED

    def test_another_grace_counts_from_now_on(self) -> None:
        place = Place()
        place.start(START)
        place.work.configure(replace(MENU.settings, grace=2.0))
        place.work.cancel("5f3a-1", "bob", NOW)
        assert jobs(place.work.pass_time(later(2.0))) == ["5f3a-1"]


class TestBefore:
    """What an earlier run of the daemon left behind."""

    LEFT = replace(TestJob.RUNS, job="5f39-7", started=NOW.wall - 60)
    DONE = replace(LEFT, ended=1.0, result=JobResult.DONE, status=0)

    def test_a_run_that_did_not_end_was_interrupted(self) -> None:
        place = Place()
        histories = {START.id: History((self.LEFT,)), STOP.id: History((self.DONE,))}
        effects = place.work.begin(Started(histories), NOW)
        why = "FUI ended while it ran"
        run = replace(self.LEFT, ended=NOW.wall, result=JobResult.INTERRUPTED, error=why)
        assert effects[0] == do.AdoptJobs(())
        assert effects[2:] == [do.SaveHistory(START.id, History((run,)))]
        (fact,) = facts(effects)
        assert (fact.kind, fact.action, fact.job) == (FactKind.ENDED, START.id, "5f39-7")
        assert (fact.result, fact.reason) == (JobResult.INTERRUPTED, why)
        assert place[START].history == History((run,))
        assert place[STOP].history == History((self.DONE,))
        assert place.states()["Start"] == "ready"
        assert place.work.keep() == []

    def test_a_press_that_waited_is_told_and_the_queue_is_empty(self) -> None:
        place = Place()
        queued = Queued(RUN.id, "bob", BOB, "192.0.2.7", "c7")
        effects = place.work.begin(Started(queued=(queued,)), NOW)
        (fact,) = facts(effects)
        assert (fact.kind, fact.action, fact.user) == (FactKind.NOT_RUN, RUN.id, "bob")
        assert fact.reason == "it waited for its turn when FUI ended"
        assert place.work.keep() == [do.SaveQueue(())]
        assert place.work.keep() == []

    def test_a_press_whose_turn_had_come_is_not_told_to_have_waited_in_vain(self) -> None:
        """The last daemon died before it kept the queue without it."""
        queued = Queued(RUN.id, "bob", BOB, "192.0.2.7", "c7")
        started = History((replace(self.DONE, cursor="c7"),))
        under_way = replace(begun("5f39-7", START), run=replace(self.LEFT, cursor="c7"))
        for left_behind in (
            Started({START.id: started}, queued=(queued,)),
            Started(queued=(queued,), jobs=(under_way,)),
            Started(queued=(queued,), told_presses=frozenset({"c7"})),
        ):
            place = Place()
            assert facts(place.work.begin(left_behind, NOW)) == []
            assert place.work.keep() == [do.SaveQueue(())]

    def test_what_the_ledger_has_of_a_job_is_not_told_again(self) -> None:
        """The last daemon died right behind that, before it was kept."""
        place = Place()
        job = replace(begun("5f39-7", START), run=self.LEFT)
        kinds = (FactKind.STARTED, FactKind.ENDED)
        told = frozenset((kind, job.id) for kind in kinds)
        place.work.begin(Started(jobs=(job,), told_jobs=told), NOW)
        assert place.work.started(job.id) == [do.SaveJob(replace(job, told=True))]
        effects = place.work.ended(job.id, Ending(0, "out\n"), NOW)
        assert [fact.kind for fact in facts(effects)] == [FactKind.OUTPUT]
        assert isinstance(effects[-2], do.SaveHistory)
        assert effects[-1] == do.ForgetJob(job.id)

    def test_what_runs_by_now_is_not_interrupted(self) -> None:
        place = Place()
        place.start(START)
        history = place[START].history
        assert place.work.remember(place[START], history, NOW) == []
        assert place[START].history == history

    def test_an_action_without_history_has_none(self) -> None:
        place = Place()
        assert place.work.remember(place[START], History(), NOW) == []


class TestAdoption:
    """Jobs of an earlier run of the daemon go on."""

    JOB = begun("5f39-7", START, now=90.0)

    def begin(self, place: Place, *jobs: Job, **histories: History) -> list[do.Effect]:
        by_action = {
            place.view[ActionId("Apache", name)].action.id: h for name, h in histories.items()
        }
        return place.work.begin(Started(by_action, jobs=jobs), NOW)

    def test_it_holds_its_groups_and_its_flag_says_so(self) -> None:
        place = Place(*MENU.actions)
        effects = self.begin(place, self.JOB, Start=History((self.JOB.run,)))
        assert effects == [do.AdoptJobs((("5f39-7", START.command),))]
        assert place.states()["Start"] == "running"
        assert place.states()["Stop"] == "blocked"
        assert place.work.running(START) == "5f39-7"
        assert place[START].history == History((self.JOB.run,))
        assert place.work.next_due() == 101.0

    def test_that_it_goes_on_is_told(self) -> None:
        place = Place()
        self.begin(place, self.JOB)
        (fact,) = facts(place.work.adopted("5f39-7"))
        assert (fact.kind, fact.job, fact.user) == (FactKind.ADOPTED, "5f39-7", "alice")
        assert place.work.adopted("else") == []

    def test_that_it_was_started_is_told_if_it_was_not(self) -> None:
        place = Place(START, RUN)
        self.begin(place, self.JOB, replace(begun("5f39-8", RUN), told=True))
        assert [fact.job for fact in facts(place.work.started("5f39-7"))] == ["5f39-7"]
        assert place.work.started("5f39-8") == []

    def test_its_end_is_that_of_any_other(self) -> None:
        place = Place()
        self.begin(place, self.JOB, Start=History((self.JOB.run,)))
        effects = place.work.ended("5f39-7", Ending(0, "out\n"), NOW)
        ended, _ = facts(effects)
        assert (ended.result, ended.user) == (JobResult.DONE, "alice")
        assert effects[-1] == do.ForgetJob("5f39-7")
        assert len(place[START].history.runs) == 1
        assert place.states()["Start"] == "done"

    def test_one_of_which_nobody_knows_how_it_ended_was_interrupted(self) -> None:
        place = Place()
        self.begin(place, self.JOB)
        (ended,) = facts(place.work.ended("5f39-7", Ending(None, interrupted="why"), NOW))
        assert (ended.result, ended.reason) == (JobResult.INTERRUPTED, "why")
        assert place.states()["Start"] == "ready"

    def test_one_whose_end_was_kept_is_forgotten(self) -> None:
        place = Place()
        over = replace(self.JOB.run, ended=1.0, result=JobResult.DONE)
        effects = self.begin(place, self.JOB, Start=History((over,)))
        assert effects == [do.ForgetJob("5f39-7"), do.AdoptJobs(())]
        assert place.work.idle

    def test_nor_is_anything_left_of_it_if_the_menu_has_it_no_more(self) -> None:
        place = Place(STOP)
        over = History((replace(self.JOB.run, ended=1.0, result=JobResult.DONE),))
        effects = place.work.begin(Started({START.id: over}, jobs=(self.JOB,)), NOW)
        assert effects == [do.ForgetJob("5f39-7"), do.AdoptJobs(())]
        assert place.view.retired == ()

    def test_its_run_is_kept_though_the_history_was_lost(self) -> None:
        limited = replace(START, limit=Limit(1, 600.0))
        place = Place(limited)
        self.begin(place, replace(self.JOB, action=limited))
        assert place[limited].history == History((self.JOB.run,), (Use(ALICE, 0.0),))

    def test_one_that_is_not_in_the_menu_any_more_keeps_its_flag_and_groups(self) -> None:
        place = Place(STOP)
        self.begin(place, self.JOB)
        assert place.view.retired == (START,)
        assert place.states() == {"Stop": "ready", "Start": "running"}
        assert place.work.why(place[STOP], NOW.wall) == "Apache/Start is running for alice"
        place.work.ended("5f39-7", Ending(0), NOW)
        assert place[START].hidden

    def test_one_that_was_being_ended_still_is(self) -> None:
        place = Place(START, RUN)
        ending = replace(
            self.JOB,
            state=JobState.TERMINATING,
            ended_because=Intervention.CANCELLED,
            ended_by="bob",
            due=105.0,
        )
        effects = self.begin(place, ending, begun("5f39-8", RUN))
        assert effects[1:] == [do.TerminateJob("5f39-7")]
        assert jobs(place.work.pass_time(later(5.0))) == ["5f39-7"]
        (ended,) = facts(place.work.ended("5f39-7", Ending(143), NOW))
        assert (ended.result, ended.reason) == (JobResult.CANCELLED, "bob cancelled it")

    def test_they_block_others_only_once_all_of_them_hold_theirs(self) -> None:
        other = replace(RUN, groups=("Backup/1", "Apache/2"), queue=None)
        place = Place(replace(START, groups=("Apache/1",)), replace(other, groups=("Apache/1",)))
        self.begin(place, self.JOB, begun("5f39-8", other))
        assert set(place.states().values()) == {"running"}

    def test_when_the_daemon_is_replaced_they_go_on_and_what_waits_does_not(self) -> None:
        place = Place()
        place.start(START)
        place.enqueue(STOP, "bob")
        effects = place.work.stop(NOW, jobs_go_on=True)
        assert [fact.kind for fact in facts(effects)] == [FactKind.NOT_RUN]
        assert jobs(effects) == []
        assert place.work.running(START) == "5f3a-1"


class TestGroups:
    def test_while_one_runs_the_others_of_its_groups_are_blocked(self) -> None:
        place = Place(*MENU.actions, replace(BOTH, queue=None))
        place.start(MENU.actions[0])
        assert place.states() == {
            "Start": "running",
            "Stop": "blocked",
            "Restart": "blocked",
            "Run": "ready",
            "Both": "blocked",
        }
        assert place.work.why(place[BOTH], NOW.wall) == "Apache/Start is running for alice"
        place.work.ended("5f3a-1", Ending(0), NOW)
        assert place.states() == {
            "Start": "done",
            "Stop": "ready",
            "Restart": "ready",
            "Run": "ready",
            "Both": "ready",
        }

    def test_an_action_of_two_groups_blocks_both(self) -> None:
        place = Place(*MENU.actions, replace(BOTH, queue=None))
        place.start(BOTH)
        assert set(place.states().values()) == {"blocked", "running"}

    def test_those_that_queue_are_not_blocked_but_say_who_is_at_work(self) -> None:
        place = Place()
        place.touched()
        place.start(START)
        assert place.states()["Stop"] == "ready"
        assert place.touched() == ["Start", "Stop", "Restart"]
        assert place.work.why(place[STOP], NOW.wall) == "Apache/Start is running for alice"

    def test_what_is_free_again_is_free_but_for_its_own_result(self) -> None:
        place = Place(*MENU.actions)
        place.touched()
        place.work.regroup(("Apache/1",), NOW)
        assert place.touched() == []
        place.start(MENU.actions[0])
        place.touched()
        place.work.regroup(("Apache/1",), NOW)
        assert place.touched() == ["Stop", "Restart"]

    def test_a_flag_that_rests_is_blocked_and_one_that_waits_is_not(self) -> None:
        place = Place(REFUSING, START)
        place.view.change(place[REFUSING], Trigger.CLOSE, 1.0, until=999.0)
        place.start(START)
        assert place.states()["Stop"] == "blocked"


class TestQueue:
    def test_a_press_waits_and_says_where(self) -> None:
        place = Place()
        place.start(START)
        place[STOP].pressed = True
        assert place.enqueue(STOP, "bob") == "place 1; Apache/Start is running for alice"
        assert place.enqueue(RESTART) == "place 2, behind Apache/Stop, which waits for bob"
        assert not place[STOP].pressed
        assert place.states()["Stop"] == place.states()["Restart"] == "queued"
        assert place.work.why(place[RESTART], NOW.wall) == (
            "place 2, behind Apache/Stop, which waits for bob"
        )

    def test_places_are_numbered_and_what_waits_is_kept(self) -> None:
        place = Place()
        place.start(START)
        place.enqueue(STOP, "bob")
        place.enqueue(RESTART)
        place.touched()
        stop = Queued(STOP.id, "bob", BOB, "192.0.2.7", "Apache/Stop@0.0")
        restart = Queued(RESTART.id, "alice", ALICE, "192.0.2.7", "Apache/Restart@0.0")
        assert place.work.keep() == [do.SaveQueue((stop, restart))]
        assert (place[STOP].detail, place[RESTART].detail) == ("1", "2")
        assert place.touched() == ["Stop", "Restart"]
        assert place.work.keep() == []
        assert place.touched() == []
        place.work.leave(place[STOP], NOW)
        assert place.work.keep() == [do.SaveQueue((restart,))]
        assert place[RESTART].detail == "1"
        assert place.states()["Stop"] == "ready"

    def test_its_turn_comes_when_its_groups_are_free(self) -> None:
        place = Place(START, STOP, RESTART, RUN, BOTH)
        place.start(START)
        place.enqueue(STOP)
        place.enqueue(BOTH)
        assert place.work.call() == []
        place.work.ended("5f3a-1", Ending(0), NOW)
        turns = place.work.call()
        assert [turn.action for turn in turns] == [STOP, BOTH]
        assert place.work.call() == []
        assert place.work.take_turn(turns[0], NOW)
        assert place.states()["Stop"] == "ready"
        place.start(STOP)
        assert not place.work.take_turn(turns[1], NOW)
        assert place.states()["Both"] == "queued"
        place.work.ended("5f3a-2", Ending(0), NOW)
        (again,) = place.work.call()
        assert again is turns[1]
        assert place.work.take_turn(again, NOW)

    def test_whose_turn_it_is_is_not_blocked_by_who_waits_behind(self) -> None:
        """It would be pressed in vain, for its action queues no more."""
        place = Place(START, STOP, RESTART)
        place.start(START)
        place.enqueue(STOP)
        place.enqueue(RESTART)
        place.view.reload(Menu(MENU.settings, (START, REFUSING, RESTART)))
        place.work.reconfigured(NOW)
        place.work.ended("5f3a-1", Ending(0), NOW)
        (turn,) = place.work.call()
        assert place.work.take_turn(turn, NOW)
        assert place.states() == {"Start": "done", "Stop": "ready", "Restart": "queued"}
        place.start(REFUSING)
        assert place.states()["Stop"] == "running"

    def test_who_has_left_has_no_turn(self) -> None:
        place = Place()
        place.enqueue(STOP)
        (turn,) = place.work.call()
        place.work.leave(place[STOP], NOW)
        assert not place.work.take_turn(turn, NOW)
        place.enqueue(STOP, "bob")
        assert not place.work.take_turn(turn, NOW)
        assert place.states()["Stop"] == "queued"

    def test_what_starts_waits_no_more(self) -> None:
        place = Place()
        place.enqueue(STOP)
        place.start(STOP)
        assert place.work.keep() == []

    def test_what_waited_in_vain_is_in_nobodys_way(self) -> None:
        place = Place(START, REFUSING)
        place.enqueue(START)
        place.work.stop(NOW, jobs_go_on=False)
        assert place.states() == {"Start": "ready", "Stop": "ready"}

    def test_those_that_refuse_are_blocked_by_who_waits(self) -> None:
        place = Place(START, REFUSING)
        place.enqueue(START)
        assert place.states()["Stop"] == "blocked"
        assert place.work.why(place[REFUSING], NOW.wall) == (
            "Apache/Start waits before it, for alice"
        )
        place.work.leave(place[START], NOW)
        assert place.states()["Stop"] == "ready"

    def test_when_the_daemon_stops_jobs_are_ended_and_presses_told(self) -> None:
        place = Place()
        place.start(START)
        place.start(RUN)
        place.work.cancel("5f3a-2", "bob", NOW)
        place.enqueue(STOP, "bob")
        effects = place.work.stop(NOW, jobs_go_on=False)
        assert jobs(effects) == ["5f3a-1"]
        (fact,) = facts(effects)
        assert (fact.kind, fact.action, fact.user) == (FactKind.NOT_RUN, STOP.id, "bob")
        assert fact.reason == "FUI was stopped while it waited for its turn"
        assert place.states()["Stop"] == "ready"
        assert place.work.keep() == []
        (ended,) = facts(place.work.ended("5f3a-1", Ending(143), NOW))
        assert (ended.result, ended.reason) == (JobResult.INTERRUPTED, "FUI was stopped")


class TestReconfigured:
    def reload(self, place: Place, *actions: Action) -> list[do.Effect]:
        place.view.reload(Menu(MENU.settings, actions))
        return place.work.reconfigured(NOW)

    def test_who_waits_for_what_is_gone_waits_in_vain(self) -> None:
        place = Place()
        place.start(START)
        place.enqueue(STOP, "bob")
        place.enqueue(RESTART)
        (fact,) = facts(self.reload(place, START, RESTART))
        assert (fact.kind, fact.action, fact.user) == (FactKind.NOT_RUN, STOP.id, "bob")
        assert fact.reason == "its action was taken out of the configuration while it waited"
        place.touched()
        place.work.keep()
        assert place[RESTART].detail == "1"

    def test_even_if_nothing_is_left_of_its_flag(self) -> None:
        place = Place()
        place.enqueue(STOP)
        place.view.reload(Menu(MENU.settings, (START,)))
        place.touched()
        assert place.view.get(STOP.id) is None
        assert len(facts(place.work.reconfigured(NOW))) == 1

    def test_who_waits_for_what_changed_waits_by_its_new_rules(self) -> None:
        place = Place()
        place.start(RUN)
        place.enqueue(STOP)
        changed = replace(STOP, groups=("Backup/1",), queue=None)
        assert self.reload(place, START, changed, RESTART, RUN) == []
        assert place.states()["Stop"] == "queued"
        assert place.work.call() == []
        place.work.ended("5f3a-1", Ending(0), NOW)
        (turn,) = place.work.call()
        assert turn.press.action is changed

    def test_groups_that_changed_block_and_free_at_once(self) -> None:
        start, stop, restart, _ = MENU.actions
        place = Place(start, stop, restart)
        place.start(start)
        place.touched()
        other = replace(restart, groups=("Apache/2",))
        assert self.reload(place, start, stop, other) == []
        assert place.states() == {"Start": "running", "Stop": "blocked", "Restart": "ready"}
        self.reload(place, start, stop, restart)
        assert place.states()["Restart"] == "blocked"

    def test_what_is_the_same_is_not_shown_anew(self) -> None:
        place = Place()
        place.start(START)
        place.enqueue(STOP)
        place.work.keep()
        place.touched()
        self.reload(place, START, STOP, RESTART, RUN)
        assert place.touched() == []


class TestMoment:
    def test_nothing_is_in_the_way(self) -> None:
        assert Place().moment(START) == Moment(FlagState.READY)

    def test_everything_is(self) -> None:
        limited = replace(STOP, hours=MORNING, limit=Limit(1, 600.0), queue=1)
        place = Place(START, limited, RESTART)
        place[limited].history = History((), (Use(BOB, NOW.wall - 60),))
        place.start(START)
        place.enqueue(RESTART)
        moment = place.moment(limited)
        assert moment.closed == "closed until 2026-11-24 00:00:00 UTC (00:00-12:00)"
        assert moment.wait == "not before 2026-11-23 12:09:00 UTC: it may run 1 times in 10min"
        assert moment.busy == "Apache/Start is running for alice"
        assert moment.full == "the queue is full, 1 may wait"

    def test_a_limit_may_be_one_users(self) -> None:
        limited = replace(START, limit=Limit(1, 600.0, per_user=True))
        place = Place(limited)
        place[limited].history = History((), (Use(BOB, NOW.wall),))
        assert place.moment(limited, ALICE).wait == ""
        assert place.moment(limited, BOB).wait != ""

    def test_times_are_said_in_the_zone_of_the_settings(self) -> None:
        limited = replace(START, limit=Limit(1, 600.0))
        place = Place(limited)
        place.work.configure(replace(MENU.settings, zone=ZoneInfo("Europe/Berlin")))
        place[limited].history = History((), (Use(BOB, NOW.wall),))
        assert place.moment(limited).wait.startswith("not before 2026-11-23 13:10:00 CET: ")

    def test_who_was_asked_confirms(self) -> None:
        place = Place()
        place.view.change(place[START], Trigger.ASK, NOW.mono)
        place[START].asked = ALICE
        assert place.moment(START, ALICE) == Moment(FlagState.CONFIRM, confirms=True)
        assert place.moment(START, BOB) == Moment(FlagState.CONFIRM)

    def test_who_waits_in_the_queue_is_known(self) -> None:
        place = Place()
        place.enqueue(START, "bob")
        assert place.moment(START).queued_by == BOB

    def test_whose_turn_it_is_finds_nobody_in_the_way(self) -> None:
        place = Place()
        place.enqueue(STOP)
        assert place.moment(START).busy == "Apache/Stop waits before it, for alice"
        moment = place.moment(START, turn=True)
        assert (moment.busy, moment.turn) == ("", True)


class TestRest:
    CLOSED = replace(START, hours=MORNING)
    OPEN = replace(START, hours=EVENING)
    LIMITED = replace(START, limit=Limit(1, 600.0))
    USED = History((), (Use(BOB, NOW.wall - 60),))

    def rest(self, what: Action, history: History | None = None) -> Place:
        place = Place(what)
        place[what].history = history or History()
        place.touched()
        place.work.rests.show(place[what], NOW)
        return place

    def test_what_has_neither_hours_nor_a_limit_does_not(self) -> None:
        place = self.rest(START)
        assert place.states() == {"Start": "ready"}
        assert place.view.next_due() is None

    def test_outside_its_hours_it_is_closed_until_they_begin(self) -> None:
        place = self.rest(self.CLOSED)
        assert place.states() == {"Start": "closed"}
        assert place.view.next_due() == 100.0 + 12 * 3600
        assert place.work.why(place[START], NOW.wall) == (
            "closed until 2026-11-24 00:00:00 UTC (00:00-12:00)"
        )

    def test_within_them_it_is_looked_at_again_when_they_end(self) -> None:
        place = self.rest(self.OPEN)
        assert place.states() == {"Start": "ready"}
        assert place.view.next_due() == 100.0 + 12 * 3600
        always = Hours(tuple(Span(day, 0, 1440) for day in range(7)), UTC, "always")
        assert self.rest(replace(START, hours=always)).view.next_due() is None

    def test_at_its_limit_it_waits_until_it_may_run_again(self) -> None:
        place = self.rest(self.LIMITED, self.USED)
        assert place.states() == {"Start": "wait"}
        assert place.view.next_due() == 640.0
        assert place.work.why(place[START], NOW.wall) == (
            "not before 2026-11-23 12:09:00 UTC: it may run 1 times in 10min"
        )
        assert self.rest(self.LIMITED).states() == {"Start": "ready"}

    def test_the_hours_come_before_the_limit(self) -> None:
        place = self.rest(replace(self.LIMITED, hours=MORNING), self.USED)
        assert place.states() == {"Start": "closed"}
        assert place.work.why(place[START], NOW.wall).startswith("closed until ")

    def test_the_limit_of_one_user_stands_on_no_flag(self) -> None:
        limit = Limit(1, 600.0, per_user=True)
        place = self.rest(replace(START, limit=limit), self.USED)
        assert place.states() == {"Start": "ready"}
        place.view.change(place[START], Trigger.REST, NOW.mono)
        assert place.work.why(place[START], NOW.wall) == ""

    def test_what_runs_or_is_a_fault_says_nothing_more(self) -> None:
        place = Place()
        place.start(START)
        assert place.work.why(place[START], NOW.wall) == ""
        place[START].state = FlagState.ERROR
        assert place.work.why(place[START], NOW.wall) == ""


class TestReview:
    """The clock was put to another time."""

    def test_what_is_open_by_now_opens(self) -> None:
        place = TestRest().rest(TestRest.CLOSED)
        place.work.rests.review(NOW)
        assert place.states() == {"Start": "closed"}
        place.work.rests.review(Instant(NOW.mono, NOW.wall - 3600))
        assert place.states() == {"Start": "ready"}

    def test_what_is_closed_by_now_closes(self) -> None:
        place = TestRest().rest(TestRest.OPEN)
        place.work.rests.review(Instant(NOW.mono, NOW.wall - 3600))
        assert place.states() == {"Start": "closed"}
        assert place.view.next_due() == 100.0 + 3600

    def test_what_may_run_by_now_waits_no_more(self) -> None:
        place = TestRest().rest(TestRest.LIMITED, TestRest.USED)
        place.work.rests.review(NOW)
        assert place.states() == {"Start": "wait"}
        place.work.rests.review(Instant(NOW.mono, NOW.wall + 600))
        assert place.states() == {"Start": "ready"}

    def test_what_ran_in_the_future_ran_now(self) -> None:
        place = Place(TestRest.LIMITED)
        place[START].history = History((), (Use(BOB, NOW.wall + 9e6),))
        place.work.rests.review(NOW)
        assert place[START].history.uses == (Use(BOB, NOW.wall),)

    def test_a_flag_that_has_nothing_of_the_kind_stays_as_it_is(self) -> None:
        place = Place()
        place.touched()
        place.work.rests.review(later(1e6))
        assert place.touched() == []


def test_only_a_proven_press_starts() -> None:
    place = Place()
    unproven = replace(press(START), record=None)
    with pytest.raises(AssertionError):
        place.work.start(place[START], unproven, "alice", NOW)
