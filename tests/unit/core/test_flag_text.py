from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

from fui.core.flag_text import TAIL_LIMIT, moment, render, tail
from fui.model.job import Run
from fui.model.menu import Access
from fui.model.states import JobResult
from tests.playbook import ADMINS, MENU

RESTART = MENU.actions[2]
RUN = Run("5f3a-1", "alice", 1001, "192.0.2.7", "c1", 1_800_000_000.0)


def test_a_flag_that_was_never_pressed() -> None:
    assert render(RESTART, "Ready", "", None, UTC) == (
        "Apache: Restart\n"
        "\n"
        "Runs            /usr/bin/systemctl restart (as root:root)\n"
        "Who may         group wwwadmins, but not user mallory\n"
        "How             delete this file; it comes back and shows its state\n"
        "State           Ready\n"
    )


def test_everything_there_is_to_say() -> None:
    action = replace(RESTART, description="Restarts the web server", access=Access((ADMINS,)))
    run = replace(
        RUN, ended=RUN.started + 1.26, result=JobResult.FAILED, status=3, tail="a\nb\n", error="why"
    )
    text = render(action, "Failed", "note", run, ZoneInfo("Europe/Berlin"))
    assert text == (
        "Apache: Restart\n"
        "\n"
        "What it does    Restarts the web server\n"
        "Runs            /usr/bin/systemctl restart (as root:root)\n"
        "Who may         group wwwadmins\n"
        "How             delete this file; it comes back and shows its state\n"
        "State           Failed\n"
        "Note            note\n"
        "\n"
        "Last run\n"
        "Who             alice from 192.0.2.7\n"
        "When            2027-01-15 09:00:00 CET\n"
        "How long        1.3 s\n"
        "Result          failed\n"
        "Exit status     3\n"
        "Reason          why\n"
        "Job             5f3a-1\n"
        "\n"
        "Output\n"
        "------\n"
        "a\n"
        "b\n"
    )


def test_a_run_that_is_under_way_has_no_result() -> None:
    text = render(RESTART, "Running", "", replace(RUN, client=""), UTC)
    assert text.endswith(
        "Last run\nWho             alice\nWhen            2027-01-15 08:00:00 UTC\n"
    )


def test_an_interrupted_run_may_have_no_end() -> None:
    text = render(RESTART, "Ready", "", replace(RUN, result=JobResult.INTERRUPTED), UTC)
    assert "Result          interrupted\n" in text
    assert "How long" not in text


def test_a_clock_that_went_back_shows_no_negative_time() -> None:
    run = replace(RUN, ended=RUN.started - 5, result=JobResult.DONE, status=0)
    assert "How long        0.0 s\n" in render(RESTART, "Done", "", run, UTC)


def test_the_tail_begins_with_a_whole_line() -> None:
    assert tail("a\r\nb\x1b\n\tc") == "a\nb\\x1b\n\tc"
    shown = tail("first\n" + "x" * 10 + "\n" * 3 + "y" * (TAIL_LIMIT - 2))
    assert shown == "\n" + "y" * (TAIL_LIMIT - 2)
    assert tail("y" * (TAIL_LIMIT + 5)) == "y" * TAIL_LIMIT


def test_a_moment_in_a_zone() -> None:
    assert moment(0.0, UTC) == "1970-01-01 00:00:00 UTC"
