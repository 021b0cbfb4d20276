from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from fui.core.hours import closed_until, open_until
from fui.model.menu import Hours, Span

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = range(7)


def hours(*spans: tuple[int, str, str], zone: tzinfo = UTC) -> Hours:
    """Spans as (day, from, to); a `to` at or before `from` is on the next day."""
    made = []
    for day, begin, end in spans:
        begins, ends = minutes(begin), minutes(end)
        made.append(Span(day, begins, ends if ends > begins else ends + 1440))
    return Hours(tuple(made), zone, "as said")


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def at(text: str, zone: tzinfo = UTC, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


def utc(wall: float | None) -> str | None:
    return None if wall is None else datetime.fromtimestamp(wall, UTC).strftime("%a %d %H:%M:%S")


OFFICE = hours(*((day, "08:00", "18:00") for day in range(5)))
"""2026-11-23 is a Monday."""


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23 07:59:59", "Mon 23 08:00:00"),
        ("2026-11-23 08:00:00", None),
        ("2026-11-23 17:59:59", None),
        ("2026-11-23 18:00:00", "Tue 24 08:00:00"),
        ("2026-11-27 17:59:59", None),
        ("2026-11-27 18:00:00", "Mon 30 08:00:00"),
        ("2026-11-29 23:59:59", "Mon 30 08:00:00"),
    ],
)
def test_the_begin_belongs_to_the_hours_and_the_end_does_not(now: str, opens: str | None) -> None:
    assert utc(closed_until(OFFICE, at(now))) == opens


def test_they_end_today_or_not_at_all_while_they_are_over() -> None:
    assert utc(open_until(OFFICE, at("2026-11-23 08:00:00"))) == "Mon 23 18:00:00"
    assert utc(open_until(OFFICE, at("2026-11-27 17:59:59"))) == "Fri 27 18:00:00"
    assert open_until(OFFICE, at("2026-11-23 18:00:00")) is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23 21:59:59", "Mon 23 22:00:00"),
        ("2026-11-23 23:59:59", None),
        ("2026-11-24 00:00:00", None),
        ("2026-11-24 05:59:59", None),
        ("2026-11-24 06:00:00", "Mon 30 22:00:00"),
        ("2026-11-23 05:00:00", "Mon 23 22:00:00"),
    ],
)
def test_a_span_may_go_over_midnight(now: str, opens: str | None) -> None:
    night = hours((0, "22:00", "06:00"))
    assert utc(closed_until(night, at(now))) == opens
    if opens is None:
        assert utc(open_until(night, at(now))) == "Tue 24 06:00:00"


def test_a_night_may_go_over_the_end_of_the_week() -> None:
    night = hours((6, "22:00", "06:00"))
    assert closed_until(night, at("2026-11-30 05:59:00")) is None
    assert utc(closed_until(night, at("2026-11-30 06:00:00"))) == "Sun 06 22:00:00"


def test_days_from_friday_to_monday_are_four() -> None:
    weekend = hours(*((day, "10:00", "12:00") for day in (4, 5, 6, 0)))
    opens = [utc(closed_until(weekend, at(f"2026-11-{day} 11:00:00"))) for day in range(23, 30)]
    assert opens == [None, "Fri 27 10:00:00", "Fri 27 10:00:00", "Fri 27 10:00:00", *[None] * 3]


def test_a_day_may_be_open_to_its_end() -> None:
    evening = hours((0, "18:00", "00:00"))
    assert evening.spans == (Span(0, 18 * 60, 24 * 60),)
    assert closed_until(evening, at("2026-11-23 23:59:59")) is None
    assert utc(open_until(evening, at("2026-11-23 23:59:59"))) == "Tue 24 00:00:00"
    assert utc(closed_until(evening, at("2026-11-24 00:00:00"))) == "Mon 30 18:00:00"


def test_spans_that_touch_or_overlap_are_one() -> None:
    touching = hours((0, "18:00", "00:00"), (1, "00:00", "06:00"), (1, "05:00", "07:00"))
    assert utc(open_until(touching, at("2026-11-23 18:00:00"))) == "Tue 24 07:00:00"
    assert closed_until(touching, at("2026-11-24 00:00:00")) is None


def test_a_span_within_another_ends_nothing() -> None:
    nested = hours((0, "08:00", "18:00"), (0, "09:00", "10:00"))
    assert utc(open_until(nested, at("2026-11-23 08:30:00"))) == "Mon 23 18:00:00"


def test_spans_that_do_not_touch_stay_two() -> None:
    noon = hours((0, "08:00", "12:00"), (0, "12:01", "18:00"))
    assert utc(open_until(noon, at("2026-11-23 08:30:00"))) == "Mon 23 12:00:00"
    assert utc(closed_until(noon, at("2026-11-23 12:00:00"))) == "Mon 23 12:01:00"


def test_what_is_always_open_never_ends() -> None:
    always = hours(*((day, "00:00", "00:00") for day in WEEK))
    assert always.spans[0] == Span(0, 0, 1440)
    for now in ("2026-11-23 00:00:00", "2026-11-29 23:59:59"):
        assert closed_until(always, at(now)) is None
        assert open_until(always, at(now)) is None


def test_all_of_the_week_but_an_hour_ends_before_that_hour() -> None:
    nearly = hours(*((day, "00:00", "00:00") for day in range(6)), (6, "00:00", "23:00"))
    assert utc(open_until(nearly, at("2026-11-23 00:00:00"))) == "Sun 29 23:00:00"
    assert utc(closed_until(nearly, at("2026-11-29 23:00:00"))) == "Mon 30 00:00:00"


def test_the_clock_is_that_of_the_zone() -> None:
    tokyo = hours((0, "08:00", "18:00"), zone=ZoneInfo("Asia/Tokyo"))
    assert utc(closed_until(tokyo, at("2026-11-22 22:59:59"))) == "Sun 22 23:00:00"
    assert closed_until(tokyo, at("2026-11-22 23:00:00")) is None
    assert utc(open_until(tokyo, at("2026-11-22 23:00:00"))) == "Mon 23 09:00:00"


class TestForward:
    """On 2026-03-29, a Sunday, the clock in Berlin goes from 02:00 to 03:00, at 01:00 UTC."""

    def test_a_span_over_the_leap_is_an_hour_shorter(self) -> None:
        night = hours((6, "01:00", "04:00"), zone=BERLIN)
        assert utc(closed_until(night, at("2026-03-28 23:00:00"))) == "Sun 29 00:00:00"
        assert utc(open_until(night, at("2026-03-29 00:00:00"))) == "Sun 29 02:00:00"

    def test_a_begin_that_is_left_out_is_an_hour_later(self) -> None:
        morning = hours((6, "02:30", "05:00"), zone=BERLIN)
        assert utc(closed_until(morning, at("2026-03-29 00:59:59"))) == "Sun 29 01:30:00"
        assert closed_until(morning, at("2026-03-29 01:30:00")) is None

    def test_an_end_that_is_left_out_is_an_hour_later(self) -> None:
        night = hours((6, "00:00", "02:30"), zone=BERLIN)
        assert utc(open_until(night, at("2026-03-29 00:59:59"))) == "Sun 29 01:30:00"
        assert closed_until(night, at("2026-03-29 01:29:59")) is None
        assert utc(closed_until(night, at("2026-03-29 01:30:00"))) == "Sat 04 22:00:00"

    def test_a_span_that_is_left_out_whole_is_an_hour_later(self) -> None:
        left_out = hours((6, "02:15", "02:45"), zone=BERLIN)
        assert utc(closed_until(left_out, at("2026-03-29 00:59:59"))) == "Sun 29 01:15:00"
        assert utc(open_until(left_out, at("2026-03-29 01:15:00"))) == "Sun 29 01:45:00"

    def test_a_span_that_would_end_before_it_begins_is_none(self) -> None:
        no_time = hours((6, "02:30", "03:30"), zone=BERLIN)
        assert utc(closed_until(no_time, at("2026-03-29 00:00:00"))) == "Sun 05 00:30:00"
        turned = hours((6, "02:45", "03:15"), zone=BERLIN)
        assert utc(closed_until(turned, at("2026-03-29 00:00:00"))) == "Sun 05 00:45:00"
        assert utc(closed_until(turned, at("2026-03-22 02:15:00"))) == "Sun 05 00:45:00"

    def test_the_working_day_begins_by_the_clock(self) -> None:
        office = hours((5, "08:00", "18:00"), (6, "08:00", "18:00"), zone=BERLIN)
        assert utc(closed_until(office, at("2026-03-28 05:00:00"))) == "Sat 28 07:00:00"
        assert utc(closed_until(office, at("2026-03-29 05:00:00"))) == "Sun 29 06:00:00"
        assert utc(open_until(office, at("2026-03-29 06:00:00"))) == "Sun 29 16:00:00"


class TestBack:
    """On 2026-10-25, a Sunday, the clock in Berlin goes from 03:00 to 02:00, at 01:00 UTC."""

    def test_a_span_over_the_leap_is_an_hour_longer(self) -> None:
        night = hours((6, "01:00", "04:00"), zone=BERLIN)
        assert utc(closed_until(night, at("2026-10-24 12:00:00"))) == "Sat 24 23:00:00"
        assert utc(open_until(night, at("2026-10-24 23:00:00"))) == "Sun 25 03:00:00"

    def test_a_span_begins_at_the_first_and_ends_at_the_second_of_two_equal_times(self) -> None:
        twice = hours((6, "02:15", "02:45"), zone=BERLIN)
        assert utc(closed_until(twice, at("2026-10-25 00:00:00"))) == "Sun 25 00:15:00"
        assert closed_until(twice, at("2026-10-25 02:50:00", BERLIN)) is None
        assert utc(open_until(twice, at("2026-10-25 00:15:00"))) == "Sun 25 01:45:00"
        assert utc(closed_until(twice, at("2026-10-25 02:50:00", BERLIN, fold=1))) == (
            "Sun 01 01:15:00"
        )

    def test_the_working_day_begins_by_the_clock(self) -> None:
        office = hours((5, "08:00", "18:00"), (6, "08:00", "18:00"), zone=BERLIN)
        assert utc(closed_until(office, at("2026-10-24 05:00:00"))) == "Sat 24 06:00:00"
        assert utc(closed_until(office, at("2026-10-25 05:00:00"))) == "Sun 25 07:00:00"

    def test_what_is_always_open_is_so_in_that_night_too(self) -> None:
        always = hours(*((day, "00:00", "00:00") for day in WEEK), zone=BERLIN)
        for hour in range(24 * 9):
            now = at("2026-10-20 00:00:00") + 3600 * hour
            assert closed_until(always, now) is None
            assert open_until(always, now) is None
