"""Conversations about presses that wait for their turn, and about several action groups."""

from dataclasses import replace

from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import FactKind
from fui.model.job import Ending, Queued
from fui.model.menu import ActionId, Menu
from fui.model.states import Refusal
from tests.playbook import ADMINS, BACKUP, FOLDER, MENU, NAMES, Playbook


def queueing(limit: int = 5) -> Menu:
    actions = tuple(replace(one, queue=limit) for one in MENU.actions)
    return replace(MENU, actions=actions)


def end(play: Playbook, number: int, status: int = 0) -> list[do.Effect]:
    return play.step(on.JobEnded(play.started()[number].job, Ending(status)))


def test_presses_wait_in_their_order_and_say_their_place() -> None:
    play = Playbook(queueing())
    play.press("Restart [Ready].txt", "alice")
    assert play.names() == ["Restart [Running]", "Start [Ready]", "Stop [Ready]"]
    assert "Apache/Restart is running for alice" in play.text("Start [Ready]")
    play.press("Stop [Ready].txt", "o'neil")
    play.press("Start [Ready].txt", "alice")
    assert play.names() == ["Restart [Running]", "Start [Queued 2]", "Stop [Queued 1]"]
    assert "place 1; Apache/Restart is running for alice" in play.text("Stop [Queued 1]")
    assert "place 2, behind Apache/Stop, which waits for o'neil" in play.text("Start [Queued 2]")
    assert play.last(do.SaveQueue).queued == (
        Queued(ActionId("Apache", "Stop"), "o'neil", 1003, "192.0.2.7", "c2"),
        Queued(ActionId("Apache", "Start"), "alice", 1001, "192.0.2.7", "c3"),
    )
    end(play, 0)
    assert play.names()[1:] == ["Start [Queued 2]", "Stop [Queued 1]"]
    play.answer()
    assert play.names() == ["Restart [Done]", "Start [Queued 1]", "Stop [Running]"]
    assert len(play.last(do.SaveQueue).queued) == 1
    end(play, 1)
    play.answer()
    assert play.names() == ["Restart [Done]", "Start [Running]", "Stop [Done]"]
    assert play.last(do.SaveQueue).queued == ()
    assert [fact.kind.value for fact in play.facts(FactKind.PRESSED, FactKind.QUEUED)] == [
        "pressed",
        "pressed",
        "queued",
        "pressed",
        "queued",
    ]


def test_who_waits_may_leave_and_nobody_else_takes_him_out() -> None:
    play = Playbook(queueing())
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "o'neil")
    play.press("Stop [Queued 1].txt", "alice")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY
    assert play.names()[2] == "Stop [Queued 1]"
    play.press("Stop [Queued 1].txt", "o'neil")
    assert play.names()[2] == "Stop [Ready]"
    assert play.facts(FactKind.LEFT)[0].user == "o'neil"
    assert "o'neil took it out of the queue" in play.text("Stop [Ready]")
    end(play, 0)
    assert play.questions == []
    assert len(play.started()) == 1


def test_it_is_asked_again_whether_the_user_may_when_the_turn_comes() -> None:
    play = Playbook(queueing())
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "o'neil")
    play.press("Start [Ready].txt", "alice")
    end(play, 0)
    question = play.questions.pop()
    play.step(on.AccountFound(question.question, NAMES[question.uid], frozenset()))
    assert play.names() == ["Restart [Done]", "Start [Queued 1]", "Stop [Denied]"]
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.NOT_ALLOWED
    question = play.questions.pop()
    play.step(on.AccountFailed(question.question, known=True, why="no answer"))
    assert play.names() == ["Restart [Done]", "Start [Denied]", "Stop [Denied]"]
    assert len(play.started()) == 1
    assert play.last(do.SaveQueue).queued == ()


def test_who_leaves_while_it_is_asked_is_not_started() -> None:
    play = Playbook(queueing())
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "o'neil")
    end(play, 0)
    turn = play.questions.pop()
    play.press("Stop [Queued 1].txt", "o'neil")
    play.step(on.AccountFound(turn.question, "o'neil", turn.subjects))
    assert play.names()[2] == "Stop [Ready]"
    assert len(play.started()) == 1


def test_a_full_queue_refuses() -> None:
    play = Playbook(queueing(1))
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "alice")
    play.press("Start [Ready].txt", "alice")
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.QUEUE_FULL
    assert play.names() == ["Restart [Running]", "Start [Ready]", "Stop [Queued 1]"]
    assert "the queue is full, 1 may wait" in play.text("Start [Ready]")


def test_who_does_not_queue_waits_behind_those_who_do() -> None:
    menu = replace(MENU, actions=(replace(MENU.actions[0], queue=5), *MENU.actions[1:]))
    play = Playbook(menu)
    play.press("Restart [Ready].txt", "alice")
    assert play.names() == ["Restart [Running]", "Start [Ready]", "Stop [Blocked]"]
    play.press("Start [Ready].txt", "alice")
    end(play, 0)
    assert play.names() == ["Restart [Blocked]", "Start [Queued 1]", "Stop [Blocked]"]
    assert "Apache/Start waits before it, for alice" in play.text("Stop [Blocked]")
    play.answer()
    assert play.names() == ["Restart [Blocked]", "Start [Running]", "Stop [Blocked]"]
    end(play, 1)
    assert play.names() == ["Restart [Ready]", "Start [Done]", "Stop [Ready]"]


def test_when_fui_is_stopped_the_queue_is_told_as_not_run() -> None:
    play = Playbook(queueing())
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "o'neil")
    play.step(on.StopRequested())
    assert play.last(do.SaveQueue).queued == ()
    assert play.names() == ["Restart [Running]", "Start [Ready]", "Stop [Ready]"]
    fact = play.facts(FactKind.NOT_RUN)[0]
    assert (fact.user, fact.reason) == (
        "o'neil",
        "FUI was stopped while it waited for its turn",
    )
    end(play, 0)
    assert do.Exit() in play.effects
    assert len(play.started()) == 1


def test_after_a_crash_the_queue_is_told_as_not_run_and_empty() -> None:
    queued = Queued(ActionId("Apache", "Stop"), "o'neil", 1003, "192.0.2.7", "c2")
    play = Playbook(queueing(), cursor="c0", queued=(queued,))
    assert play.told() == ["not-run"]
    assert play.last(do.SaveQueue).queued == ()
    play.step(on.EntryRead(play.entry("Stop [Ready].txt", "o'neil", cursor="c2", sent=1.0)))
    assert play.questions == []
    assert play.names()[2] == "Stop [Ready]"


# -- several groups -----------------------------------------------------------------------------


def shared(queue: int | None = None) -> Menu:
    """Restart needs the database as well, which Backup's Run holds."""
    start, stop, restart, run = (replace(one, queue=queue) for one in MENU.actions)
    restart = replace(restart, groups=("Apache/1", "Backup/1"))
    return replace(MENU, actions=(start, stop, restart, run))


def test_an_action_holds_all_its_groups() -> None:
    play = Playbook(shared())
    play.press("Restart [Ready].txt", "alice")
    assert play.names(BACKUP) == ["Run [Blocked]"]
    assert play.names()[1:] == ["Start [Blocked]", "Stop [Blocked]"]
    play.press("Run [Blocked].txt", "alice", BACKUP)
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY
    end(play, 0)
    assert play.names(BACKUP) == ["Run [Ready]"]


def test_a_group_that_is_held_elsewhere_blocks_only_who_needs_it() -> None:
    play = Playbook(shared())
    play.press("Run [Ready].txt", "alice", BACKUP)
    assert play.names() == ["Restart [Blocked]", "Start [Ready]", "Stop [Ready]"]
    play.press("Start [Ready].txt", "alice")
    assert play.names() == ["Restart [Blocked]", "Start [Running]", "Stop [Blocked]"]
    end(play, 0)
    assert play.names()[0] == "Restart [Blocked]"
    end(play, 1)
    assert play.names() == ["Restart [Ready]", "Start [Done]", "Stop [Ready]"]


def test_a_head_that_waits_for_all_its_groups_holds_up_nobody_elses() -> None:
    play = Playbook(shared(queue=5))
    play.press("Start [Ready].txt", "alice")
    play.press("Restart [Ready].txt", "alice")
    play.press("Run [Ready].txt", "alice", BACKUP)
    assert play.names(BACKUP) == ["Run [Running]"]
    assert play.names()[0] == "Restart [Queued 1]"
    end(play, 0)
    assert play.questions == []
    assert play.names()[0] == "Restart [Queued 1]"
    end(play, 1)
    play.answer()
    assert play.names()[0] == "Restart [Running]"


def test_who_is_called_and_finds_a_group_taken_keeps_his_place() -> None:
    play = Playbook(shared(queue=5))
    play.press("Start [Ready].txt", "alice")
    play.press("Restart [Ready].txt", "alice")
    end(play, 0)
    turn = play.questions.pop()
    play.press("Run [Ready].txt", "alice", BACKUP)
    play.step(on.AccountFound(turn.question, "alice", turn.subjects))
    assert play.names()[0] == "Restart [Queued 1]"
    assert len(play.started()) == 2
    end(play, 1)
    play.answer()
    assert play.names()[0] == "Restart [Running]"
    assert [job.environment[3] for job in play.started()][-1] == ("FUI_ACTION", "Restart")


def test_blocked_flags_may_be_hidden() -> None:
    menu = replace(MENU, actions=tuple(replace(one, hide_blocked=True) for one in MENU.actions))
    play = Playbook(menu)
    play.press("Restart [Ready].txt", "alice")
    assert play.names() == ["Restart [Running]"]
    play.step(on.WatchLost(FOLDER.path, "gone"))
    assert play.names() == ["Restart [Running]"]
    end(play, 0)
    assert play.names() == ["Restart [Done]", "Start [Ready]", "Stop [Ready]"]


def test_who_deletes_a_flag_that_is_just_hidden_is_told_why_it_ran_nothing() -> None:
    menu = replace(MENU, actions=tuple(replace(one, hide_blocked=True) for one in MENU.actions))
    play = Playbook(menu)
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    del play.files[FOLDER.path]["Stop [Ready].txt"]  # its event is still under way
    asked = play.questions.pop()
    deleted = on.FileDeleted(on.Place(FOLDER.path, "Stop [Ready].txt"))
    play.step(on.AccountFound(asked.question, "alice", frozenset({ADMINS})), deleted)
    assert play.names() == ["Restart [Running]"]
    play.record("Stop [Ready].txt", "alice")
    play.answer()
    assert play.facts(FactKind.DENIED)[0].refusal is Refusal.BUSY
    assert play.names() == ["Restart [Running]"]
    end(play, 0)
    assert play.names() == ["Restart [Done]", "Start [Ready]", "Stop [Ready]"]


def test_a_confirmed_press_waits_its_turn_without_being_asked_again() -> None:
    stop = replace(MENU.actions[1], confirm=30.0, queue=5)
    play = Playbook(replace(MENU, actions=(MENU.actions[0], stop, *MENU.actions[2:])))
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "alice")
    assert play.names()[2] == "Stop [Delete again to confirm]"
    play.press("Stop [Delete again to confirm].txt", "alice")
    assert play.names()[2] == "Stop [Queued 1]"
    end(play, 0)
    play.answer()
    assert play.names()[2] == "Stop [Running]"


def test_a_flag_that_still_says_queued_cancels_nothing_though_its_job_runs() -> None:
    """The share was full when it was to say Running: nobody meant to cancel by what it said."""
    menu = queueing()
    menu = replace(menu, actions=tuple(replace(one, cancel=one.access) for one in menu.actions))
    play = Playbook(menu)
    play.press("Restart [Ready].txt", "alice")
    play.press("Stop [Ready].txt", "alice")
    play.refuse_share = "no space left"
    end(play, 0)
    play.answer()
    assert len(play.started()) == 2
    play.press("Stop [Queued 1].txt", "alice")
    assert not any(isinstance(effect, do.TerminateJob) for effect in play.effects)
    assert play.facts(FactKind.CANCELLED) == []
    assert play.facts(FactKind.DENIED)[-1].refusal is Refusal.BUSY
