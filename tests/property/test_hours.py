"""Whatever the hours: they say when they begin and end, and it is so."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fui.core.hours import closed_until, open_until
from fui.model.menu import Hours, Span

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe"]
minutes = st.sampled_from([0, 1, 120, 150, 165, 180, 195, 1439]) | st.integers(0, 1439)
span_lists = st.lists(
    st.builds(
        lambda day, begin, length: Span(day, begin, begin + length),
        st.integers(0, 6),
        minutes,
        st.sampled_from([1, 30, 60, 1440]) | st.integers(1, 1440),
    ),
    min_size=1,
    max_size=10,
).map(tuple)
walls = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 - one of UTC
    lambda moment: float(int(moment.replace(tzinfo=UTC).timestamp()))
)


def shows(spans: tuple[Span, ...], clock: datetime) -> bool:
    """Whether a clock is within a span, by what it shows and nothing else."""
    minute = clock.hour * 60 + clock.minute
    before = (clock - timedelta(days=1)).weekday()
    return any(
        (span.day == clock.weekday() and span.begin <= minute < span.end)
        or (span.day == before and minute + 1440 < span.end)
        for span in spans
    )


@given(span_lists, walls)
def test_they_are_as_the_clock_shows(spans: tuple[Span, ...], wall: float) -> None:
    hours = Hours(spans, UTC, "")
    clock = datetime.fromtimestamp(wall, UTC)
    assert (closed_until(hours, wall) is None) == shows(spans, clock)


@given(span_lists, st.sampled_from(ZONES), walls)
def test_they_begin_and_end_when_they_say(spans: tuple[Span, ...], zone: str, wall: float) -> None:
    hours = Hours(spans, ZoneInfo(zone), "")
    begins, ends = closed_until(hours, wall), open_until(hours, wall)
    if begins is not None:
        assert ends is None
        assert begins > wall
        assert closed_until(hours, begins) is None
        assert closed_until(hours, (wall + begins) / 2) == begins
        assert closed_until(hours, begins - 1) == begins
    elif ends is not None:
        assert ends > wall
        assert closed_until(hours, ends) is not None
        assert closed_until(hours, ends - 1) is None
        assert open_until(hours, (wall + ends) / 2) == ends
    else:
        assert all(closed_until(hours, wall + 3600 * hour) is None for hour in range(0, 24 * 14, 5))
