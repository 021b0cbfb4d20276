"""Conversations about a configuration that is read again while FUI runs."""

from dataclasses import replace

import pytest

from fui.model import effects as do
from fui.model import events as on
from fui.model.errors import Problem
from fui.model.facts import FactKind
from fui.model.job import Ending, History, Run
from fui.model.menu import (
    Access,
    ActionId,
    Fault,
    FileSpec,
    Folder,
    Menu,
    Settings,
    Subject,
    SubjectKind,
)
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState, JobResult, Refusal
from tests.playbook import ADMINS, BACKUP, FOLDER, MENU, Playbook, action

START, STOP, RESTART, RUN = MENU.actions
THIRD = Folder("/srv/controls/Third", FileSpec(None, "controls", 0o2770))
ALICE = Subject(SubjectKind.USER, "alice")
PROBLEM = Problem(
    "/etc/fui/conf.d/apache.yaml", 3, 5, "cannot understand the key x; did you mean y?"
)
READY = ["Restart [Ready]", "Start [Ready]", "Stop [Ready]"]


def having(*actions: object, **changes: object) -> Menu:
    return replace(MENU, actions=actions or MENU.actions, **changes)  # type: ignore[arg-type]


def reload(play: Playbook, menu: Menu, **histories: object) -> list[do.Effect]:
    return play.step(on.Reconfigured(menu, **histories))  # type: ignore[arg-type]


def shows(effects: list[do.Effect]) -> list[str]:
    return [effect.name for effect in effects if isinstance(effect, do.ShowFlag)]


def test_a_configuration_that_is_the_same_touches_no_flag() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    effects = reload(play, having())
    assert shows(effects) == []
    assert not any(isinstance(effect, do.HideFlag) for effect in effects)
    assert play.facts(FactKind.CONFIGURED)[0].reason == (
        "4 actions, of which 0 are new; 0 are gone"
    )


def test_what_is_new_comes_what_changed_is_shown_anew_what_is_gone_goes() -> None:
    play = Playbook()
    changed = replace(STOP, description="Stops it")
    effects = reload(play, having(START, changed, RESTART, action("Go", THIRD, "Third/1")))
    assert shows(effects) == ["Stop [Ready].txt", "Go [Ready].txt"]
    assert play.names() == READY
    assert "Stops it" in play.text("Stop [Ready]")
    assert play.names(THIRD) == ["Go [Ready]"]
    assert BACKUP.path not in play.files
    play.press("Go [Ready].txt", "alice", THIRD)
    assert len(play.started()) == 1


def test_running_jobs_and_their_groups_are_untouched() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    command = replace(RESTART.command, argv=("/bin/new",), timeout=1.0)
    moved = replace(RESTART, command=command, groups=("Apache/2",))
    effects = reload(play, having(START, STOP, moved, RUN))
    assert not any(isinstance(effect, do.TerminateJob | do.KillJob) for effect in effects)
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    play.wait(10)
    play.end()
    assert play.facts(FactKind.ENDED)[0].argv == ("/usr/bin/systemctl", "restart")
    assert play.facts(FactKind.ENDED)[0].result is JobResult.DONE
    assert play.names() == ["Restart [Done]", "Start [Ready]", "Stop [Ready]"]
    play.press("Start [Ready].txt", "alice")
    assert play.names() == ["Restart [Done]", "Start [Running]", "Stop [Blocked]"]


def test_an_action_that_is_removed_while_it_runs_finishes_and_then_goes() -> None:
    play = Playbook()
    play.press("Run [Ready].txt", "alice", BACKUP)
    reload(play, having(START, STOP, RESTART))
    assert play.names(BACKUP) == ["Run [Running]"]
    play.wait(3)
    play.press("Run [Running].txt", "alice", BACKUP)
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY
    assert play.names(BACKUP) == ["Run [Running]"]
    play.end()
    assert BACKUP.path not in play.files
    assert play.facts(FactKind.ENDED)[0].result is JobResult.DONE
    play.wait(301)
    assert play.names() == READY


def test_an_action_that_comes_back_while_it_runs_stays() -> None:
    play = Playbook()
    play.press("Run [Ready].txt", "alice", BACKUP)
    reload(play, having(START, STOP, RESTART))
    reload(play, having())
    play.end()
    assert play.names(BACKUP) == ["Run [Done]"]


def test_a_removed_action_may_still_be_cancelled_by_who_could() -> None:
    run = replace(RUN, cancel=RUN.access)
    play = Playbook(having(START, STOP, RESTART, run))
    play.press("Run [Ready].txt", "alice", BACKUP)
    reload(play, having(START, STOP, RESTART))
    play.press("Run [Running].txt", "alice", BACKUP)
    assert play.told()[-1] == "cancelled"
    play.end(143)
    assert BACKUP.path not in play.files


def test_a_press_of_what_is_removed_meanwhile_runs_nothing() -> None:
    play = Playbook()
    play.wait(1)
    play.gone("Run [Ready].txt", "alice", BACKUP)
    reload(play, having(START, STOP, RESTART))
    play.answer()
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.REMOVED
    assert play.started() == []
    assert BACKUP.path not in play.files


def test_a_record_of_what_is_removed_meanwhile_is_nothing() -> None:
    play = Playbook()
    play.wait(1)
    play.record("Run [Ready].txt", "alice", BACKUP)
    reload(play, having(START, STOP, RESTART))
    play.wait(3)
    assert play.told() == ["configured"]


def test_a_press_that_waits_in_the_queue_for_what_is_removed_is_told() -> None:
    actions = [replace(one, queue=5) for one in MENU.actions]
    play = Playbook(having(*actions))
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "o'neil")
    play.press("Start [Ready].txt", "alice")
    changed = replace(actions[0], description="Starts it")
    reload(play, having(changed, actions[2], actions[3]))
    assert play.names() == ["Restart [Running]", "Start [Queued 1]"]
    assert play.facts(FactKind.NOT_RUN)[0].user == "o'neil"
    play.end()
    play.answer()
    assert play.names() == ["Restart [Done]", "Start [Running]"]


def test_a_fault_is_shown_in_the_folder_of_its_object_and_told() -> None:
    play = Playbook()
    fault = Fault("Apache", FOLDER, (PROBLEM,))
    reload(play, having(problems=(PROBLEM,), faults=(fault,)))
    assert play.names() == [
        "Restart [Ready]",
        "Start [Ready]",
        "Stop [Ready]",
        "[Configuration error]",
    ]
    assert str(PROBLEM) in play.text("[Configuration error]")
    assert play.facts(FactKind.MISCONFIGURED)[0].reason == str(PROBLEM)
    play.press("[Configuration error].txt", "alice")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.NOT_ALLOWED
    assert "[Configuration error]" in play.names()
    reload(play, having())
    assert play.names() == READY


def test_a_fault_at_the_first_start_stands_beside_what_is_right() -> None:
    play = Playbook(having(problems=(PROBLEM,), faults=(Fault("Third", THIRD, (PROBLEM,)),)))
    assert play.names(THIRD) == ["[Configuration error]"]
    assert play.names() == READY
    assert play.told() == ["misconfigured"]


def test_other_words_rename_every_flag_and_change_no_state() -> None:
    play = Playbook()
    play.press("Restart [Ready].txt", "alice")
    settings = replace(MENU.settings, naming=Naming(WORDS["de"], "(", ")", before=True))
    reload(play, having(settings=settings))
    assert play.names() == ["(Gesperrt) Start", "(Gesperrt) Stop", "(Läuft) Restart"]
    play.end()
    assert play.names() == ["(Bereit) Start", "(Bereit) Stop", "(Fertig) Restart"]
    play.press("(Bereit) Stop.txt", "alice")
    assert "(Läuft) Stop" in play.names()


def test_other_settings_hold_from_now_on() -> None:
    play = Playbook()
    settings = Settings("/srv/controls", settle=0.5, grace=1.0, result_shown_for=5.0)
    reload(play, having(settings=settings))
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    assert play.questions == []
    play.wait(0.6)
    play.answer()
    play.end()
    play.wait(6)
    assert play.names() == READY


def test_the_history_of_what_is_new_is_remembered() -> None:
    play = Playbook(having(START))
    run = Run("0-1", "alice", 1001, "", "c", 1.0)
    reload(play, having(START, STOP), histories={STOP.id: History((run,))})
    assert play.facts(FactKind.ENDED)[0].result is JobResult.INTERRUPTED
    assert "interrupted" in play.text("Stop [Ready]")


def test_an_object_that_moves_to_another_directory_keeps_its_states() -> None:
    play = Playbook()
    play.press("Run [Ready].txt", "alice", BACKUP)
    elsewhere = Folder("/srv/other/Backup", BACKUP.spec)
    del play.files[BACKUP.path]["Run [Running].txt"]  # as the share does with what it gives up
    reload(play, having(START, STOP, RESTART, replace(RUN, folder=elsewhere)))
    assert play.names(elsewhere) == ["Run [Running]"]
    play.end()
    assert play.names(elsewhere) == ["Run [Done]"]


@pytest.mark.parametrize("state", [FlagState.READY, FlagState.DONE])
def test_a_state_needs_no_word(state: FlagState) -> None:
    words = {**WORDS["en"], state: ""}
    play = Playbook(having(settings=replace(MENU.settings, naming=Naming(words))))
    name = "Restart" if state is FlagState.READY else "Restart [Ready]"
    play.press(f"{name}.txt", "alice")
    play.end()
    assert play.names()[0] == ("Restart [Done]" if state is FlagState.READY else "Restart")
    assert "State           Done" in play.text(play.names()[0])
    play.press(f"{play.names()[0]}.txt", "alice")
    assert len(play.started()) == 2


def test_a_stop_while_a_removed_action_runs_waits_for_it() -> None:
    play = Playbook()
    play.press("Run [Ready].txt", "alice", BACKUP)
    reload(play, having(START))
    play.step(on.StopRequested())
    effects = play.step(on.JobEnded(play.started()[0].job, Ending(143)))
    assert do.Exit() in effects
    assert ActionId("Backup", "Run") == play.facts(FactKind.ENDED)[0].action


def test_rules_that_changed_while_it_was_asked_are_asked_about_again() -> None:
    play = Playbook()
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    asked = play.questions.pop()
    denied = replace(RESTART, access=Access(RESTART.access.allow, (ALICE,)))
    reload(play, having(START, STOP, denied, RUN))
    play.step(on.AccountFound(asked.question, "alice", frozenset({ADMINS})))
    again = play.questions.pop()
    assert ALICE in again.subjects
    play.step(on.AccountFound(again.question, "alice", frozenset({ADMINS, ALICE})))
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.DENY_RULE
    assert play.started() == []


def test_a_press_of_which_the_flag_is_gone_for_good_is_told_all_the_same() -> None:
    start, stop = (replace(one, queue=5) for one in MENU.actions[:2])
    play = Playbook(having(start, stop))
    play.press("Start [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "alice")
    play.wait(1)
    play.gone("Stop [Queued 1].txt", "bob")
    play.end()
    bobs, turn = play.questions
    play.step(on.AccountFailed(turn.question, known=True, why="no answer"))
    reload(play, having(start))
    assert play.names() == ["Start [Done]"]
    play.step(on.AccountFound(bobs.question, "bob", frozenset({ADMINS})))
    assert play.facts(FactKind.DENIED)[-1].refusal is Refusal.REMOVED


def test_when_the_share_is_looked_at_again_counts_from_now_on() -> None:
    play = Playbook()
    often = replace(MENU.settings, reconcile_every=2.0)
    effects = reload(play, having(settings=often))
    assert do.RequestWakeup(play.now.mono + 2.0) in effects
