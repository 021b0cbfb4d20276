"""Whole conversations with the engine: events in, effects out."""

from dataclasses import replace

import pytest

from fui.core.upkeep import AT_ONCE
from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import Fact, FactKind
from fui.model.job import Ending, History, Job, Run
from fui.model.menu import Access, ActionId, Settings
from fui.model.naming import Naming
from fui.model.states import FlagState, JobResult, Loss, Refusal
from tests.playbook import ADMINS, BACKUP, FOLDER, MALLORY, MENU, Playbook

RESTART = ActionId("Apache", "Restart")
READY = ["Restart [Ready]", "Start [Ready]", "Stop [Ready]"]


def test_at_start_every_flag_is_shown_ready() -> None:
    play = Playbook()
    assert play.names() == READY
    assert play.names(BACKUP) == ["Run [Ready]"]
    assert play.facts() == []


def test_a_press_event_by_event() -> None:
    play = Playbook()
    play.wait(1)
    assert play.delete("Restart [Ready].txt") == [
        do.ExpectRecords(101.0),
        do.RequestWakeup(103.0),
    ]
    assert play.names() == READY[1:]
    assert play.record("Restart [Ready].txt", "alice") == [
        do.LookUpAccount(1, 1001, "alice", frozenset({ADMINS, MALLORY}), 2.0),
        do.ExpectRecords(None),
        do.RequestWakeup(400.0),
    ]
    effects = play.account("alice")
    restart = MENU.actions[2]
    run = Run("5f3a-1", "alice", 1001, "192.0.2.7", "c1", play.now.wall)
    job = Job("5f3a-1", restart, run, due=play.now.mono + 600.0)
    assert effects[:4] == [
        do.Tell(
            Fact(
                FactKind.PRESSED,
                RESTART,
                user="alice",
                uid=1001,
                client="192.0.2.7",
                records=("c1",),
                latency=0.0,
            )
        ),
        do.SaveHistory(RESTART, History((run,))),
        do.SaveJob(job),
        do.StartJob(
            "5f3a-1",
            restart.command,
            (
                ("FUI_USER", "alice"),
                ("FUI_CLIENT", "192.0.2.7"),
                ("FUI_OBJECT", "Apache"),
                ("FUI_ACTION", "Restart"),
                ("FUI_JOB", "5f3a-1"),
            ),
        ),
    ]
    assert [(effect.old, effect.name) for effect in effects if isinstance(effect, do.ShowFlag)] == [
        (None, "Restart [Running].txt"),
        ("Start [Ready].txt", "Start [Blocked].txt"),
        ("Stop [Ready].txt", "Stop [Blocked].txt"),
    ]
    assert do.SaveCursor("c1") in effects
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert play.step(on.JobStarted("5f3a-1")) == [
        do.Tell(
            Fact(
                FactKind.STARTED,
                RESTART,
                user="alice",
                uid=1001,
                client="192.0.2.7",
                job="5f3a-1",
                run_as="root:root",
                argv=("/usr/bin/systemctl", "restart"),
                records=("c1",),
            )
        ),
        do.SaveJob(replace(job, told=True)),
    ]
    play.wait(1.5)
    play.end(0, "restarted\n")
    assert play.names() == ["Restart [Done]", "Start [Ready]", "Stop [Ready]"]
    ended = play.facts(FactKind.ENDED)[0]
    assert (ended.result, ended.status, ended.duration) == (JobResult.DONE, 0, 1.5)
    assert play.facts(FactKind.OUTPUT)[0].output == "restarted\n"
    text = play.text("Restart [Done]")
    for line in ("Who             alice from 192.0.2.7", "How long        1.5 s", "restarted"):
        assert line in text
    play.wait(59)
    assert play.names()[0] == "Restart [Done]"
    play.wait(1)
    assert play.names() == READY
    assert play.told() == ["pressed", "started", "ended", "output"]


def test_the_record_may_come_before_the_event() -> None:
    play = Playbook()
    play.wait(0.1)
    assert play.record("Restart [Ready].txt", "alice") == [do.RequestWakeup(102.1)]  # and no cursor
    play.delete("Restart [Ready].txt")
    play.account("alice")
    assert [job.job for job in play.started()] == ["5f3a-1"]


def test_a_failed_command_shows_failed_and_can_be_pressed_again() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.end(3, "no\n")
    assert play.names() == ["Restart [Failed]", "Start [Ready]", "Stop [Ready]"]
    assert "Exit status     3" in play.text("Restart [Failed]")
    play.press("Restart [Failed].txt", "alice")
    play.end(0)
    play.press("Restart [Done].txt", "alice")
    assert len(play.started()) == 3


def test_a_missing_rule_is_a_failure_with_its_reason() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.end(1, "sudo: a password is required\n", error="sudo has no rule; add: fui ALL=…")
    assert play.facts(FactKind.ENDED)[0].result is JobResult.NOT_STARTED
    assert "add: fui ALL=…" in play.text("Restart [Failed]")


def test_who_is_not_allowed_is_denied_and_told_why() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "bob")
    assert play.names() == ["Restart [Denied]", "Start [Ready]", "Stop [Ready]"]
    assert "a press by bob ran nothing: allowed is group wwwadmins" in play.text("Restart [Denied]")
    assert play.facts(FactKind.DENIED) == [
        Fact(
            FactKind.DENIED,
            RESTART,
            user="bob",
            uid=1002,
            client="192.0.2.7",
            refusal=Refusal.NOT_ALLOWED,
            reason="allowed is group wwwadmins",
            records=("c1",),
        )
    ]
    play.wait(60)
    assert play.names() == READY
    assert "bob" not in play.text("Restart [Ready]")
    assert play.started() == []


def test_deny_beats_allow() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "mallory")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.DENY_RULE
    assert play.started() == []


def test_a_denied_flag_can_be_pressed_by_who_may() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "bob")
    play.press("Restart [Denied].txt", "alice")
    assert play.names()[0] == "Restart [Running]"


def test_without_a_record_nobody_is_proven_and_a_late_record_fits_nothing() -> None:
    play = Playbook()
    play.wait(1)
    late = play.entry("Restart [Ready].txt", "alice")
    play.delete("Restart [Ready].txt")
    play.wait(1.9)
    assert play.names() == READY[1:]
    play.wait(0.2)
    assert play.names() == ["Restart [Denied]", "Start [Ready]", "Stop [Ready]"]
    assert play.told() == ["unattributed"]
    play.step(on.EntryRead(late))
    play.wait(3)
    assert play.told() == ["unattributed", "lost"]
    assert play.facts(FactKind.LOST)[0].uid == 1001
    play.wait(60)
    assert play.names() == READY
    assert play.started() == []


def test_a_press_that_nobody_did_is_shown_until_its_record_can_come_no_more() -> None:
    settings = Settings("/srv/controls", result_shown_for=5.0, late_record_window=30.0, settle=0.0)
    play = Playbook(replace(MENU, settings=settings))
    play.wait(1)
    play.delete("Restart [Ready].txt")
    play.wait(31.9)
    assert play.names()[0] == "Restart [Denied]"
    play.wait(0.2)
    assert play.names() == READY
    play.press("Restart [Ready].txt", "alice")
    assert len(play.started()) == 1


def test_two_candidates_are_none() -> None:
    play = Playbook()
    play.wait(1)
    play.record("Restart [Ready].txt", "alice")
    play.record("Restart [Ready].txt", "bob")
    play.delete("Restart [Ready].txt")
    assert [fact.refusal for fact in play.facts()] == [Refusal.CONTRADICTION]
    assert play.started() == []


def test_who_closed_the_file_is_not_who_deleted_it() -> None:
    play = Playbook()
    play.wait(1)
    play.delete("Restart [Ready].txt")
    play.record("Restart [Ready].txt", "alice", text="bob|192.0.2.8|Controls|unlinkat|ok|")
    play.account("alice")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.DEFERRED_DELETE
    assert play.started() == []


def test_samba_spells_unsafe_names_with_underscores() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "o'neil")
    assert dict(play.started()[0].environment)["FUI_USER"] == "o'neil"


@pytest.mark.parametrize("name", ["Restart [Running]", "Start [Blocked]"])
def test_what_is_not_ready_comes_back_and_runs_nothing(name: str) -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    before = play.names()
    play.press(f"{name}.txt", "alice")
    assert play.names() == before
    assert len(play.started()) == 1
    denied = play.facts(FactKind.DENIED)[0]
    assert (denied.refusal, denied.reason) == (
        Refusal.BUSY,
        "Apache/Restart is running for alice",
    )


def test_a_running_flag_deleted_by_nobody_known_comes_back_running() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.wait(1)
    play.delete("Restart [Running].txt")
    play.wait(2.1)
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert play.told()[-1] == "unattributed"


def test_a_flag_deleted_while_blocked_runs_nothing_though_the_group_is_free_by_then() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.wait(1)
    play.delete("Start [Blocked].txt")
    play.end(0)
    play.record("Start [Blocked].txt", "alice")
    play.account("alice")
    assert len(play.started()) == 1
    assert play.facts(FactKind.DENIED)[0].reason == "it was not ready when it was pressed"
    assert play.names() == ["Restart [Done]", "Start [Ready]", "Stop [Ready]"]


def test_two_presses_in_one_group_one_runs() -> None:
    play = Playbook()
    play.wait(1)
    play.delete("Start [Ready].txt")
    play.delete("Stop [Ready].txt")
    play.record("Start [Ready].txt", "alice")
    play.record("Stop [Ready].txt", "o'neil")
    first, second = (e for e in play.effects if isinstance(e, do.LookUpAccount))
    play.step(on.AccountFound(second.question, "o'neil", frozenset({ADMINS})))
    play.step(on.AccountFound(first.question, "alice", frozenset({ADMINS})))
    assert [job.command.argv[1] for job in play.started()] == ["stop"]
    assert play.names() == ["Restart [Blocked]", "Start [Blocked]", "Stop [Running]"]


def test_other_groups_run_side_by_side() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.press("Run [Ready].txt", "alice", BACKUP)
    assert play.names(BACKUP) == ["Run [Running]"]
    assert len(play.started()) == 2


@pytest.mark.parametrize(
    ("known", "refusal"), [(True, Refusal.NO_ANSWER), (False, Refusal.UNKNOWN_USER)]
)
def test_no_account_no_action(known: bool, refusal: Refusal) -> None:  # noqa: FBT001
    play = Playbook()
    play.wait(1)
    play.delete("Restart [Ready].txt")
    play.record("Restart [Ready].txt", "alice")
    play.step(on.AccountFailed(1, known, "no answer within 2 s"))
    assert play.facts(FactKind.DENIED)[0].refusal is refusal
    assert play.names()[0] == "Restart [Denied]"
    play.step(on.AccountFound(1, "alice", frozenset({ADMINS})))
    assert play.started() == []


def test_a_job_that_takes_too_long_is_asked_then_killed() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    assert do.TerminateJob("5f3a-1") not in play.wait(599)
    assert do.TerminateJob("5f3a-1") in play.wait(1)
    assert do.KillJob("5f3a-1") not in play.wait(9)
    assert do.KillJob("5f3a-1") in play.wait(1.1)
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    play.wait(100)
    assert [e for e in play.effects if isinstance(e, do.KillJob)] == [do.KillJob("5f3a-1")]
    play.end(137)
    assert play.facts(FactKind.ENDED)[0].result is JobResult.TIMED_OUT
    assert "it was still running after 600 s" in play.text("Restart [Failed]")


def test_a_stop_gives_running_jobs_their_grace_and_ends() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    assert play.step(on.StopRequested())[1] == do.TerminateJob("5f3a-1")
    assert play.step(on.StopRequested()) == []
    play.wait(1)
    play.delete("Run [Ready].txt", BACKUP)
    play.record("Run [Ready].txt", "alice", BACKUP)
    play.account("alice")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.STOPPING
    assert play.names(BACKUP) == ["Run [Ready]"]
    assert not any(isinstance(effect, do.Exit) for effect in play.effects)
    effects = play.end(143)
    assert [type(effect) for effect in effects[-2:]] == [do.SaveCursor, do.Exit] or effects[
        -1
    ] == do.Exit()
    assert play.names() == READY
    assert "interrupted" in play.text("Restart [Ready]")
    assert len(play.started()) == 1


def test_where_another_daemon_comes_jobs_go_on_and_it_finds_them() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.wait(5)
    effects = play.step(on.StopRequested(jobs_go_on=True))
    assert effects[-1] == do.Exit()
    assert not any(isinstance(effect, do.TerminateJob) for effect in effects)
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    job = play.last(do.SaveJob).job
    saved = play.last(do.SaveHistory)
    successor = Playbook(histories={saved.action: saved.history}, cursor="c1", jobs=(job,))
    assert successor.names() == play.names()
    assert successor.last(do.AdoptJobs).jobs == (("5f3a-1", MENU.actions[2].command),)
    successor.step(on.JobAdopted("5f3a-1"), on.JobStarted("5f3a-1"))
    successor.step(on.JobEnded("5f3a-1", Ending(0, "restarted\n")))
    assert successor.names() == ["Restart [Done]", "Start [Ready]", "Stop [Ready]"]
    assert successor.told() == ["adopted", "ended", "output"]
    assert successor.last(do.ForgetJob).job == "5f3a-1"


def test_a_job_of_an_action_that_is_gone_keeps_its_folder_until_it_has_ended() -> None:
    play = Playbook()
    play.press("Run [Ready].txt", "alice", BACKUP)
    menu = replace(MENU, actions=MENU.actions[:3])
    successor = Playbook(menu, jobs=(play.last(do.SaveJob).job,))
    assert successor.names(BACKUP) == ["Run [Running]"]
    successor.step(on.JobEnded("5f3a-1", Ending(0)))
    assert BACKUP.path not in successor.files


def test_a_press_whose_job_goes_on_is_not_told_again() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    entry = play.entry("Restart [Ready].txt", "alice", cursor="c1", sent=99.0)
    successor = Playbook(jobs=(play.last(do.SaveJob).job,))
    successor.step(on.EntryRead(entry))
    assert successor.told() == []


def test_a_stop_after_all_ends_what_was_to_go_on() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.delete("Start [Blocked].txt")  # nobody known: the daemon waits for that
    play.step(on.StopRequested(jobs_go_on=True))
    assert do.TerminateJob("5f3a-1") in play.step(on.StopRequested())
    play.wait(5)
    assert do.Exit() not in play.effects
    assert do.Exit() in play.end(143)


def test_a_stop_with_nothing_to_do_ends_at_once() -> None:
    play = Playbook()
    assert do.Exit() in play.step(on.StopRequested())


def test_after_a_crash_the_run_is_told_as_interrupted_and_not_run_again() -> None:
    run = Run("0000-1", "alice", 1001, "192.0.2.7", "c0", 1_799_999_000.0)
    play = Playbook(histories={RESTART: History((run,))}, cursor="c0")
    assert play.names() == READY
    assert "interrupted" in play.text("Restart [Ready]")
    assert [(f.kind, f.result, f.job) for f in play.facts()] == [
        (FactKind.ENDED, JobResult.INTERRUPTED, "0000-1")
    ]
    play.wait(1000)
    assert play.started() == []


def test_what_was_pressed_while_fui_was_down_is_told_and_not_run() -> None:
    done = Run("0-1", "alice", 1001, "", "told", 1.0, 2.0, JobResult.DONE, 0)
    play = Playbook(histories={RESTART: History((done,))}, cursor="c0")
    play.record("Restart [Ready].txt", "alice", sent=50.0)
    play.account("alice")
    play.record("Restart [Ready].txt", "alice", sent=50.0, cursor="told")
    assert [(fact.kind, fact.user) for fact in play.facts()] == [(FactKind.NOT_RUN, "alice")]
    assert play.started() == []
    assert play.names() == READY
    assert play.last(do.SaveCursor) == do.SaveCursor("told")


def test_an_entry_that_is_found_late_does_not_take_the_cursor_back() -> None:
    play = Playbook()
    play.wait(1)
    late = play.entry("Stop [Ready].txt", "bob")
    play.wait(1)
    play.delete("Restart [Ready].txt")
    play.record("Restart [Ready].txt", "alice")
    play.account("alice")
    assert play.last(do.SaveCursor) == do.SaveCursor("c2")
    play.delete("Stop [Blocked].txt")
    play.step(on.EntryRead(late))
    play.wait(5)
    assert play.last(do.SaveCursor) == do.SaveCursor("c2")


def test_a_rename_while_fui_was_down_is_not_a_press() -> None:
    play = Playbook()
    text = "alice|192.0.2.7|Controls|renameat|ok|"
    play.record("Restart [Ready].txt|/srv/controls/Apache/x", "alice", sent=50.0, text=text)
    assert play.facts() == []


def test_leftover_flags_of_the_last_run_go_and_files_of_users_stay() -> None:
    play = Playbook(start=False)
    files = play.files[FOLDER.path]
    files |= {"Restart [Running].txt": "old", "Start [Ready].txt": "old", "notes.txt": "mine"}
    play.users[FOLDER.path] = {"notes.txt"}
    play.step(on.Started())
    assert play.names() == [*READY, "notes"]
    assert "delete this file" in play.text("Start [Ready]")


def test_a_renamed_flag_comes_back_and_who_did_it_is_told() -> None:
    play = Playbook()
    play.wait(1)
    text = "bob|192.0.2.8|Controls|renameat|ok|"
    play.move("Restart [Ready].txt", "mine.txt")
    assert play.names() == READY
    play.record("Restart [Ready].txt|/srv/controls/Apache/mine.txt", "bob", text=text)
    play.account("bob")
    assert [(f.kind, f.user, f.reason) for f in play.facts()] == [
        (FactKind.RESTORED, "bob", "moved or renamed")
    ]
    play.press("Restart [Ready].txt", "alice")
    assert len(play.started()) == 1


def test_a_flag_moved_out_of_the_folder_comes_back() -> None:
    play = Playbook()
    play.wait(1)
    play.move("Restart [Ready].txt", None)
    assert play.names() == READY
    play.wait(3)
    assert [(f.kind, f.user) for f in play.facts()] == [(FactKind.RESTORED, "")]
    assert play.started() == []


def test_a_flag_moved_into_another_folder_is_taken_back() -> None:
    play = Playbook()
    play.move("Restart [Ready].txt", "Restart [Ready].txt", target=BACKUP)
    assert play.names() == READY
    assert play.names(BACKUP) == ["Run [Ready]"]


def test_a_flag_renamed_over_another_one_puts_both_right() -> None:
    play = Playbook()
    play.move("Restart [Ready].txt", "Start [Ready].txt")
    assert play.names() == READY
    assert play.text("Start [Ready]").startswith("Apache: Start\n")
    assert play.text("Restart [Ready]").startswith("Apache: Restart\n")


def test_a_users_file_moved_over_a_flag_is_kept_aside() -> None:
    play = Playbook()
    play.files[FOLDER.path]["mine.txt"] = "mine"
    play.users[FOLDER.path].add("mine.txt")
    play.move("mine.txt", "Start [Ready].txt")
    assert play.names() == [
        "Restart [Ready]",
        "Start [Ready]",
        "Start [Ready].txt (kept 1)",
        "Stop [Ready]",
    ]
    assert play.files[FOLDER.path]["Start [Ready].txt (kept 1)"] == "mine"
    assert FactKind.RESTORED in [fact.kind for fact in play.facts()]


def test_files_of_users_come_and_go_unnoticed() -> None:
    play = Playbook()
    before = len(play.effects)
    play.files[FOLDER.path]["mine.txt"] = "mine"
    play.users[FOLDER.path].add("mine.txt")
    assert play.move("mine.txt", "yours.txt") == []
    assert play.delete("yours.txt") == []
    assert play.record("yours.txt", "bob") == []
    assert play.effects[before:] == []


def test_a_flag_deleted_while_its_state_changes_is_a_press_of_the_old_name() -> None:
    play = Playbook()
    play.wait(1)
    del play.files[FOLDER.path]["Start [Ready].txt"]
    play.press("Restart [Ready].txt", "alice")
    event = on.FileDeleted(on.Place(FOLDER.path, "Start [Ready].txt"))
    assert play.told() == ["pressed", "restored", "started"]
    play.step(event)
    play.wait(3)
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]


def test_the_same_with_the_event_before_the_listing() -> None:
    play = Playbook()
    play.wait(1)
    play.delete("Restart [Ready].txt")
    play.record("Restart [Ready].txt", "alice")
    del play.files[FOLDER.path]["Start [Ready].txt"]
    question = play.last(do.LookUpAccount)
    play.pending.append(on.AccountFound(question.question, "alice", frozenset({ADMINS})))
    play.step(on.FileDeleted(on.Place(FOLDER.path, "Start [Ready].txt")))
    assert play.names() == ["Restart [Running]", "Stop [Blocked]"]
    play.record("Start [Ready].txt", "alice")
    play.account("alice")
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY


def test_what_goes_while_the_flags_are_shown_at_the_start_was_missed() -> None:
    """The daemon sees nothing of it, for it watches only when all of them stand."""
    play = Playbook()
    play.wait(0.1)
    del play.files[FOLDER.path]["Restart [Ready].txt"]
    play.wait(0.1)
    play.step(on.Watching(play.now.mono))
    assert play.names() == READY
    entry = play.entry("Restart [Ready].txt", "alice", sent=play.now.mono - 0.1)
    play.step(on.EntryRead(entry))
    play.account("alice")
    assert play.told() == ["restored", "not-run"]
    play.wait(5)
    play.press("Restart [Ready].txt", "alice")
    assert len(play.started()) == 1


def test_lost_events_lead_to_a_look_and_never_to_an_action() -> None:
    play = Playbook()
    del play.files[FOLDER.path]["Restart [Ready].txt"]
    play.wait(1)
    effects = play.step(on.WatchLost(None, "the queue overflowed", overflow=True))
    assert [
        effect for effect in effects if not isinstance(effect, do.ShowFlag | do.RequestWakeup)
    ] == [
        do.Tell(Fact(FactKind.LOST, reason="the queue overflowed", loss=Loss.WATCH)),
        do.ListFolder(FOLDER.path),
        do.ListFolder(BACKUP.path),
        do.Rewatch(None),
        do.ListFolder(FOLDER.path),
        do.ListFolder(BACKUP.path),
        do.Tell(Fact(FactKind.RESTORED, RESTART, reason="it was missing, and no event told why")),
    ]
    assert play.names() == READY
    play.record("Restart [Ready].txt", "alice", sent=100.5)
    play.wait(3)
    assert play.told() == ["lost", "restored", "lost"]
    assert play.started() == []


def test_a_late_record_of_a_deletion_that_was_lost_proves_no_later_one() -> None:
    play = Playbook()
    play.wait(0.1)
    late = play.entry("Restart [Ready].txt", "alice")
    del play.files[FOLDER.path]["Restart [Ready].txt"]
    play.step(on.WatchLost(None, "the queue overflowed", overflow=True))
    play.wait(0.1)
    play.delete("Restart [Ready].txt")
    play.step(on.EntryRead(replace(late, sent=play.now.mono)))
    assert play.started() == []
    assert play.facts(FactKind.UNATTRIBUTED)[0].refusal is Refusal.CONTRADICTION


@pytest.mark.parametrize("what", [FOLDER.path, None])
def test_flags_that_went_with_their_folder_can_be_pressed_at_once(what: str | None) -> None:
    play = Playbook()
    play.files[FOLDER.path].clear()
    play.step(on.WatchLost(what, "replaced"))
    play.press("Restart [Ready].txt", "alice")
    assert [job.job for job in play.started()] == ["5f3a-1"]


def test_a_replaced_folder_is_made_and_watched_anew_alone() -> None:
    play = Playbook()
    effects = play.step(on.WatchLost(FOLDER.path, "replaced"))
    assert effects == [
        do.Tell(Fact(FactKind.LOST, reason="replaced", loss=Loss.WATCH)),
        do.ListFolder(FOLDER.path),
        do.Rewatch(FOLDER.path),
        do.ListFolder(FOLDER.path),
    ]


def test_what_cannot_be_watched_again_is_tried_now_and_then() -> None:
    play = Playbook()
    for _ in range(AT_ONCE):
        assert do.Rewatch(FOLDER.path) in play.step(on.WatchLost(FOLDER.path, "replaced"))
    play.wait(1)
    assert play.step(on.WatchLost(FOLDER.path, "no watches left")) == [do.RequestWakeup(106.0)]
    assert do.Rewatch(FOLDER.path) not in play.step(on.FolderListed(FOLDER.path, ()))
    assert do.Rewatch(FOLDER.path) in play.wait(5)
    assert len(play.facts(FactKind.LOST)) == 1


def test_now_and_then_the_share_is_looked_at() -> None:
    play = Playbook()
    del play.files[FOLDER.path]["Restart [Ready].txt"]
    play.wait(300)
    assert play.names() == READY
    assert play.told() == ["restored"]


def test_a_share_that_refuses_is_told_once_and_tried_again() -> None:
    play = Playbook()
    play.refuse_share = "cannot write: disk full"
    play.press("Restart [Ready].txt", "alice")
    play.wait(20)
    told = [fact.reason for fact in play.facts(FactKind.LOST)]
    assert told == ["cannot write: disk full"] * 2  # once for each folder
    play.refuse_share = ""
    play.wait(6)
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]


def test_a_forged_entry_is_told_but_not_for_each_one() -> None:
    play = Playbook()
    play.wait(1)
    for _ in range(5):
        play.record("Restart [Ready].txt", "alice", unit="", gid=1001)
    assert len(play.facts(FactKind.SUSPICIOUS)) == 1
    play.delete("Restart [Ready].txt")
    play.wait(3)
    assert play.facts(FactKind.UNATTRIBUTED) != []
    play.wait(60)
    play.record("Restart [Ready].txt", "alice", unit="", gid=1001)
    assert play.facts(FactKind.SUSPICIOUS)[-1].reason.endswith("(6 so far)")
    assert play.started() == []


def test_entries_of_others_are_nothing() -> None:
    play = Playbook()
    assert play.record("Restart [Ready].txt", "alice", identifier="sshd") == []


def test_a_gap_in_the_journal_is_told() -> None:
    play = Playbook()
    play.step(on.JournalGap("the journal was vacuumed"))
    assert [fact.reason for fact in play.facts()] == ["the journal was vacuumed"]


def test_answers_to_questions_nobody_asked_are_nothing() -> None:
    play = Playbook()
    assert play.step(on.AccountFound(9, "alice", frozenset({ADMINS}))) == []
    assert play.step(on.JobStarted("nobody")) == []
    assert play.step(on.JobEnded("nobody", replace(play_ending()))) == []
    assert play.step(on.FileCreated(on.Place(FOLDER.path, "x"))) == []


def play_ending():  # noqa: ANN201
    from fui.model.job import Ending

    return Ending(0)


def test_output_over_the_limit_is_said() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    play.end(0, "x\n", lost=7)
    assert play.facts(FactKind.OUTPUT)[0].reason == "7 bytes before this were over the limit"


def test_words_of_the_settings_are_used() -> None:
    words = {state: f"*{state.value}*" for state in FlagState}
    play = Playbook(
        replace(MENU, settings=Settings("/srv/controls", naming=Naming(words), settle=0.0))
    )
    assert play.names()[0] == "Restart [*ready*]"
    play.press("Restart [*ready*].txt", "alice")
    assert play.names()[0] == "Restart [*running*]"


def confirming() -> Playbook:
    actions = tuple(replace(action, confirm=30.0) for action in MENU.actions)
    return Playbook(replace(MENU, actions=actions))


def test_a_press_to_be_confirmed_runs_when_the_same_user_presses_again() -> None:
    play = confirming()
    play.press("Restart [Ready].txt", "alice")
    assert play.names() == ["Restart [Delete again to confirm]", "Start [Ready]", "Stop [Ready]"]
    assert "alice pressed it, and has to press it once more" in play.text(play.names()[0])
    assert play.started() == []
    play.press("Restart [Delete again to confirm].txt", "alice")
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert play.told() == ["pressed", "asked", "pressed", "started"]


def test_a_press_that_is_not_confirmed_is_forgotten() -> None:
    play = confirming()
    play.press("Restart [Ready].txt", "alice")
    play.wait(30)
    assert play.names() == READY
    play.press("Restart [Ready].txt", "alice")
    assert play.started() == []


def test_somebody_else_cannot_confirm_and_takes_nobody_his_time() -> None:
    play = confirming()
    play.press("Restart [Ready].txt", "alice")
    play.wait(10)
    play.press("Restart [Delete again to confirm].txt", "o'neil")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.NOT_CONFIRMED
    assert play.names()[0] == "Restart [Delete again to confirm]"
    play.wait(15)
    play.press("Restart [Delete again to confirm].txt", "alice")
    assert len(play.started()) == 1


def test_a_confirmation_does_not_outlive_another_job_of_the_group() -> None:
    play = confirming()
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "alice")
    play.press("Stop [Delete again to confirm].txt", "alice")
    assert play.names() == ["Restart [Blocked]", "Start [Blocked]", "Stop [Running]"]
    play.end(0)
    play.press("Restart [Ready].txt", "alice")
    assert play.names()[0] == "Restart [Delete again to confirm]"


def cancellable() -> Playbook:
    access = Access((ADMINS,))
    actions = tuple(replace(action, cancel=access) for action in MENU.actions)
    return Playbook(replace(MENU, actions=actions))


def test_a_running_flag_that_is_deleted_by_who_may_ends_the_job() -> None:
    play = cancellable()
    play.press("Restart [Ready].txt", "alice")
    effects = play.press("Restart [Running].txt", "o'neil")
    assert do.TerminateJob("5f3a-1") in effects
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert "o'neil cancels it" in play.text("Restart [Running]")
    assert do.KillJob("5f3a-1") in play.wait(10)
    play.end(137)
    assert play.names() == ["Restart [Cancelled]", "Start [Ready]", "Stop [Ready]"]
    assert "o'neil cancelled it" in play.text("Restart [Cancelled]")
    ended = play.facts(FactKind.ENDED)[0]
    assert (ended.user, ended.result, ended.reason) == (
        "alice",
        JobResult.CANCELLED,
        "o'neil cancelled it",
    )
    assert (play.facts(FactKind.CANCELLED)[0].user, play.facts(FactKind.CANCELLED)[0].job) == (
        "o'neil",
        "5f3a-1",
    )
    play.press("Restart [Cancelled].txt", "alice")
    assert len(play.started()) == 2


def test_who_may_not_cancel_leaves_the_job_alone() -> None:
    play = cancellable()
    play.press("Restart [Ready].txt", "alice")
    effects = play.press("Restart [Running].txt", "bob")
    assert do.TerminateJob("5f3a-1") not in effects
    assert play.names()[0] == "Restart [Running]"
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.NOT_ALLOWED


def test_a_job_is_cancelled_once_and_not_the_next_one() -> None:
    play = cancellable()
    play.press("Restart [Ready].txt", "alice")
    play.press("Restart [Running].txt", "alice")
    play.press("Restart [Running].txt", "alice")
    assert play.facts(FactKind.DENIED)[0].reason == "it was ending already"
    play.wait(1)
    play.delete("Restart [Running].txt")
    play.end(143)
    play.record("Restart [Running].txt", "alice")
    play.account("alice")
    assert play.facts(FactKind.DENIED)[1].reason == "it was ending already"
    assert [e for e in play.effects if isinstance(e, do.TerminateJob)] == [
        do.TerminateJob("5f3a-1")
    ]
