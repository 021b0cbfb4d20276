from dataclasses import replace

import pytest

from fui.core.runs import USES, begun, by_now, ended, wait_until
from fui.model.job import HISTORY, History, Run, Use
from fui.model.menu import Limit
from fui.model.states import JobResult

ALICE, BOB = 1001, 1002
THRICE = Limit(count=3, period=600.0)
CALM = Limit(cooldown=60.0)


def run(job: str = "j1", started: float = 1000.0, **other: object) -> Run:
    made = Run(job, "alice", ALICE, "192.0.2.7", f"c-{job}", started)
    return replace(made, **other)  # type: ignore[arg-type]


def used(*starts: float, uid: int = ALICE, lasting: float = 1.0) -> History:
    return History((), tuple(Use(uid, start, start + lasting) for start in starts))


class TestKept:
    def test_a_run_that_begins_is_the_last(self) -> None:
        history = begun(History(), run("j1"), None)
        assert history == History((run("j1"),))
        assert begun(history, run("j2"), None).last == run("j2")

    def test_only_the_last_has_its_output(self) -> None:
        first = run("j1", ended=1001.0, result=JobResult.DONE, status=0, tail="out\n")
        history = begun(History((first,)), run("j2"), None)
        assert history.runs == (replace(first, tail=""), run("j2"))

    def test_ten_are_kept(self) -> None:
        history = History()
        for number in range(HISTORY + 2):
            history = begun(history, run(f"j{number}"), None)
        assert [one.job for one in history.runs] == [f"j{number}" for number in range(2, 12)]
        assert HISTORY == 10

    def test_a_run_that_ends_takes_the_place_of_the_last(self) -> None:
        history = begun(begun(History(), run("j1"), None), run("j2"), None)
        over = run("j2", ended=1002.0, result=JobResult.FAILED, status=1, tail="out\n")
        assert ended(history, over) == History((run("j1"), over))

    def test_nothing_is_counted_where_there_is_no_limit(self) -> None:
        history = replace(used(990.0), runs=(run("j0"),))
        assert begun(history, run(), None).uses == ()


class TestCounted:
    def test_a_run_is_used_from_its_begin_to_its_end(self) -> None:
        history = begun(History(), run(), THRICE)
        assert history.uses == (Use(ALICE, 1000.0),)
        over = ended(history, run(ended=1003.0))
        assert over.uses == (Use(ALICE, 1000.0, 1003.0),)
        assert ended(over, run(ended=2000.0)).uses == over.uses

    def test_the_end_of_one_leaves_those_before_it_as_they_are(self) -> None:
        history = begun(used(990.0, 995.0), run(), THRICE)
        over = ended(history, run(ended=1003.0))
        assert over.uses == (*used(990.0, 995.0).uses, Use(ALICE, 1000.0, 1003.0))

    def test_what_counts_no_more_is_dropped_when_the_next_begins(self) -> None:
        history = begun(used(100.0, 400.0, 401.0), run(started=1000.0), THRICE)
        assert [use.started for use in history.uses] == [401.0, 1000.0]

    def test_what_cools_down_is_kept_for_as_long(self) -> None:
        history = used(100.0, 899.0, 940.0, lasting=0.5)
        kept = begun(history, run(started=1000.0), Limit(cooldown=60.0))
        assert [use.started for use in kept.uses] == [940.0, 1000.0]

    def test_one_that_runs_is_always_kept(self) -> None:
        running = History((), (Use(BOB, 1.0),))
        assert begun(running, run(started=9000.0), THRICE).uses[0] == Use(BOB, 1.0)

    def test_there_is_a_limit_to_what_is_kept(self) -> None:
        history = History((), tuple(Use(uid, 999.0, 999.5) for uid in range(USES)))
        uses = begun(history, run(), Limit(count=1, period=600.0, per_user=True)).uses
        assert len(uses) == USES
        assert (uses[0].uid, uses[-1]) == (1, Use(ALICE, 1000.0))


class TestCount:
    def test_below_the_count_it_may_run(self) -> None:
        assert wait_until(History(), THRICE, ALICE, 1000.0) is None
        assert wait_until(used(998.0, 999.0), THRICE, ALICE, 1000.0) is None

    def test_at_the_count_it_waits_until_the_first_of_them_is_a_period_old(self) -> None:
        history = used(700.0, 800.0, 900.0)
        assert wait_until(history, THRICE, ALICE, 1000.0) == 1300.0
        assert wait_until(history, THRICE, ALICE, 1299.9) == 1300.0
        assert wait_until(history, THRICE, ALICE, 1300.0) is None

    def test_over_the_count_the_last_ones_decide(self) -> None:
        history = used(700.0, 800.0, 900.0, 950.0)
        assert wait_until(history, THRICE, ALICE, 1000.0) == 1400.0

    def test_the_order_in_which_they_are_kept_does_not_matter(self) -> None:
        assert wait_until(used(900.0, 700.0, 800.0), THRICE, ALICE, 1000.0) == 1300.0

    def test_one_that_runs_counts_from_its_begin(self) -> None:
        history = History((), (Use(ALICE, 700.0),))
        once = Limit(count=1, period=600.0)
        assert wait_until(history, once, ALICE, 1000.0) == 1300.0
        assert wait_until(history, once, ALICE, 1300.0) is None

    def test_all_users_are_counted_together(self) -> None:
        history = History((), (*used(700.0, 800.0).uses, *used(900.0, uid=BOB).uses))
        assert wait_until(history, THRICE, ALICE, 1000.0) == 1300.0
        assert wait_until(history, THRICE, None, 1000.0) == 1300.0

    def test_or_each_for_himself(self) -> None:
        once = Limit(count=1, period=600.0, per_user=True)
        assert wait_until(used(900.0), once, ALICE, 1000.0) == 1500.0
        assert wait_until(used(900.0), once, BOB, 1000.0) is None
        assert wait_until(used(900.0), once, None, 1000.0) is None


class TestCooldown:
    def test_it_is_counted_from_the_end(self) -> None:
        history = used(900.0, lasting=50.0)
        assert wait_until(history, CALM, ALICE, 950.0) == 1010.0
        assert wait_until(history, CALM, ALICE, 1009.9) == 1010.0
        assert wait_until(history, CALM, ALICE, 1010.0) is None

    def test_the_last_end_decides(self) -> None:
        history = History((), (Use(ALICE, 900.0, 990.0), Use(BOB, 950.0, 960.0)))
        assert wait_until(history, CALM, ALICE, 1000.0) == 1050.0

    def test_while_one_runs_it_has_not_begun(self) -> None:
        history = History((), (Use(ALICE, 100.0),))
        assert wait_until(history, CALM, ALICE, 1000.0) == 1060.0

    def test_it_may_be_each_users_own(self) -> None:
        calm = replace(CALM, per_user=True)
        assert wait_until(used(999.0), calm, BOB, 1000.5) is None
        assert wait_until(used(999.0), calm, ALICE, 1000.5) == 1060.0

    def test_count_and_cooldown_both_hold(self) -> None:
        both = Limit(count=1, period=600.0, cooldown=60.0)
        assert wait_until(used(900.0, lasting=50.0), both, ALICE, 1000.0) == 1500.0
        assert wait_until(used(400.0, lasting=550.0), both, ALICE, 1000.0) == 1010.0
        few = replace(both, count=2)
        assert wait_until(used(900.0, lasting=50.0), few, ALICE, 1000.0) == 1010.0


class TestClock:
    """The clock was put back: what ran seems to lie in the future."""

    @pytest.mark.parametrize("limit", [Limit(count=1, period=600.0), Limit(cooldown=600.0)])
    def test_a_use_in_the_future_counts_as_one_of_now(self, limit: Limit) -> None:
        assert wait_until(used(99_000.0), limit, ALICE, 1000.0) == 1600.0

    @pytest.mark.parametrize("limit", [Limit(count=1, period=600.0), Limit(cooldown=600.0)])
    def test_kept_as_that_it_is_free_after_a_period(self, limit: Limit) -> None:
        history = by_now(used(99_000.0), 1000.0)
        assert wait_until(history, limit, ALICE, 1599.0) == 1600.0
        assert wait_until(history, limit, ALICE, 1600.0) is None

    def test_what_is_past_stays_as_it_is(self) -> None:
        history = History((run(),), (Use(ALICE, 10.0, 20.0), Use(BOB, 990.0)))
        assert by_now(history, 1000.0) == history
        assert by_now(history, 500.0).uses == (Use(ALICE, 10.0, 20.0), Use(BOB, 500.0))
