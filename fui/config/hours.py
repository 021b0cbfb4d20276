"""When an action may run, as `only` says it: `Mon-Fri 08:00-18:00; Sat 9:00-12:00`.

Rules: days are English, three letters or the whole word, in any case; without days it is every day;
an end that is not after its beginning is on the next day; 24:00 is an end only. A refusal is a
ValueError whose text begins with "cannot". Knows no zone and no clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fui.config import values
from fui.config.names import shown
from fui.model.menu import Span

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY = range(len(_DAYS))
_DAY = 24 * 60
_TIME = r"[0-9]{1,2}:[0-9]{2}"
_NAME = r"[A-Za-z]{3,9}"
_RANGE = rf"{_NAME}(?: ?- ?{_NAME})?"

PART = rf"(?:({_RANGE}(?: ?, ?{_RANGE})*) +)?({_TIME}) ?- ?({_TIME})"
"""One part of `only`, as a regular expression that editors understand too."""

_PART = re.compile(PART)
_WANTED = 'write for example "Mon-Fri 08:00-18:00" or "22:00-06:00"'


@dataclass(frozen=True, slots=True)
class Part:
    """What one item of `only` says.

    Attributes:
        spans: The parts of the week, by day.
        text: The same as it is written.
    """

    spans: tuple[Span, ...]
    text: str


def read(raw: object) -> Part:
    """Return an item of `only`; several parts of it are separated by `;`."""
    written = values.text(raw, _WANTED).strip()
    spans = {span for part in written.split(";") for span in _spans(part.strip())}
    return Part(tuple(sorted(spans, key=lambda span: (span.day, span.begin, span.end))), written)


def _spans(part: str) -> Iterator[Span]:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(f"cannot read {shown(part)} as a part of the week; {_WANTED}")
    begin, end = _minutes(match[2]), _minutes(match[3])
    if begin == _DAY:
        raise ValueError("cannot begin at 24:00; write 00:00, and name the next day")
    if begin == end:
        raise ValueError(
            f"cannot end when it begins, at {match[2]}; write 00:00-24:00 for a whole day"
        )
    over = _DAY if end < begin else 0
    for day in _days(match[1]) if match[1] else _EVERY:
        yield Span(day, begin, end + over)


def _minutes(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    total = hours * 60 + minutes
    if minutes >= 60 or total > _DAY:  # noqa: PLR2004 - minutes
        raise ValueError(f"cannot find {text} on a clock; write 00:00 to 24:00")
    return total


def _days(text: str) -> Iterator[int]:
    for each in text.split(","):
        first, _, last = each.partition("-")
        begin = _day(first)
        end = _day(last) if last else begin
        yield from ((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _day(text: str) -> int:
    name = text.strip().lower()
    for number, day in enumerate(_DAYS):
        if name in (day, day[:3]):
            return number
    raise ValueError(
        f"cannot find the day {shown(text.strip())}; write Mon, Tue, Wed, Thu, Fri, Sat or Sun"
    )
