"""Each kind of fact as a sentence, whole; and nothing that a user wrote does harm."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fui.edges.ledger.wording import CHUNK, chunks, sentence
from fui.model.facts import Fact, FactKind
from fui.model.harmless import harmless
from fui.model.menu import ActionId
from fui.model.states import JobResult, Refusal

RESTART = ActionId("Apache", "Restart")
ALICE = Fact(FactKind.PRESSED, RESTART, user="alice", uid=1001, client="192.0.2.7")
BOB = Fact(FactKind.DENIED, RESTART, user="bob", uid=1002, client="192.0.2.8")
JOB = replace(
    ALICE,
    kind=FactKind.STARTED,
    job="5f3a-1",
    run_as="root:root",
    argv=("/usr/bin/systemctl", "restart", "apache2"),
)
ENDED = replace(JOB, kind=FactKind.ENDED, result=JobResult.DONE, status=0, duration=1.2501)

SENTENCES = [
    (ALICE, "alice (192.0.2.7) pressed Apache/Restart"),
    (
        replace(ALICE, kind=FactKind.ASKED),
        "asked alice (192.0.2.7) to confirm Apache/Restart",
    ),
    (
        replace(
            ALICE,
            kind=FactKind.QUEUED,
            reason="place 2, behind Apache/Stop, which is running for bob",
        ),
        (
            "queued Apache/Restart for alice (192.0.2.7):"
            " place 2, behind Apache/Stop, which is running for bob"
        ),
    ),
    (
        replace(ALICE, kind=FactKind.LEFT),
        "alice (192.0.2.7) took Apache/Restart out of the queue",
    ),
    (
        replace(
            ALICE,
            kind=FactKind.MANY,
            action=None,
            refusal=Refusal.MANY,
            reason="6 presses at once: Apache/Restart, …, none of which ran",
        ),
        "denied alice (192.0.2.7) 6 presses at once: Apache/Restart, …, none of which ran",
    ),
    (
        Fact(FactKind.CONFIGURED, reason="12 actions in 4 folders"),
        "read the configuration: 12 actions in 4 folders",
    ),
    (
        Fact(FactKind.MISCONFIGURED, reason="apache.yaml:3:5: cannot use the key 'comand'"),
        (
            "the configuration has a fault, what was good before holds:"
            " apache.yaml:3:5: cannot use the key 'comand'"
        ),
    ),
    (
        replace(ALICE, kind=FactKind.NOT_RUN, reason="it was queued when FUI ended"),
        "alice (192.0.2.7) pressed Apache/Restart, nothing ran: it was queued when FUI ended",
    ),
    (
        replace(ALICE, kind=FactKind.CANCELLED, job="5f3a-1"),
        "alice (192.0.2.7) cancels Apache/Restart (job 5f3a-1)",
    ),
    (replace(ALICE, client=""), "alice pressed Apache/Restart"),
    (
        replace(BOB, refusal=Refusal.NOT_ALLOWED, reason="not in allow (group wwwadmins)"),
        "denied bob (192.0.2.8) Apache/Restart: not in allow (group wwwadmins)",
    ),
    (
        replace(BOB, user="", refusal=Refusal.NO_ANSWER, reason="no answer within 2 s"),
        "denied uid 1002 (192.0.2.8) Apache/Restart: no answer within 2 s",
    ),
    (
        Fact(FactKind.UNATTRIBUTED, RESTART, reason="no audit record within 2 s"),
        "unattributed press of Apache/Restart, nothing ran: no audit record within 2 s",
    ),
    (
        JOB,
        (
            "started Apache/Restart for alice as root:root:"
            " /usr/bin/systemctl restart apache2 (job 5f3a-1)"
        ),
    ),
    (
        replace(JOB, argv=("/bin/echo", "two words", "$HOME", "")),
        "started Apache/Restart for alice as root:root: /bin/echo 'two words' '$HOME' '' (job 5f3a-1)",
    ),
    (
        replace(JOB, kind=FactKind.ADOPTED),
        "goes on with Apache/Restart for alice, which ran when FUI was started (job 5f3a-1)",
    ),
    (ENDED, "ended Apache/Restart: done, exit status 0, after 1.3 s (job 5f3a-1)"),
    (
        replace(ENDED, result=JobResult.FAILED, status=3),
        "ended Apache/Restart: failed, exit status 3, after 1.3 s (job 5f3a-1)",
    ),
    (
        replace(
            ENDED,
            result=JobResult.TIMED_OUT,
            status=143,
            duration=600.04,
            reason="it was still running after 600 s",
        ),
        (
            "ended Apache/Restart: took too long and was ended, exit status 143, after 600.0 s:"
            " it was still running after 600 s (job 5f3a-1)"
        ),
    ),
    (
        replace(
            ENDED, result=JobResult.NOT_STARTED, status=None, duration=0.01, reason="no sudo rule"
        ),
        "ended Apache/Restart: not started: no sudo rule (job 5f3a-1)",
    ),
    (
        replace(ENDED, result=JobResult.INTERRUPTED, status=None, reason="FUI ended meanwhile"),
        "ended Apache/Restart: interrupted, after 1.3 s: FUI ended meanwhile (job 5f3a-1)",
    ),
    (
        replace(ENDED, result=None, status=None, duration=None),
        "ended Apache/Restart: it is not known how (job 5f3a-1)",
    ),
    (replace(JOB, kind=FactKind.OUTPUT), "output of Apache/Restart (job 5f3a-1)"),
    (
        replace(JOB, kind=FactKind.OUTPUT, reason="7 bytes before this are lost"),
        "output of Apache/Restart (job 5f3a-1); 7 bytes before this are lost",
    ),
    (
        Fact(FactKind.RESTORED, RESTART, reason="it was missing, and no event told why"),
        "put back the flag of Apache/Restart: it was missing, and no event told why",
    ),
    (
        replace(ALICE, kind=FactKind.RESTORED, reason="moved or renamed"),
        "put back the flag of Apache/Restart: moved or renamed by alice (192.0.2.7)",
    ),
    (
        replace(ALICE, kind=FactKind.NOT_RUN, reason="FUI was not running"),
        "alice (192.0.2.7) pressed Apache/Restart, nothing ran: FUI was not running",
    ),
    (
        replace(ALICE, kind=FactKind.NOT_RUN, user="", reason="FUI was not running"),
        "uid 1001 (192.0.2.7) pressed Apache/Restart, nothing ran: FUI was not running",
    ),
    (
        Fact(FactKind.LOST, reason="the kernel's queue of events overflowed"),
        "trouble: the kernel's queue of events overflowed",
    ),
    (
        Fact(FactKind.LOST, RESTART, reason="cannot show the flag: No space left on device"),
        "trouble with Apache/Restart: cannot show the flag: No space left on device",
    ),
    (
        Fact(FactKind.SUSPICIOUS, reason="it was sent with gid 1000; smbd sends with gid 0"),
        "did not believe an audit record: it was sent with gid 1000; smbd sends with gid 0",
    ),
]


@pytest.mark.parametrize(("fact", "text"), SENTENCES)
def test_sentence(fact: Fact, text: str) -> None:
    assert sentence(fact) == text


def test_each_kind_has_one() -> None:
    assert {fact.kind for fact, _ in SENTENCES} == set(FactKind)


@pytest.mark.parametrize("kind", FactKind)
def test_a_fact_with_nothing_in_it_has_one_too(kind: FactKind) -> None:
    assert sentence(Fact(kind)).isprintable()


def test_what_a_user_wrote_is_no_line_of_its_own() -> None:
    name = (
        "a\nstarted Apache/Restart for root\r\x1b[2J\x00\x7f\x85\x9b\u2028\u2029\u202e\u2066\ufeff"
    )
    assert sentence(replace(ALICE, user=name)) == (
        "a\\x0astarted Apache/Restart for root\\x0d\\x1b[2J\\x00\\x7f\\x85\\x9b"
        "\\u2028\\u2029\\u202e\\u2066\\ufeff (192.0.2.7) pressed Apache/Restart"
    )


def test_what_a_user_wrote_is_no_form_to_fill_in() -> None:
    assert (
        sentence(replace(ALICE, user="{reason}{")) == "{reason}{ (192.0.2.7) pressed Apache/Restart"
    )


class TestChunks:
    def test_nothing(self) -> None:
        assert list(chunks("")) == []

    def test_lines_stay_and_escapes_do_not(self) -> None:
        assert list(chunks("one\r\n\ttwo\x1b[31m\0\r three\x0b\u2028\n\n\udcff")) == [
            "one\n\ttwo\\x1b[31m\\x00\\x0d three\\x0b\\u2028\n\n\\xff"
        ]

    def test_whole_lines(self) -> None:
        line = "x" * 999 + "\n"
        pieces = list(chunks(line * 40))
        assert [len(piece) for piece in pieces] == [16_000, 16_000, 8_000]

    def test_exactly_full(self) -> None:
        assert list(chunks("x" * (CHUNK - 1) + "\ny\n")) == ["x" * (CHUNK - 1) + "\n", "y\n"]

    def test_a_line_that_is_too_long_is_cut_between_characters(self) -> None:
        text = "a\n" + "ü" * CHUNK + "\nb"
        pieces = list(chunks(text))
        assert "".join(pieces) == text
        assert [len(piece.encode()) for piece in pieces] == [2, CHUNK, CHUNK, 2]

    def test_what_is_escaped_counts_as_it_is_written(self) -> None:
        pieces = list(chunks("\x1b" * CHUNK))
        assert "".join(pieces) == "\\x1b" * CHUNK
        assert [len(piece) for piece in pieces] == [CHUNK] * 4

    @given(st.text(alphabet="aü\n\t\x00日😀", max_size=200))
    def test_all_of_it_and_no_more(self, text: str) -> None:
        assert "".join(chunks(text * 500)) == harmless(text * 500, keep="\n\t")
        assert all(0 < len(piece.encode()) <= CHUNK for piece in chunks(text * 500))
