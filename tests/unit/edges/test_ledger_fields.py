"""The structured side of a fact, and the catalogue that explains it."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from fui.edges.ledger.fields import MESSAGE_IDS, fields
from fui.model.facts import Fact, FactKind
from fui.model.menu import ActionId
from fui.model.states import NOBODY_PROVEN, JobResult, Loss, Refusal

CATALOG = Path(__file__).parents[3] / "journald" / "fui.catalog"
RESTART = ActionId("Apache", "Restart")
ENDED = Fact(
    FactKind.ENDED,
    RESTART,
    user="alice",
    uid=1001,
    client="192.0.2.7",
    reason="it was still running after 600 s",
    job="5f3a-1",
    run_as="root:root",
    argv=("/usr/bin/systemctl", "restart", "a b"),
    result=JobResult.TIMED_OUT,
    status=143,
    duration=600.12345,
    output="not a field",
    records=("c1", "c2"),
)


def test_all_fields() -> None:
    assert fields(ENDED) == {
        "MESSAGE_ID": b"53e2dfe5c0ad4e569a6733bab80420b0",
        "PRIORITY": b"4",
        "SYSLOG_IDENTIFIER": b"fui",
        "FUI_OBJECT": b"Apache",
        "FUI_ACTION": b"Restart",
        "FUI_USER": b"alice",
        "FUI_UID": b"1001",
        "FUI_CLIENT": b"192.0.2.7",
        "FUI_DECISION": b"granted",
        "FUI_REASON": b"it was still running after 600 s",
        "FUI_JOB": b"5f3a-1",
        "FUI_RUN_AS": b"root:root",
        "FUI_COMMAND": b"/usr/bin/systemctl restart 'a b'",
        "FUI_RESULT": b"timed-out",
        "FUI_EXIT": b"143",
        "FUI_DURATION": b"600.123",
        "FUI_RECORD": b"c1 c2",
    }


def test_a_refusal() -> None:
    found = fields(
        Fact(FactKind.DENIED, RESTART, refusal=Refusal.NOT_ALLOWED, reason="not in allow")
    )
    assert found["FUI_REFUSAL"] == b"not-allowed"
    assert found["FUI_REASON"] == b"not in allow"


def test_what_says_nothing_is_not_there() -> None:
    assert fields(Fact(FactKind.LOST)) == {
        "MESSAGE_ID": b"be882e726afe4f9b8217ac8bb0116bf8",
        "PRIORITY": b"3",
        "SYSLOG_IDENTIFIER": b"fui",
    }


def test_a_loss_and_how_much() -> None:
    found = fields(Fact(FactKind.LOST, loss=Loss.SUPPRESSED, number=1234))
    assert (found["FUI_LOSS"], found["FUI_NUMBER"]) == (b"suppressed", b"1234")


def test_how_long_it_took_to_prove_it() -> None:
    assert fields(Fact(FactKind.PRESSED, latency=0.0012345))["FUI_LATENCY"] == b"0.001234"
    assert fields(Fact(FactKind.PRESSED, latency=0.0))["FUI_LATENCY"] == b"0.000000"


def test_nought_says_something() -> None:
    found = fields(replace(ENDED, uid=0, status=0, duration=0.0))
    assert (found["FUI_UID"], found["FUI_EXIT"], found["FUI_DURATION"]) == (b"0", b"0", b"0.000")


DECISIONS_AND_PRIORITIES = {
    FactKind.PRESSED: (None, b"6"),
    FactKind.DENIED: (b"denied", b"4"),
    FactKind.UNATTRIBUTED: (b"unattributed", b"4"),
    FactKind.ASKED: (b"granted", b"6"),
    FactKind.QUEUED: (b"queued", b"6"),
    FactKind.LEFT: (b"granted", b"6"),
    FactKind.MANY: (b"denied", b"4"),
    FactKind.CANCELLED: (b"granted", b"5"),
    FactKind.STARTED: (b"granted", b"5"),
    FactKind.ADOPTED: (b"granted", b"5"),
    FactKind.ENDED: (b"granted", b"5"),
    FactKind.OUTPUT: (b"granted", b"6"),
    FactKind.RESTORED: (None, b"5"),
    FactKind.NOT_RUN: (None, b"4"),
    FactKind.CONFIGURED: (None, b"5"),
    FactKind.MISCONFIGURED: (None, b"3"),
    FactKind.LOST: (None, b"3"),
    FactKind.SUSPICIOUS: (None, b"4"),
}


@pytest.mark.parametrize("kind", FactKind)
def test_decision_and_priority(kind: FactKind) -> None:
    found = fields(Fact(kind))
    assert (found.get("FUI_DECISION"), found["PRIORITY"]) == DECISIONS_AND_PRIORITIES[kind]


@pytest.mark.parametrize(
    ("result", "priority"),
    [
        (JobResult.DONE, b"5"),
        (JobResult.FAILED, b"4"),
        (JobResult.NOT_STARTED, b"3"),
        (JobResult.TIMED_OUT, b"4"),
        (JobResult.INTERRUPTED, b"4"),
        (JobResult.CANCELLED, b"4"),
    ],
)
def test_priority_of_a_result(result: JobResult, priority: bytes) -> None:
    assert fields(replace(ENDED, result=result))["PRIORITY"] == priority
    output = replace(ENDED, kind=FactKind.OUTPUT, result=result)
    assert fields(output)["PRIORITY"] == b"6"


def test_control_characters_are_escaped_and_stray_bytes_stay() -> None:
    found = fields(replace(ENDED, user="al\nice\x1b\u202e\udcffü\ud800", reason="\nFUI_UID=0"))
    assert found["FUI_USER"] == b"al\\x0aice\\x1b\\u202e\xff\xc3\xbc\\ud800"
    assert found["FUI_REASON"] == b"\\x0aFUI_UID=0"
    assert all(b"\n" not in value for value in found.values())


class TestCatalogue:
    def test_it_has_each_kind_and_no_other(self) -> None:
        ids = re.findall(r"^-- (.*)$", CATALOG.read_text(), re.MULTILINE)
        assert sorted(ids) == sorted(MESSAGE_IDS.values())
        assert set(MESSAGE_IDS) == set(FactKind)
        assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)

    def test_no_two_kinds_share_a_number(self) -> None:
        assert len(set(MESSAGE_IDS.values())) == len(FactKind)

    def test_it_explains_each_refusal_of_somebody_known(self) -> None:
        """Who moved a flag, or is not known, is told in entries of their own."""
        number = MESSAGE_IDS[FactKind.DENIED]
        text = CATALOG.read_text().split(f"-- {number}\n")[1].split("\n-- ")[0]
        elsewhere = {*NOBODY_PROVEN, Refusal.MOVED}
        for refusal in set(Refusal) - elsewhere:
            assert re.search(rf"^  {refusal.value}\b", text, re.MULTILINE), refusal

    def test_it_explains_each_loss_that_has_no_entry_of_its_own(self) -> None:
        number = MESSAGE_IDS[FactKind.LOST]
        text = CATALOG.read_text().split(f"-- {number}\n")[1].split("\n-- ")[0]
        elsewhere = {*NOBODY_PROVEN.values(), Loss.DISBELIEVED}
        for loss in set(Loss) - elsewhere:
            assert re.search(rf"^  {loss.value}\b", text, re.MULTILINE), loss

    def test_it_explains_each_result(self) -> None:
        number = MESSAGE_IDS[FactKind.ENDED]
        text = CATALOG.read_text().split(f"-- {number}\n")[1].split("\n-- ")[0]
        assert re.findall(r"^  (\S+)  ", text, re.MULTILINE) == [r.value for r in JobResult]

    def test_its_lines_are_not_too_long(self) -> None:
        assert all(len(line) <= 100 for line in CATALOG.read_text().splitlines())

    def test_each_text_has_a_subject_and_says_whose_it_is(self) -> None:
        _, *texts = re.split(r"^-- .*\n", CATALOG.read_text(), flags=re.MULTILINE)
        for text in texts:
            assert re.match(r"Subject: .+\nDefined-By: FUI\nSupport: \S+\n\n(?s:.{100,})", text), (
                text
            )

    def test_it_speaks_of_fields_that_its_facts_have(self) -> None:
        always = {"OBJECT", "ACTION", "UID", "REASON", "USER", "JOB", "RUN_AS", "COMMAND", "RESULT"}
        missing = {
            FactKind.PRESSED: {"REASON", "JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.DENIED: {"USER", "JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.UNATTRIBUTED: {"USER", "UID", "JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.ASKED: {"REASON", "JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.QUEUED: {"JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.LEFT: {"REASON", "JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.MANY: always - {"REASON", "UID"},
            FactKind.CANCELLED: {"REASON", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.STARTED: {"REASON", "RESULT"},
            FactKind.ADOPTED: {"REASON", "RESULT"},
            FactKind.ENDED: {"REASON"},
            FactKind.OUTPUT: {"REASON", "RESULT"},
            FactKind.RESTORED: {"USER", "UID", "JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.NOT_RUN: {"USER", "JOB", "RUN_AS", "COMMAND", "RESULT"},
            FactKind.CONFIGURED: always - {"REASON"},
            FactKind.MISCONFIGURED: always - {"REASON"},
            FactKind.LOST: always - {"REASON"},
            FactKind.SUSPICIOUS: always - {"REASON"},
        }
        for kind, number in MESSAGE_IDS.items():
            text = CATALOG.read_text().split(f"-- {number}\n")[1].split("\n-- ")[0]
            spoken_of = set(re.findall(r"@FUI_(\w+)@", text))
            assert spoken_of <= always - missing[kind], kind

    @pytest.mark.skipif(not shutil.which("journalctl"), reason="there is no journalctl here")
    def test_systemd_takes_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "usr/lib/systemd/catalog"
        folder.mkdir(parents=True)
        shutil.copy(CATALOG, folder)

        def journalctl(option: str) -> str:
            argv = [str(shutil.which("journalctl")), f"--root={tmp_path}", option]
            done = subprocess.run(argv, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")
            return done.stdout

        assert journalctl("--update-catalog") == ""
        assert journalctl("--list-catalog").count(" FUI: ") == len(FactKind)
