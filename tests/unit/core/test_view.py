from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from fui.core.lifecycle import IllegalTransitionError, Trigger
from fui.core.view import View
from fui.model.effects import HideFlag, RemoveOwn, ShowFlag
from fui.model.errors import Problem
from fui.model.events import DirEntry, FlagShown, FolderListed, JobSeen, Place
from fui.model.instant import Instant
from fui.model.job import History, Progress, Run
from fui.model.menu import NOBODY, Access, ActionId, Fault, FileSpec, Folder, Menu
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState
from tests.playbook import BACKUP, FOLDER, MALLORY, MENU, action

START, STOP, RESTART, RUN = MENU.actions
READY = Place(FOLDER.path, "Start [Ready].txt")
EXECUTE = Folder("/srv/controls/Execute", FileSpec(None, None, 0o2770))
THIRD = Folder("/srv/controls/Third", FileSpec(None, "controls", 0o2770))
PROBLEMS = (Problem("a.yaml", 3, 5, "cannot a"), Problem("a.yaml", 4, 1, "cannot b"))
FAULT = Fault("Third", THIRD, PROBLEMS)
NOW = Instant(100.0, 1_800_000_000.0)


def nothing(_flag: object, _wall: float) -> str:
    return ""


def answer(view: View, drawn: list[ShowFlag | HideFlag]) -> None:
    """What the share answers."""
    for effect in drawn:
        if isinstance(effect, ShowFlag):
            view.shown(FlagShown(effect.action.id, effect.name, 1.0))
        else:
            view.hid(effect.action.id)


def draw(view: View, mono: float = 100.0) -> list[str]:
    """Have everything shown that changed; return it as old and new names."""
    drawn = view.draw(nothing, Instant(mono, NOW.wall))
    answer(view, drawn)
    return [
        f"{effect.old} > {effect.name}" if isinstance(effect, ShowFlag) else f"{effect.name} > "
        for effect in drawn
    ]


def refuse(view: View) -> list[ShowFlag | HideFlag]:
    """Have everything shown that changed, and the share refuse it."""
    drawn = view.draw(nothing, NOW)
    for effect in drawn:
        view.undrawn(effect.action.id)
    return drawn


def texts(view: View) -> dict[str, str]:
    """Have everything shown that changed; return what stands in it."""
    drawn = view.draw(lambda flag, wall: f"why of {flag.action.id} at {wall:g}", NOW)
    answer(view, drawn)
    return {effect.name: effect.text for effect in drawn if isinstance(effect, ShowFlag)}


def may_press(view: View) -> Access:
    """Have the one flag that changed shown; return who may press it."""
    (effect,) = drawn = view.draw(nothing, NOW)
    answer(view, drawn)
    assert isinstance(effect, ShowFlag)
    return effect.may_press


def made(menu: Menu = MENU) -> View:
    """A view of which everything stands in its folder."""
    view = View(menu)
    draw(view)
    return view


def with_actions(*actions: object) -> Menu:
    return replace(MENU, actions=actions)  # type: ignore[arg-type]


def listing(folder: Folder, *names: str) -> FolderListed:
    return FolderListed(folder.path, tuple(DirEntry(name, ours=True) for name in names))


class TestNames:
    def test_a_path_is_a_flag_in_a_state_whether_it_stands_or_not(self) -> None:
        view = View(MENU)
        assert view.named(f"{FOLDER.path}/Start [Done].txt") == (START, FlagState.DONE)
        for path in ("", "/x", f"{FOLDER.path}/x [Done].txt", f"{BACKUP.path}/Start [Done].txt"):
            assert view.named(path) is None

    def test_whatever_it_says_beside_the_state(self) -> None:
        view = View(MENU)
        for name, state in [
            ("Start [Running 40 %].txt", FlagState.RUNNING),
            ("Start [Queued 2].txt", FlagState.QUEUED),
        ]:
            assert view.named(f"{FOLDER.path}/{name}") == (START, state)
        assert view.named(f"{FOLDER.path}/Start [Done 40 %].txt") is None

    def test_objects_may_have_flags_of_one_name(self) -> None:
        view = View(with_actions(START, action("Start", BACKUP, "Backup/1")))
        for folder, name in [(FOLDER, "Apache"), (BACKUP, "Backup")]:
            named = view.named(f"{folder.path}/Start [Ready].txt")
            assert named is not None
            assert named[0].id == ActionId(name, "Start")

    def test_a_fault_is_named_by_its_state_alone(self) -> None:
        named = View(replace(MENU, faults=(FAULT,))).named(
            f"{THIRD.path}/[Configuration error].txt"
        )
        assert named is not None
        assert (named[0].id, named[1]) == (ActionId("Third", ""), FlagState.ERROR)
        assert named[0].access.allow == ()

    def test_a_flag_leaves_one_path_for_another(self) -> None:
        view = made()
        assert view.shown(FlagShown(START.id, READY.name, 2.0)) == (None, None)
        done = f"{FOLDER.path}/Start [Done].txt"
        assert view.shown(FlagShown(START.id, "Start [Done].txt", 2.0)) == (READY.path, done)
        assert view.deleted(READY.path) is None
        assert view.deleted(done) is view[START.id]
        assert view[START.id].name is None
        assert view.shown(FlagShown(START.id, READY.name, 2.0)) == (None, READY.path)

    def test_the_members_of_groups_are_named_once(self) -> None:
        both = action("Both", THIRD, groups=("Third/1", "Apache/1"))
        view = View(with_actions(START, RUN, both))
        assert [flag.action for flag in view.members(("Apache/1", "Third/1"))] == [START, both]
        assert view.members(("else",)) == []
        assert view.folders == (FOLDER.path, BACKUP.path, THIRD.path)
        assert view.get(ActionId("Apache", "x")) is None


class TestStates:
    def test_an_illegal_change_changes_nothing(self) -> None:
        view = made()
        with pytest.raises(IllegalTransitionError):
            view.change(view[START.id], Trigger.SUCCEED, 1.0)
        assert view[START.id].state is FlagState.READY
        assert draw(view) == []

    def test_a_change_is_shown_once(self) -> None:
        view = made()
        view.change(view[START.id], Trigger.START, 1.0)
        assert [flag.action for flag in view.touched] == [START]
        assert draw(view) == ["Start [Ready].txt > Start [Running].txt"]
        assert draw(view) == []

    def test_a_change_takes_the_note_and_what_is_said_beside_the_state_away(self) -> None:
        view = made()
        flag = view[START.id]
        view.change(flag, Trigger.START, 1.0)
        flag.note, flag.detail = "why", "40 %"
        assert draw(view) == ["Start [Ready].txt > Start [Running 40 %].txt"]
        view.change(flag, Trigger.REFUSE, 2.0)
        assert (flag.note, flag.detail) == ("why", "40 %")
        view.change(flag, Trigger.SUCCEED, 2.0)
        assert (flag.note, flag.detail) == ("", "")

    def test_a_result_is_shown_for_a_while(self) -> None:
        view = made()
        flag = view[START.id]
        view.change(flag, Trigger.START, 1.0)
        view.change(flag, Trigger.SUCCEED, 10.0)
        assert draw(view) == ["Start [Ready].txt > Start [Done].txt"]
        assert view.next_due() == 70.0
        view.expire(69.9)
        assert draw(view) == []
        view.expire(70.0)
        assert draw(view) == ["Start [Done].txt > Start [Ready].txt"]
        assert view.next_due() is None

    def test_or_for_longer_or_until_a_time_that_is_known(self) -> None:
        view = made()
        view.change(view[START.id], Trigger.REFUSE, 10.0, at_least=30.0)
        assert view.next_due() == 70.0
        view.change(view[START.id], Trigger.REFUSE, 10.0, at_least=90.0)
        assert view.next_due() == 100.0
        view.change(view[START.id], Trigger.CLOSE, 10.0, until=12.0)
        assert view.next_due() == 12.0

    def test_a_denial_begins_anew_with_each_press(self) -> None:
        view = made()
        view.change(view[START.id], Trigger.REFUSE, 10.0)
        view.change(view[START.id], Trigger.REFUSE, 50.0)
        assert view.next_due() == 110.0

    def test_what_is_to_be_confirmed_is_so_for_its_own_time_whoever_presses(self) -> None:
        view = made(with_actions(replace(START, confirm=5.0), STOP))
        view.change(view[START.id], Trigger.ASK, 10.0)
        assert view.next_due() == 15.0
        view.change(view[START.id], Trigger.REFUSE, 14.0, at_least=60.0)
        assert view[START.id].state is FlagState.CONFIRM
        assert view.next_due() == 15.0
        view.expire(15.0)
        assert view[START.id].state is FlagState.READY

    def test_what_needs_no_confirmation_any_more_is_over_at_once(self) -> None:
        view = made()
        view.change(view[START.id], Trigger.ASK, 10.0)
        assert view.next_due() == 10.0

    def test_a_state_that_does_not_pass_ends_the_time_of_the_one_before(self) -> None:
        view = made()
        view.change(view[START.id], Trigger.REFUSE, 10.0)
        view.change(view[START.id], Trigger.HOLD, 11.0)
        assert view.next_due() is None

    def test_a_flag_may_be_looked_at_again_though_its_state_does_not_pass(self) -> None:
        view = made()
        view.look_again(view[START.id], 20.0)
        assert view.next_due() == 20.0
        view.expire(20.0)
        assert view[START.id].state is FlagState.READY
        assert [flag.action for flag in view.touched] == [START]
        assert view.next_due() is None


class TestWhoMayPress:
    @pytest.mark.parametrize("cancel", [None, Access((MALLORY,))])
    def test_to_run_it_and_while_it_runs_to_cancel_it(self, cancel: Access | None) -> None:
        view = View(with_actions(replace(START, cancel=cancel)))
        assert may_press(view) == START.access
        view.change(view[START.id], Trigger.START, 1.0)
        assert may_press(view) == (cancel or START.access)
        view.change(view[START.id], Trigger.SUCCEED, 2.0)
        assert may_press(view) == START.access

    def test_nobody_a_notice_of_a_fault(self) -> None:
        assert may_press(View(replace(MENU, actions=(), faults=(FAULT,)))) == NOBODY


class TestText:
    def test_the_state_is_said_with_what_there_is_to_say_about_it(self) -> None:
        view = View(replace(MENU, execute=EXECUTE))
        flag = view[START.id]
        view.change(flag, Trigger.START, 1.0)
        flag.detail, flag.note = "40 %", "a note"
        flag.history = History((Run("j1", "alice", 1001, "", "c1", NOW.wall - 5.0),))
        flag.seen = JobSeen("j1", "out", 3, Progress(40))
        shown = texts(view)["Start [Running 40 %].txt"]
        assert "\nState           Running 40 %; why of Apache/Start at 1.8e+09\n" in shown
        assert "\nNote            a note\n" in shown
        assert "\nRunning for     5 s, at 2027-01-15 08:00:00 UTC\n" in shown
        assert "\nHow             delete this file, or move it into Execute; it" in shown
        assert shown.endswith("\nOutput\n------\nout\n")

    def test_a_state_without_a_word_is_said_by_its_key(self) -> None:
        naming = Naming(WORDS["en"] | {FlagState.READY: ""})  # type: ignore[operator]
        settings = replace(MENU.settings, naming=naming, zone=ZoneInfo("Europe/Berlin"))
        shown = texts(View(replace(MENU, settings=settings)))
        assert "\nState           Ready; why of Apache/Start" in shown["Start.txt"]
        assert "How             delete this file; it" in shown["Start.txt"]

    def test_a_fault_says_what_is_wrong_and_nothing_else(self) -> None:
        shown = texts(View(replace(MENU, actions=(), faults=(FAULT,))))
        assert shown == {
            "[Configuration error].txt": (
                "Third: the configuration has a fault. What was right before still holds.\n"
                "Tell whoever runs this server:\n"
                "\n"
                "a.yaml:3:5: cannot a\n"
                "a.yaml:4:1: cannot b\n"
            )
        }


class TestHidden:
    BLOCKED = replace(START, hide_blocked=True)

    def test_a_blocked_flag_is_gone_if_it_is_to_be(self) -> None:
        view = made(with_actions(self.BLOCKED, STOP))
        for one in (START, STOP):
            view.change(view[one.id], Trigger.HOLD, 1.0)
        assert draw(view) == ["Start [Ready].txt > ", "Stop [Ready].txt > Stop [Blocked].txt"]
        view.touch(view[START.id])
        assert draw(view) == []
        assert view.listed(listing(FOLDER, "Stop [Blocked].txt")).missing == []
        view.change(view[START.id], Trigger.RELEASE, 2.0)
        assert draw(view) == ["None > Start [Ready].txt"]

    def test_the_path_that_it_leaves_is_told(self) -> None:
        view = made(with_actions(self.BLOCKED))
        view.change(view[START.id], Trigger.HOLD, 1.0)
        assert view.draw(nothing, NOW) == [HideFlag(self.BLOCKED, "Start [Ready].txt")]
        assert view.hid(START.id) == READY.path
        assert view.deleted(READY.path) is None

    def test_what_could_not_be_taken_out_is_tried_again_at_a_look(self) -> None:
        view = made(with_actions(self.BLOCKED))
        view.change(view[START.id], Trigger.HOLD, 1.0)
        assert len(refuse(view)) == 1
        found = view.listed(listing(FOLDER, READY.name))
        assert (found.surplus, found.missing) == ([], [])
        assert draw(view) == ["Start [Ready].txt > "]
        view.listed(listing(FOLDER))
        assert draw(view) == []

    def test_or_its_end_will_be_told_if_it_is_gone(self) -> None:
        view = made(with_actions(self.BLOCKED))
        view.change(view[START.id], Trigger.HOLD, 1.0)
        view.draw(nothing, NOW)
        assert view.listed(listing(FOLDER)).missing == []
        assert draw(view) == []
        assert view.deleted(READY.path) is view[START.id]


class TestMoves:
    def test_a_move_among_the_names_of_one_flag_is_fuis_own(self) -> None:
        view = made()
        for name in ("Start [Running].txt", "Start [Running 40 %].txt", "Start [Queued 2].txt"):
            assert view.moved(Place(FOLDER.path, name), READY) == ()
        assert view.moved(None, None) == ()
        assert view.moved(Place(FOLDER.path, "x"), Place(FOLDER.path, "y")) == ()

    def test_a_move_over_a_flag_is_a_reason_to_look(self) -> None:
        view = made()
        assert view.moved(None, READY) == (FOLDER.path,)
        assert view.moved(Place(BACKUP.path, "x"), READY) == (BACKUP.path, FOLDER.path)
        other = Place(FOLDER.path, "Stop [Running].txt")
        assert view.moved(other, READY) == (FOLDER.path,)

    def test_so_is_a_move_of_a_flag_wherever_it_goes(self) -> None:
        view = made()
        assert view.moved(READY, None) == (FOLDER.path,)
        assert view.moved(READY, Place(FOLDER.path, "Start [Done].txt")) == (FOLDER.path,)
        assert view.moved(READY, Place(BACKUP.path, READY.name)) == (FOLDER.path, BACKUP.path)

    def test_a_flag_that_is_gone_by_a_move_is_told_so_and_one_that_is_missing_is_not(self) -> None:
        view = made()
        view.moved(READY, None)
        found = view.listed(listing(FOLDER, "Restart [Ready].txt"))
        assert found.moved == [(view[START.id], READY.path)]
        assert found.missing == [(view[STOP.id], f"{FOLDER.path}/Stop [Ready].txt")]
        assert draw(view) == ["None > Start [Ready].txt", "None > Stop [Ready].txt"]

    def test_a_look_after_a_move_shows_the_flag_anew_though_it_is_there(self) -> None:
        view = made()
        view.moved(None, READY)
        view.listed(listing(BACKUP, "Run [Ready].txt"))
        there = listing(FOLDER, READY.name, "Stop [Ready].txt", "Restart [Ready].txt")
        assert view.listed(there).missing == []
        assert draw(view) == ["Start [Ready].txt > Start [Ready].txt"]
        view.listed(there)
        assert draw(view) == []

    def test_a_move_into_the_execute_folder_takes_the_flag(self) -> None:
        view = made(replace(MENU, execute=EXECUTE))
        assert view.folders[-1] == EXECUTE.path
        target = Place(EXECUTE.path, "anything")
        assert view.executed(READY, target) is view[START.id]
        assert view[START.id].name is None
        assert view.executed(READY, target) is None

    def test_what_is_no_flag_or_goes_elsewhere_is_no_press(self) -> None:
        view = made(replace(MENU, execute=EXECUTE))
        target = Place(EXECUTE.path, READY.name)
        assert view.executed(Place(FOLDER.path, "x"), target) is None
        assert view.executed(None, target) is None
        assert view.executed(READY, None) is None
        assert view.executed(READY, Place(BACKUP.path, READY.name)) is None
        assert view[START.id].name == READY.name

    def test_without_an_execute_folder_nothing_is_pressed_by_a_move(self) -> None:
        assert made().executed(READY, Place(EXECUTE.path, READY.name)) is None


class TestAnswers:
    def test_what_is_being_shown_is_not_shown_again_before_that_is_answered(self) -> None:
        view = made()
        view.change(view[START.id], Trigger.START, 1.0)
        drawn = view.draw(nothing, NOW)
        view.change(view[START.id], Trigger.SUCCEED, 2.0)
        assert view.draw(nothing, NOW) == []
        answer(view, drawn)
        assert draw(view) == ["Start [Running].txt > Start [Done].txt"]

    def test_a_text_that_was_refused_is_written_at_the_next_look(self) -> None:
        view = made()
        view.touch(view[RUN.id])
        refuse(view)
        assert draw(view) == []
        view.listed(listing(BACKUP, "Run [Ready].txt"))
        assert draw(view) == ["Run [Ready].txt > Run [Ready].txt"]
        view.listed(listing(BACKUP, "Run [Ready].txt"))
        assert draw(view) == []


class TestLooks:
    def test_what_is_fuis_own_and_not_expected_is_too_much(self) -> None:
        view = made(replace(MENU, execute=EXECUTE))
        there = (
            DirEntry("Run [Ready].txt", ours=True),
            DirEntry("Run [Done].txt", ours=True),
            DirEntry("theirs", ours=False),
        )
        found = view.listed(FolderListed(BACKUP.path, there))
        assert found.surplus == [RemoveOwn(BACKUP.path, "Run [Done].txt")]
        found = view.listed(listing(EXECUTE, READY.name))
        assert found.surplus == [RemoveOwn(EXECUTE.path, READY.name)]

    def test_a_flag_whose_place_another_file_has_is_missing(self) -> None:
        view = made()
        theirs = FolderListed(BACKUP.path, (DirEntry("Run [Ready].txt", ours=False),))
        path = f"{BACKUP.path}/Run [Ready].txt"
        assert view.listed(theirs).missing == [(view[RUN.id], path)]
        assert draw(view) == ["None > Run [Ready].txt"]

    def test_a_flag_that_was_not_shown_yet_is_not_missed_but_shown(self) -> None:
        view = View(MENU)
        refuse(view)
        assert view.listed(listing(BACKUP)).missing == []
        assert draw(view) == ["None > Run [Ready].txt"]

    def test_what_an_earlier_run_left_of_it_is_taken_over(self) -> None:
        view = View(MENU)
        assert view.listed(listing(BACKUP, "Run [Ready].txt")).surplus == []
        assert "None > Run [Ready].txt" in draw(view)

    def test_one_that_does_not_say_its_state_is_shown_anew(self) -> None:
        view = made()
        view.change(view[RUN.id], Trigger.START, 1.0)
        refuse(view)
        view.listed(listing(BACKUP, "Run [Ready].txt"))
        assert draw(view) == ["Run [Ready].txt > Run [Running].txt"]

    def test_one_that_is_pressed_is_not_missed_and_not_shown(self) -> None:
        view = made()
        view.deleted(f"{BACKUP.path}/Run [Ready].txt")
        view[RUN.id].pressed = True
        found = view.listed(listing(BACKUP))
        assert (found.moved, found.missing) == ([], [])
        view.touch(view[RUN.id])
        assert draw(view) == []

    def test_a_folder_that_is_not_ours_has_nothing_of_ours(self) -> None:
        found = made().listed(FolderListed("/elsewhere", (DirEntry("x", ours=False),)))
        assert (found.surplus, found.moved, found.missing) == ([], [], [])


class TestReload:
    def test_what_did_not_change_is_not_shown_anew(self) -> None:
        view = made(replace(MENU, execute=EXECUTE, faults=(FAULT,)))
        before = view.flags
        view.change(view[START.id], Trigger.START, 1.0)
        draw(view)
        settings = replace(MENU.settings, naming=Naming(), settle=1.0, mass_limit=9, grace=2.0)
        assert view.reload(Menu(settings, MENU.actions, EXECUTE, PROBLEMS, (FAULT,))) == []
        assert draw(view) == []
        assert [*map(id, view.flags)] == [*map(id, before)]
        assert view[START.id].state is FlagState.RUNNING

    def test_what_changed_is_and_keeps_its_state(self) -> None:
        view = made()
        view.change(view[START.id], Trigger.START, 1.0)
        draw(view)
        changed = replace(START, description="Starts it", groups=("Apache/2",))
        assert view.reload(with_actions(changed, STOP, RESTART, RUN)) == []
        assert view[START.id].action is changed
        assert [flag.action for flag in view.members(("Apache/2",))] == [changed]
        assert [flag.action for flag in view.members(("Apache/1",))] == [STOP, RESTART]
        shown = texts(view)
        assert [*shown] == ["Start [Running].txt"]
        assert "Starts it" in shown["Start [Running].txt"]

    def test_what_is_new_comes(self) -> None:
        view = made()
        new = action("Go", THIRD)
        assert [flag.action for flag in view.reload(with_actions(*MENU.actions, new))] == [new]
        assert view.folders == (FOLDER.path, BACKUP.path, THIRD.path)
        assert draw(view) == ["None > Go [Ready].txt"]

    def test_what_is_removed_goes(self) -> None:
        view = made()
        assert view.reload(with_actions(STOP, RESTART)) == []
        assert view.retired == (START, RUN)
        assert view.named(READY.path) == (START, FlagState.READY)
        assert draw(view) == ["Start [Ready].txt > ", "Run [Ready].txt > "]
        assert view.retired == ()
        assert view.get(START.id) is None
        assert view.named(READY.path) is None
        assert [flag.action for flag in view.members(("Apache/1", "Backup/1"))] == [STOP, RESTART]
        assert view.folders == (FOLDER.path,)
        assert draw(view) == []

    def test_what_is_removed_while_its_press_is_decided_goes_after_that(self) -> None:
        view = made()
        view.deleted(READY.path)
        view[START.id].pressed = True
        view.reload(with_actions(STOP, RESTART, RUN))
        assert draw(view) == []
        assert view.retired == (START,)
        view[START.id].pressed = False
        view.touch(view[START.id])
        assert draw(view) == []
        assert view.retired == ()

    def test_what_is_removed_while_it_runs_stays_until_its_end(self) -> None:
        view = made()
        flag = view[RUN.id]
        view.change(flag, Trigger.START, 1.0)
        view.reload(with_actions(START, STOP, RESTART))
        assert draw(view) == ["Run [Ready].txt > Run [Running].txt"]
        assert view.listed(listing(BACKUP, "Run [Running].txt")).surplus == []
        assert view.folders == (FOLDER.path, BACKUP.path)
        view.reload(with_actions(START, STOP, RESTART))
        assert draw(view) == []
        view.change(flag, Trigger.SUCCEED, 2.0)
        assert draw(view) == ["Run [Running].txt > "]
        assert view.next_due() is None
        assert view.folders == (FOLDER.path,)

    def test_what_comes_back_while_it_runs_stays(self) -> None:
        view = made()
        view.change(view[RUN.id], Trigger.START, 1.0)
        view.reload(with_actions(START, STOP, RESTART))
        draw(view)
        assert view.reload(MENU) == []
        assert draw(view) == ["Run [Running].txt > Run [Running].txt"]
        view.change(view[RUN.id], Trigger.SUCCEED, 2.0)
        assert draw(view) == ["Run [Running].txt > Run [Done].txt"]

    def test_what_could_not_be_taken_out_goes_at_a_look(self) -> None:
        view = made()
        view.reload(with_actions(START, STOP, RESTART))
        refuse(view)
        assert view.listed(listing(BACKUP, "Run [Ready].txt")).surplus == []
        assert draw(view) == ["Run [Ready].txt > "]
        assert view.retired == ()

    def test_faults_come_and_change_and_go(self) -> None:
        view = made()
        view.reload(replace(MENU, faults=(FAULT,)))
        assert draw(view) == ["None > [Configuration error].txt"]
        view.reload(replace(MENU, faults=(replace(FAULT, problems=PROBLEMS[:1]),)))
        shown = texts(view)
        assert [*shown] == ["[Configuration error].txt"]
        assert "cannot b" not in shown["[Configuration error].txt"]
        view.reload(MENU)
        assert draw(view) == ["[Configuration error].txt > "]
        assert view.folders == (FOLDER.path, BACKUP.path)

    @pytest.mark.parametrize(
        "changes",
        [
            {"settings": replace(MENU.settings, naming=Naming(opening="(", closing=")"))},
            {"settings": replace(MENU.settings, naming=Naming(WORDS["de"]))},
            {"settings": replace(MENU.settings, zone=ZoneInfo("Europe/Berlin"))},
            {"settings": replace(MENU.settings, enforce_in_samba=True)},
            {"execute": EXECUTE},
        ],
    )
    def test_what_is_in_every_flag_shows_all_of_them_anew(self, changes: dict[str, object]) -> None:
        view = made(replace(MENU, faults=(FAULT,)))
        view.reload(replace(MENU, faults=(FAULT,), **changes))  # type: ignore[arg-type]
        assert len(draw(view)) == 5

    def test_names_are_made_anew_when_their_words_are_others(self) -> None:
        view = made(with_actions(START))
        view.change(view[START.id], Trigger.START, 1.0)
        draw(view)
        naming = Naming(WORDS["de"], before=True, extension=".md")
        settings = replace(MENU.settings, naming=naming)
        view.reload(replace(with_actions(START), settings=settings))
        assert draw(view) == ["Start [Running].txt > [Läuft] Start.md"]
        assert view.named(f"{FOLDER.path}/[Läuft 40 %] Start.md") == (START, FlagState.RUNNING)
        assert view.named(READY.path) is None


class TestAnotherFolder:
    """An action that moves to another folder has another flag, and is the same action."""

    MOVED = replace(START, folder=THIRD)

    def moved(self, view: View, **changes: object) -> None:
        action = replace(self.MOVED, **changes)  # type: ignore[arg-type]
        assert [flag.action for flag in view.reload(with_actions(action, STOP))] == [action]

    def test_its_flag_comes_there_and_what_is_left_behind_is_too_much(self) -> None:
        view = made(with_actions(START, STOP))
        self.moved(view)
        assert view.named(READY.path) is None
        assert view.deleted(READY.path) is None
        assert draw(view) == ["None > Start [Ready].txt"]
        found = view.listed(listing(FOLDER, READY.name, "Stop [Ready].txt"))
        assert found.surplus == [RemoveOwn(FOLDER.path, READY.name)]
        assert view.deleted(f"{THIRD.path}/Start [Ready].txt") is view[START.id]

    def test_it_goes_on_running(self) -> None:
        view = made(with_actions(START, STOP))
        flag = view[START.id]
        view.change(flag, Trigger.START, 1.0)
        flag.detail = "40 %"
        flag.history = History((Run("j1", "alice", 1001, "", "c1", 1.0),))
        flag.seen = JobSeen("j1", "out", 3)
        self.moved(view)
        assert view[START.id].history == flag.history
        assert view[START.id].seen == flag.seen
        assert draw(view) == ["None > Start [Running 40 %].txt"]

    def test_what_was_pressed_there_is_not_shown_here_before_that_is_decided(self) -> None:
        view = made(with_actions(START, STOP))
        view.deleted(READY.path)
        view[START.id].pressed = True
        self.moved(view)
        assert draw(view) == []
        view[START.id].pressed = False
        view.touch(view[START.id])
        assert draw(view) == ["None > Start [Ready].txt"]

    def test_what_was_to_be_confirmed_still_is_for_as_long_and_by_the_same_user(self) -> None:
        view = made(with_actions(replace(START, confirm=30.0), STOP))
        view.change(view[START.id], Trigger.ASK, 10.0)
        view[START.id].asked = 1001
        self.moved(view, confirm=30.0)
        assert view[START.id].asked == 1001
        assert view.next_due() == 40.0
        view.expire(40.0)
        assert view[START.id].state is FlagState.READY

    def test_what_was_closed_opens(self) -> None:
        view = made(with_actions(START, STOP))
        view.change(view[START.id], Trigger.CLOSE, 10.0, until=20.0)
        self.moved(view)
        view.expire(20.0)
        assert draw(view) == ["None > Start [Ready].txt"]
