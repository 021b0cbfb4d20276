"""The ledger read back: from journal files that systemd-journal-remote writes as journald would."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from fui.edges import clock
from fui.edges.ledger.fields import MESSAGE_IDS, fields
from fui.edges.ledger.reading import MARGIN, Fields, LedgerReader, fact_of, is_trusted, told_since
from fui.model.errors import EdgeError
from fui.model.facts import Fact, FactKind, Told
from fui.model.instant import Instant
from fui.model.menu import ActionId
from fui.model.states import Loss, Refusal
from tests.unit.edges.test_journal import REMOTE, Folder
from tests.unit.edges.test_ledger_fields import ENDED

FUI = 990
DAEMON = {
    "_UID": str(FUI),
    "_SYSTEMD_UNIT": "fui.service",
    "_SYSTEMD_CGROUP": "/system.slice/fui.service/daemon",
}
BEGAN = 1_800_000_000.0


def raw(**changed: bytes | list[bytes]) -> Fields:
    return {**fields(ENDED), **changed}


# -- from fields to facts --------------------------------------------------------------------------


def test_a_fact_is_read_as_it_was_told() -> None:
    read = fact_of(fields(ENDED))
    assert read == Fact(
        **{name: getattr(ENDED, name) for name in ENDED.__slots__}
        | {"output": "", "duration": 600.123}
    )


@pytest.mark.parametrize("kind", FactKind)
def test_every_kind_is_read(kind: FactKind) -> None:
    fact = Fact(kind, refusal=Refusal.NOT_ALLOWED, reason="it is so")
    assert fact_of(fields(fact)) == fact


@pytest.mark.parametrize(
    ("changed", "name", "value"),
    [
        ({"FUI_UID": b"-1"}, "uid", None),
        ({"FUI_UID": b"9" * 5000}, "uid", None),
        ({"FUI_UID": b"\xd9\xa1"}, "uid", None),
        ({"FUI_UID": [b"1", b"2"]}, "uid", None),
        ({"FUI_EXIT": b"one"}, "status", None),
        ({"FUI_DURATION": b"nan"}, "duration", None),
        ({"FUI_DURATION": b"1e9"}, "duration", None),
        ({"FUI_LATENCY": b"0.002"}, "latency", None),
        ({"FUI_LATENCY": b"0.002000"}, "latency", 0.002),
        ({"FUI_LOSS": b"dignity"}, "loss", None),
        ({"FUI_LOSS": b"late-record"}, "loss", Loss.LATE),
        ({"FUI_NUMBER": b"-7"}, "number", None),
        ({"FUI_NUMBER": b"7"}, "number", 7),
        ({"FUI_RESULT": b"splendid"}, "result", None),
        ({"FUI_REFUSAL": b"\xff"}, "refusal", None),
        ({"FUI_OBJECT": b""}, "action", None),
        ({"FUI_ACTION": [b"a", b"b"]}, "action", None),
        ({"FUI_USER": b"\xff\n"}, "user", "\udcff\n"),
        ({"FUI_COMMAND": b"'unclosed"}, "argv", ()),
        ({"FUI_COMMAND": b"a 'b c'"}, "argv", ("a", "b c")),
    ],
)
def test_what_is_odd_is_left_out(
    changed: dict[str, bytes | list[bytes]], name: str, value: object
) -> None:
    fact = fact_of(raw(**changed))
    assert fact is not None
    assert getattr(fact, name) == value


@pytest.mark.parametrize("number", [b"", b"x", b"0" * 32, [b"a", b"b"], b"\xff"])
def test_what_bears_no_number_of_ours_is_no_fact(number: bytes | list[bytes]) -> None:
    assert fact_of(raw(MESSAGE_ID=number)) is None


# -- who said it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "trusted"),
    [
        ({}, True),
        ({"_SYSTEMD_CGROUP": b"/system.slice/fui.service"}, True),
        ({"_UID": b"1001"}, False),
        ({"_UID": b"0"}, False),
        ({"_UID": b""}, False),
        ({"_UID": [b"990", b"990"]}, False),
        ({"_SYSTEMD_UNIT": b"user@1001.service"}, False),
        ({"_SYSTEMD_UNIT": b""}, False),
        ({"_SYSTEMD_CGROUP": b"/system.slice/fui.service/job-7-1"}, False),
        ({"_SYSTEMD_CGROUP": b"/system.slice/fui.service/job-7-1/daemon"}, False),
        ({"_SYSTEMD_CGROUP": b"/system.slice/fui.service/other"}, False),
        ({"_SYSTEMD_CGROUP": b""}, False),
    ],
)
def test_only_the_daemon_is_believed(changed: dict[str, bytes], *, trusted: bool) -> None:
    entry = {name: value.encode() for name, value in DAEMON.items()} | changed
    assert is_trusted(entry, FUI) is trusted


# -- real files ------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    if not Path(REMOTE).exists():
        pytest.skip("apt-get install systemd-journal-remote")
    folder = Folder(tmp_path)
    yield folder
    for file in list(folder.writers):
        folder.finish(file)


def write(folder: Folder, *facts: Fact, at: float = BEGAN, **other: str) -> None:
    """Have facts in the journal, a second apart."""
    for number, fact in enumerate(facts):
        said = {name: value.decode() for name, value in fields(fact).items()}
        when = Instant(5000.0 + at + number - BEGAN, at + number)
        folder.write("as it was told", at=when, **{**DAEMON, **said, **other})


def pressed(name: str, user: str = "alice") -> Fact:
    return Fact(FactKind.PRESSED, ActionId("Apache", name), user=user, uid=1001)


def names(tolds: Iterator[Told]) -> list[str]:
    return [told.fact.action.action for told in tolds if told.fact.action]


def open_reader(folder: Folder, user: str = "") -> LedgerReader:
    return LedgerReader(FUI, {FactKind.PRESSED}, user, str(folder.path))


def test_forwards_from_a_time_and_backwards(folder: Folder) -> None:
    write(folder, *(pressed(name) for name in "abcd"))
    folder.finish()
    reader = open_reader(folder)
    assert names(reader.since(0.0)) == ["a", "b", "c", "d"]
    assert names(reader.since(BEGAN + 2)) == ["c", "d"]
    assert names(reader.since(BEGAN + 9)) == []
    assert names(reader.backwards()) == ["d", "c", "b", "a"]
    assert names(reader.since(-5.0)) == ["a", "b", "c", "d"]
    first = next(reader.since(0.0))
    assert (first.at, first.fact) == (BEGAN, pressed("a"))
    assert first.cursor.startswith("s=")


def test_of_one_user_and_of_the_kinds_that_are_wanted(folder: Folder) -> None:
    write(folder, pressed("a"), pressed("b", "o'neil"), Fact(FactKind.STARTED, user="o'neil"))
    write(folder, pressed("c", "o\x1bneil"), at=BEGAN + 9)
    folder.finish()
    assert names(open_reader(folder, "o'neil").since(0.0)) == ["b"]
    assert names(open_reader(folder, "o\x1bneil").since(0.0)) == ["c"]
    assert names(open_reader(folder, "nobody").since(0.0)) == []


def test_what_others_wrote_is_not_in_it_and_costs_nothing(folder: Folder) -> None:
    write(folder, pressed("a"))
    others = (
        {"_UID": "1001"},
        {"_UID": "0"},
        {"_SYSTEMD_UNIT": "session-1.scope"},
        {"_SYSTEMD_CGROUP": "/system.slice/fui.service/job-7-1"},
    )
    for number, other in enumerate(others):
        write(folder, pressed("forged"), at=BEGAN + 10 + number, **other)
    write(folder, pressed("b"), at=BEGAN + 100)
    folder.write("odd", at=Instant(5200, BEGAN + 200), **DAEMON, MESSAGE_ID="0" * 32)
    folder.finish()
    reader = open_reader(folder)
    assert names(reader.since(0.0)) == ["a", "b"]
    assert names(reader.backwards()) == ["b", "a"]


def test_of_what_the_ledger_has_the_end(folder: Folder) -> None:
    """Of presses by their records, of jobs by their ids; not of what is to be continued."""
    denied = Fact(FactKind.DENIED, records=("c1",))
    many = Fact(FactKind.MANY, records=("c2", "c3"))
    waits = (Fact(FactKind.PRESSED, records=("c4",)), Fact(FactKind.QUEUED, records=("c5",)))
    ended = Fact(FactKind.ENDED, job="j1", records=("c6",))
    cancelled = Fact(FactKind.CANCELLED, job="j2", records=("c7",))
    write(folder, Fact(FactKind.DENIED, records=("before",)), at=BEGAN - 2 * MARGIN)
    write(folder, denied, many, *waits, ended, cancelled)
    write(folder, Fact(FactKind.DENIED, records=("forged",)), at=BEGAN + 9, _UID="1001")
    folder.finish()
    assert told_since(BEGAN, FUI, str(folder.path)) == (
        frozenset({"c1", "c2", "c3", "c6", "c7"}),
        frozenset({(FactKind.ENDED, "j1")}),
    )


def test_following_tells_each_once_also_what_comes_late(folder: Folder) -> None:
    write(folder, pressed("a"))
    now = itertools.chain([BEGAN + 0.5, BEGAN + 1, BEGAN + 3], itertools.repeat(BEGAN + 4))
    folder.finish()
    reader = open_reader(folder)
    known = list(reader.since(0.0))
    following = reader.follow(known, lambda: next(now), wait=0.01)
    assert next(following) is None
    write(folder, pressed("c"), at=BEGAN + 2)
    assert _next(following) == "c"
    late = BEGAN + 4 - MARGIN
    write(folder, pressed("late"), at=late, file="user-1001")
    assert _next(following) == "late"
    write(folder, pressed("d"), at=BEGAN + 4)
    assert _next(following) == "d"
    assert [next(following) for _ in range(20)] == [None] * 20


def test_following_goes_on_when_the_clock_is_put_back(folder: Folder) -> None:
    now = itertools.chain([BEGAN + 3600] * 3, itertools.repeat(BEGAN))
    reader = open_reader(folder)
    write(folder, pressed("old"), at=BEGAN - 60)
    following = reader.follow((), lambda: next(now), wait=0.01)
    assert [next(following) for _ in range(2)] == [None, None]
    write(folder, pressed("new"), at=BEGAN + 0.5)
    assert _next(following) == "new"


def _next(following: Iterator[Told | None]) -> str:
    deadline = clock.now().mono + 10
    while clock.now().mono < deadline:
        if told := next(following):
            assert told.fact.action is not None
            return told.fact.action.action
    pytest.fail("nothing came")


def test_who_may_not_read_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Blind:
        def __init__(self, _flags: int) -> None:
            pass

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def has_runtime_files(self) -> bool:
            return False

        has_persistent_files = has_runtime_files

    monkeypatch.setattr("fui.edges.ledger.reading._SystemdReader", Blind)
    with pytest.raises(EdgeError, match="group systemd-journal"):
        LedgerReader(FUI, MESSAGE_IDS)


def test_a_damaged_file_is_an_error_and_no_crash(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, pressed("a"))
    folder.finish()
    reader = open_reader(folder)

    def damaged() -> bool:
        raise OSError(74, "Bad message")

    monkeypatch.setattr(reader._reader, "_next", damaged, raising=False)  # noqa: SLF001
    with pytest.raises(EdgeError, match="Bad message; see whether it is damaged"):
        list(reader.since(0.0))


def test_a_field_with_a_broken_name_is_skipped(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, pressed("a"))
    folder.finish()
    reader = open_reader(folder)

    def broken() -> Fields:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no")

    monkeypatch.setattr(reader._reader, "_get_all", broken, raising=False)  # noqa: SLF001
    assert list(reader.since(0.0)) == []
