from dataclasses import replace
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest

from fui.core.flag_text import TAIL_LIMIT, Content, moment, render, render_fault, tail
from fui.model.events import JobSeen
from fui.model.job import History, Progress, Run
from fui.model.menu import Access, Action, Hours, Limit, Subject, SubjectKind
from fui.model.states import JobResult
from tests.playbook import ADMINS, MENU

RESTART = MENU.actions[2]
NOW = 1_800_000_000.0
RUN = Run("5f3a-9", "alice", 1001, "192.0.2.7", "c1", NOW)
BERLIN = ZoneInfo("Europe/Berlin")


def text(
    *runs: Run,
    action: Action = RESTART,
    state: str = "Ready",
    note: str = "",
    seen: JobSeen | None = None,
    after: float = 0.0,
    zone: tzinfo = UTC,
    execute: str = "",
) -> str:
    history = History(runs)
    return render(action, Content(state, NOW + after, zone, note, history, seen, execute))


def test_a_flag_that_was_never_pressed() -> None:
    assert text() == (
        "Apache: Restart\n"
        "\n"
        "Runs            /usr/bin/systemctl restart (as root:root)\n"
        "Who may         group wwwadmins, but not user mallory\n"
        "How             delete this file; it comes back and shows its state\n"
        "State           Ready\n"
    )


def test_everything_there_is_to_say_of_an_action() -> None:
    bob = Subject(SubjectKind.USER, "bob")
    action = replace(
        RESTART,
        description="Restarts the web server",
        access=Access((ADMINS, bob)),
        confirm=30.0,
        cancel=Access((bob,), (ADMINS,)),
        hours=Hours((), UTC, "Mon-Fri 08:00-18:00 UTC"),
        limit=Limit(3, 600.0, 60.0, per_user=True),
        queue=5,
    )
    made = text(action=action, state="Closed; closed until then", note="why", execute="Execute")
    assert made == (
        "Apache: Restart\n"
        "\n"
        "What it does    Restarts the web server\n"
        "Runs            /usr/bin/systemctl restart (as root:root)\n"
        "Who may         group wwwadmins, user bob\n"
        "How             delete this file, or move it into Execute; it comes back and shows its"
        " state\n"
        "To confirm      delete it once more within 30s\n"
        "To cancel       delete it while it runs (user bob, but not group wwwadmins)\n"
        "Hours           Mon-Fri 08:00-18:00 UTC\n"
        "Limit           3 times in 10min, again 1min after its end, for each user\n"
        "When busy       a press waits its turn; delete it once more to leave the queue\n"
        "State           Closed; closed until then\n"
        "Note            why\n"
    )


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (Limit(3, 600.0), "3 times in 10min"),
        (Limit(cooldown=90.0), "again 90s after its end"),
        (Limit(1, 86400.0, per_user=True), "1 times in 1d, for each user"),
    ],
)
def test_a_limit_says_what_it_has(limit: Limit, said: str) -> None:
    assert f"\nLimit           {said}\n" in text(action=replace(RESTART, limit=limit))


def test_a_run_that_is_under_way_shows_how_far_it_is_and_what_it_wrote() -> None:
    seen = JobSeen("5f3a-9", "one\ntwo\x1b[2J\n", 12, Progress(40, "compiling\n"))
    before = replace(RUN, started=NOW - 60, ended=NOW - 59, result=JobResult.DONE, status=0)
    made = text(before, RUN, state="Running; 40 %", seen=seen, after=12.4, zone=BERLIN)
    assert made == (
        "Apache: Restart\n"
        "\n"
        "Runs            /usr/bin/systemctl restart (as root:root)\n"
        "Who may         group wwwadmins, but not user mallory\n"
        "How             delete this file; it comes back and shows its state\n"
        "State           Running; 40 %\n"
        "\n"
        "Last run\n"
        "Who             alice from 192.0.2.7\n"
        "When            2027-01-15 09:00:00 CET\n"
        "Running for     12 s, at 2027-01-15 09:00:12 CET\n"
        "Progress        40 % compiling\n"
        "\n"
        "History\n"
        "2027-01-15 09:00:00 CET  alice  running\n"
        "2027-01-15 08:59:00 CET  alice  done, 1.0 s\n"
        "\n"
        "Output\n"
        "------\n"
        "one\n"
        "two\\x1b[2J\n"
    )


def test_one_that_was_not_looked_at_yet_shows_its_time_only() -> None:
    made = text(replace(RUN, client=""), state="Running")
    assert made.endswith(
        "State           Running\n"
        "\n"
        "Last run\n"
        "Who             alice\n"
        "When            2027-01-15 08:00:00 UTC\n"
        "Running for     0 s, at 2027-01-15 08:00:00 UTC\n"
    )


def test_one_that_says_nothing_of_its_progress_has_none() -> None:
    made = text(RUN, seen=JobSeen("5f3a-9", "out", 3))
    assert "Progress" not in made
    assert made.endswith("\nOutput\n------\nout\n")
    made = text(RUN, seen=JobSeen("5f3a-9", progress=Progress(0)))
    assert made.endswith("\nProgress        0 %\n")


def test_a_clock_that_went_back_shows_no_negative_time() -> None:
    assert "\nRunning for     0 s, at 2027-01-15 07:59:55 UTC\n" in text(RUN, after=-5.0)
    over = replace(RUN, ended=NOW - 5, result=JobResult.DONE, status=0)
    assert "\nHow long        0.0 s\n" in text(over)


def test_a_run_that_is_over_shows_how_it_ended_and_those_before_it_a_line_each() -> None:
    user = {"user": "o'neil", "client": "192.0.2.9"}
    runs = (
        replace(RUN, started=NOW - 400, result=JobResult.INTERRUPTED),
        replace(RUN, started=NOW - 300, ended=NOW - 297, result=JobResult.TIMED_OUT, status=143),
        replace(RUN, started=NOW - 200, ended=NOW - 200, result=JobResult.NOT_STARTED),
        replace(RUN, started=NOW - 100, ended=NOW - 98.75, result=JobResult.DONE, status=0, **user),  # type: ignore[arg-type]
        replace(
            RUN, ended=NOW + 1.26, result=JobResult.FAILED, status=3, tail="a\nb\n\n", error="why"
        ),
    )
    assert text(*runs, state="Failed", after=2.0, seen=JobSeen("5f3a-9", "old", 3)) == (
        "Apache: Restart\n"
        "\n"
        "Runs            /usr/bin/systemctl restart (as root:root)\n"
        "Who may         group wwwadmins, but not user mallory\n"
        "How             delete this file; it comes back and shows its state\n"
        "State           Failed\n"
        "\n"
        "Last run\n"
        "Who             alice from 192.0.2.7\n"
        "When            2027-01-15 08:00:00 UTC\n"
        "How long        1.3 s\n"
        "Result          failed\n"
        "Exit status     3\n"
        "Reason          why\n"
        "Job             5f3a-9\n"
        "\n"
        "History\n"
        "2027-01-15 08:00:00 UTC  alice   failed (3), 1.3 s\n"
        "2027-01-15 07:58:20 UTC  o'neil  done, 1.2 s\n"
        "2027-01-15 07:56:40 UTC  alice   not started, 0.0 s\n"
        "2027-01-15 07:55:00 UTC  alice   took too long and was ended (143), 3.0 s\n"
        "2027-01-15 07:53:20 UTC  alice   interrupted\n"
        "\n"
        "Output\n"
        "------\n"
        "a\n"
        "b\n"
    )


def test_a_single_run_needs_no_history() -> None:
    over = replace(RUN, ended=NOW + 1, result=JobResult.DONE, status=0)
    made = text(over)
    assert "History" not in made
    assert made.endswith("\nResult          done\nExit status     0\nJob             5f3a-9\n")


def test_an_interrupted_run_may_have_no_end() -> None:
    made = text(replace(RUN, result=JobResult.INTERRUPTED))
    assert "\nResult          interrupted\nJob             5f3a-9\n" in made
    assert "How long" not in made
    assert "Running for" not in made


def test_nothing_that_somebody_wrote_makes_a_line_of_its_own_or_moves_a_terminal() -> None:
    evil = "x\nState           Ready\x1b[2J\u202e\udcff"
    shown = "x\\x0aState           Ready\\x1b[2J\\u202e\\xff"
    command = replace(RESTART.command, argv=("/bin/x", evil))
    action = replace(RESTART, description=evil, command=command)
    run = replace(RUN, user=evil, client=evil, error=evil, result=JobResult.FAILED, ended=NOW)
    made = text(run, run, action=action, state=evil, note=evil, execute=evil)
    assert made.count(shown) == 10
    assert made.replace("\n", "").isprintable()
    running = text(RUN, seen=JobSeen("5f3a-9", evil, 9, Progress(1, evil)))
    assert f"\nProgress        1 % {shown}\n" in running
    assert running.endswith("x\nState           Ready\\x1b[2J\\u202e\\xff\n")


def test_a_fault_says_what_is_wrong_a_line_each() -> None:
    assert render_fault("Apa\x1bche", "a.yaml:3:5: cannot a\x00\nb.yaml:1:1: cannot b") == (
        "Apa\\x1bche: the configuration has a fault. What was right before still holds.\n"
        "Tell whoever runs this server:\n"
        "\n"
        "a.yaml:3:5: cannot a\\x00\n"
        "b.yaml:1:1: cannot b\n"
    )


def test_the_tail_begins_with_a_whole_line() -> None:
    assert tail("a\r\nb\x1b\n\tc\r") == "a\nb\\x1b\n\tc\\x0d"
    shown = tail("first\n" + "x" * 10 + "\n" * 3 + "y" * (TAIL_LIMIT - 2))
    assert shown == "\n" + "y" * (TAIL_LIMIT - 2)


def test_an_output_that_just_fits_is_whole() -> None:
    output = "first\n" + "y" * (TAIL_LIMIT - 6)
    assert tail(output) == output


def test_a_line_that_is_too_long_by_itself_is_shown_all_the_same() -> None:
    assert tail("y" * TAIL_LIMIT) == "y" * TAIL_LIMIT
    assert tail("y" * (TAIL_LIMIT + 5)) == "y" * TAIL_LIMIT
    assert tail("y" * TAIL_LIMIT + "\n") == "y" * (TAIL_LIMIT - 1) + "\n"


def test_what_is_escaped_counts_as_it_is_shown() -> None:
    assert tail("\x00" * TAIL_LIMIT) == "\\x00" * (TAIL_LIMIT // 4)


def test_a_moment_in_a_zone() -> None:
    assert moment(0.0, UTC) == "1970-01-01 00:00:00 UTC"
    assert moment(1_785_000_000.9, BERLIN) == "2026-07-25 19:20:00 CEST"
