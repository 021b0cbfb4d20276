"""Conversations about what is a press and what is none."""

from dataclasses import replace

from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import FactKind
from fui.model.menu import Access, FileSpec, Folder, Settings
from fui.model.states import Refusal
from tests.playbook import ADMINS, BACKUP, FOLDER, MENU, Playbook, action

EXECUTE = Folder("/srv/controls/Execute", FileSpec(None, "controls", 0o2770))
DRAG = replace(MENU, execute=EXECUTE)
SETTLED = replace(MENU, settings=Settings("/srv/controls"))
READY = ["Restart [Ready]", "Start [Ready]", "Stop [Ready]"]
THIRD = Folder("/srv/controls/Third", FileSpec(None, "controls", 0o2770))


# -- the execute folder -------------------------------------------------------------------------


def test_a_flag_moved_into_the_execute_folder_runs_and_is_back_in_its_place() -> None:
    play = Playbook(DRAG)
    play.execute("Restart [Ready].txt", "alice")
    assert [job.job for job in play.started()] == ["5f3a-1"]
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert play.names(EXECUTE) == []
    assert play.told() == ["pressed", "started"]


def test_flags_of_one_name_are_told_apart_by_where_they_came_from() -> None:
    menu = replace(DRAG, actions=(action("Run"), action("Run", BACKUP, "Backup/1")))
    play = Playbook(menu)
    play.execute("Run [Ready].txt", "alice", BACKUP)
    assert play.names(BACKUP) == ["Run [Running]"]
    assert play.names() == ["Run [Ready]"]


def test_a_move_into_the_execute_folder_that_no_record_proves_runs_nothing() -> None:
    play = Playbook(DRAG)
    play.wait(1)
    play.move("Restart [Ready].txt", "Restart [Ready].txt", target=EXECUTE)
    play.wait(2.1)
    assert play.names() == ["Restart [Denied]", *READY[1:]]
    assert play.facts()[0].refusal is Refusal.NO_RECORD
    assert play.names(EXECUTE) == []
    assert play.started() == []


def test_a_record_of_a_move_to_elsewhere_proves_no_press() -> None:
    play = Playbook(DRAG)
    play.wait(1)
    entry = play.entry("Restart [Ready].txt", "alice")
    message = entry.message.replace("unlinkat", "renameat") + f"|{FOLDER.path}/x"
    play.move("Restart [Ready].txt", "Restart [Ready].txt", target=EXECUTE)
    play.step(on.EntryRead(replace(entry, message=message)))
    play.wait(2.1)
    assert play.facts(FactKind.UNATTRIBUTED)[0].refusal is Refusal.NO_RECORD
    assert play.started() == []


def test_what_else_is_put_into_the_execute_folder_stays() -> None:
    play = Playbook(DRAG)
    play.files[EXECUTE.path]["mine.txt"] = "mine"
    play.users[EXECUTE.path].add("mine.txt")
    play.step(on.FileCreated(on.Place(EXECUTE.path, "mine.txt")))
    play.execute("Restart [Ready].txt", "alice")
    play.wait(301)
    assert play.names(EXECUTE) == ["mine"]
    assert play.told() == ["pressed", "started"]


def test_a_flag_moved_elsewhere_comes_back_though_there_is_an_execute_folder() -> None:
    play = Playbook(DRAG)
    play.move("Restart [Ready].txt", None)
    assert play.names() == READY
    play.move("Restart [Ready].txt", "Restart [Ready].txt", target=BACKUP)
    assert play.names() == READY
    assert play.names(BACKUP) == ["Run [Ready]"]
    assert play.started() == []


def test_a_blocked_flag_in_the_execute_folder_is_refused_and_comes_back() -> None:
    play = Playbook(DRAG)
    play.press("Restart [Ready].txt", "alice")
    play.execute("Stop [Blocked].txt", "alice")
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY


def test_a_move_into_the_execute_folder_while_fui_was_down_is_told() -> None:
    play = Playbook(DRAG, start=False)
    entry = play.entry("Restart [Ready].txt", "alice", sent=1.0)
    moved = entry.message.replace("unlinkat", "renameat")
    play.step(on.Started(cursor="c0"))
    for number, target in enumerate((f"{EXECUTE.path}/x", f"{FOLDER.path}/x")):
        message = f"{moved}|{target}"
        play.step(on.EntryRead(replace(entry, cursor=f"m{number}", message=message)))
    play.answer()
    assert play.told() == ["not-run"]
    assert play.started() == []


# -- many at once -------------------------------------------------------------------------------


def test_a_press_waits_until_its_user_presses_nothing_else() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    assert play.questions == []
    play.wait(0.09)
    assert play.questions == []
    play.wait(0.02)
    play.answer()
    assert play.names()[0] == "Restart [Running]"


def test_two_flags_of_one_object_run_nothing_and_are_told_once() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.wait(0.05)
    play.gone("Stop [Ready].txt", "alice")
    play.wait(0.95)
    assert play.names() == ["Start [Ready]"]
    play.wait(0.1)
    play.answer()
    assert play.names() == ["Restart [Denied]", "Start [Ready]", "Stop [Denied]"]
    assert play.told() == ["many"]
    fact = play.facts()[0]
    assert (fact.user, fact.uid, fact.refusal) == ("alice", 1001, Refusal.MANY)
    assert "2 presses at once, none of which ran: Apache/Restart, Apache/Stop" in fact.reason
    assert "2 presses at once" in play.text("Stop [Denied]")
    assert play.started() == []
    play.wait(60)
    assert play.names() == READY


def test_a_folder_deleted_flag_by_flag_runs_nothing_whatever_its_flags_say() -> None:
    cancel = Access((ADMINS,))
    menu = replace(SETTLED, actions=tuple(replace(one, cancel=cancel) for one in MENU.actions))
    play = Playbook(menu)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.wait(0.2)
    play.answer()
    for name in ("Restart [Running]", "Start [Blocked]", "Stop [Blocked]"):
        play.gone(f"{name}.txt", "alice")
        play.wait(0.02)
    play.wait(2)
    play.answer()
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert not any(isinstance(effect, do.TerminateJob) for effect in play.effects)
    assert play.told() == ["pressed", "many"]


def test_as_many_as_the_limit_over_the_share_run_nothing() -> None:
    actions = (*MENU.actions, action("Go", THIRD, "Third/1"))
    play = Playbook(replace(SETTLED, actions=actions))
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.gone("Run [Ready].txt", "alice", BACKUP)
    play.wait(0.2)
    play.answer()
    assert len(play.started()) == 2
    play.gone("Start [Blocked].txt", "alice")
    play.gone("Go [Ready].txt", "alice", THIRD)
    play.gone("Run [Running].txt", "alice", BACKUP)
    play.wait(2)
    play.answer()
    assert len(play.started()) == 2
    assert play.told().count("many") == 1


def test_two_users_do_not_make_many() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.gone("Stop [Ready].txt", "o'neil")
    play.wait(0.2)
    play.answer()
    assert len(play.started()) == 1
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY
    assert play.facts(FactKind.DENIED)[0].user == "o'neil"


def test_a_press_waits_for_the_name_of_who_did_what_went_at_the_same_time() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    late = play.entry("Stop [Ready].txt", "alice")
    play.delete("Stop [Ready].txt")
    play.wait(1)
    assert play.questions == []
    play.step(on.EntryRead(late))
    play.wait(0.2)
    play.answer()
    assert play.told() == ["many"]


def test_what_went_at_the_same_time_by_nobody_known_only_delays_a_press() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.delete("Stop [Ready].txt")
    play.wait(2.2)
    play.answer()
    assert play.names() == ["Restart [Running]", "Start [Blocked]", "Stop [Blocked]"]
    assert play.told() == ["unattributed", "pressed"]


def test_flags_dragged_together_run_nothing() -> None:
    play = Playbook(replace(SETTLED, execute=EXECUTE))
    play.wait(1)
    for name in ("Restart [Ready].txt", "Stop [Ready].txt"):
        entry = play.entry(name, "alice")
        message = entry.message.replace("unlinkat", "renameat") + f"|{EXECUTE.path}/{name}"
        play.move(name, name, target=EXECUTE)
        play.step(on.EntryRead(replace(entry, message=message)))
    play.wait(1.2)
    play.answer()
    assert play.told() == ["many"]
    assert play.names(EXECUTE) == []
    assert play.started() == []


def test_many_of_somebody_whose_name_is_not_known_are_told_by_uid() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.gone("Stop [Ready].txt", "alice")
    play.wait(1.2)
    question = play.questions.pop()
    assert question.subjects == frozenset()
    play.step(on.AccountFailed(question.question, known=False, why="no"))
    assert (play.facts()[0].user, play.facts()[0].uid) == ("", 1001)
    assert play.names() == ["Restart [Denied]", "Start [Ready]", "Stop [Denied]"]


def test_a_stop_waits_until_a_press_is_decided_and_refuses_it() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    assert do.Exit() not in play.step(on.StopRequested())
    assert not any(isinstance(effect, do.SaveCursor) for effect in play.effects)
    play.wait(0.2)
    effects = play.answer()
    assert do.Exit() in effects
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.STOPPING


def test_a_press_that_is_seen_late_belongs_to_those_it_was_made_with() -> None:
    """The daemon was held up between two deletions that were 20 ms apart."""
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.wait(0.02)
    second = play.entry("Stop [Ready].txt", "alice")
    play.now = replace(play.now, mono=play.now.mono + 0.3)
    play.delete("Stop [Ready].txt")
    play.wait(0)
    assert play.questions == []
    play.step(on.EntryRead(second))
    play.wait(1.1)
    play.answer()
    assert play.told() == ["many"]


def test_nothing_is_judged_before_all_that_was_done_until_then_was_told() -> None:
    play = Playbook(SETTLED)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.now = replace(play.now, mono=play.now.mono + 0.3)
    play.step(on.FileCreated(on.Place(FOLDER.path, "x")))
    assert play.questions == []
    play.step(on.Woken(101.05))
    assert play.questions == []
    play.step(on.Woken(101.3))
    assert len(play.questions) == 1


# -- what Samba refuses by itself ---------------------------------------------------------------


def refuse(play: Playbook, name: str, user: str) -> list[do.Effect]:
    """Samba's word that it did not let a user delete a flag."""
    text = f"{user}|192.0.2.7|Controls|create_file|fail (x)|0x10080|file|open|"
    return play.record(name, user, text=text)


def test_what_samba_refuses_is_told_with_user_client_and_rule_and_nothing_is_shown() -> None:
    play = Playbook()
    refuse(play, "Restart [Ready].txt", "bob")
    play.answer()
    (fact,) = play.facts()
    assert (fact.kind, fact.refusal, fact.user) == (FactKind.DENIED, Refusal.SAMBA, "bob")
    assert fact.client == "192.0.2.7"
    assert fact.reason == "Samba did not let it be deleted: allowed is group wwwadmins"
    assert play.names() == READY
    assert play.started() == []


def test_what_samba_refuses_to_one_who_may_is_told_as_that() -> None:
    play = Playbook()
    refuse(play, "Restart [Ready].txt", "alice")
    play.answer()
    assert play.facts()[0].reason == (
        "Samba did not let it be deleted: allow group wwwadmins; somebody else held it open, "
        "or the session is older than the right"
    )
    assert play.started() == []


def test_what_samba_refuses_to_one_who_is_not_known_is_told_all_the_same() -> None:
    play = Playbook()
    refuse(play, "Restart [Ready].txt", "bob")
    question = play.last(do.LookUpAccount).question
    play.step(on.AccountFailed(question, known=True, why="no answer"))
    (fact,) = play.facts()
    assert (fact.user, fact.uid) == ("", 1002)
    assert fact.reason == "Samba did not let it be deleted"
    assert play.names() == READY


def test_of_a_flag_that_runs_the_rule_is_who_may_cancel() -> None:
    cancel = replace(action("Restart"), cancel=Access((ADMINS,)))
    play = Playbook(replace(MENU, actions=(cancel,)))
    play.press("Restart [Ready].txt", "alice")
    refuse(play, "Restart [Running].txt", "bob")
    play.answer()
    fact = play.facts(FactKind.DENIED)[0]
    assert fact.job == "5f3a-1"
    assert play.names() == ["Restart [Running]"]
