"""The journal as it grows: on real journal files, which systemd-journal-remote writes.

It takes entries in journalctl's export format and writes them at once, so a test can say what
journald would have written, and when, down to the microsecond.
"""

import asyncio
import contextlib
import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import fui.edges.journal as journal_module
import fui.edges.journal.told as told_module
from fui.edges import clock
from fui.edges.journal import BATCH, Journal
from fui.edges.journal.reader import DROPPED, Reader
from fui.model.errors import EdgeError
from fui.model.events import EntriesDropped, EntryRead, Event, JournalGap
from fui.model.instant import Instant
from fui.model.record import Notice
from systemd import id128

REMOTE = "/lib/systemd/systemd-journal-remote"
THIS_BOOT = id128.get_boot().hex
EARLIER_BOOT = "0123456789abcdef0123456789abcdef"

pytestmark = pytest.mark.skipif(
    not Path(REMOTE).exists(), reason="apt-get install systemd-journal-remote"
)


class Folder:
    """A folder of journal files, and who writes them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writers: dict[str, subprocess.Popen[bytes]] = {}

    def write(
        self,
        *messages: str,
        file: str = "system",
        at: Instant | None = None,
        boot: str = THIS_BOOT,
        **fields: str,
    ) -> None:
        """Write entries, as journald would have at that time."""
        if file not in self.writers:
            argv = [REMOTE, "-o", str(self.path / f"{file}.journal"), "-"]
            self.writers[file] = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        stdin = self.writers[file].stdin
        assert stdin is not None
        for message in messages:
            now = at or clock.now()
            entry = {
                "__REALTIME_TIMESTAMP": int(now.wall * 1e6),
                "__MONOTONIC_TIMESTAMP": int(now.mono * 1e6),
                "_BOOT_ID": boot,
                "_TRANSPORT": "syslog",
                "SYSLOG_IDENTIFIER": "smbd_audit",
                "SYSLOG_FACILITY": "21",
                "_UID": "1001",
                "MESSAGE": message,
                **fields,
            }
            lines = "".join(f"{name}={value}\n" for name, value in entry.items())
            stdin.write(lines.encode() + b"\n")
        stdin.flush()

    def finish(self, file: str = "system") -> None:
        """Let everything be written, and stop writing that file."""
        writer = self.writers.pop(file)
        assert writer.stdin is not None
        writer.stdin.close()
        assert writer.wait() == 0

    def rotate(self) -> None:
        self.finish()
        (self.path / "system.journal").rename(self.path / "system@1.journal")

    def cursors(self) -> dict[str, str]:
        """Give the cursor of each message."""
        with Reader.connect(21, str(self.path)) as reader:
            found = {}
            while reader.step():
                found[str(reader.fields()["MESSAGE"], "utf-8")] = reader.cursor()
            return found


class Scene:
    """A journal on a folder, and what it told."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.events: list[Event] = []
        self.changed = asyncio.Event()
        self.looks = 0  # at the clock
        self.step = 0.0  # of the clock on the wall
        self.answer: Callable[[], None] = lambda: None
        self.errors: list[BaseException] = []
        self.journal = Journal(21, self._now, self._post, str(folder.path))

    def _now(self) -> Instant:
        self.looks += 1
        now = clock.now()
        return Instant(now.mono, now.wall + self.step)

    def _post(self, events: list[Event]) -> None:
        assert events
        self.events += events
        self.changed.set()
        self.answer()

    @property
    def messages(self) -> list[str]:
        return [event.entry.message for event in self.events if isinstance(event, EntryRead)]

    @property
    def gaps(self) -> list[str]:
        return [event.why for event in self.events if isinstance(event, JournalGap)]

    async def told(self, *messages: str, within: float = 3.0) -> None:
        """Wait until these messages were told, in this order, and no others."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.messages != list(messages):
                    self.changed.clear()
                    await self.changed.wait()
        assert self.messages == list(messages)

    async def quiet(self, seconds: float = 0.3) -> None:
        """Make sure that nothing more is told."""
        before = list(self.events)
        await asyncio.sleep(seconds)
        assert self.events == before


def descriptors() -> tuple[int, int]:
    """Count the open files, and those that the loop watches."""
    watched = asyncio.get_running_loop()._selector.get_map()  # type: ignore[attr-defined]  # noqa: SLF001
    return len(list(Path("/proc/self/fd").iterdir())), len(watched)


Play = Callable[[Callable[[Scene], Coroutine[None, None, None]]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    path = tmp_path / "journal"
    path.mkdir()
    made = Folder(path)
    yield made
    for file in list(made.writers):
        made.finish(file)


@pytest.fixture
def play(folder: Folder) -> Play:
    def run(script: Callable[[Scene], Coroutine[None, None, None]]) -> None:
        async def whole() -> None:
            scene = Scene(folder)
            asyncio.get_running_loop().set_exception_handler(
                lambda _, context: scene.errors.append(context["exception"])
            )
            try:
                await script(scene)
            finally:
                scene.journal.close()
            assert scene.errors == []

        asyncio.run(whole())

    return run


def test_what_comes_from_now_on(play: Play, folder: Folder) -> None:
    folder.write("before")
    folder.finish()

    async def script(scene: Scene) -> None:
        scene.journal.open(None)
        await scene.quiet()
        folder.write("first", file="user-1001")
        await scene.told("first")
        folder.write("second", file="user-1001")
        await scene.told("first", "second")
        assert scene.gaps == []

    play(script)


def test_what_comes_after_a_beginning_is_read_by_the_next_reader(
    play: Play, folder: Folder
) -> None:
    """The first one ended before it had read anything."""
    folder.write("before")
    folder.finish()
    begun: list[str] = []

    async def first(scene: Scene) -> None:
        begun.append(scene.journal.open(None))
        await scene.quiet(0.05)

    async def second(scene: Scene) -> None:
        assert scene.journal.open(begun[0]) == begun[0]
        await scene.told("between")
        folder.write("after")
        await scene.told("between", "after")
        assert scene.gaps == []

    play(first)
    folder.write("between")
    play(second)


def test_a_beginning_in_the_future_is_now(play: Play, folder: Folder) -> None:
    """The clock on the wall was put back meanwhile."""

    async def script(scene: Scene) -> None:
        scene.journal.open(f"since {clock.now().wall + 3600:.6f}")
        folder.write("first")
        await scene.told("first")

    play(script)


def test_an_entry_is_translated(play: Play, folder: Folder) -> None:
    async def script(scene: Scene) -> None:
        scene.journal.open(None)
        now = clock.now()
        folder.write("one", at=now, _GID="0", _SYSTEMD_UNIT="smbd.service")
        await scene.told("one")
        (event,) = scene.events
        assert isinstance(event, EntryRead)
        assert event.entry.sent == pytest.approx(now.mono, abs=2e-6)
        assert event.entry.wall == pytest.approx(now.wall, abs=2e-6)
        assert (event.entry.uid, event.entry.gid) == (1001, 0)
        assert event.entry.unit == "smbd.service"
        assert event.entry.cursor == folder.cursors()["one"]

    play(script)


def test_only_what_could_be_an_audit_record(play: Play, folder: Folder) -> None:
    async def script(scene: Scene) -> None:
        scene.journal.open(None)
        folder.write("stdout", _TRANSPORT="stdout")
        folder.write("sudo", SYSLOG_IDENTIFIER="sudo")
        folder.write("daemon", SYSLOG_FACILITY="3")
        folder.write("audit")
        await scene.told("audit")

    play(script)


def drops(folder: Folder, **fields: str) -> None:
    """Write what journald says of entries that it has dropped."""
    own = {
        "_TRANSPORT": "driver",
        "SYSLOG_IDENTIFIER": "systemd-journald",
        "SYSLOG_FACILITY": "3",
        "_UID": "0",
        "MESSAGE_ID": DROPPED,
        "N_DROPPED": "14",
        "OBJECT_SYSTEMD_UNIT": "smbd.service",
    }
    folder.write("Suppressed 14 messages from smbd.service", **{**own, **fields})


def test_what_journald_says_that_it_has_dropped(play: Play, folder: Folder) -> None:
    async def script(scene: Scene) -> None:
        scene.journal.open(None)
        folder.write("first")
        drops(folder)
        folder.write("second")
        await scene.told("first", "second")
        assert [type(event) for event in scene.events] == [EntryRead, EntriesDropped, EntryRead]
        event = scene.events[1]
        assert isinstance(event, EntriesDropped)
        assert event.notice == replace(
            Notice("", 0.0, "driver", 0, "smbd.service", 14),
            cursor=folder.cursors()["Suppressed 14 messages from smbd.service"],
            sent=event.notice.sent,
        )
        await scene.quiet()

    play(script)


def test_what_others_say_of_it_is_not_even_looked_at(play: Play, folder: Folder) -> None:
    async def script(scene: Scene) -> None:
        scene.journal.open(None)
        drops(folder, _TRANSPORT="journal")
        drops(folder, _TRANSPORT="syslog")
        drops(folder, MESSAGE_ID="0" * 32)
        folder.write("audit")
        await scene.told("audit")
        assert len(scene.events) == 1

    play(script)


def test_the_first_entry_of_an_empty_journal(play: Play, folder: Folder) -> None:
    async def script(scene: Scene) -> None:
        scene.journal.open(None)
        await scene.quiet(0.1)
        folder.write("first")
        await scene.told("first")

    play(script)


class TestGoingOn:
    """After a restart: behind the cursor that was kept."""

    def test_behind_the_cursor(self, play: Play, folder: Folder) -> None:
        folder.write("told", "missed", "missed too")
        folder.finish()

        async def script(scene: Scene) -> None:
            scene.journal.open(folder.cursors()["told"])
            await scene.told("missed", "missed too")
            folder.write("new", file="user-1001")
            await scene.told("missed", "missed too", "new")
            assert scene.gaps == []

        play(script)

    def test_entries_of_an_earlier_boot(self, play: Play, folder: Folder) -> None:
        hour_ago = Instant(5000.0, clock.now().wall - 3600)
        folder.write("told", "missed", at=hour_ago, boot=EARLIER_BOOT)
        folder.finish()

        async def script(scene: Scene) -> None:
            scene.journal.open(folder.cursors()["told"])
            await scene.told("missed")
            (event,) = scene.events
            assert isinstance(event, EntryRead)
            assert event.entry.sent < 0
            folder.write("new", file="system2")
            await scene.told("missed", "new")

        play(script)

    def test_the_cursor_names_the_last_entry(self, play: Play, folder: Folder) -> None:
        folder.write("told")
        folder.finish()

        async def script(scene: Scene) -> None:
            scene.journal.open(folder.cursors()["told"])
            await scene.quiet()
            folder.write("new", file="user-1001")
            await scene.told("new")
            assert scene.gaps == []

        play(script)

    def test_the_cursor_is_gone_so_the_next_ones_are_told_with_a_gap(
        self, play: Play, folder: Folder
    ) -> None:
        folder.write("told", file="old")
        folder.finish("old")
        folder.write("missed", "missed too")
        folder.finish()
        cursor = folder.cursors()["told"]
        (folder.path / "old.journal").unlink()

        async def script(scene: Scene) -> None:
            scene.journal.open(cursor)
            await scene.told("missed", "missed too")
            assert scene.gaps == ["the journal has lost the entry to go on from"]
            folder.write("new", file="user-1001")
            await scene.told("missed", "missed too", "new")

        play(script)

    @pytest.mark.parametrize("cursor", ["", "nonsense", "s=zz;i=1", "\udcff", "s=1\0"])
    def test_the_cursor_is_none(self, play: Play, folder: Folder, cursor: str) -> None:
        folder.write("before")
        folder.finish()

        async def script(scene: Scene) -> None:
            scene.journal.open(cursor)
            await asyncio.sleep(0.2)
            folder.write("new", file="user-1001")
            await scene.told("new")
            assert len(scene.gaps) == 1

        play(script)

    def test_everything_is_gone(self, play: Play, folder: Folder) -> None:
        folder.write("told")
        folder.finish()
        cursor = folder.cursors()["told"]
        (folder.path / "system.journal").unlink()

        async def script(scene: Scene) -> None:
            scene.journal.open(cursor)
            await asyncio.sleep(0.1)
            folder.write("new")
            await scene.told("new")
            assert len(scene.gaps) == 1

        play(script)

    @pytest.mark.parametrize("expecting", [False, True])
    def test_a_long_journal_is_read_in_batches(
        self, play: Play, folder: Folder, *, expecting: bool
    ) -> None:
        messages = [str(number) for number in range(2 * BATCH + 10)]
        folder.write("told", *messages)
        folder.finish()
        sizes = []

        async def script(scene: Scene) -> None:
            scene.answer = lambda: sizes.append(len(scene.messages))
            scene.journal.open(folder.cursors()["told"])
            if expecting:  # going back must not leave out the rest
                scene.journal.expect(clock.now().mono)
            await scene.told(*messages)
            await scene.quiet()

        play(script)
        assert sizes == [BATCH, 2 * BATCH, 2 * BATCH + 10]


class TestFilesComeAndGo:
    """Rotation and vacuum."""

    def test_rotation(self, play: Play, folder: Folder) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            told = []
            for number in range(5):
                told += [f"{number} before", f"{number} after"]
                folder.write(told[-2])
                await scene.told(*told[:-1])
                folder.rotate()
                folder.write(told[-1])
                await scene.told(*told)
                folder.finish()
                (folder.path / "system.journal").unlink()
            assert scene.gaps == []

        play(script)

    def test_vacuum(self, play: Play, folder: Folder) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            folder.write("first")
            await scene.told("first")
            folder.finish()
            (folder.path / "system.journal").unlink()
            folder.write("second")
            await scene.told("first", "second")
            assert scene.gaps == []

        play(script)

    def test_an_idle_journal_wakes_nobody_after_a_rotation(
        self, play: Play, folder: Folder
    ) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            folder.write("first")
            await scene.told("first")
            folder.rotate()
            folder.write("second", file="user-1001")
            await scene.told("first", "second")
            folder.finish("user-1001")
            await asyncio.sleep(0.1)
            before = time.process_time()
            await asyncio.sleep(0.5)
            assert time.process_time() - before < 0.05

        play(script)


@pytest.fixture
def deaf(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing wake the reader."""
    monkeypatch.setattr(journal_module, "Reader", Deaf)
    folder.write("before")
    folder.finish()


@pytest.mark.usefixtures("deaf")
class TestKeepingUp:
    """Where much comes it is looked for without journald's waking us, and no longer than that."""

    def test_after_many_at_once_more_are_looked_for(self, play: Play, folder: Folder) -> None:
        many = [f"of many {number}" for number in range(journal_module.MANY)]

        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            scene.journal.expect(clock.now().mono)
            folder.write(*many)
            await scene.told(*many)
            scene.journal.expect(None)
            folder.write("soon")
            await scene.told(*many, "soon", within=journal_module.WHILE / 2)
            await asyncio.sleep(2 * journal_module.WHILE)
            folder.write("later")
            await scene.quiet()

        play(script)

    def test_after_a_few_nothing_is_looked_for(self, play: Play, folder: Folder) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            scene.journal.expect(clock.now().mono)
            folder.write("one")
            await scene.told("one")
            scene.journal.expect(None)
            folder.write("later")
            await scene.quiet()

        play(script)


class TestExpecting:
    """While an entry is expected it is looked for, also where the reader has been already."""

    def test_it_is_found_though_journald_does_not_wake_us(
        self, play: Play, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journal_module, "Reader", Deaf)
        folder.write("before")
        folder.finish()

        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            folder.write("unexpected")
            await scene.quiet(0.5)
            scene.journal.expect(clock.now().mono)
            folder.write("expected")
            await scene.told("unexpected", "expected", within=1.0)

        play(script)

    def test_nothing_expected_is_no_timer(self, play: Play) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            scene.journal.expect(clock.now().mono)
            await asyncio.sleep(0.1)
            scene.journal.expect(None)
            looks = scene.looks
            await asyncio.sleep(0.3)
            assert scene.looks == looks

        play(script)

    def test_the_answer_ends_it(
        self, play: Play, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journal_module, "Reader", Deaf)

        async def script(scene: Scene) -> None:
            scene.answer = lambda: scene.journal.expect(None)
            scene.journal.open(None)
            scene.journal.expect(clock.now().mono)
            folder.write("expected")
            await scene.told("expected")
            looks = scene.looks
            await asyncio.sleep(0.3)
            assert scene.looks == looks

        play(script)

    def test_the_answer_closes_it(
        self, play: Play, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journal_module, "Reader", Deaf)

        async def script(scene: Scene) -> None:
            scene.answer = scene.journal.close
            scene.journal.open(None)
            scene.journal.expect(clock.now().mono)
            folder.write("expected")
            await scene.told("expected")
            folder.write("no more")
            await scene.quiet()

        play(script)

    def test_an_entry_that_the_tail_has_passed(self, play: Play, folder: Folder) -> None:
        """Two files: the reader takes a later entry before the earlier one has been written."""

        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            await asyncio.sleep(0.05)
            event = clock.now()
            later = Instant(event.mono + 0.002, event.wall + 0.002)
            folder.write("later", file="user-1001", at=later)
            await scene.told("later")
            folder.write("earlier", file="user-1002", at=event)
            await scene.quiet(1.0)  # that is the fault that going back cures
            scene.journal.expect(event.mono)
            await scene.told("later", "earlier", within=1.0)
            await scene.quiet(0.7)
            folder.write("last", file="user-1001")
            await scene.told("later", "earlier", "last")

        play(script)

    def test_nothing_is_told_twice_nor_left_out(self, play: Play, folder: Folder) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            expected = []
            for number in range(300):
                file = f"user-{number % 3}"
                expected.append(str(number))
                folder.write(str(number), file=file)
                if number % 7 == 0:
                    scene.journal.expect(clock.now().mono)
                await asyncio.sleep(0.003)
            await asyncio.sleep(0.6)
            assert sorted(scene.messages, key=int) == expected
            assert scene.gaps == []

        play(script)

    def test_going_back_never_leads_behind_the_start(self, play: Play, folder: Folder) -> None:
        folder.write("just before")
        folder.finish()

        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            scene.journal.expect(clock.now().mono)
            await scene.quiet(0.4)
            folder.write("after", file="user-1001")
            await scene.told("after")

        play(script)

    def test_nor_behind_the_cursor(self, play: Play, folder: Folder) -> None:
        folder.write("told long ago", "told")
        folder.finish()

        async def script(scene: Scene) -> None:
            scene.journal.open(folder.cursors()["told"])
            scene.journal.expect(clock.now().mono)
            await scene.quiet(0.4)

        play(script)

    def test_nor_to_another_boot(self, play: Play, folder: Folder) -> None:
        """The clock was ahead in the boot before: its entries look as if they came just now."""
        folder.write("told", at=Instant(9000.0, clock.now().wall - 60), boot=EARLIER_BOOT)
        folder.finish()
        cursor = folder.cursors()["told"]
        ahead = Instant(8000.0, clock.now().wall + 60)
        folder.write("long ago", file="old", at=ahead, boot=EARLIER_BOOT)
        folder.finish("old")

        async def script(scene: Scene) -> None:
            scene.journal.open(cursor)
            await asyncio.sleep(0.1)
            before = list(scene.messages)
            scene.journal.expect(clock.now().mono)
            await asyncio.sleep(0.3)
            assert scene.messages == before

        play(script)

    def test_what_comes_by_itself_is_told_whatever_its_time(
        self, play: Play, folder: Folder
    ) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            scene.journal.expect(clock.now().mono)
            folder.write("expected")
            await scene.told("expected")
            await asyncio.sleep(0.1)
            scene.journal.expect(None)
            folder.write("of another boot", file="imported", boot=EARLIER_BOOT)
            await scene.told("expected", "of another boot")

        play(script)

    @pytest.mark.parametrize("step", [-3600.0, 3600.0])
    def test_the_clock_is_stepped_before_the_entry_is_written(
        self, play: Play, folder: Folder, step: float
    ) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            now = clock.now()
            folder.write("other", file="user-1002", at=Instant(now.mono + 0.1, now.wall + 0.1))
            await scene.told("other")
            event = clock.now()
            scene.journal.expect(event.mono)
            scene.step = step
            folder.write("entry", at=Instant(event.mono + 0.001, event.wall + step + 0.001))
            await scene.told("other", "entry")

        play(script)

    @pytest.mark.parametrize("step", [-3600.0, 3600.0])
    def test_the_clock_is_stepped_after_the_entry_was_written(
        self, play: Play, folder: Folder, step: float
    ) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            now = clock.now()
            folder.write("other", file="user-1002", at=Instant(now.mono + 0.5, now.wall + 0.5))
            await scene.told("other")
            scene.journal.expect(now.mono)
            scene.step = step
            folder.write("entry", at=Instant(now.mono + 0.001, now.wall + 0.001))
            await scene.told("other", "entry")

        play(script)


class Deaf(Reader):
    """A reader that nobody wakes."""

    silence = -1

    def fileno(self) -> int:
        super().fileno()
        if self.silence < 0:
            self.silence = os.eventfd(0)
        return self.silence

    def close(self) -> None:
        super().close()
        os.close(self.silence)


class Broken(Reader):
    """A reader whose files fail some times."""

    times = 0

    def process(self) -> int:
        if Broken.times:
            Broken.times -= 1
            raise OSError(74, "Bad message")
        return int(super().process())


class TestFaults:
    """It tells and goes on; at last with a new reader."""

    @pytest.fixture(autouse=True)
    def _broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(journal_module, "Reader", Broken)
        Broken.times = 0

    @pytest.mark.parametrize("times", [1, 2, 4])
    def test_it_fails_some_times(self, play: Play, folder: Folder, times: int) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            folder.write("first")
            await scene.told("first")
            Broken.times = times
            folder.write("second")
            folder.write("third")
            await scene.told("first", "second", "third", within=5.0)
            assert scene.gaps == ["cannot read the journal: Bad message; trying again"]
            scene.journal.expect(clock.now().mono)
            await scene.quiet(0.4)
            folder.write("fourth")
            await scene.told("first", "second", "third", "fourth")

        play(script)

    def test_before_the_first_entry(self, play: Play, folder: Folder) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            Broken.times = 2
            folder.write("first")
            await scene.told("first", within=5.0)
            assert Broken.times == 0

        play(script)

    def test_a_new_reader_goes_on_behind_the_last_entry(
        self, play: Play, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(told_module, "LIMIT", 2)  # it is not by remembering them
        folder.write("zero")

        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            folder.write("first", "second", "third", "fourth")
            await scene.told("first", "second", "third", "fourth")
            Broken.times = 2
            folder.write("fifth")
            await scene.told("first", "second", "third", "fourth", "fifth", within=5.0)
            await scene.quiet(0.4)

        play(script)

    def test_closed_while_it_is_trying(self, play: Play, folder: Folder) -> None:
        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            Broken.times = 10**9
            await asyncio.sleep(0.2)
            scene.journal.expect(clock.now().mono)
            await asyncio.sleep(0.2)
            scene.journal.close()
            Broken.times = 0
            folder.write("first")
            await asyncio.sleep(1.0)
            assert scene.messages == []

        play(script)

    def test_a_bug_in_trying_again_is_not_hidden(
        self, play: Play, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def connect(*_: object) -> Reader:
            raise RuntimeError("a bug")

        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            await asyncio.sleep(0.1)
            monkeypatch.setattr(Broken, "connect", connect)
            Broken.times = 2
            folder.write("first")
            await asyncio.sleep(0.5)
            assert [repr(error) for error in scene.errors] == ["RuntimeError('a bug')"]
            scene.errors.clear()

        play(script)

    def test_it_fails_at_the_start(self, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
        def go_to_time(*_: object) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(Broken, "go_to_time", go_to_time)

        async def script(scene: Scene) -> None:
            before = descriptors()
            with pytest.raises(EdgeError, match="cannot read the journal: Input/output error"):
                scene.journal.open(None)
            assert descriptors() == before

        play(script)

    @pytest.mark.parametrize("missing", ["MESSAGE", "_TRANSPORT", "a name"])
    def test_an_entry_that_was_not_read_whole_is_found_again(
        self, play: Play, folder: Folder, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        times = 1

        def get_all(reader: Broken) -> dict[str, bytes]:
            nonlocal times
            fields: dict[str, bytes] = Reader._get_all(reader)  # noqa: SLF001
            if fields["MESSAGE"] == b"second" and times:
                times -= 1
                fields.pop(missing, b"\xff").decode()
            return fields

        monkeypatch.setattr(Broken, "_get_all", get_all)

        async def script(scene: Scene) -> None:
            scene.journal.open(None)
            folder.write("first")
            await scene.told("first")
            event = clock.now()
            folder.write("second", "third")
            await scene.told("first", "third")
            assert scene.gaps == ["cannot read the journal: Bad message; trying again"]
            scene.journal.expect(event.mono)
            await scene.told("first", "third", "second")

        play(script)

    def test_the_folder_is_not_there(self, play: Play, folder: Folder) -> None:
        shutil.rmtree(folder.path)

        async def script(scene: Scene) -> None:
            with pytest.raises(EdgeError, match="cannot read the journal: No such file"):
                scene.journal.open(None)
            await scene.quiet(0.1)

        play(script)


def test_it_can_be_closed_twice(play: Play) -> None:
    async def script(scene: Scene) -> None:
        scene.journal.close()
        scene.journal.open(None)
        scene.journal.close()
        scene.journal.close()

    play(script)


def test_no_descriptor_is_left(play: Play) -> None:
    async def script(scene: Scene) -> None:
        before = descriptors()
        for _ in itertools.repeat(None, 10):
            scene.journal.open(None)
            scene.journal.close()
        assert descriptors() == before

    play(script)
