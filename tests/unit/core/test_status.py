"""What is published of a menu: conversations, and what everybody is let know by them."""

from dataclasses import replace

import pytest

from fui.model import events as on
from fui.model.errors import Problem
from fui.model.job import History, Progress, Queued, Run
from fui.model.menu import ActionId, Fault, Hours, Limit, Menu, Span
from fui.model.states import FlagState
from fui.model.status import Standing, Status
from tests.playbook import ADMINS, BACKUP, FOLDER, MENU, Playbook
from tests.unit.core.test_engine_queue import end, queueing

RESTART, START, STOP, RUN = (
    action.id for action in (MENU.actions[2], *MENU.actions[:2], MENU.actions[3])
)
BEGAN = 1_800_000_000.0


def standing(play: Playbook, action: ActionId) -> Standing | None:
    """How things stand with an action, by what was published last."""
    return next((one for one in play.published[-1].standings if one.action == action), None)


def with_action(index: int, **other: object) -> Menu:
    actions = list(MENU.actions)
    actions[index] = replace(actions[index], **other)  # type: ignore[arg-type]
    return replace(MENU, actions=tuple(actions))


def test_at_start_it_is_published_that_everything_is_ready() -> None:
    play = Playbook()
    assert play.published == [Status("/srv/controls", 4, 2)]


def test_a_run_from_its_start_to_its_end() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    began = play.now.wall
    busy = "Apache/Restart is running for alice"
    assert len(play.published) == 2
    assert play.published[-1].standings == (
        Standing(RESTART, FlagState.RUNNING, "", "alice", "5f3a-1", began, began + 600.0),
        Standing(START, FlagState.BLOCKED, since=began, why=busy),
        Standing(STOP, FlagState.BLOCKED, since=began, why=busy),
    )
    play.wait(5)
    ended = play.now.wall
    play.end(3)
    done = Standing(
        RESTART, FlagState.FAILED, "", "alice", "5f3a-1", ended, round(ended + 60), "exit status 3"
    )
    assert play.published[-1].standings == (done,)
    play.wait(60)
    assert play.published[-1] == Status("/srv/controls", 4, 2)
    assert len(play.published) == 4


def test_nothing_is_published_before_the_job_is_started() -> None:
    play = Playbook()
    play.delete("Restart [Ready].txt")
    play.record("Restart [Ready].txt", "alice")
    assert len(play.published) == 1
    answer = on.AccountFound(1, "alice", frozenset({ADMINS}))
    effects = [*play.engine.handle(answer, play.now)]
    kinds = [type(effect).__name__ for effect in effects]
    assert kinds.index("StartJob") < kinds.index("Publish")
    assert kinds.count("Publish") == 1


def test_progress_is_published_and_nothing_else_of_what_a_job_wrote() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.seen["5f3a-1"] = on.JobSeen("5f3a-1", "secret\n", 7, Progress(40, "secret"))
    play.wait(1)
    found = standing(play, RESTART)
    assert found is not None
    assert found.detail == "40 %"
    assert found.since == BEGAN + 0.001
    count = len(play.published)
    play.seen["5f3a-1"] = on.JobSeen("5f3a-1", "secret\nmore\n", 12, Progress(40, "secret"))
    play.wait(30)
    assert len(play.published) == count
    play.end(0, "secret")
    assert "secret" not in repr(play.published)


def test_what_waits_says_who_at_which_place_and_for_what() -> None:
    play = Playbook(queueing())
    play.press("Restart [Ready].txt", "alice")
    play.wait(1)
    start = standing(play, START)
    assert start is not None
    assert (start.state, start.why) == (FlagState.READY, "Apache/Restart is running for alice")
    play.press("Stop [Ready].txt", "o'neil")
    waits = play.now.wall
    play.press("Start [Ready].txt", "alice")
    first, second = standing(play, STOP), standing(play, START)
    assert first is not None
    assert second is not None
    assert (first.state, first.detail, first.user) == (FlagState.QUEUED, "1", "o'neil")
    assert (second.detail, second.user) == ("2", "alice")
    assert second.why == "place 2, behind Apache/Stop, which waits for o'neil"
    play.wait(5)
    end(play, 0)
    play.answer()
    first, second = standing(play, STOP), standing(play, START)
    assert first is not None
    assert first.state is FlagState.RUNNING
    assert second is not None
    assert (second.detail, second.since) == ("1", pytest.approx(waits + 0.001))
    assert "Apache/Stop is running for o'neil" in second.why


def test_what_was_denied_and_why() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "bob")
    denied = standing(play, RESTART)
    assert denied is not None
    assert denied.state is FlagState.DENIED
    assert "a press by bob ran nothing: allowed is group wwwadmins" in denied.why
    assert denied.until == round(play.now.wall + 60)
    assert denied.user == ""
    play.wait(60)
    assert play.published[-1].standings == ()


def test_what_is_to_be_confirmed_and_until_when() -> None:
    play = Playbook(with_action(2, confirm=30.0))
    play.press("Restart [Ready].txt", "alice")
    asked = standing(play, RESTART)
    assert asked is not None
    assert asked.state is FlagState.CONFIRM
    assert asked.why == "alice pressed it, and has to press it once more to run it"
    assert asked.until == round(play.now.wall + 30)


def test_what_is_closed_and_what_has_to_wait() -> None:
    # The playbook begins on a Friday at 8:00 UTC.
    hours = Hours((Span(0, 0, 60),), MENU.settings.zone, "Mon 0:00-1:00")
    play = Playbook(with_action(3, hours=hours))
    closed = standing(play, RUN)
    assert closed is not None
    assert closed.state is FlagState.CLOSED
    assert closed.why.startswith("closed until 2027-01-18 00:00:00 UTC")
    assert closed.until == 1_800_230_400
    play = Playbook(with_action(3, limit=Limit(count=1, period=600.0)))
    play.press("Run [Ready].txt", "alice", BACKUP)
    play.end()
    play.wait(61)
    waits = standing(play, RUN)
    assert waits is not None
    assert waits.state is FlagState.WAIT
    assert waits.until == round(BEGAN + 600.001)
    assert waits.user == ""
    assert "it may run 1 times in 10min" in waits.why


def test_who_cancels_is_said() -> None:
    play = Playbook(with_action(2, cancel=MENU.actions[2].access))
    play.press("Restart [Ready].txt", "alice")
    play.press("Restart [Running].txt", "o'neil")
    runs = standing(play, RESTART)
    assert runs is not None
    assert (runs.user, runs.why) == ("alice", "o'neil cancels it")
    play.end(143)
    cancelled = standing(play, RESTART)
    assert cancelled is not None
    assert (cancelled.state, cancelled.why) == (FlagState.CANCELLED, "o'neil cancelled it")


def test_another_menu_is_told_with_its_faults_and_what_is_gone_from_it_is_not() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.press("Run [Ready].txt", "bob", BACKUP)
    problem = Problem("apache.yaml", 3, 9, "cannot find the program")
    fault = Fault("Apache", FOLDER, (problem,))
    menu = replace(MENU, actions=MENU.actions[:1], problems=(problem,), faults=(fault,))
    play.step(on.Reconfigured(menu))
    status = play.published[-1]
    assert (status.actions, status.folders) == (1, 1)
    assert status.faults == ("apache.yaml:3:9: cannot find the program",)
    assert [one.action for one in status.standings] == [RESTART, START]
    play.end()
    assert play.published[-1].standings == ()


def test_presses_that_nothing_came_of_are_counted() -> None:
    queued = Queued(RESTART, "alice", 1001, "192.0.2.7", "c0")
    run = Run("5f39-1", "alice", 1001, "192.0.2.7", "c1", BEGAN - 60)
    play = Playbook(queued=(queued,), histories={START: History((run,))})
    assert play.published == [Status("/srv/controls", 4, 2, missed=1)]


def test_a_touch_that_changes_nothing_is_no_news() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    count = len(play.published)
    play.wait(60)  # its text is written anew
    play.step(on.FolderListed(FOLDER.path, ()))
    assert len(play.published) == count
