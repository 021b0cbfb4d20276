from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from fui.admin.since import FORMS, since

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 14, 30, 5, tzinfo=BERLIN).timestamp()


def at(*when: int) -> float:
    return datetime(*when, tzinfo=BERLIN).timestamp()  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("today", at(2026, 11, 25)),
        ("Yesterday", at(2026, 11, 24)),
        ("2026-11-01", at(2026, 11, 1)),
        ("2026-11-01 12:30", at(2026, 11, 1, 12, 30)),
        (" 2026-11-01  12:30:15 ", at(2026, 11, 1, 12, 30, 15)),
        ("2026-11-01T12:30", at(2026, 11, 1, 12, 30)),
        ("2026-07-01", at(2026, 7, 1)),  # of another offset
        ("08:15", at(2026, 11, 25, 8, 15)),
        ("08:15:59", at(2026, 11, 25, 8, 15, 59)),
        ("-2h", NOW - 7200),
        ("- 2 hours", NOW - 7200),
        ("2h ago", NOW - 7200),
        ("2 hours ago", NOW - 7200),
        ("-1h30min", NOW - 5400),
        ("1 day 12 h ago", NOW - 129_600),
        ("-1w", NOW - 604_800),
        ("-90s", NOW - 90),
        ("-5m", NOW - 300),
        ("-999999999w", 0.0),
        ("@0", 0.0),
        ("@1800000000.5", 1_800_000_000.5),
    ],
)
def test_what_is_understood(text: str, expected: float) -> None:
    assert since(text, NOW, BERLIN) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "2h", "-2", "-2y", "2h in ago", "ago", "-", "--2h", "-2h ago", "tomorrow", "@", "@x"),
        *(
            "2026-13-01",
            "2026-11-31",
            "01.11.2026",
            "25:00",
            "12",
            "@1e5",
            "-2h -3h",
            "\n",
            "-2\u0662h",
        ),
    ],
)
def test_a_wrong_guess_is_not_made(text: str) -> None:
    with pytest.raises(ValueError, match="cannot understand the time") as caught:
        since(text, NOW, BERLIN)
    assert FORMS in str(caught.value)


def test_yesterday_begins_at_midnight_also_when_the_clock_was_changed() -> None:
    now = datetime(2026, 10, 26, 8, 0, tzinfo=BERLIN).timestamp()
    assert now - since("yesterday", now, BERLIN) == 33 * 3600
