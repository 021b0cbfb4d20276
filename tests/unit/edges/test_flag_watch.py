"""The watch on real folders: every gesture of a user, and every one of FUI's own."""

import ctypes
import errno
import fcntl
import logging
import os
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyinotify
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fui.edges import flag_watch
from fui.edges.flag_watch import FlagWatch
from fui.model.errors import EdgeError
from fui.model.events import Event, FileCreated, FileDeleted, FileMoved, Place, WatchLost
from fui.model.menu import FileSpec, Folder

EXCHANGE = 2


def exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.renameat2(-100, os.fsencode(one), -100, os.fsencode(other), EXCHANGE) == 0


class Stage:
    """A share with two object folders, their staging, a place elsewhere, and the watch."""

    def __init__(self, root: Path) -> None:
        self.root = root / "share"
        self.apache, self.mail = self.root / "Apache", self.root / "Mail"
        self.staging, self.elsewhere = self.root / ".fui", root / "elsewhere"
        for path in (self.root, self.apache, self.mail, self.staging, self.elsewhere):
            path.mkdir()
        spec = FileSpec(None, None, 0o770)
        folders = tuple(Folder(str(path), spec) for path in (self.apache, self.mail))
        self.watch = FlagWatch(folders)

    def place(self, path: Path) -> Place:
        return Place(str(path.parent), path.name)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.watch.close()


def test_nothing_happened(stage: Stage) -> None:
    assert stage.watch.read() == []
    assert not select.select([stage.watch.fileno()], [], [], 0)[0]


def test_created_and_deleted(stage: Stage) -> None:
    flag = stage.apache / "Restart [Ready].txt"
    flag.touch()
    assert select.select([stage.watch.fileno()], [], [], 0)[0]
    flag.unlink()
    assert stage.watch.read() == [FileCreated(stage.place(flag)), FileDeleted(stage.place(flag))]
    assert stage.watch.read() == []


def test_five_deletions_of_one_name_are_five(stage: Stage) -> None:
    flag = stage.apache / "a"
    for _ in range(5):
        flag.touch()
        flag.unlink()
    events = stage.watch.read()
    assert events.count(FileDeleted(stage.place(flag))) == 5


@pytest.mark.parametrize("target", ["apache", "mail"])
def test_renamed_within_and_between_folders(stage: Stage, target: str) -> None:
    flag, new = stage.apache / "a", getattr(stage, target) / "b"
    flag.touch()
    flag.rename(new)
    assert stage.watch.read()[1:] == [FileMoved(stage.place(flag), stage.place(new))]


def test_moved_out_of_sight_and_in(stage: Stage) -> None:
    flag = stage.apache / "a"
    flag.touch()
    flag.rename(stage.elsewhere / "a")
    (stage.elsewhere / "a").rename(stage.mail / "b")
    assert stage.watch.read()[1:] == [
        FileMoved(stage.place(flag), None),
        FileMoved(None, stage.place(stage.mail / "b")),
    ]


def test_overwritten_by_a_rename(stage: Stage) -> None:
    mine, flag = stage.apache / "mine", stage.apache / "flag"
    mine.touch()
    flag.touch()
    mine.rename(flag)
    assert stage.watch.read()[2:] == [FileMoved(stage.place(mine), stage.place(flag))]


def test_what_passes_through_staging_is_fuis_own(stage: Stage) -> None:
    staged, flag = stage.staging / "1.Apache", stage.apache / "flag"
    staged.touch()
    staged.rename(flag)
    staged.touch()
    exchange(staged, flag)
    staged.unlink()
    flag.rename(staged)
    staged.unlink()
    assert stage.watch.read() == []


def test_a_user_deletes_between_two_of_fuis_own(stage: Stage) -> None:
    flag = stage.apache / "flag"
    for name in ("1", "2"):
        (stage.staging / name).touch()
        (stage.staging / name).rename(flag)
        flag.unlink()
    assert stage.watch.read() == [FileDeleted(stage.place(flag))] * 2


def test_links_and_pipes_are_names_too(stage: Stage) -> None:
    for name, make in (("link", lambda p: p.symlink_to("x")), ("pipe", os.mkfifo)):
        make(stage.apache / name)
    assert stage.watch.read() == [
        FileCreated(stage.place(stage.apache / name)) for name in ("link", "pipe")
    ]


def test_directories_are_not_told(stage: Stage) -> None:
    made = stage.apache / ".::TMPNAME:D:1"
    made.mkdir()
    made.rename(stage.apache / "New folder")
    (stage.apache / "New folder").rename(stage.mail / "New folder")
    (stage.mail / "New folder" / "below").touch()
    (stage.mail / "New folder" / "below").unlink()
    (stage.mail / "New folder").rmdir()
    assert stage.watch.read() == []


def test_a_flag_exchanged_with_a_directory_is_told(stage: Stage) -> None:
    flag, directory = stage.apache / "flag", stage.apache / "directory"
    flag.touch()
    directory.mkdir()
    exchange(flag, directory)
    assert stage.watch.read()[1:] == [FileMoved(stage.place(flag), stage.place(directory))]


def test_names_that_are_not_utf8_lose_nothing(stage: Stage) -> None:
    for name in (b"first", b"\xff\xfe [Ready].txt", b"\xc3\xa4", b"last"):
        Path(os.fsdecode(os.fsencode(stage.apache) + b"/" + name)).touch()
    names = [event.place.name for event in stage.watch.read() if isinstance(event, FileCreated)]
    assert [os.fsencode(name) for name in names] == [
        b"first", b"\xff\xfe [Ready].txt", b"\xc3\xa4", b"last",
    ]  # fmt: skip


def test_a_half_of_a_rename_gets_one_more_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader may come between the two halves; here they are handed out one by one."""
    flag, new = stage.apache / "a", stage.mail / "b"
    flag.touch()
    flag.rename(new)
    notifier = stage.watch._notifier  # noqa: SLF001
    raws = notifier.take()
    reads = iter([raws[:2], raws[2:], []])
    monkeypatch.setattr(notifier, "take", lambda: next(reads))
    assert stage.watch.read()[1:] == [FileMoved(stage.place(flag), stage.place(new))]
    assert stage.watch.read() == []


def test_a_half_that_stays_alone_is_told_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag, new = stage.apache / "a", stage.mail / "b"
    flag.touch()
    flag.rename(new)
    notifier = stage.watch._notifier  # noqa: SLF001
    raws = notifier.take()
    reads = iter([raws[:2], [], raws[2:], []])
    monkeypatch.setattr(notifier, "take", lambda: next(reads))
    assert stage.watch.read()[1:] == [FileMoved(stage.place(flag), None)]
    assert stage.watch.read() == [FileMoved(None, stage.place(new))]


def test_the_place_of_a_late_half_is_where_it_left(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is made again right after it was moved is created after it was moved."""
    flag, new = stage.apache / "a", stage.mail / "b"
    flag.touch()
    stage.watch.read()
    flag.rename(new)
    flag.touch()
    notifier = stage.watch._notifier  # noqa: SLF001
    left, came, made = notifier.take()
    reads = iter([[left, made], [came]])
    monkeypatch.setattr(notifier, "take", lambda: next(reads))
    assert stage.watch.read() == [
        FileMoved(stage.place(flag), stage.place(new)),
        FileCreated(stage.place(flag)),
    ]


def overflow(stage: Stage) -> int:
    """Fill the kernel's queue; return how many names fit."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text(encoding="ascii"))
    if limit > 100_000:
        pytest.skip("this machine's inotify queue is too long to fill")
    for number in range(limit // 2 + 10):
        (stage.apache / f"{number}").touch()
        (stage.apache / f"{number}").unlink()
    return limit


def test_overflow_is_told_and_the_rest_discarded(stage: Stage) -> None:
    limit = overflow(stage)
    events = stage.watch.read()
    assert len(events) == limit + 1
    assert isinstance(events[-1], WatchLost)
    assert events[-1].folder is None
    assert "overflow" in events[-1].why
    assert stage.watch.rewatch(None) == []
    (stage.apache / "again").touch()
    assert stage.watch.read() == [FileCreated(stage.place(stage.apache / "again"))]


def test_an_overflow_between_two_halves_makes_no_move_of_fuis_own(stage: Stage) -> None:
    """The half that is lost could have been in staging."""
    raw = flag_watch._Raw  # noqa: SLF001
    wds = {path: wd for wd, path in stage.watch._paths.items()}  # noqa: SLF001
    batch = [
        raw(wds[str(stage.apache)], flag_watch.IN_DELETE, 0, "before"),
        raw(wds[str(stage.apache)], flag_watch.IN_MOVED_FROM, 7, "flag"),
        raw(-1, flag_watch.IN_Q_OVERFLOW, 0, ""),
        raw(wds[str(stage.apache)], flag_watch.IN_DELETE, 0, "after"),
    ]
    stage.watch._notifier._eventq.extend(batch)  # noqa: SLF001
    events = stage.watch.read()
    assert events[0] == FileDeleted(stage.place(stage.apache / "before"))
    assert [type(event) for event in events] == [FileDeleted, WatchLost]


@pytest.mark.parametrize("held_open", [False, True])
def test_a_removed_folder_is_lost_once(stage: Stage, held_open: bool) -> None:  # noqa: FBT001
    descriptor = os.open(stage.apache, os.O_RDONLY) if held_open else -1
    stage.apache.rmdir()
    events = stage.watch.read()
    if held_open:  # the folder's own end is told only now
        os.close(descriptor)
    assert stage.watch.read() == []
    assert [type(event) for event in events] == [WatchLost]
    assert isinstance(events[0], WatchLost)
    assert events[0].folder == str(stage.apache)


def test_a_replaced_folder_is_lost_and_watched_anew(stage: Stage) -> None:
    old = stage.root / "old"
    stage.apache.rename(old)
    stage.apache.mkdir()
    events = stage.watch.read()
    assert [type(event) for event in events] == [WatchLost]
    (old / "stray").touch()
    assert stage.watch.read() == []
    assert stage.watch.rewatch(str(stage.apache)) == []
    (stage.apache / "flag").touch()
    (stage.mail / "flag").touch()
    assert stage.watch.read() == [
        FileCreated(stage.place(stage.apache / "flag")),
        FileCreated(stage.place(stage.mail / "flag")),
    ]


def test_a_folder_exchanged_with_another_is_lost(stage: Stage) -> None:
    other = stage.root / "other"
    other.mkdir()
    exchange(other, stage.apache)
    events = stage.watch.read()
    assert [event.folder for event in events if isinstance(event, WatchLost)] == [str(stage.apache)]


@pytest.mark.parametrize("name", ["staging", "root"])
def test_staging_or_the_share_replaced_concerns_all(stage: Stage, name: str) -> None:
    getattr(stage, name).rename(stage.elsewhere / "x")
    events = stage.watch.read()
    assert [type(event) for event in events] == [WatchLost]
    assert isinstance(events[0], WatchLost)
    assert events[0].folder is None


def test_a_look_finds_another_directory_in_the_place_of_one(stage: Stage) -> None:
    """As after a mount, of which inotify tells nothing: here, before its events are read."""
    assert stage.watch.look(str(stage.apache)) == []
    before = known_to_the_kernel(stage.watch)
    exchange(stage.apache, stage.elsewhere)
    assert stage.watch.look(str(stage.mail)) == []
    (lost,) = stage.watch.look(str(stage.apache))
    assert isinstance(lost, WatchLost)
    assert lost.folder == str(stage.apache)
    assert lost.why.endswith("another directory is in its place")
    assert stage.watch.look(str(stage.apache)) == []
    assert known_to_the_kernel(stage.watch) == before
    stage.watch.read()  # the gestures of before
    stage.watch.rewatch(str(stage.apache))
    (stage.apache / "a").touch()
    assert FileCreated(Place(str(stage.apache), "a")) in stage.watch.read()


def test_a_look_finds_another_share(stage: Stage) -> None:
    other = stage.root.with_name("other")
    for path in (other, other / "Apache", other / "Mail", other / ".fui"):
        path.mkdir()
    exchange(stage.root, other)
    assert {event.folder for event in stage.watch.look(str(stage.apache))} == {  # type: ignore[union-attr]
        None,
        str(stage.apache),
    }


def test_a_look_at_what_is_gone_or_not_used_tells_nothing(stage: Stage) -> None:
    stage.apache.rmdir()
    assert stage.watch.look(str(stage.apache)) == []
    assert stage.watch.look(str(stage.elsewhere)) == []


def test_rewatch_says_what_is_missing(stage: Stage) -> None:
    stage.apache.rmdir()
    stage.watch.read()
    (lost,) = stage.watch.rewatch(None)
    assert isinstance(lost, WatchLost)
    assert lost.folder == str(stage.apache)
    assert lost.why == f"cannot watch {stage.apache}: it does not exist"
    stage.apache.mkdir()
    assert stage.watch.rewatch(str(stage.apache)) == []
    stage.staging.rmdir()
    stage.watch.read()
    (lost,) = stage.watch.rewatch(None)
    assert isinstance(lost, WatchLost)
    assert lost.folder is None


def test_rewatch_of_all_discards_what_the_old_watches_had(stage: Stage) -> None:
    (stage.apache / "a").touch()
    assert stage.watch.rewatch(None) == []
    (stage.apache / "b").touch()
    assert stage.watch.read() == [FileCreated(stage.place(stage.apache / "b"))]


def test_a_folder_within_a_folder(tmp_path: Path) -> None:
    """The outer folder is an object folder and holds the inner one's staging."""
    outer, inner = tmp_path / "outer", tmp_path / "outer" / "inner"
    for path in (outer, inner, tmp_path / ".fui", outer / ".fui"):
        path.mkdir()
    spec = FileSpec(None, None, 0o770)
    watch = FlagWatch((Folder(str(inner), spec), Folder(str(outer), spec)))
    (outer / "a").touch()
    (inner / "b").touch()
    assert watch.read() == [
        FileCreated(Place(str(outer), "a")),
        FileCreated(Place(str(inner), "b")),
    ]
    inner.rename(tmp_path / "gone")
    events = watch.read()
    assert [event.folder for event in events if isinstance(event, WatchLost)] == [str(inner)]
    watch.close()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda _: None, "it does not exist"),
        (lambda path: path.touch(), "it is not a directory, or a symbolic link"),
        (lambda path: path.symlink_to(path.parent), "it is not a directory, or a symbolic link"),
    ],
)
def test_a_folder_that_cannot_be_watched(
    tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    """It is told by the first read, and keeps no other one from being watched."""
    apache, mail = tmp_path / "Apache", tmp_path / "Mail"
    (tmp_path / ".fui").mkdir()
    mail.mkdir()
    make(apache)
    spec = FileSpec(None, None, 0o770)
    watch = FlagWatch((Folder(str(apache), spec), Folder(str(mail), spec)))
    (mail / "flag").touch()
    assert watch.read() == [
        WatchLost(str(apache), f"cannot watch {apache}: {why}"),
        FileCreated(Place(str(mail), "flag")),
    ]
    assert watch.read() == []
    watch.close()


def test_inotify_itself_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(pyinotify, "WatchManager", refuse)
    with pytest.raises(EdgeError) as caught:
        FlagWatch(())
    assert str(caught.value).startswith("cannot watch the folders: ")
    assert "fs.inotify.max_user_instances" in str(caught.value)


# ---- other folders are used ----------------------------------------------------------------------


def folders(*paths: Path) -> tuple[Folder, ...]:
    return tuple(Folder(str(path), FileSpec(None, None, 0o770)) for path in paths)


def watches(watch: FlagWatch) -> dict[str, int]:
    return {path: wd for wd, path in watch._paths.items()}  # noqa: SLF001


def known_to_the_kernel(watch: FlagWatch) -> int:
    lines = Path(f"/proc/self/fdinfo/{watch.fileno()}").read_text(encoding="ascii").splitlines()
    return sum(line.startswith("inotify ") for line in lines)


def test_use_watches_new_folders_and_no_others(stage: Stage) -> None:
    new = stage.root / "New"
    new.mkdir()
    assert stage.watch.use(folders(stage.apache, new)) == []
    (stage.mail / "unseen").touch()
    (new / "seen").touch()
    (stage.apache / "seen").touch()
    assert stage.watch.read() == [
        FileCreated(stage.place(new / "seen")),
        FileCreated(stage.place(stage.apache / "seen")),
    ]
    paths = {str(path) for path in (stage.root, stage.staging, stage.apache, new)}
    assert watches(stage.watch).keys() == paths
    assert known_to_the_kernel(stage.watch) == 4


def test_use_of_the_same_loses_nothing(stage: Stage) -> None:
    before = watches(stage.watch)
    (stage.apache / "before").touch()
    (stage.mail / "before").touch()
    assert stage.watch.use(folders(stage.apache)) == []
    (stage.apache / "before").rename(stage.apache / "after")
    assert stage.watch.read() == [
        FileCreated(stage.place(stage.apache / "before")),
        FileMoved(stage.place(stage.apache / "before"), stage.place(stage.apache / "after")),
    ]
    after = watches(stage.watch)
    assert after == {path: wd for path, wd in before.items() if path != str(stage.mail)}


@pytest.mark.parametrize("held_open", [False, True])
def test_the_end_of_a_folder_that_is_not_used_is_not_told(
    stage: Stage,
    held_open: bool,  # noqa: FBT001
) -> None:
    """Also when it ended before, and the kernel has told already."""
    descriptor = os.open(stage.mail, os.O_RDONLY) if held_open else -1
    (stage.mail / "flag").touch()
    (stage.mail / "flag").rename(stage.staging / "1")
    (stage.staging / "1").unlink()
    stage.mail.rmdir()
    assert stage.watch.use(folders(stage.apache)) == []
    if held_open:
        os.close(descriptor)
    assert stage.watch.read() == []
    assert known_to_the_kernel(stage.watch) == 3
    assert len(stage.watch._manager.watches) == 3  # noqa: SLF001


def test_use_tells_what_cannot_be_watched(stage: Stage) -> None:
    missing = stage.root / "Missing"
    assert stage.watch.use(folders(missing, stage.apache)) == [
        WatchLost(str(missing), f"cannot watch {missing}: it does not exist")
    ]
    missing.mkdir()
    assert stage.watch.rewatch(str(missing)) == []
    (missing / "flag").touch()
    assert stage.watch.read() == [FileCreated(stage.place(missing / "flag"))]


def test_a_folder_that_is_used_again(stage: Stage) -> None:
    assert stage.watch.use(folders(stage.apache)) == []
    (stage.mail / "unseen").touch()
    assert stage.watch.use(folders(stage.apache, stage.mail)) == []
    (stage.mail / "seen").touch()
    assert stage.watch.read() == [FileCreated(stage.place(stage.mail / "seen"))]


def test_a_move_to_a_folder_that_is_not_used_any_more_leads_out_of_sight(stage: Stage) -> None:
    flag = stage.apache / "flag"
    flag.touch()
    flag.rename(stage.mail / "flag")
    assert stage.watch.use(folders(stage.apache)) == []
    assert stage.watch.read()[1:] == [FileMoved(stage.place(flag), None)]


def test_folders_beside_another_staging(stage: Stage) -> None:
    """Its staging is watched too, so what comes from there is FUI's own."""
    far = stage.elsewhere / "Far"
    far.mkdir()
    (stage.elsewhere / ".fui").mkdir()
    assert stage.watch.use(folders(far)) == []
    (stage.elsewhere / ".fui" / "1").touch()
    (stage.elsewhere / ".fui" / "1").rename(far / "flag")
    (far / "flag").unlink()
    assert stage.watch.read() == [FileDeleted(stage.place(far / "flag"))]
    assert stage.watch.use(()) == []
    assert known_to_the_kernel(stage.watch) == 0


@pytest.mark.parametrize("name", [b"flag", b"\xff\xfe [Ready].txt", b"tab\there", b"new\nline"])
def test_moved_into_the_execute_folder(stage: Stage, name: bytes) -> None:
    flag, execute = stage.apache / "Restart [Ready].txt", stage.root / "Execute"
    execute.mkdir()
    flag.touch()
    stage.watch.read()
    assert stage.watch.use(folders(stage.apache, execute)) == []
    target = execute / os.fsdecode(name)
    flag.rename(target)
    (moved,) = stage.watch.read()
    assert moved == FileMoved(stage.place(flag), stage.place(target))
    assert isinstance(moved, FileMoved)
    assert moved.target is not None
    assert os.fsencode(moved.target.name) == name


def test_what_the_library_keeps_does_not_grow(stage: Stage) -> None:
    for _ in range(20):
        stage.mail.rmdir()
        stage.watch.read()
        stage.mail.mkdir()
        assert stage.watch.rewatch(str(stage.mail)) == []
    assert len(stage.watch._manager.watches) == 4  # noqa: SLF001


def test_the_descriptor_is_not_inherited_and_does_not_block(stage: Stage) -> None:
    descriptor = stage.watch.fileno()
    assert not os.get_inheritable(descriptor)
    assert not os.get_blocking(descriptor)
    assert fcntl.fcntl(descriptor, fcntl.F_GETFD) & fcntl.FD_CLOEXEC


def test_the_library_writes_nothing_to_stderr() -> None:
    assert logging.getLogger("pyinotify").handlers == []


def test_the_constants_are_the_librarys() -> None:
    names = [name for name in vars(flag_watch) if name.startswith("IN_")]
    assert len(names) == 12
    for name in names:
        assert getattr(flag_watch, name) == getattr(pyinotify, name)


def test_a_flood_is_read_quickly(stage: Stage) -> None:
    """The library's own book-keeping of cookies is quadratic; this one must not be."""
    stage.watch.read()
    wd = next(wd for wd, path in stage.watch._paths.items() if path == str(stage.apache))  # noqa: SLF001
    raw = flag_watch._Raw  # noqa: SLF001
    for cookie in range(1, 20_001):
        stage.watch._notifier._eventq.append(raw(wd, flag_watch.IN_MOVED_FROM, cookie, "x"))  # noqa: SLF001
    begun = time.perf_counter()
    assert len(stage.watch.read()) == 20_000
    assert time.perf_counter() - begun < 2


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gestures=st.lists(
        st.tuples(
            st.sampled_from(["make", "delete", "rename", "own in", "own out", "own swap"]),
            st.sampled_from("ab"),
            st.sampled_from("ab"),
        ),
        max_size=30,
    )
)
def test_property_events_replayed_give_the_users_view(
    stage: Stage, gestures: list[tuple[str, str, str]]
) -> None:
    """Deletions told are exactly the user's; FUI's own never show."""
    stage.watch.rewatch(None)
    expected: list[Event] = []
    for path in stage.apache.iterdir():
        path.unlink()
    stage.watch.rewatch(None)
    staged = stage.staging / "1"
    for gesture, one, two in gestures:
        path, other = stage.apache / one, stage.apache / two
        there = path.exists()
        if gesture == "make" and not there:
            path.touch()
            expected.append(FileCreated(stage.place(path)))
        elif gesture == "delete" and there:
            path.unlink()
            expected.append(FileDeleted(stage.place(path)))
        elif gesture == "rename" and there and one != two:
            path.rename(other)
            expected.append(FileMoved(stage.place(path), stage.place(other)))
        elif gesture == "own in" and not there:
            staged.touch()
            staged.rename(path)
        elif gesture == "own out" and there:
            path.rename(staged)
            staged.unlink()
        elif gesture == "own swap" and there:
            staged.touch()
            exchange(staged, path)
            staged.unlink()
    assert stage.watch.read() == expected
