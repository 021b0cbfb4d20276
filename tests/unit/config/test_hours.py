import pytest

from fui.config import hours
from fui.model.menu import Span

WANTED = 'write for example "Mon-Fri 08:00-18:00" or "22:00-06:00"'


def fault(raw: object) -> str:
    with pytest.raises(ValueError, match=r"^cannot ") as caught:
        hours.read(raw)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "days", "begin", "end"),
    [
        ("Mon-Fri 08:00-18:00", range(5), 480, 1080),
        ("Sat 09:00-12:00", [5], 540, 720),
        ("22:00-06:00", range(7), 1320, 1800),
        ("Mon,Wed,Fri 8:00-12:00", [0, 2, 4], 480, 720),
        ("Fri-Mon 00:00-24:00", [0, 4, 5, 6], 0, 1440),
        ("Mon - Tue , sunday 8:00 - 9:05", [0, 1, 6], 480, 545),
        ("MONDAY-wednesday, fri 8:00-9:00", [0, 1, 2, 4], 480, 540),
        ("Sun 23:59-00:00", [6], 1439, 1440),
        ("Tue-Tue 0:00-0:01", [1], 0, 1),
        ("Tue-Mon 12:00-11:59", range(7), 720, 2159),
    ],
)
def test_a_part_of_the_week(text: str, days: range | list[int], begin: int, end: int) -> None:
    part = hours.read(text)
    assert part.spans == tuple(Span(day, begin, end) for day in days)
    assert part.text == text


def test_several_parts() -> None:
    part = hours.read(" Tue 8:00-9:00; Mon 10:00-12:00 ;Mon 8:00-9:00;Mon 8:00-9:00 ")
    assert part.spans == (Span(0, 480, 540), Span(0, 600, 720), Span(1, 480, 540))
    assert part.text == "Tue 8:00-9:00; Mon 10:00-12:00 ;Mon 8:00-9:00;Mon 8:00-9:00"


@pytest.mark.parametrize(
    "text",
    ["", "always", "Mon", "8-18", "08:00", "08:00-18:00 Mon", "08:00-18:00;", "Mon 8:00", "-1:00-2:00",
     "Mon.-Fri 8:00-9:00", "Mon Tue 8:00-9:00", "٠٨:00-18:00", "8:00\u201318:00", "Mon-Wed-Fri 8:00-9:00"],
)  # fmt: skip
def test_what_is_no_part_of_the_week(text: str) -> None:
    (part,) = [each.strip() for each in text.split(";")][-1:]
    assert fault(text) == f'cannot read "{part}" as a part of the week; {WANTED}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("8:00-8:00", "cannot end when it begins, at 8:00; write 00:00-24:00 for a whole day"),
        ("0:00-00:00", "cannot end when it begins, at 0:00; write 00:00-24:00 for a whole day"),
        ("24:00-6:00", "cannot begin at 24:00; write 00:00, and name the next day"),
        ("8:00-24:01", "cannot find 24:01 on a clock; write 00:00 to 24:00"),
        ("8:00-25:00", "cannot find 25:00 on a clock; write 00:00 to 24:00"),
        ("8:60-9:00", "cannot find 8:60 on a clock; write 00:00 to 24:00"),
        (
            "Mon-Die 8:00-9:00",
            'cannot find the day "Die"; write Mon, Tue, Wed, Thu, Fri, Sat or Sun',
        ),
        (
            "Thurs 8:00-9:00",
            'cannot find the day "Thurs"; write Mon, Tue, Wed, Thu, Fri, Sat or Sun',
        ),
    ],
)
def test_times_and_days_that_are_none(text: str, complaint: str) -> None:
    assert fault(text) == complaint


def test_hours_are_a_text() -> None:
    assert fault({}) == f"cannot use a mapping here; {WANTED}"
