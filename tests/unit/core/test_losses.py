"""What was lost is counted: by kind, in whole conversations, and by journald's own word only."""

from dataclasses import replace

import pytest

from fui.core.losses import Losses, suppressed
from fui.model import events as on
from fui.model.facts import FactKind
from fui.model.menu import Settings
from fui.model.record import Notice
from fui.model.states import Loss
from tests.playbook import FOLDER, Playbook

SETTINGS = Settings("/srv/controls")
NOTICE = Notice("c9", 100.0, "driver", 0, "smbd.service", 7)
FLAG = "Restart [Ready].txt"


def lost(play: Playbook) -> dict[Loss, int]:
    """What everybody is let know of it."""
    return dict(play.published[-1].losses)


def told(play: Playbook) -> list[Loss | None]:
    """What the ledger has of it."""
    kinds = (FactKind.LOST, FactKind.UNATTRIBUTED, FactKind.SUSPICIOUS)
    return [fact.loss for fact in play.facts(*kinds)]


def test_each_kind_is_counted_by_itself() -> None:
    one = Losses()
    assert one.counts == {}
    before = one.counts
    one.add(Loss.WATCH)
    one.add(Loss.SUPPRESSED, 7)
    one.add(Loss.WATCH)
    assert one.counts == {Loss.WATCH: 2, Loss.SUPPRESSED: 7}
    assert before == {}


class TestWhatJournaldSays:
    def test_its_own_word_counts(self) -> None:
        assert suppressed(NOTICE, SETTINGS) == 7

    @pytest.mark.parametrize(
        "other",
        [
            {"transport": "journal"},
            {"transport": "syslog"},
            {"transport": ""},
            {"uid": 1001},
            {"uid": -1},
            {"unit": "cron.service"},
            {"unit": ""},
            {"number": 0},
            {"number": -1},
        ],
    )
    def test_nobody_elses_and_of_no_other_unit(self, other: dict[str, object]) -> None:
        assert suppressed(replace(NOTICE, **other), SETTINGS) == 0  # type: ignore[arg-type]

    def test_other_units_may_be_samba_s(self) -> None:
        settings = replace(SETTINGS, samba_units=("mine.service",))
        assert suppressed(replace(NOTICE, unit="mine.service"), settings) == 7
        assert suppressed(NOTICE, settings) == 0


class TestConversations:
    def test_nothing_is_lost_by_a_press(self) -> None:
        play = Playbook()
        play.press(FLAG, "alice")
        play.end()
        assert lost(play) == {}
        assert told(play) == []

    def test_an_event_without_a_record_and_then_a_late_one(self) -> None:
        play = Playbook()
        play.wait(1)
        late = play.entry(FLAG, "alice")
        play.delete(FLAG)
        play.wait(2)
        assert lost(play) == {Loss.NO_RECORD: 1}
        play.step(on.EntryRead(late))
        play.wait(2)
        assert lost(play) == {Loss.NO_RECORD: 1, Loss.LATE: 1}
        assert told(play) == [Loss.NO_RECORD, Loss.LATE]
        assert play.started() == []

    def test_a_record_without_an_event(self) -> None:
        play = Playbook()
        play.wait(1)
        play.record(FLAG, "alice")
        play.wait(2)
        assert lost(play) == {Loss.STRAY: 1}
        assert told(play) == [Loss.STRAY]

    def test_two_records_for_one_event(self) -> None:
        play = Playbook()
        play.wait(1)
        play.record(FLAG, "alice")
        play.record(FLAG, "bob")
        play.delete(FLAG)
        assert lost(play) == {Loss.CONTRADICTION: 1}
        assert told(play) == [Loss.CONTRADICTION]

    def test_a_flag_that_was_moved_and_no_record_says_by_whom(self) -> None:
        play = Playbook()
        play.wait(1)
        play.move(FLAG, None)
        play.wait(3)
        assert lost(play) == {Loss.NO_RECORD: 1}

    def test_messages_that_journald_dropped_are_told_at_each_report(self) -> None:
        play = Playbook()
        play.step(on.EntriesDropped(NOTICE))
        play.step(on.EntriesDropped(replace(NOTICE, cursor="c10", number=5)))
        assert lost(play) == {Loss.SUPPRESSED: 12}
        assert [fact.number for fact in play.facts(FactKind.LOST)] == [7, 5]

    def test_who_claims_to_be_journald_is_not_heard(self) -> None:
        play = Playbook()
        play.step(on.EntriesDropped(replace(NOTICE, transport="journal")))
        assert len(play.published) == 1
        assert play.facts() == []

    def test_forged_records_are_all_counted_though_told_once(self) -> None:
        play = Playbook()
        for _ in range(5):
            play.record(FLAG, "alice", gid=1001)
        assert lost(play) == {Loss.DISBELIEVED: 5}
        assert told(play) == [Loss.DISBELIEVED]

    def test_file_events(self) -> None:
        play = Playbook()
        play.step(on.WatchLost(None, "the queue overflowed", overflow=True))
        play.step(on.WatchLost(None, "the queue overflowed", overflow=True))
        assert lost(play) == {Loss.WATCH: 2}
        assert told(play) == [Loss.WATCH]

    def test_gaps_in_the_journal(self) -> None:
        play = Playbook()
        play.step(on.JournalGap("cannot read the journal"))
        assert lost(play) == {Loss.JOURNAL: 1}
        assert told(play) == [Loss.JOURNAL]

    def test_a_share_that_fails(self) -> None:
        play = Playbook()
        play.step(on.ShareFailed(FOLDER.path, "cannot write: disk full"))
        play.step(on.ShareFailed(FOLDER.path, "cannot write: disk full"))
        assert lost(play) == {Loss.SHARE: 2}
        assert told(play) == [Loss.SHARE]

    def test_what_the_ledger_could_not_tell_is_counted_and_not_told_again(self) -> None:
        play = Playbook()
        play.step(on.LedgerMissed(3))
        assert lost(play) == {Loss.LEDGER: 3}
        assert play.facts() == []

    def test_it_is_published_once_and_stays(self) -> None:
        play = Playbook()
        play.step(on.JournalGap("cannot read the journal"))
        assert len(play.published) == 2
        play.wait(10)
        assert len(play.published) == 2
        play.press(FLAG, "alice")
        assert lost(play) == {Loss.JOURNAL: 1}
