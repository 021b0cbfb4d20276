"""What stands in the status file: made of a status, and made to one again.

Rules: what is read is checked in full before anything is made of it, for another version may have
written it; ValueError, TypeError or KeyError if it is not what this one writes. Knows nothing of
files.
"""

import reprlib
from typing import Any

from fui.model.menu import ActionId
from fui.model.states import FlagState, Loss
from fui.model.status import Published, Standing, Status

FORMAT = 1
"""Another number with each change after which an older reader would be wrong."""

_TIME_MAX = 253_402_214_399
"""The end of the year 9999 but for a day, as zones are ahead of UTC; later ones cannot be shown."""


def plain(status: Status) -> dict[str, object]:
    """Return a status as JSON can hold it."""
    return {
        "share": status.share,
        "actions": status.actions,
        "folders": status.folders,
        "faults": status.faults,
        "missed": status.missed,
        "losses": {loss.value: number for loss, number in status.losses.items()},
        "flags": [
            {
                "object": one.action.object,
                "action": one.action.action,
                "state": one.state.value,
                "detail": one.detail,
                "user": one.user,
                "job": one.job,
                "since": one.since,
                "until": one.until,
                "why": one.why,
            }
            for one in status.standings
        ],
    }


def published(content: Any) -> Published:  # noqa: ANN401 - JSON is whatever it is
    """Return what was published."""
    return Published(
        _text(content["fui"]),
        _whole(content["pid"]),
        _time(content["since"]),
        Status(
            _text(content["share"]),
            _whole(content["actions"]),
            _whole(content["folders"]),
            tuple(map(_text, content["faults"])),
            _whole(content["missed"]),
            tuple(map(_standing, content["flags"])),
            _losses(content.get("losses", {})),
        ),
    )


def _standing(one: dict[str, Any]) -> Standing:
    return Standing(
        ActionId(_text(one["object"]), _text(one["action"])),
        FlagState(one["state"]),
        _text(one["detail"]),
        _text(one["user"]),
        _text(one["job"]),
        _time(one["since"]),
        None if one["until"] is None else _time(one["until"]),
        _text(one["why"]),
    )


def _losses(counts: object) -> dict[Loss, int]:
    if not isinstance(counts, dict):
        raise TypeError(f"{counts!r} is no mapping")
    return {Loss(name): _whole(number) for name, number in counts.items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{reprlib.repr(value)} is no text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{reprlib.repr(value)} is no whole number")
    return value


def _time(value: object) -> float:
    number = value if isinstance(value, float) else _whole(value)
    if not 0 <= number <= _TIME_MAX:
        raise ValueError(f"{reprlib.repr(value)} is no time")
    return float(number)
