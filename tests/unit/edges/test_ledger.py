"""Telling: journald takes an entry, or it goes to standard error and is counted."""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fui.edges.ledger import PATIENCE, STDERR_LIMIT, Ledger
from fui.edges.ledger.fields import fields
from fui.edges.ledger.wording import CHUNK
from fui.model.facts import Fact, FactKind
from fui.model.menu import ActionId
from fui.model.states import Refusal

RESTART = ActionId("Apache", "Restart")
PRESSED = Fact(FactKind.PRESSED, RESTART, user="alice", uid=1001, client="192.0.2.7")
OUTPUT = Fact(FactKind.OUTPUT, RESTART, job="5f3a-1", output="one\ntwo\n")
SENTENCE = "alice (192.0.2.7) pressed Apache/Restart"


@dataclass
class Journald:
    """A socket like journald's, the entries that were sent, and a standard error."""

    address: str
    stderr: tuple[int, int]
    entries: list[dict[str, bytes]] = field(default_factory=list)
    error: OSError | None = None
    listening: socket.socket | None = None

    def listen(self) -> None:
        self.listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.listening.bind(self.address)

    def stop(self) -> None:
        if self.listening:
            self.listening.close()
            self.listening = None

    def hang(self) -> None:
        """Take nothing more, until the queue is full."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
            client.settimeout(0)
            try:
                while True:
                    client.sendto(b"", self.address)
            except BlockingIOError:
                pass

    def send(self, *items: bytes) -> None:
        if self.error:
            raise self.error
        pairs = [item.split(b"=", 1) for item in items]
        self.entries.append({name.decode(): value for name, value in pairs})

    @property
    def messages(self) -> list[str]:
        return [entry["MESSAGE"].decode() for entry in self.entries]

    def said(self) -> str:
        """Give what went to standard error."""
        os.set_blocking(self.stderr[0], False)
        try:
            return os.read(self.stderr[0], 1 << 20).decode()
        except BlockingIOError:
            return ""


@pytest.fixture
def journald(tmp_path: Path) -> Iterator[Journald]:
    made = Journald(str(tmp_path / "socket"), os.pipe())
    yield made
    made.stop()
    for end in made.stderr:
        os.close(end)


@pytest.fixture
def ledger(journald: Journald) -> Ledger:
    return Ledger(journald.send, journald.address, journald.stderr[1])


def test_an_entry(journald: Journald, ledger: Ledger) -> None:
    journald.listen()
    assert ledger.tell(PRESSED) == 0
    assert journald.entries == [{"MESSAGE": SENTENCE.encode(), **fields(PRESSED)}]
    assert journald.entries[0]["FUI_USER"] == b"alice"
    assert journald.said() == ""


def test_a_name_that_is_not_utf8(journald: Journald, ledger: Ledger) -> None:
    journald.listen()
    ledger.tell(Fact(FactKind.LOST, RESTART, reason="kept as \udcff\n"))
    (entry,) = journald.entries
    assert entry["MESSAGE"] == b"trouble with Apache/Restart: kept as \\xff\\x0a"
    assert entry["FUI_REASON"] == b"kept as \xff\\x0a"


class TestOutput:
    def test_its_lines_follow_a_title(self, journald: Journald, ledger: Ledger) -> None:
        journald.listen()
        ledger.tell(OUTPUT)
        assert journald.messages == ["output of Apache/Restart (job 5f3a-1):\none\ntwo\n"]
        assert journald.entries[0]["FUI_JOB"] == b"5f3a-1"

    def test_a_long_one_has_parts(self, journald: Journald, ledger: Ledger) -> None:
        journald.listen()
        ledger.tell(Fact(FactKind.OUTPUT, RESTART, job="5f3a-1", output="x" * CHUNK + "\n"))
        assert journald.messages == [
            "output of Apache/Restart (job 5f3a-1), part 1 of 2:\n" + "x" * CHUNK,
            "output of Apache/Restart (job 5f3a-1), part 2 of 2:\n\n",
        ]
        assert [entry["FUI_JOB"] for entry in journald.entries] == [b"5f3a-1"] * 2

    def test_none(self, journald: Journald, ledger: Ledger) -> None:
        journald.listen()
        ledger.tell(Fact(FactKind.OUTPUT, RESTART, job="5f3a-1"))
        assert journald.messages == ["output of Apache/Restart (job 5f3a-1)"]

    def test_only_this_kind_of_fact_has_output(self, journald: Journald, ledger: Ledger) -> None:
        journald.listen()
        ledger.tell(Fact(FactKind.PRESSED, RESTART, user="alice", output="one\n"))
        assert journald.messages == ["alice pressed Apache/Restart"]


class TestNotTaken:
    def test_journald_is_not_there(self, journald: Journald, ledger: Ledger) -> None:
        assert ledger.tell(PRESSED) == 1
        assert journald.entries == []
        assert journald.said() == f"fui: {SENTENCE}\n"

    def test_nobody_listens_any_more(self, journald: Journald, ledger: Ledger) -> None:
        journald.listen()
        journald.stop()
        assert ledger.tell(PRESSED) == 1
        assert journald.said() == f"fui: {SENTENCE}\n"

    def test_it_refuses(self, journald: Journald, ledger: Ledger) -> None:
        journald.listen()
        journald.error = OSError(90, "Message too long")
        assert ledger.tell(PRESSED) == 1
        assert journald.said() == f"fui: {SENTENCE}\n"

    def test_it_hangs_and_is_waited_for_only_once(self, journald: Journald, ledger: Ledger) -> None:
        journald.listen()
        journald.hang()
        began = time.monotonic()
        assert sum(ledger.tell(PRESSED) for _ in range(50)) == 50
        assert PATIENCE <= time.monotonic() - began < 10 * PATIENCE
        assert journald.entries == []

    def test_once_it_took_entries_again_it_is_waited_for_again(
        self, journald: Journald, ledger: Ledger
    ) -> None:
        journald.listen()
        journald.hang()
        ledger.tell(PRESSED)
        journald.stop()
        Path(journald.address).unlink()
        journald.listen()
        ledger.tell(PRESSED)
        journald.hang()
        began = time.monotonic()
        assert ledger.tell(PRESSED) == 1
        assert time.monotonic() - began >= PATIENCE

    def test_when_it_takes_entries_again_it_is_told_once(
        self, journald: Journald, ledger: Ledger
    ) -> None:
        assert [ledger.tell(PRESSED), ledger.tell(OUTPUT)] == [1, 1]
        journald.listen()
        assert [ledger.tell(PRESSED), ledger.tell(PRESSED)] == [0, 0]
        gap = "journald did not take 2 entries of the ledger; look for them at FUI's standard error"
        assert journald.messages == [f"trouble: {gap}", SENTENCE, SENTENCE]
        assert journald.entries[0]["MESSAGE_ID"] == fields(Fact(FactKind.LOST))["MESSAGE_ID"]
        assert journald.entries[0]["FUI_REASON"] == gap.encode()
        assert journald.entries[0]["FUI_LOSS"] == b"ledger"
        assert journald.entries[0]["FUI_NUMBER"] == b"2"

    def test_of_a_long_output_each_part_counts(self, ledger: Ledger) -> None:
        assert ledger.tell(Fact(FactKind.OUTPUT, RESTART, output="x" * CHUNK + "\n")) == 2

    def test_a_long_text_is_cut(self, journald: Journald, ledger: Ledger) -> None:
        ledger.tell(Fact(FactKind.OUTPUT, RESTART, job="5f3a-1", output="ü" * STDERR_LIMIT))
        said = os.read(journald.stderr[0], 1 << 20)
        assert len(said) == STDERR_LIMIT + 1
        assert said.endswith(b"\n")

    def test_standard_error_is_not_waited_for(self, journald: Journald, ledger: Ledger) -> None:
        os.set_blocking(journald.stderr[1], False)
        try:
            while True:
                os.write(journald.stderr[1], b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(journald.stderr[1], True)
        began = time.monotonic()
        assert ledger.tell(PRESSED) == 1
        assert time.monotonic() - began < 0.1

    def test_there_is_no_standard_error(self, journald: Journald) -> None:
        nowhere = os.open("/dev/null", os.O_RDONLY)
        ledger = Ledger(journald.send, journald.address, nowhere)
        assert ledger.tell(PRESSED) == 1
        os.close(nowhere)
        assert ledger.tell(PRESSED) == 1


def test_a_refusal_is_told_in_full(journald: Journald, ledger: Ledger) -> None:
    journald.listen()
    refused = Fact(
        FactKind.DENIED,
        RESTART,
        user="bob",
        uid=1002,
        client="192.0.2.8",
        refusal=Refusal.NOT_ALLOWED,
        reason="not in allow (group wwwadmins)",
    )
    ledger.tell(refused)
    assert journald.entries == [
        {
            "MESSAGE": b"denied bob (192.0.2.8) Apache/Restart: not in allow (group wwwadmins)",
            "MESSAGE_ID": b"68ccfb00671a48d1ba3b436e36b23cc7",
            "PRIORITY": b"4",
            "SYSLOG_IDENTIFIER": b"fui",
            "FUI_OBJECT": b"Apache",
            "FUI_ACTION": b"Restart",
            "FUI_USER": b"bob",
            "FUI_UID": b"1002",
            "FUI_CLIENT": b"192.0.2.8",
            "FUI_DECISION": b"denied",
            "FUI_REFUSAL": b"not-allowed",
            "FUI_REASON": b"not in allow (group wwwadmins)",
        }
    ]
