"""Conversations about limits, cool-downs, hours, live output and the history."""

from dataclasses import replace
from datetime import UTC, datetime

from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import FactKind
from fui.model.instant import Instant
from fui.model.job import Ending, History, Progress, Run, Use
from fui.model.menu import ActionId, Hours, Limit, Menu, Span
from fui.model.states import JobResult, Refusal
from tests.playbook import MENU, Playbook

RESTART = ActionId("Apache", "Restart")
OFFICE = Hours(tuple(Span(day, 8 * 60, 18 * 60) for day in range(5)), UTC, "Mon-Fri 08:00-18:00")


def having(**changes: object) -> Menu:
    restart = replace(MENU.actions[2], **changes)  # type: ignore[arg-type]
    return replace(MENU, actions=(*MENU.actions[:2], restart, MENU.actions[3]))


def at(play: Playbook, text: str) -> None:
    """Set the clock on the wall before anything happens."""
    wall = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    play.now = Instant(play.now.mono, wall)


def run(play: Playbook, name: str, user: str = "alice") -> None:
    play.press(f"{name}.txt", user)
    play.end()


# -- limits -------------------------------------------------------------------------------------


def test_an_action_that_ran_often_enough_waits_and_says_until_when() -> None:
    play = Playbook(having(limit=Limit(2, 600.0)))
    run(play, "Restart [Ready]")
    run(play, "Restart [Done]")
    assert play.names()[0] == "Restart [Done]"
    play.wait(60)
    assert play.names()[0] == "Restart [Wait]"
    assert "not before 2027-01-15 08:10:00 UTC: it may run 2 times in 10min" in play.text(
        "Restart [Wait]"
    )
    play.press("Restart [Wait].txt", "alice")
    assert play.names()[0] == "Restart [Wait]"
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.LIMIT
    assert len(play.started()) == 2
    play.wait(540)
    assert play.names()[0] == "Restart [Ready]"
    run(play, "Restart [Ready]")
    assert len(play.started()) == 3


def test_an_action_cools_down_from_its_end() -> None:
    play = Playbook(having(limit=Limit(cooldown=300.0)))
    play.press("Restart [Ready].txt", "alice")
    play.wait(100)
    play.end()
    play.press("Restart [Done].txt", "alice")
    assert play.names()[0] == "Restart [Wait]"
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.LIMIT
    play.wait(299)
    assert play.names()[0] == "Restart [Wait]"
    play.wait(2)
    assert play.names()[0] == "Restart [Ready]"


def test_a_limit_for_each_user_stands_in_nobody_elses_way() -> None:
    play = Playbook(having(limit=Limit(1, 600.0, per_user=True)))
    run(play, "Restart [Ready]")
    play.wait(60)
    assert play.names()[0] == "Restart [Ready]"
    play.press("Restart [Ready].txt", "alice")
    assert play.names()[0] == "Restart [Wait]"
    assert "1 times in 10min, for each user" in play.text("Restart [Wait]")
    play.press("Restart [Wait].txt", "o'neil")
    assert play.names()[0] == "Restart [Running]"
    play.end()
    play.wait(61)
    play.press("Restart [Ready].txt", "o'neil")
    play.wait(61)
    assert play.names()[0] == "Restart [Ready]"


def test_the_count_survives_a_restart() -> None:
    now = 1_800_000_000.0
    last = Run("0-1", "alice", 1001, "", "c", now - 9, now - 5, JobResult.DONE, 0)
    history = History((last,), (Use(1001, now - 9, now - 5),))
    play = Playbook(having(limit=Limit(1, 60.0)), histories={RESTART: history})
    assert play.names()[0] == "Restart [Wait]"
    play.wait(52)
    assert play.names()[0] == "Restart [Ready]"


def test_who_may_not_is_denied_before_he_is_told_to_wait() -> None:
    play = Playbook(having(limit=Limit(1, 600.0)))
    run(play, "Restart [Ready]")
    play.wait(60)
    play.press("Restart [Wait].txt", "bob")
    assert play.names()[0] == "Restart [Denied]"
    play.wait(60)
    assert play.names()[0] == "Restart [Wait]"


# -- hours --------------------------------------------------------------------------------------


def test_outside_its_hours_an_action_is_closed_and_says_until_when() -> None:
    play = Playbook(having(hours=OFFICE), start=False)
    at(play, "2026-11-27T17:59:00")  # a Friday
    play.step(on.Started())
    assert play.names()[0] == "Restart [Ready]"
    play.wait(60)
    assert play.names()[0] == "Restart [Closed]"
    text = play.text("Restart [Closed]")
    assert "closed until 2026-11-30 08:00:00 UTC (Mon-Fri 08:00-18:00)" in text
    play.press("Restart [Closed].txt", "alice")
    assert play.names()[0] == "Restart [Closed]"
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.CLOSED
    play.wait(2.5 * 86400 + 2 * 3600 - 60)
    assert play.names()[0] == "Restart [Closed]"
    play.wait(3600)
    assert play.names()[0] == "Restart [Ready]"
    run(play, "Restart [Ready]")
    assert len(play.started()) == 1


def test_a_result_shown_at_closing_time_can_be_pressed_no_more() -> None:
    play = Playbook(having(hours=OFFICE), start=False)
    at(play, "2026-11-27T17:59:50")
    play.step(on.Started())
    run(play, "Restart [Ready]")
    play.wait(20)
    assert play.names()[0] == "Restart [Done]"
    play.press("Restart [Done].txt", "alice")
    assert play.names()[0] == "Restart [Closed]"
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.CLOSED


def test_what_said_closed_runs_nothing_though_it_is_open_by_now() -> None:
    play = Playbook(having(hours=OFFICE), start=False)
    at(play, "2026-11-30T07:59:59")
    play.step(on.Started())
    play.wait(0.5)
    play.gone("Restart [Closed].txt", "alice")
    play.wait(1)
    play.answer()
    assert play.names()[0] == "Restart [Ready]"
    assert play.facts(FactKind.DENIED)[0].reason == "it was closed when it was pressed"
    assert play.started() == []


def test_a_clock_that_is_put_is_noticed_when_the_share_is_looked_at() -> None:
    play = Playbook(having(hours=OFFICE), start=False)
    at(play, "2026-11-28T12:00:00")
    play.step(on.Started())
    assert play.names()[0] == "Restart [Closed]"
    at(play, "2026-11-30T12:00:00")
    play.wait(300)
    assert play.names()[0] == "Restart [Ready]"
    at(play, "2026-11-28T12:00:00")
    play.wait(300)
    assert play.names()[0] == "Restart [Closed]"


def test_a_group_that_is_taken_blocks_what_is_closed_and_leaves_it_closed() -> None:
    play = Playbook(having(hours=OFFICE), start=False)
    at(play, "2026-11-28T12:00:00")
    play.step(on.Started())
    play.press("Start [Ready].txt", "alice")
    assert play.names()[0] == "Restart [Blocked]"
    play.end()
    assert play.names()[0] == "Restart [Closed]"


def test_always_is_never_closed() -> None:
    always = Hours(tuple(Span(day, 0, 1440) for day in range(7)), UTC, "Mon-Sun 00:00-24:00")
    play = Playbook(having(hours=always))
    play.wait(8 * 86400)
    assert play.names()[0] == "Restart [Ready]"


# -- live output --------------------------------------------------------------------------------


def saw(play: Playbook, output: str, progress: Progress | None = None) -> None:
    job = play.started()[-1].job
    play.seen[job] = on.JobSeen(job, output, len(output), progress)


def test_a_running_flag_shows_what_the_job_writes_and_for_how_long() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    saw(play, "one\n")
    play.wait(1.5)
    assert "one" not in play.text("Restart [Running]")
    play.wait(1)
    text = play.text("Restart [Running]")
    assert "Running for     2 s" in text
    assert text.endswith("Output\n------\none\n")
    shown = len([effect for effect in play.effects if isinstance(effect, do.ShowFlag)])
    play.wait(7)
    assert len([effect for effect in play.effects if isinstance(effect, do.ShowFlag)]) == shown
    play.wait(4)
    assert "Running for     12 s" in play.text("Restart [Running]")
    play.end(0, "one\ntwo\n")
    assert play.text("Restart [Done]").endswith("one\ntwo\n")
    play.wait(60)
    assert not any(isinstance(effect, do.LookAtJob) for effect in play.wait(10))


def test_progress_stands_in_the_name_at_most_once_a_second() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    saw(play, "", Progress(40, "copying"))
    play.wait(0.9)
    assert play.names()[0] == "Restart [Running]"
    play.wait(0.2)
    assert play.names()[0] == "Restart [Running 40 %]"
    saw(play, "", Progress(41, "copying"))
    play.wait(0.5)
    assert play.names()[0] == "Restart [Running 40 %]"
    play.wait(0.5)
    assert play.names()[0] == "Restart [Running 41 %]"
    assert "Progress        41 % copying" in play.text("Restart [Running 41 %]")
    play.press("Restart [Running 41 %].txt", "alice")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY
    assert play.names()[0] == "Restart [Running 41 %]"
    play.end()
    assert play.names()[0] == "Restart [Done]"


def test_a_job_that_is_over_is_not_looked_at() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    job = play.started()[0].job
    play.end()
    assert [
        effect for effect in play.step(on.JobSeen(job, "late", 4)) if "Show" in str(effect)
    ] == []
    assert play.step(on.JobSeen("none")) == []
    assert play.step(on.JobStarted("none")) == []
    assert play.step(on.JobEnded("none", Ending(0))) == []


# -- history ------------------------------------------------------------------------------------


def test_the_last_ten_runs_stand_inside_a_line_each() -> None:
    play = Playbook()
    name = "Restart [Ready]"
    for number in range(12):
        play.press(f"{name}.txt", "alice" if number % 2 else "o'neil")
        play.wait(0.5)
        play.end(number % 3, "output\n")
        name = play.names()[0]
    text = play.text(name)
    lines = text.partition("History\n")[2].partition("\n\n")[0].splitlines()
    assert len(lines) == 10
    assert lines[0].endswith("alice   failed (2), 0.5 s")
    assert lines[2].endswith("alice   done, 0.5 s")
    assert lines[1].endswith("o'neil  failed (1), 0.5 s")
    saved = play.last(do.SaveHistory).history
    assert [bool(one.tail) for one in saved.runs] == [False] * 9 + [True]


def test_a_cancellation_that_nobody_did_while_the_job_is_looked_at_leaves_one_flag() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    saw(play, "", Progress(0))
    play.wait(1.1)
    play.delete("Restart [Running 0 %].txt")
    play.wait(1.85)
    saw(play, "", Progress(1))
    play.now = replace(play.now, mono=play.now.mono + 0.3, wall=play.now.wall + 0.3)
    play.step(on.Woken(play.now.mono))
    assert play.names() == ["Restart [Running 1 %]", "Start [Blocked]", "Stop [Blocked]"]


def test_a_text_that_the_share_refused_is_written_at_the_next_look() -> None:
    play = Playbook(having(queue=5))
    play.press("Start [Ready].txt", "alice")
    play.press("Restart [Ready].txt", "alice")
    play.refuse_share = "disk full"
    play.press("Restart [Queued 1].txt", "bob")
    play.refuse_share = ""
    assert "Restart [Queued 1]" not in play.names()
    play.wait(6)
    assert "a press by bob ran nothing" in play.text("Restart [Queued 1]")
    play.refuse_share = "disk full"
    saw(play, "more\n")
    play.wait(3)
    play.refuse_share = ""
    assert "more" not in play.text("Start [Running]")
    play.wait(6)
    assert "more" in play.text("Start [Running]")
