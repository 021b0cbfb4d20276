from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fui.core import obstacles
from fui.core.obstacles import Rest
from fui.core.queue import Queue
from fui.core.schedule import Schedule
from fui.model.job import History, Use
from fui.model.menu import Hours, Limit, Span
from tests.playbook import action
from tests.unit.core.values import begun, press

BERLIN = ZoneInfo("Europe/Berlin")
START, STOP, RESTART = (action(name, groups=("web",), queue=2) for name in ("Start", "Stop", "Go"))
BOTH = action("Both", groups=("database", "web"), queue=2)
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).timestamp()


def limited(limit: Limit | None, *uses: Use, uid: int | None = 1001) -> Rest | None:
    one = replace(START, limit=limit)
    return obstacles.limited(one, History((), uses), uid, MONDAY, BERLIN)


class TestClosed:
    OFFICE = replace(
        START, hours=Hours((Span(0, 8 * 60, 18 * 60),), BERLIN, "Mon 08:00-18:00 Europe/Berlin")
    )

    def test_what_has_no_hours_is_never_closed(self) -> None:
        assert obstacles.closed(START, MONDAY) is None

    def test_nor_is_what_is_within_them(self) -> None:
        assert obstacles.closed(self.OFFICE, MONDAY) is None

    def test_outside_them_it_says_until_when_by_their_clock(self) -> None:
        opens = MONDAY + 6 * 86400 + 19 * 3600
        assert obstacles.closed(self.OFFICE, MONDAY + 6 * 3600) == Rest(
            opens, "closed until 2026-11-30 08:00:00 CET (Mon 08:00-18:00 Europe/Berlin)"
        )


class TestLimited:
    def test_what_has_no_limit_may_always_run(self) -> None:
        assert limited(None, Use(1001, MONDAY)) is None

    def test_nor_does_what_has_not_reached_it_wait(self) -> None:
        assert limited(Limit(count=2, period=600.0), Use(1001, MONDAY)) is None

    def test_a_count_says_when_and_how_often(self) -> None:
        assert limited(Limit(count=1, period=600.0), Use(1002, MONDAY)) == Rest(
            MONDAY + 600.0,
            "not before 2026-11-23 13:10:00 CET: it may run 1 times in 10min",
        )

    def test_a_cooldown_says_how_long_it_is(self) -> None:
        assert limited(Limit(cooldown=60.0), Use(1002, MONDAY - 100.0, MONDAY - 30.0)) == Rest(
            MONDAY + 30.0, "not before 2026-11-23 13:00:30 CET: it may run again 1min after its end"
        )

    def test_both_are_said_and_whose_runs_count(self) -> None:
        limit = Limit(count=3, period=3600.0, cooldown=90.0, per_user=True)
        rest = limited(limit, Use(1001, MONDAY - 10.0, MONDAY))
        assert rest == Rest(
            MONDAY + 90.0,
            "not before 2026-11-23 13:01:30 CET: it may run 3 times in 1h,"
            " again 90s after its end, for each user",
        )
        assert limited(limit, Use(1001, MONDAY), uid=1002) is None


class TestBusy:
    def test_nobody_is_in_the_way(self) -> None:
        assert obstacles.busy(START, Schedule(1.0), Queue()) == ""

    def test_who_holds_one_of_its_groups_is(self) -> None:
        schedule = Schedule(1.0)
        schedule.take(begun("j1", STOP))
        for one in (START, BOTH):
            assert obstacles.busy(one, schedule, Queue()) == "Apache/Stop is running for alice"

    def test_who_waits_for_its_own_group_is(self) -> None:
        queue = Queue()
        queue.add(press(STOP), "alice")
        queue.add(press(RESTART, "bob"), "bob")
        assert obstacles.busy(START, Schedule(1.0), queue) == (
            "Apache/Stop waits before it, for alice"
        )
        assert obstacles.busy(RESTART, Schedule(1.0), queue) == (
            "Apache/Stop waits before it, for alice"
        )

    def test_its_own_group_is_the_first_of_those_that_it_needs(self) -> None:
        queue = Queue()
        queue.add(press(BOTH), "alice")
        other = action("Dump", groups=("database", "mail"))
        assert obstacles.busy(other, Schedule(1.0), queue) == (
            "Apache/Both waits before it, for alice"
        )
        queue.add(press(other, "bob"), "bob")
        assert obstacles.place(other, Schedule(1.0), queue) == (
            "place 2, behind Apache/Both, which waits for alice"
        )
        assert obstacles.full(replace(other, queue=2), queue) == "the queue is full, 2 may wait"

    def test_who_waits_behind_it_is_not(self) -> None:
        queue = Queue()
        queue.add(press(STOP), "alice")
        queue.add(press(RESTART, "bob"), "bob")
        assert obstacles.busy(STOP, Schedule(1.0), queue) == ""

    def test_nor_is_who_waits_in_another_queue(self) -> None:
        queue = Queue()
        queue.add(press(STOP), "alice")
        assert obstacles.busy(BOTH, Schedule(1.0), queue) == ""


class TestQueue:
    def test_there_is_room_for_as_many_as_may_wait(self) -> None:
        queue = Queue()
        queue.add(press(STOP), "alice")
        queue.add(press(BOTH), "alice")
        assert obstacles.full(START, queue) == ""
        queue.add(press(RESTART), "alice")
        assert obstacles.full(START, queue) == "the queue is full, 2 may wait"
        assert obstacles.full(BOTH, queue) == ""

    def test_where_nothing_waits_there_is_no_room(self) -> None:
        assert obstacles.full(replace(START, queue=None), Queue()) != ""

    def test_a_place_is_said_with_who_is_before_it(self) -> None:
        schedule, queue = Schedule(1.0), Queue()
        schedule.take(begun("j1", START))
        queue.add(press(STOP, "bob"), "bob")
        queue.add(press(RESTART), "alice")
        assert obstacles.place(STOP, schedule, queue) == (
            "place 1; Apache/Start is running for alice"
        )
        assert obstacles.place(RESTART, schedule, queue) == (
            "place 2, behind Apache/Stop, which waits for bob"
        )
        schedule.release("j1")
        assert obstacles.place(STOP, schedule, queue) == "place 1"
