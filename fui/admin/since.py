"""A point in time as people write it: the forms of journalctl's --since that are in common use.

Rules: pure; the time and the zone are arguments. A form that is not known is an error, for a wrong
guess would hide what is looked for. systemd-analyze(1) would understand every form of systemd.time(7),
but it need not be there, and a process would be spawned for a few of them.
"""

import re
from datetime import datetime, time, timedelta, tzinfo

FORMS = "2026-11-01, 2026-11-01 12:30, 12:30, today, yesterday, -2h, 2h ago or @SECONDS"

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
    **dict.fromkeys(("w", "week", "weeks"), 604800),
}
_PART = r"[0-9]{1,9}\s*[a-z]+\s*"
_AGO = re.compile(rf"-\s*({_PART}(?:{_PART})*)|({_PART}(?:{_PART})*)\bago")
_PARTS = re.compile(r"([0-9]+)\s*([a-z]+)")
_CLOCKS = ("%H:%M", "%H:%M:%S")
_DATES = ("%Y-%m-%d", *(f"%Y-%m-%d{blank}{clock}" for blank in " T" for clock in _CLOCKS))
_DAYS = {"today": 0, "yesterday": 1}


def since(text: str, now: float, zone: tzinfo) -> float:
    """Return when that is, in seconds since the epoch.

    Args:
        text: As a user wrote it.
        now: The time.
        zone: Whose clock the user means.

    Raises:
        ValueError: It cannot be understood; says what can be.
    """
    written = " ".join(text.lower().split())
    for found in (
        _ago(written, now),
        _on_the_clock(written.upper(), now, zone),
        _named(written, now, zone),
    ):
        if found is not None:
            return found
    raise ValueError(f"cannot understand the time {text!r}; write {FORMS}")


def _named(written: str, now: float, zone: tzinfo) -> float | None:
    if written == "now":
        return now
    if written.startswith("@") and re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,9})?", written[1:]):
        return float(written[1:])
    if written not in _DAYS:
        return None
    day = datetime.fromtimestamp(now, zone).date() - timedelta(days=_DAYS[written])
    return datetime.combine(day, time(), zone).timestamp()


def _ago(written: str, now: float) -> float | None:
    match = _AGO.fullmatch(written)
    if match is None:
        return None
    parts = _PARTS.findall(match[1] or match[2])
    if not all(unit in _UNITS for _, unit in parts):
        return None
    return max(now - sum(int(number) * _UNITS[unit] for number, unit in parts), 0.0)


def _on_the_clock(written: str, now: float, zone: tzinfo) -> float | None:
    today = datetime.fromtimestamp(now, zone).date()
    for form in (*_DATES, *_CLOCKS):
        try:
            read = datetime.strptime(written, form)  # noqa: DTZ007 - the zone comes next
        except ValueError:
            continue
        day = today if form in _CLOCKS else read.date()
        return datetime.combine(day, read.time(), zone).timestamp()
    return None
