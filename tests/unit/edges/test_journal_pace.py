"""When to look, and when to go back: time is an argument."""

import pytest

from fui.edges.journal.pace import FIRST_PAUSE, LONGEST_PAUSE, Pace
from fui.model.instant import Instant

SINCE = Instant(99.9, 1_700_000_000.0)


def backs(pace: Pace, *, begin: float, end: float, step: float = 0.0005) -> list[float]:
    """Give the milliseconds after 100 s at which it went back."""
    times = []
    for tick in range(round((end - begin) / step)):
        now = begin + tick * step
        if pace.goes_back(now):
            times.append(round((now - 100) * 1000, 1))
    return times


def test_pauses_grow_with_the_time_that_has_passed() -> None:
    pace = Pace(SINCE, 100.0)
    now, pauses = 100.0, []
    for _ in range(60):
        pace.goes_back(now)
        pauses.append(pace.pause(now))
        now += pauses[-1]
    assert pauses[0] == FIRST_PAUSE < 0.0005
    assert max(pauses) == LONGEST_PAUSE
    assert sum(pauses[:4]) < 0.0016
    assert 0.5 < sum(pauses) < 3


def test_it_goes_back_at_1_5_and_5_and_50_and_250_ms_and_then_each_500() -> None:
    times = backs(Pace(SINCE, 100.0), begin=100.0, end=101.9)
    assert times == pytest.approx([1.5, 5, 50, 250, 750, 1250, 1750], abs=2.6)


def test_the_later_it_goes_back_the_further() -> None:
    pace = Pace(SINCE, 100.0)
    margins = [pace.goes_back(100.0 + tick / 1000) for tick in range(2000)]
    assert [margin for margin in margins if margin] == [0.05, 0.05, 0.25, 1.0, 1.0, 1.0, 1.0]


def test_a_pause_ends_when_it_is_time_to_go_back() -> None:
    pace = Pace(SINCE, 100.0)
    assert pace.goes_back(100.002)
    for _ in range(30):
        pace.pause(100.002)
    assert pace.pause(100.002) == pytest.approx(0.0035)
    assert pace.pause(100.1) == 0.0  # it is overdue


def test_one_more_entry_is_expected() -> None:
    pace = Pace(SINCE, 100.0)
    backs(pace, begin=100.0, end=100.3)
    for _ in range(30):
        pace.pause(100.3)
    pace.expect(100.3)
    assert pace.pause(100.3) == FIRST_PAUSE
    assert backs(pace, begin=100.3, end=100.36) == pytest.approx([301.5, 305, 350], abs=2.6)
    assert pace.since == SINCE


def test_a_flood_of_expectations_does_not_put_off_going_back() -> None:
    pace = Pace(SINCE, 100.0)
    gone_back = 0
    for tick in range(100):
        now = 100.0 + tick * 0.001
        pace.expect(now)
        gone_back += bool(pace.goes_back(now))
    assert gone_back >= 20
