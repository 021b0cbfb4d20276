"""What is told of presses, put together: conversations with the engine, as the journal has them."""

from dataclasses import replace

from fui.admin.history import (
    DENIED,
    FAILED,
    KINDS,
    Episode,
    Episodes,
    Outcome,
    Wanted,
    last,
    together,
)
from fui.edges.ledger.fields import fields
from fui.edges.ledger.reading import fact_of
from fui.model import events as on
from fui.model.facts import Fact, FactKind, Told
from fui.model.job import Queued
from fui.model.menu import Limit, Menu
from fui.model.states import JobResult, Refusal
from tests.playbook import MENU, Playbook
from tests.unit.core.test_engine_queue import end, queueing

RESTART = MENU.actions[2].id
COMMAND = ("/usr/bin/systemctl", "restart")


class Recorded(Playbook):
    """A playbook whose ledger is read back from the journal."""

    def __init__(self, menu: Menu = MENU, **started: object) -> None:
        self.journal: list[Told] = []
        super().__init__(menu, **started)

    def step(self, *events: on.Event) -> list:  # type: ignore[type-arg]
        before = len(self.facts())
        effects = super().step(*events)
        for fact in self.facts()[before:]:
            read = fact_of(fields(fact))
            assert read is not None
            self.journal.append(Told(self.now.wall, f"j{len(self.journal)}", read))
        return effects

    def rows(self) -> list[tuple[str, str, str]]:
        """User, action and outcome of each press."""
        return [
            (one.user, str(one.action or ""), one.outcome.value) for one in together(self.journal)
        ]


def with_restart(**other: object) -> Menu:
    changed = replace(MENU.actions[2], **other)  # type: ignore[arg-type]
    return replace(MENU, actions=(*MENU.actions[:2], changed, MENU.actions[3]))


def test_a_run_from_its_press_to_its_end() -> None:
    play = Recorded()
    play.press("Restart [Ready].txt", "alice")
    pressed = play.now.wall
    running = Episode(
        pressed, "alice", 1001, "192.0.2.7", RESTART, Outcome.RUNNING, job="5f3a-1",
        run_as="root:root", argv=COMMAND,
    )  # fmt: skip
    assert together(play.journal) == [running]
    play.wait(1.5)
    play.end(3, "no\n")
    ended = replace(running, outcome=Outcome.FAILED, status=3, duration=1.5)
    assert together(play.journal) == [ended]


def test_what_is_denied_and_what_nobody_is_known_to_have_done() -> None:
    play = Recorded()
    play.press("Restart [Ready].txt", "bob")
    play.delete("Start [Ready].txt")
    play.wait(2)
    first, second = together(play.journal)
    assert (first.user, first.outcome, first.refusal) == (
        "bob",
        Outcome.DENIED,
        Refusal.NOT_ALLOWED,
    )
    assert first.reason == "allowed is group wwwadmins"
    assert (second.user, second.uid, second.outcome) == ("", None, Outcome.UNATTRIBUTED)
    assert second.reason == "no audit record within 2 s"


def test_confirm_is_two_presses_and_cancel_one_of_its_own() -> None:
    play = Recorded(with_restart(confirm=30.0, cancel=MENU.actions[2].access))
    play.press("Restart [Ready].txt", "alice")
    play.press("Restart [Delete again to confirm].txt", "alice")
    play.press("Restart [Running].txt", "o'neil")
    play.end(143)
    assert play.rows() == [
        ("alice", "Apache/Restart", "to-confirm"),
        ("alice", "Apache/Restart", "cancelled"),
        ("o'neil", "Apache/Restart", "cancels"),
    ]
    _, cancelled, cancels = together(play.journal)
    assert cancelled.reason == "o'neil cancelled it"
    assert cancels.job == cancelled.job == "5f3a-1"


def test_a_denied_press_of_what_runs_has_no_job() -> None:
    play = Recorded()
    play.press("Restart [Ready].txt", "alice")
    play.press("Restart [Running].txt", "alice")
    play.end(0)
    runs, denied = together(play.journal)
    assert (runs.outcome, runs.job) == (Outcome.DONE, "5f3a-1")
    assert (denied.outcome, denied.refusal, denied.job) == (Outcome.DENIED, Refusal.BUSY, "")


def test_a_queue_with_one_that_runs_one_that_leaves_and_one_that_is_denied_at_its_turn() -> None:
    play = Recorded(queueing())
    play.press("Restart [Ready].txt", "alice")
    play.press("Start [Ready].txt", "o'neil")
    play.press("Stop [Ready].txt", "alice")
    play.press("Stop [Queued 2].txt", "alice")
    end(play, 0)
    play.answer()
    play.step(on.JobStarted("5f3a-2"))
    play.press("Stop [Ready].txt", "alice")
    end(play, 1)
    question = play.questions.pop()
    play.step(on.AccountFound(question.question, "alice", frozenset()))
    assert play.rows() == [
        ("alice", "Apache/Restart", "done"),
        ("o'neil", "Apache/Start", "done"),
        ("alice", "Apache/Stop", "taken-back"),
        ("alice", "Apache/Stop", "leaves"),
        ("alice", "Apache/Stop", "denied"),
    ]
    assert together(play.journal)[2].reason == ""


def test_what_waits_when_fui_ends_is_not_run() -> None:
    play = Recorded(queueing())
    play.press("Restart [Ready].txt", "alice")
    play.press("Start [Ready].txt", "alice")
    pressed = play.now.wall
    play.wait(5)
    play.step(on.StopRequested())
    end(play, 0, 143)
    assert [row[2] for row in play.rows()] == ["interrupted", "not-run"]
    assert together(play.journal)[1].at == pressed


def test_after_a_crash_what_was_pressed_is_told_once() -> None:
    queued = Queued(RESTART, "alice", 1001, "192.0.2.7", "c1")
    before = Recorded(queueing())
    before.press("Start [Ready].txt", "alice")
    before.press("Restart [Ready].txt", "alice")
    after = Recorded(queued=(queued,))
    journal = [*before.journal, *(replace(one, at=before.now.wall + 9) for one in after.journal)]
    assert [one.outcome for one in together(journal)] == [Outcome.RUNNING, Outcome.NOT_RUN]


def test_many_at_once_are_one_row() -> None:
    play = Recorded(replace(MENU, settings=replace(MENU.settings, settle=0.1)))
    play.wait(1)
    play.gone("Restart [Ready].txt", "alice")
    play.gone("Start [Ready].txt", "alice")
    play.wait(1.5)
    play.answer()
    (many,) = together(play.journal)
    assert (many.user, many.action, many.outcome) == ("alice", None, Outcome.MANY)
    assert "Apache/Restart, Apache/Start" in many.reason


def test_a_limit_is_a_denial() -> None:
    play = Recorded(with_restart(limit=Limit(count=1, period=600.0, per_user=True)))
    play.press("Restart [Ready].txt", "alice")
    play.end()
    play.press("Restart [Done].txt", "alice")
    assert [row[2] for row in play.rows()] == ["done", "denied"]


# -- journals that begin in the middle, or are odd -------------------------------------------------


def told(at: float, kind: FactKind, **fact: object) -> Told:
    known = {"action": RESTART, "user": "alice", "uid": 1001, "client": "192.0.2.7"}
    return Told(at, f"c{at}", Fact(kind, **{**known, **fact}))  # type: ignore[arg-type]


def test_an_end_without_its_beginning_is_a_row_from_when_it_began() -> None:
    ended = told(100.0, FactKind.ENDED, job="j", result=JobResult.DONE, status=0, duration=30.0)
    (episode,) = together([ended])
    assert (episode.at, episode.outcome, episode.user) == (70.0, Outcome.DONE, "alice")


def test_a_job_that_was_saved_and_never_told_ends_the_press() -> None:
    pressed = told(100.0, FactKind.PRESSED)
    ended = told(160.0, FactKind.ENDED, job="j", result=JobResult.INTERRUPTED)
    (episode,) = together([pressed, ended])
    assert (episode.at, episode.outcome, episode.duration) == (100.0, Outcome.INTERRUPTED, None)


def test_what_is_told_once_more_after_a_crash_is_no_other_run() -> None:
    started = told(100.1, FactKind.STARTED, job="j")
    ended = told(160.0, FactKind.ENDED, job="j", result=JobResult.DONE)
    facts = [told(100.0, FactKind.PRESSED), started, started, ended, started, ended]
    (episode,) = together(facts)
    assert (episode.at, episode.outcome) == (100.0, Outcome.DONE)


def test_a_press_while_the_first_one_is_being_started_does_not_mix_them_up() -> None:
    facts = [
        told(1.0, FactKind.PRESSED),
        told(2.0, FactKind.PRESSED),
        told(2.1, FactKind.DENIED, refusal=Refusal.BUSY),
        told(3.0, FactKind.STARTED, job="j"),
        told(9.0, FactKind.ENDED, job="j", result=JobResult.DONE),
    ]
    assert [(one.at, one.outcome) for one in together(facts)] == [
        (1.0, Outcome.DONE),
        (2.0, Outcome.DENIED),
    ]


def test_what_samba_refused_was_no_press_that_waits_for_its_decision() -> None:
    facts = [told(1.0, FactKind.PRESSED), told(2.0, FactKind.DENIED, refusal=Refusal.SAMBA)]
    assert [one.outcome for one in together(facts)] == [Outcome.PRESSED, Outcome.DENIED]


def test_trouble_is_a_row_only_where_it_is_about_a_press() -> None:
    facts = [
        told(1.0, FactKind.LOST, reason="no event"),
        told(2.0, FactKind.LOST, uid=None),
        told(3.0, FactKind.LOST, action=None),
        told(4.0, FactKind.OUTPUT, job="j"),
        told(5.0, FactKind.RESTORED),
    ]
    (episode,) = together(facts)
    assert (episode.outcome, episode.reason) == (Outcome.LOST, "no event")


def test_an_end_of_which_nobody_knows_how_is_said_to_be_so() -> None:
    (episode,) = together([told(1.0, FactKind.ENDED, job="j")])
    assert episode.outcome is Outcome.PRESSED


def test_each_result_and_each_kind_has_its_outcome() -> None:
    for result in JobResult:
        (episode,) = together([told(1.0, FactKind.ENDED, job="j", result=result)])
        assert episode.outcome.value == result.value
    for kind in KINDS:
        assert len(Episodes().add(told(1.0, kind))) == 1


def test_nothing_is_kept_of_what_is_over() -> None:
    play = Recorded(queueing())
    episodes = Episodes()
    for _ in range(3):
        play.press(f"{play.names()[0]}.txt", "alice")
        play.end()
    for one in play.journal:
        episodes.add(one)
    kept = [getattr(episodes, name) for name in ("_undecided", "_queued", "_running")]
    assert kept == [{}, {}, {}]


# -- what is asked for -----------------------------------------------------------------------------


def test_wanted() -> None:
    episode = Episode(1.0, "alice", action=RESTART, outcome=Outcome.TIMED_OUT)
    assert Wanted()(episode)
    assert Wanted("alice", "apache", "RESTART", FAILED)(episode)
    assert not Wanted("bob")(episode)
    assert not Wanted(object="Backup")(episode)
    assert not Wanted(action="Start")(episode)
    assert not Wanted(outcomes=DENIED)(episode)
    assert not Wanted(object="apache")(replace(episode, action=None))


def test_failed_and_denied_and_the_rest() -> None:
    assert not FAILED & DENIED
    well = {
        *("pressed", "running", "done", "cancelled", "to-confirm", "queued", "taken-back"),
        *("leaves", "cancels"),
    }
    assert {one.value for one in set(Outcome) - FAILED - DENIED} == well


def test_only_as_much_is_read_as_need_be() -> None:
    read: list[float] = []

    def backwards():  # type: ignore[no-untyped-def]  # noqa: ANN202
        for number in range(100_000, 0, -1):
            read.append(float(number))
            yield told(number + 0.5, FactKind.DENIED, user="bob" if number % 2 else "alice")
            yield told(float(number), FactKind.PRESSED, user="bob" if number % 2 else "alice")

    facts, found = last(10, backwards(), Wanted())
    assert [one.at for one in found] == [float(number) for number in range(99_991, 100_001)]
    assert len(read) < 200
    assert [one.at for one in facts] == sorted(one.at for one in facts)
    read.clear()
    _, found = last(200, backwards(), Wanted("alice"))
    assert len(found) == 200
    assert len(read) < 2_000


def test_where_there_are_fewer_all_are_found() -> None:
    facts = [told(2.0, FactKind.DENIED), told(1.0, FactKind.PRESSED)]
    assert len(last(10, iter(facts), Wanted())[1]) == 1
    assert last(10, iter(()), Wanted()) == ([], [])
