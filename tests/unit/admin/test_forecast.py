"""What would come of a press, for each state that the daemon can publish of an action."""

from dataclasses import replace

import pytest

from fui.admin.forecast import forecast, queue_is_full, supposed
from fui.core import gate
from fui.model.events import AccountFailed, AccountFound
from fui.model.menu import Access, Action, Hours, Limit, Menu, Span, Subject, SubjectKind
from fui.model.states import FlagState
from fui.model.status import Standing, Status
from tests.playbook import ADMINS, MALLORY, MENU, action

RESTART = MENU.actions[2]
BOB = Subject(SubjectKind.USER, "bob")
FRIDAY = 1_800_000_000.0  # 8:00 UTC
BUSY = "Apache/Stop is running for o'neil"


def said(
    what: Action = RESTART,
    state: FlagState = FlagState.READY,
    *,
    within: frozenset[Subject] = frozenset({ADMINS}),
    full: str = "",
    by: str = "alice",
    **standing: str,
) -> str:
    how = Standing(what.id, state, **standing)  # type: ignore[arg-type]
    press = supposed(what, 1001, by, how)
    found = AccountFound(0, by, within & set(gate.wanted(press).allow + gate.wanted(press).deny))
    return forecast(press, found, how, full, FRIDAY)


@pytest.mark.parametrize("state", [FlagState.READY, FlagState.DONE, FlagState.FAILED])
def test_what_is_ready_would_start(state: FlagState) -> None:
    assert said(state=state) == "it would start"


def test_who_may_not_would_run_nothing() -> None:
    assert said(within=frozenset()) == "nothing would run: allowed is group wwwadmins"
    denied = said(within=frozenset({ADMINS, MALLORY}))
    assert denied == "nothing would run: deny user mallory"


def test_who_cannot_be_looked_up_would_run_nothing() -> None:
    press = supposed(RESTART, 1001, "alice", Standing(RESTART.id, FlagState.READY))
    failed = AccountFailed(0, known=True, why="no answer within 2 s")
    how = Standing(RESTART.id, FlagState.READY)
    assert forecast(press, failed, how, "", FRIDAY) == "nothing would run: no answer within 2 s"


def test_what_is_blocked_says_by_whom() -> None:
    assert said(state=FlagState.BLOCKED, why=BUSY) == f"nothing would run: {BUSY}"


def test_what_may_wait_would_wait_unless_the_queue_is_full() -> None:
    waits = replace(RESTART, queue=2)
    assert said(waits, why=BUSY) == f"it would wait for its turn: {BUSY}"
    assert said(waits, why=BUSY, full="the queue is full") == "nothing would run: the queue is full"
    assert said(waits, full="the queue is full") == "it would start"


def test_who_waits_would_leave_and_nobody_else() -> None:
    waits, why = replace(RESTART, queue=2), f"place 1; {BUSY}"
    leaves = "it would take the press that waits out of the queue"
    assert said(waits, FlagState.QUEUED, user="alice", why=why) == leaves
    assert said(waits, FlagState.QUEUED, user="o'neil", why=why) == f"nothing would run: {why}"


def test_what_runs_is_busy_or_can_be_cancelled() -> None:
    how = Standing(RESTART.id, FlagState.RUNNING, user="o'neil", job="j-1")
    found = AccountFound(0, "bob", frozenset({BOB}))
    cancels = replace(RESTART, cancel=Access((BOB,)))
    press = supposed(cancels, 1002, "bob", how)
    ends = "it would end the job j-1, which runs for o'neil"
    assert forecast(press, found, how, "", FRIDAY) == ends
    press = supposed(RESTART, 1001, "alice", how)
    found = AccountFound(0, "alice", frozenset({ADMINS}))
    busy = "nothing would run: Apache/Restart is running for o'neil"
    assert forecast(press, found, how, "", FRIDAY) == busy


def test_what_is_to_be_confirmed() -> None:
    careful = replace(RESTART, confirm=30.0)
    assert said(careful) == "it would have to be pressed once more within 30s"
    asked = said(careful, FlagState.CONFIRM, why="alice has to press it once more")
    assert asked == "it is to be confirmed: alice has to press it once more"


def test_hours_go_by_the_clock_and_not_by_what_is_shown() -> None:
    open_now = replace(RESTART, hours=Hours((Span(4, 0, 1440),), MENU.settings.zone, "Fri"))
    assert said(open_now) == "it would start"
    closed = replace(RESTART, hours=Hours((Span(0, 0, 60),), MENU.settings.zone, "Mon 0:00-1:00"))
    for state in (FlagState.READY, FlagState.CLOSED):
        words = said(closed, state)
        assert words == "nothing would run: closed until 2027-01-18 00:00:00 UTC (Mon 0:00-1:00)"


def test_a_limit_that_counts_for_all_and_one_that_counts_for_each() -> None:
    limited = replace(RESTART, limit=Limit(count=1, period=600.0))
    why = "not before 9:00"
    assert said(limited) == "it would start"
    assert said(limited, FlagState.WAIT, why=why) == f"nothing would run: {why}"
    each = replace(RESTART, limit=Limit(count=1, period=600.0, per_user=True))
    often = "it would start, unless this user has run it too often"
    assert said(each, FlagState.WAIT, why=why) == said(each) == often


def test_a_name_as_samba_spells_it_is_no_contradiction() -> None:
    how = Standing(RESTART.id, FlagState.READY)
    found = AccountFound(0, "o'neil", frozenset({ADMINS}))
    assert forecast(supposed(RESTART, 1003, "o_neil", how), found, how, "", FRIDAY) == (
        "it would start"
    )


def test_a_queue_is_full_with_the_presses_of_its_own_action_group() -> None:
    own = [action(f"A{number}", queue=2) for number in range(3)]
    other = action("B", group="Apache/2", queue=2)
    menu = Menu(MENU.settings, (*own, other, RESTART))

    def status(*waiting: Action) -> Status:
        standings = (Standing(one.id, FlagState.QUEUED) for one in waiting)
        blocked = Standing(own[2].id, FlagState.READY, why=BUSY)
        return Status("/srv/controls", 5, 1, standings=(*standings, blocked))

    assert queue_is_full(own[2], menu, status()) == ""
    assert queue_is_full(own[2], menu, status(own[0], other)) == ""
    assert queue_is_full(own[2], menu, status(*own[:2])) == "the queue is full, 2 may wait"
    assert queue_is_full(RESTART, menu, status(*own[:2])) == ""
