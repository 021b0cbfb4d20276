from dataclasses import replace

import pytest

from fui.core.attribution import (
    REFUSED_QUIET,
    Attributed,
    Attribution,
    Disbelieved,
    Finding,
    Many,
    Prevented,
    Stray,
    Suppressed,
    Unattributed,
)
from fui.model.events import Started
from fui.model.job import History, Queued, Run
from fui.model.menu import Action, FileSpec, Folder, Menu, Settings
from fui.model.press import Gesture, Press
from fui.model.record import Entry, Notice, Operation, Record, Refused
from fui.model.states import FlagState, Refusal
from tests.playbook import BACKUP, FOLDER, MENU, UIDS

START, STOP, _, RUN = MENU.actions
EXECUTE = Folder("/srv/controls/Execute", FileSpec(None, None, 0o2770))
SETTINGS = Settings("/srv/controls", settle=0.25)
PATHS = {
    f"{folder.path}/{action.id.action} [{word}].txt": (action, state)
    for action, folder in ((START, FOLDER), (STOP, FOLDER), (RUN, BACKUP))
    for word, state in (("Ready", FlagState.READY), ("Running", FlagState.RUNNING))
}
START_AT, STOP_AT, RUN_AT = (path for path in PATHS if "Ready" in path)
EXECUTED = f"{EXECUTE.path}/Start [Ready].txt"


def who(settle: float = 0.25, execute: Folder | None = EXECUTE) -> Attribution:
    """Born at 10, in a daemon that began at 5."""
    menu = Menu(replace(SETTINGS, settle=settle), MENU.actions, execute)
    made = Attribution(menu, PATHS.get)
    made.begin(5.0, Started())
    for path in PATHS:
        made.renamed(None, path, 10.0)
    return made


def entry(path: str, sent: float, user: str = "alice", to: str = "", **other: object) -> Entry:
    """What smbd writes of a deletion, or of a rename if it is said where to."""
    done = f"renameat|ok|{path}|{to}" if to else f"unlinkat|ok|{path}"
    text = f"{user}|192.0.2.7|Controls|{done}"
    cursor = f"{sent:g}"
    made = Entry(cursor, sent, 0.0, UIDS[user], 0, "smbd.service", "syslog", "smbd_audit", 21, text)
    return replace(made, **other)  # type: ignore[arg-type]


def record(path: str, sent: float, user: str = "alice", to: str = "") -> Record:
    done = Operation.RENAME if to else Operation.UNLINK
    return Record(f"{sent:g}", sent, 0.0, UIDS[user], user, "192.0.2.7", done, path, to)


def gone(action: Action, at: float, gesture: Gesture = Gesture.PRESS) -> Press:
    return Press(action, gesture, FlagState.READY, at=at)


def proven(press: Press, record: Record, now: float) -> Press:
    """What a press is once that is known."""
    made = min(press.at, record.sent)
    return replace(press, record=record, at=made, latency=now - made)


class TestProven:
    def test_at_once_where_nothing_is_to_settle(self) -> None:
        one = who(settle=0.0)
        press = gone(START, 20.0)
        assert one.gone(press, START_AT) == []
        assert one.expecting
        assert one.undecided
        found = one.read(entry(START_AT, 20.0), 20.001)
        assert found == [Attributed(proven(press, record(START_AT, 20.0), 20.001))]
        assert not one.expecting
        assert not one.undecided
        assert one.next_due() is None

    def test_else_when_it_has_settled(self) -> None:
        one = who()
        press = gone(START, 20.0)
        one.gone(press, START_AT)
        assert one.read(entry(START_AT, 20.0), 20.001) == []
        assert not one.expecting
        assert one.undecided
        assert one.next_due() == 20.25
        assert one.judge(20.2, 20.2) == []
        assert one.judge(20.25, 20.25) == [
            Attributed(proven(press, record(START_AT, 20.0), 20.001))
        ]
        assert not one.undecided

    def test_whichever_is_heard_first(self) -> None:
        one = who(settle=0.0)
        assert one.read(entry(START_AT, 20.0), 20.0) == []
        press = gone(START, 20.1)
        assert one.gone(press, START_AT) == [
            Attributed(proven(press, record(START_AT, 20.0), 20.1))
        ]

    def test_it_counts_from_when_it_was_made_not_from_when_it_was_seen(self) -> None:
        one = who()
        one.gone(gone(START, 23.0), START_AT)
        one.read(entry(START_AT, 20.0), 23.0)
        assert one.next_due() == 20.25
        (found,) = one.judge(23.0, 23.0)
        assert isinstance(found, Attributed)
        assert found.press.at == 20.0

    def test_but_not_from_a_record_that_seems_to_be_later(self) -> None:
        one = who()
        one.gone(gone(START, 20.0), START_AT)
        one.read(entry(START_AT, 20.1), 20.2)
        assert one.next_due() == 20.25

    def test_a_move_is_told_at_once(self) -> None:
        one = who()
        press = gone(START, 20.0, Gesture.MOVE)
        one.gone(press, START_AT)
        moved = entry(START_AT, 20.0, to="/srv/controls/Apache/x")
        (found,) = one.read(moved, 20.0)
        assert found == Attributed(
            proven(press, record(START_AT, 20.0, to="/srv/controls/Apache/x"), 20.0)
        )

    def test_a_deletion_is_not_proven_by_a_rename_nor_a_rename_by_a_deletion(self) -> None:
        one = who()
        one.gone(gone(START, 20.0), START_AT)
        one.read(entry(START_AT, 20.0, to=EXECUTED), 20.0)
        one.gone(gone(STOP, 20.0, Gesture.MOVE), STOP_AT)
        one.read(entry(STOP_AT, 20.1), 20.1)
        assert one.judge(21.0, 21.0) == []
        assert one.expecting

    def test_a_press_by_a_move_is_proven_by_that_move_only(self) -> None:
        one = who(settle=0.0)
        press = gone(START, 20.0, Gesture.EXECUTE)
        one.gone(press, START_AT, EXECUTED)
        assert one.read(entry(START_AT, 20.0, to="/srv/controls/Apache/x"), 20.0) == []
        found = one.read(entry(START_AT, 20.01, to=EXECUTED), 20.01)
        assert found == [Attributed(proven(press, record(START_AT, 20.01, to=EXECUTED), 20.01))]

    def test_what_fui_took_away_itself_is_nobodys(self) -> None:
        one = who()
        one.renamed(START_AT, None, 15.0)
        assert one.gone(gone(START, 20.0), START_AT) == []
        assert not one.expecting

    def test_a_name_that_came_back_is_not_ended_by_a_record_from_before(self) -> None:
        one = who(settle=0.0)
        one.renamed(START_AT, STOP_AT, 15.0)
        one.renamed(STOP_AT, START_AT, 16.0)
        one.gone(gone(START, 20.0), START_AT)
        assert one.read(entry(START_AT, 15.9), 20.0) == []
        (found,) = one.read(entry(START_AT, 16.0), 20.0)
        assert isinstance(found, Attributed)


class TestMany:
    def test_flags_of_one_object_at_once_are_one_finding(self) -> None:
        one = who()
        for action, path, at in ((START, START_AT, 20.0), (STOP, STOP_AT, 20.1)):
            one.gone(gone(action, at), path)
            one.read(entry(path, at), at)
        assert one.judge(20.4, 20.4) == []
        (found,) = one.judge(23.0, 23.0)
        assert isinstance(found, Many)
        assert [press.action for press in found.presses] == [START, STOP]
        assert not one.undecided

    def test_so_are_presses_in_either_way(self) -> None:
        one = who()
        one.gone(gone(START, 20.0, Gesture.EXECUTE), START_AT, EXECUTED)
        one.read(entry(START_AT, 20.0, to=EXECUTED), 20.0)
        one.gone(gone(STOP, 20.1), STOP_AT)
        one.read(entry(STOP_AT, 20.1), 20.1)
        (found,) = one.judge(23.0, 23.0)
        assert isinstance(found, Many)

    def test_presses_of_two_objects_are_two(self) -> None:
        one = who()
        for action, path in ((START, START_AT), (RUN, RUN_AT)):
            one.gone(gone(action, 20.0), path)
        for at, path in ((20.0, START_AT), (20.01, RUN_AT)):
            one.read(entry(path, at), at)
        found = one.judge(20.3, 20.3)
        assert [type(each) for each in found] == [Attributed, Attributed]

    def test_nothing_is_judged_while_it_is_unknown_who_did_the_rest(self) -> None:
        one = who()
        one.gone(gone(START, 20.0), START_AT)
        one.gone(gone(STOP, 20.1), STOP_AT)
        one.read(entry(START_AT, 20.0), 20.0)
        assert one.judge(20.25, 20.25) == []
        assert one.next_due() == 22.1
        assert [type(each) for each in one.expire(22.1)] == [Unattributed]
        assert one.next_due() == 20.25
        assert [type(each) for each in one.judge(22.1, 22.1)] == [Attributed]


class TestUnproven:
    def test_without_a_record_in_time_nobody_did_it(self) -> None:
        one = who()
        press = gone(START, 20.0)
        one.gone(press, START_AT)
        assert one.next_due() == 22.0
        assert one.expire(21.9) == []
        assert one.expire(22.0) == [
            Unattributed(press, Refusal.NO_RECORD, "no audit record within 2 s")
        ]
        assert not one.undecided

    def test_two_candidates_are_none(self) -> None:
        one = who()
        press = gone(START, 20.0)
        one.read(entry(START_AT, 19.0, "bob"), 20.0)
        one.read(entry(START_AT, 19.1), 20.0)
        assert one.gone(press, START_AT) == [
            Unattributed(press, Refusal.CONTRADICTION, "2 records fit it, of uids 1002, 1001")
        ]

    def test_a_record_of_which_nothing_was_seen_is_astray(self) -> None:
        one = who()
        one.read(entry(START_AT, 20.0), 20.0)
        assert not one.expecting
        assert one.next_due() == 22.0
        assert one.expire(22.0) == [
            Stray(Press(START, Gesture.PRESS, FlagState.READY, record=record(START_AT, 20.0)))
        ]

    def test_one_that_comes_when_it_was_given_up_is_late(self) -> None:
        one = who()
        one.gone(gone(START, 20.0), START_AT)
        one.expire(22.0)
        one.read(entry(START_AT, 20.0), 30.0)
        (found,) = one.expire(32.0)
        assert isinstance(found, Stray)
        assert found.late

    def test_unless_what_it_is_about_was_taken_out_of_the_menu_meanwhile(self) -> None:
        known = dict(PATHS)
        one = Attribution(Menu(SETTINGS, MENU.actions), known.get)
        one.read(entry(START_AT, 20.0), 20.0)
        known.clear()
        assert one.expire(22.0) == []


class TestEntries:
    def test_what_is_not_about_a_flag_is_nothing(self) -> None:
        one = who()
        assert one.read(entry("/srv/controls/Apache/x", 20.0), 20.0) == []
        assert one.read(entry(START_AT, 20.1, identifier="sshd"), 20.1) == []
        assert not one.cursor_counts
        assert one.expire(99.0) == []

    def test_what_claims_to_be_and_is_not_believed_is_told(self) -> None:
        why = "it was sent with gid 1001; smbd sends with gid 0"
        assert who().read(entry(START_AT, 20.0, gid=1001), 20.0) == [Disbelieved(why)]

    def test_what_journald_has_dropped_is_told_and_not_once_more_after_a_restart(self) -> None:
        one = who()
        notice = Notice("c1", 20.0, "driver", 0, "smbd.service", 7)
        assert one.read_notice(notice) == [Suppressed("smbd.service", 7)]
        assert (one.cursor, one.cursor_counts) == ("c1", True)

    def test_what_somebody_says_of_it_is_not(self) -> None:
        one = who()
        forged = Notice("c1", 20.0, "journal", 0, "smbd.service", 7)
        assert one.read_notice(forged) == []
        assert (one.cursor, one.cursor_counts) == ("c1", False)

    def test_how_far_the_journal_was_read_is_kept_when_it_was_about_a_flag(self) -> None:
        one = who()
        assert one.cursor is None
        one.read(entry("/x", 20.0, cursor="c1"), 20.0)
        assert (one.cursor, one.cursor_counts) == ("c1", False)
        one.read(entry(START_AT, 21.0, cursor="c2"), 21.0)
        assert (one.cursor, one.cursor_counts) == ("c2", True)

    def test_an_entry_that_is_found_late_does_not_turn_it_back(self) -> None:
        one = who()
        one.read(entry("/x", 21.0, cursor="c2"), 21.0)
        one.read(entry("/x", 20.0, cursor="c1"), 21.1)
        assert one.cursor == "c2"
        one.read(entry("/x", 21.0, cursor="c3"), 21.2)
        assert one.cursor == "c3"


class TestBefore:
    """What was done before the daemon began, at 5."""

    LEFT = Run("j1", "alice", 1001, "192.0.2.7", "c1", 1.0)
    WAITED = Queued(RUN.id, "alice", 1001, "192.0.2.7", "c2")

    def read(self, *entries: Entry, execute: Folder | None = EXECUTE) -> list[Finding]:
        one = Attribution(Menu(SETTINGS, MENU.actions, execute), PATHS.get)
        histories = {START.id: History((self.LEFT,))}
        one.begin(5.0, Started(histories, "c0", (self.WAITED,)))
        assert one.cursor == "c0"
        found = [each for one_entry in entries for each in one.read(one_entry, 5.0)]
        assert not one.undecided
        assert one.next_due() is None
        return found

    def test_a_deletion_was_missed(self) -> None:
        missed = Press(START, Gesture.MISSED, FlagState.READY, record=record(START_AT, 4.9))
        assert self.read(entry(START_AT, 4.9)) == [Attributed(missed)]

    def test_an_entry_that_is_found_twice_is_one_deletion(self) -> None:
        assert len(self.read(entry(START_AT, 4.9), entry(START_AT, 4.9))) == 1

    def test_so_was_a_move_into_the_execute_folder(self) -> None:
        (found,) = self.read(entry(START_AT, 4.9, to=EXECUTED))
        assert isinstance(found, Attributed)
        assert found.press.gesture is Gesture.MISSED

    @pytest.mark.parametrize("to", ["/srv/controls/Apache/x", f"{EXECUTE.path}s/x"])
    def test_any_other_move_was_none(self, to: str) -> None:
        assert self.read(entry(START_AT, 4.9, to=to)) == []

    def test_where_there_is_no_execute_folder_every_move_was_none(self) -> None:
        assert self.read(entry(START_AT, 4.9, to=EXECUTED), execute=None) == []

    def test_what_ran_or_waited_was_dealt_with(self) -> None:
        assert self.read(entry(START_AT, 4.8, cursor="c1"), entry(RUN_AT, 4.9, cursor="c2")) == []

    def test_so_was_what_the_ledger_has_the_end_of(self) -> None:
        one = Attribution(Menu(SETTINGS, MENU.actions, EXECUTE), PATHS.get)
        one.begin(5.0, Started(told_presses=frozenset({"c7", "c8"})))
        assert one.read(entry(START_AT, 4.9, cursor="c7"), 5.0) == []
        text = f"bob|192.0.2.7|Controls|create_file|fail (x)|0x10080|file|open|{START_AT}"
        assert one.read(entry(START_AT, 4.9, cursor="c8", message=text), 5.0) == []
        assert len(one.read(entry(START_AT, 4.9, "bob", cursor="ca", message=text), 5.0)) == 1
        assert len(one.read(entry(START_AT, 4.9, cursor="c9"), 5.0)) == 1

    def test_so_is_what_was_done_before_anything_was_watched(self) -> None:
        one = Attribution(MENU, PATHS.get)
        one.begin(5.0, Started())
        one.watching(6.0)
        (found,) = one.read(entry(START_AT, 5.9), 6.0)
        assert isinstance(found, Attributed)
        assert found.press.gesture is Gesture.MISSED
        assert one.read(entry(STOP_AT, 6.0), 6.0) == []
        assert one.undecided

    def test_a_record_that_waits_for_its_event_is_not_decided(self) -> None:
        one = who(settle=0.0)
        assert one.read(entry(START_AT, 20.0), 20.1) == []
        assert one.undecided
        one.expire(22.1)
        assert not one.undecided

    def test_what_is_of_now_is_waited_for(self) -> None:
        one = Attribution(MENU, PATHS.get)
        one.begin(5.0, Started())
        assert one.read(entry(START_AT, 5.0), 5.0) == []
        assert one.next_due() == 7.0


def test_other_settings_hold_from_now_on() -> None:
    one = who()
    assert one.next_due() is None
    settings = replace(SETTINGS, attribution_timeout=1.0, late_record_window=3.0, settle=0.0)
    one.configure(Menu(replace(settings, facility=22), MENU.actions))
    press = gone(START, 20.0)
    one.gone(press, START_AT)
    assert one.next_due() == 21.0
    assert one.read(entry(START_AT, 20.0), 20.0) == []
    assert one.read(entry(START_AT, 20.0, facility=22), 20.0) == [
        Attributed(proven(press, record(START_AT, 20.0), 20.0))
    ]
    one.gone(gone(STOP, 30.0), STOP_AT)
    one.expire(31.0)
    one.renamed(None, STOP_AT, 31.0)
    one.expire(34.0)
    one.gone(gone(STOP, 34.0), STOP_AT)
    found = one.read(entry(STOP_AT, 34.0, facility=22), 34.0)
    assert [type(each) for each in found] == [Attributed]


class TestPrevented:
    """Samba did not let somebody delete a flag."""

    def refused(self, path: str, user: str = "bob", cursor: str = "c1") -> Entry:
        text = f"{user}|192.0.2.8|Controls|create_file|fail (x)|0x10080|file|open|{path}"
        return entry(START_AT, 20.0, user, cursor=cursor, message=text)

    def test_it_is_told_who_was_not_let_delete_which_flag(self) -> None:
        one = who()
        (finding,) = one.read(self.refused(START_AT), 20.0)
        assert isinstance(finding, Prevented)
        press = finding.press
        assert (press.action, press.gesture, press.shown) == (
            START,
            Gesture.REFUSED,
            FlagState.READY,
        )
        assert isinstance(press.record, Refused)
        assert press.record.uid == UIDS["bob"]
        assert not press.presses
        assert one.cursor_counts
        assert not one.expecting

    def test_once_for_each_user_and_flag_within_a_time(self) -> None:
        one = who()
        told = [
            len(one.read(self.refused(path, user), at))
            for at, user, path in (
                (20.0, "bob", START_AT),
                (20.1, "bob", START_AT),
                (20.2, "alice", START_AT),
                (20.3, "bob", STOP_AT),
                (20.0 + REFUSED_QUIET, "bob", START_AT),
            )
        ]
        assert told == [1, 0, 1, 1, 1]

    def test_other_files_are_nobodys_business(self) -> None:
        one = who()
        assert one.read(self.refused(f"{FOLDER.path}/desktop.ini"), 20.0) == []
        assert not one.cursor_counts
