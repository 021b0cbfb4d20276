"""When an action may run: from the parts of a week to spans of real time, and back to a clock.

Rules: a span begins and ends when the clock on the wall says so, in its zone, on that date. So in
the night in which the clock is put forward a time that it leaves out is an hour later, and in the
one in which it is put back a span begins at the first and ends at the second of two equal times; a
span that has no time left is none in that night. Pure; `wall` is seconds since the epoch.
"""

from datetime import date, datetime, time, timedelta, tzinfo

from fui.model.menu import Hours

_DAYS_BACK, _DAYS_AHEAD = 2, 16
"""Days around now whose spans are looked at: each lasts a day at most, and comes every week but in
that of a night in which it has no time left."""

_DAY = 24 * 60


def closed_until(hours: Hours, wall: float) -> float | None:
    """Return when the hours begin that come next; None if it is within them."""
    spans = _spans(hours, wall)
    if any(begin <= wall < end for begin, end in spans):
        return None
    return min(begin for begin, _ in spans if begin > wall)


def open_until(hours: Hours, wall: float) -> float | None:
    """Return when the hours end that are now; None if they do not end within a fortnight."""
    ends = [end for begin, end in _spans(hours, wall) if begin <= wall < end]
    horizon = wall + (_DAYS_AHEAD - 2) * _DAY * 60.0
    return next((end for end in ends if end < horizon), None)


def _spans(hours: Hours, wall: float) -> list[tuple[float, float]]:
    """Return the spans around a time, in order, those that touch joined."""
    today = datetime.fromtimestamp(wall, hours.zone).date()
    days = [today + timedelta(days=by) for by in range(-_DAYS_BACK, _DAYS_AHEAD)]
    found = sorted(
        (_at(hours.zone, day, span.begin)[0], max(_at(hours.zone, day, span.end)))
        for day in days
        for span in hours.spans
        if day.weekday() == span.day
    )
    joined: list[tuple[float, float]] = []
    for begin, end in found:
        if end <= begin:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _at(zone: tzinfo, day: date, minutes: int) -> tuple[float, float]:
    """Return when it is so late on a day, as the first and as the second of two equal times.

    Of a time that the clock leaves out, the first is an hour later and the second an hour earlier
    (PEP 495); of all others both are one.
    """
    on = day + timedelta(days=minutes // _DAY)
    clock = datetime.combine(on, time(minutes % _DAY // 60, minutes % 60), zone)
    return clock.timestamp(), clock.replace(fold=1).timestamp()
