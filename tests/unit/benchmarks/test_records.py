"""The journals of the benchmark hold what they are said to hold."""

import subprocess
from pathlib import Path

import pytest

from fui.edges.journal.entry import translate
from fui.edges.journal.reader import Reader
from integration.benchmarks.reading import FACILITY, LAST, flag
from integration.benchmarks.records import APART, MATCHING, REMOTE, SHARED, copies, exported

MODEL = {
    "__CURSOR": "any",
    "__REALTIME_TIMESTAMP": "1795000000000000",
    "__MONOTONIC_TIMESTAMP": "1000000",
    "_SOURCE_REALTIME_TIMESTAMP": "1795000000000000",
    "_BOOT_ID": "0123456789abcdef0123456789abcdef",
    "_TRANSPORT": "syslog",
    "_PID": "7",
    "_UID": "1001",
    "SYSLOG_IDENTIFIER": "smbd_audit",
}

pytestmark = pytest.mark.skipif(
    not Path(REMOTE).exists(), reason="apt-get install systemd-journal-remote"
)


def seen(folder: Path, kind: str, number: int) -> list[str]:
    """Give the texts that FUI's reader sees of so many entries."""
    export = b"".join(map(exported, copies(MODEL, number, kind)))
    argv = [REMOTE, "--output", str(folder / "system.journal"), "-"]
    subprocess.run(argv, input=export, check=True, capture_output=True)
    found = []
    with Reader.connect(FACILITY, str(folder)) as reader:
        while reader.step():
            entry = translate(reader.fields(), reader.cursor(), reader.stamp())
            assert entry.uid == 1001
            found.append(entry.message)
    return found


def test_presses_are_all_seen_and_name_a_flag_each(tmp_path: Path) -> None:
    texts = [f"alice|127.0.0.1|Controls|unlinkat|ok|{flag(each)}" for each in range(3)]
    assert seen(tmp_path, MATCHING, 3) == [*texts, LAST]


def test_what_another_share_logs_is_seen_on_the_same_facility_only(tmp_path: Path) -> None:
    texts = seen(tmp_path, SHARED, 8)
    assert len(texts) == 9
    assert sum("|unlinkat|ok|/srv/busy/" in text for text in texts) == 2
    (tmp_path / "system.journal").unlink()
    assert seen(tmp_path, APART, 8) == [LAST]


def test_what_holds_a_newline_has_its_length_before_it() -> None:
    assert exported({"A": "b", "C": [100, 10]}) == b"A=b\nC\n\2\0\0\0\0\0\0\0d\n\n\n"
