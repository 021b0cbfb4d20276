import re
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest

from fui.config import when
from fui.config.placed import Placed, placed
from fui.config.when import Said
from fui.model.menu import Hours, Limit, Span
from tests.unit.config.etc import AnyHost, drop_in

BERLIN = ZoneInfo("Europe/Berlin")


def placed_group(group: str = "", *actions: str) -> Placed:
    lines = "".join(f"  {part}\n" for part in re.split(", (?=[a-z-]+:)", group) if part)
    listed = ", ".join(
        f"{{name: n{n}, command: /bin/x{', ' if more else ''}{more}}}"
        for n, more in enumerate(actions or ("",))
    )
    checked = drop_in(f"object: A\naction-group:\n{lines}  actions: [{listed}]\n")
    assert checked.problems == ()
    (found,) = placed([checked], "/srv")
    return found


def said(group: str = "", action: str = "") -> Said:
    found = placed_group(group, action)
    return Said(found, 0, found.part.actions[0])


def idle(group: str, *actions: str) -> list[str]:
    return [str(each) for each in dict.fromkeys(when.idle(placed_group(group, *actions)))]


def hours(group: str = "", action: str = "", zone: tzinfo = UTC) -> Hours | None:
    return when.hours(said(group, action), zone, AnyHost().zone)


def test_nothing_said_limits_nothing() -> None:
    assert when.limit(said()) is None
    assert hours() is None
    assert when.queue(said()) is None
    assert not when.hides(said(), "rename")


@pytest.mark.parametrize(
    ("group", "action", "limit"),
    [
        ("limit: 3 per 10min", "", Limit(3, 600)),
        ("", "limit: 1000 per 7d", Limit(1000, 604800)),
        ("limit: 3 per 10min", "limit: 1 per 1s, cooldown: 1min", Limit(1, 1, 60)),
        ("cooldown: 2min", "", Limit(None, 0, 120)),
        ("cooldown: 2min, limit-per: user", "", Limit(None, 0, 120, per_user=True)),
        ("limit: 3 per 1h, limit-per: user", "limit-per: action", Limit(3, 3600)),
    ],
)
def test_limits(group: str, action: str, limit: Limit) -> None:
    assert when.limit(said(group, action)) == limit


def test_hours() -> None:
    spans = (Span(5, 540, 720), Span(6, 540, 720))
    assert hours("only: Sat-Sun 9:00-12:00") == Hours(spans, UTC, "Sat-Sun 9:00-12:00")
    listed = "only: [Sun 9:00-12:00, Sat 9:00-12:00, Sat 9:00-12:00]"
    assert hours("", listed) == Hours(
        spans[::-1], UTC, "Sun 9:00-12:00; Sat 9:00-12:00; Sat 9:00-12:00"
    )


def test_hours_go_by_the_nearest_zone() -> None:
    only = "only: 8:00-9:00"
    zones = [
        hours(only, "", BERLIN),
        hours(f"{only}, timezone: Europe/Paris", "", BERLIN),
        hours("timezone: Europe/Paris", f"{only}, timezone: Asia/Tokyo", BERLIN),
    ]
    assert [each and each.zone for each in zones] == [
        BERLIN,
        ZoneInfo("Europe/Paris"),
        ZoneInfo("Asia/Tokyo"),
    ]


def test_the_queue() -> None:
    assert when.queue(said("when-busy: queue")) == 10
    assert when.queue(said("when-busy: queue, queue-limit: 999")) == 999
    assert when.queue(said("queue-limit: 5", "when-busy: queue")) == 5
    assert when.queue(said("when-busy: queue, queue-limit: 5", "queue-limit: 1")) == 1
    assert when.queue(said("when-busy: queue", "when-busy: refuse")) is None


def test_a_blocked_flag_is_hidden_where_it_says_so() -> None:
    assert when.hides(said("show-blocked: hide"), "rename")
    assert when.hides(said("show-blocked: rename", "show-blocked: hide"), "rename")
    assert not when.hides(said("show-blocked: hide", "show-blocked: rename"), "hide")
    assert when.hides(said(), "hide")
    assert not when.hides(said("when-busy: queue"), "hide")


def test_what_is_in_its_place_is_not_told() -> None:
    assert idle("limit-per: user, cooldown: 1s") == []
    assert idle("limit-per: user", "", "limit: 1 per 1h") == []
    assert idle("queue-limit: 3", "", "when-busy: queue") == []
    assert idle("only: 8:00-9:00", "timezone: UTC") == []
    assert idle("show-blocked: hide, when-busy: refuse", "") == []


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("limit-per", "user", '"limit" or "cooldown"'),
        ("timezone", "UTC", '"only"'),
        ("queue-limit", "3", '"when-busy: queue"'),
    ],
)
def test_what_has_no_effect(key: str, value: str, hint: str) -> None:
    text = f'cannot use "{key}" here, it has no effect; write {hint} too, or take it out'
    column = len(key) + 5
    assert idle(f"{key}: {value}") == [f"a.yaml:3:{column}: {text}"]
    assert idle("", f"{key}: {value}", "") == [f"a.yaml:3:{column + 38}: {text}"]


def test_a_queue_limit_where_the_action_refuses() -> None:
    assert len(idle("when-busy: queue", "when-busy: refuse, queue-limit: 3", "")) == 1
    assert len(idle("when-busy: queue, queue-limit: 3", "when-busy: refuse")) == 1


@pytest.mark.parametrize(
    ("group", "action", "place", "key", "other"),
    [
        ("show-blocked: hide", "when-busy: queue", "4:52", "when-busy", "show-blocked: hide"),
        ("when-busy: queue", "show-blocked: hide", "4:55", "show-blocked", "when-busy: queue"),
        ("show-blocked: hide, when-busy: queue", "", "3:17", "show-blocked", "when-busy: queue"),
        ("", "when-busy: queue, show-blocked: hide", "3:73", "show-blocked", "when-busy: queue"),
    ],
)
def test_what_can_wait_is_never_blocked(
    group: str, action: str, place: str, key: str, other: str
) -> None:
    assert idle(group, action) == [
        (
            f'a.yaml:{place}: cannot use "{key}" here together with "{other}", '
            "what can wait is never blocked; take one of them out"
        )
    ]
