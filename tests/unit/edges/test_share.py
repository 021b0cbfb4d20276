"""Flags on a real file system, with real users' files in the way."""

import contextlib
import ctypes
import errno
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fui.edges.share import directory as directory_module
from fui.edges.share.directory import Directory, Unsupported
from fui.model.effects import HideFlag, RemoveOwn, ShowFlag
from fui.model.events import (
    DirEntry,
    FlagHidden,
    FlagMissing,
    FlagShown,
    FolderListed,
    ShareFailed,
)
from fui.model.menu import ActionId
from tests.unit.edges.share_stage import (
    IN_THE_WAY,
    MISSING,
    READY,
    RUNNING,
    Stage,
    as_root,
    race,
    shown,
)

# ---- show ----------------------------------------------------------------------------------------


def test_made_anew(stage: Stage) -> None:
    assert stage.show(None, READY, "ä\udcff\n") == shown(READY)
    assert (stage.apache / READY).read_bytes() == b"\xc3\xa4\xff\n"
    assert stat.S_IMODE((stage.apache / READY).stat().st_mode) == 0o640


def test_renamed_with_a_new_text(stage: Stage) -> None:
    stage.show(None, READY)
    assert stage.show(READY, RUNNING, "new") == shown(RUNNING)
    assert stage.names() == [RUNNING]
    assert (stage.apache / RUNNING).read_text(encoding="utf-8") == "new"


def test_a_new_text_under_the_same_name(stage: Stage) -> None:
    stage.show(None, READY)
    with (stage.apache / READY).open(encoding="utf-8") as reader:
        assert stage.show(READY, READY, "new") == shown(READY)
        assert reader.read() == "text\n", "who reads the old one reads it to its end"
    assert (stage.apache / READY).read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("new", [READY, RUNNING])
def test_the_old_name_is_gone(stage: Stage, new: str) -> None:
    assert stage.show(READY, new) == MISSING
    assert stage.names() == []


@as_root
@pytest.mark.root
@pytest.mark.parametrize("new", [READY, RUNNING])
def test_a_users_file_stands_under_the_old_name(stage: Stage, new: str) -> None:
    """Its flag is gone, so its event will come; the user's file stays where it is."""
    stage.put(READY)
    assert stage.show(READY, new) == MISSING
    assert stage.names() == [READY]


def test_ours_stands_there_already_after_a_crash(stage: Stage) -> None:
    stage.show(None, READY, "old")
    assert stage.show(None, READY, "new") == shown(READY)
    assert stage.names() == [READY]
    assert (stage.apache / READY).read_text(encoding="utf-8") == "new"


def test_ours_stands_under_the_new_name_too(stage: Stage) -> None:
    stage.show(None, READY)
    stage.show(None, RUNNING)
    assert stage.show(READY, RUNNING, "new") == shown(RUNNING)
    assert stage.names() == [RUNNING]


@pytest.mark.parametrize("kind", IN_THE_WAY)
@pytest.mark.parametrize("old", [None, READY])
def test_whatever_stands_in_the_way_is_set_aside(stage: Stage, kind: str, old: str | None) -> None:
    if old:
        stage.show(None, old)
    IN_THE_WAY[kind](stage.apache / RUNNING)
    before = (stage.apache / RUNNING).lstat()
    assert stage.show(old, RUNNING, "new") == shown(RUNNING, "Restart [Running] (kept 1).txt")
    assert stage.names() == ["Restart [Running] (kept 1).txt", RUNNING]
    after = (stage.apache / "Restart [Running] (kept 1).txt").lstat()
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert (stage.apache / RUNNING).read_text(encoding="utf-8") == "new"


def test_set_aside_past_what_was_set_aside_before(stage: Stage) -> None:
    for number in range(1, 100):
        (stage.apache / f"Restart [Ready] (kept {number}).txt").mkdir()
    (stage.apache / READY).mkdir()
    found = stage.show(None, READY)
    assert isinstance(found, FlagShown)
    assert found.set_aside.startswith("Restart [Ready] (kept ")
    assert len(stage.names()) == 101


@pytest.mark.parametrize("name", ["x" * 255, "ä" * 120 + ".txt", ".txt", "no extension"])
def test_names_set_aside_stay_within_what_a_name_may_be(stage: Stage, name: str) -> None:
    (stage.apache / name).mkdir()
    found = stage.show(None, name)
    assert isinstance(found, FlagShown)
    assert len(os.fsencode(found.set_aside)) <= 255
    assert sorted([name, found.set_aside]) == stage.names()


def test_a_case_twin_is_left_alone(stage: Stage) -> None:
    stage.put("restart [ready].txt")
    assert stage.show(None, READY) == shown(READY)
    assert stage.names() == [READY, "restart [ready].txt"]


def test_race_pressed_right_before_the_rename(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.show(None, READY)
    race(monkeypatch, "move", (stage.apache / READY).unlink)
    assert stage.show(READY, RUNNING) == MISSING
    assert stage.names() == []


def test_race_pressed_right_before_the_exchange(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.show(None, READY)
    race(monkeypatch, "exchange", (stage.apache / READY).unlink)
    assert stage.show(READY, READY) == MISSING
    assert stage.names() == []


def test_race_pressed_between_the_rename_and_the_exchange(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new name stood, and was pressed: it is shown, and its deletion will be told."""
    stage.show(None, READY)
    race(monkeypatch, "exchange", (stage.apache / RUNNING).unlink)
    assert stage.show(READY, RUNNING) == shown(RUNNING)
    assert stage.names() == []


@as_root
@pytest.mark.root
def test_race_a_users_file_takes_the_place_before_the_exchange(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.show(None, READY)

    def replace() -> None:
        (stage.apache / READY).unlink()
        stage.put(READY)

    race(monkeypatch, "exchange", replace)
    assert stage.show(READY, READY, "new") == shown(READY, "Restart [Ready] (kept 1).txt")
    assert stage.names() == ["Restart [Ready] (kept 1).txt", READY]
    assert (stage.apache / READY).read_text(encoding="utf-8") == "new"


def test_race_somebody_takes_the_name_before_it_is_made(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    race(monkeypatch, "move", (stage.apache / READY).mkdir)
    assert stage.show(None, READY) == shown(READY, "Restart [Ready] (kept 1).txt")


def test_race_somebody_takes_the_name_again_and_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take() -> None:
        with contextlib.suppress(FileExistsError):
            (stage.apache / READY).mkdir()

    race(monkeypatch, "move", take, times=10_000)
    found = stage.show(None, READY)
    assert isinstance(found, ShareFailed)
    assert "taken again and again" in found.error


def without_renameat2(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_: object) -> int:
        ctypes.set_errno(code)
        return -1

    monkeypatch.setattr(directory_module, "_renameat2", refuse if code else None)


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOSYS, 0])
def test_on_a_file_system_without_renameat2(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """A refusal of the kernel stands in for such a file system; the renames are real."""
    without_renameat2(monkeypatch, code)
    assert stage.show(None, READY, "1") == shown(READY)
    assert stage.show(READY, READY, "2") == shown(READY)
    assert stage.show(READY, RUNNING, "3") == shown(RUNNING)
    (stage.apache / READY).mkdir()
    assert stage.show(RUNNING, READY, "4") == shown(READY, "Restart [Ready] (kept 1).txt")
    assert (stage.apache / READY).read_text(encoding="utf-8") == "4"
    assert stage.share.remove(RemoveOwn(str(stage.apache), READY)) is None
    assert stage.names() == ["Restart [Ready] (kept 1).txt"]


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.ENOSPC, "No space left on device; free some space"),
        (errno.EROFS, "Read-only file system; mount it writable"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_the_file_system_refuses_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, code: int, hint: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "write", refuse)
    found = stage.show(None, READY)
    monkeypatch.undo()
    assert isinstance(found, ShareFailed)
    assert found.action == ActionId("Apache", "Restart")
    assert found.error.startswith(f"cannot show the flag {READY} in {stage.apache}: {hint}")


def test_a_name_that_is_too_long_is_told(stage: Stage) -> None:
    found = stage.show(None, "x" * 256)
    assert isinstance(found, ShareFailed)
    assert "File name too long; give the action a shorter name" in found.error


def mount_failed(*arguments: str | Path) -> bool:
    command = ["mount", "-t", "tmpfs", *map(str, arguments[:-1]), "tmpfs", str(arguments[-1])]
    return subprocess.run(command, check=False).returncode != 0


def umount(path: Path) -> None:
    subprocess.run(["umount", str(path)], check=True)  # noqa: S607


@as_root
@pytest.mark.root
def test_a_full_disk(tmp_path: Path) -> None:
    """A real one, of 64 KiB."""
    mount = tmp_path / "small"
    mount.mkdir()
    if mount_failed("-o", "size=64k", mount):
        pytest.skip("may not mount here")
    try:
        stage = Stage(mount)
        assert stage.share.prepare() == []
        stage.show(None, READY)
        found = stage.show(READY, RUNNING, "x" * 200_000)
        assert isinstance(found, ShareFailed)
        assert "No space left on device; free some space" in found.error
        assert stage.names() == [READY]
        assert list(stage.staging.iterdir()) == []
        assert stage.show(READY, RUNNING) == shown(RUNNING)
        stage.share.close()
    finally:
        umount(mount)


@as_root
@pytest.mark.root
def test_a_folder_that_is_a_mount_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "Apache").mkdir()
    if mount_failed(tmp_path / "Apache"):
        pytest.skip("may not mount here")
    try:
        stage = Stage(tmp_path)
        (failed,) = stage.share.prepare()
        assert isinstance(failed, ShareFailed)
        assert failed.folder == str(stage.apache)
        assert "must lie on the same file system" in failed.error
        assert stage.mail.is_dir()
        stage.share.close()
    finally:
        umount(tmp_path / "Apache")


# ---- folders that come and go --------------------------------------------------------------------


def test_a_folder_that_is_gone_fails_until_it_is_listed(stage: Stage) -> None:
    stage.show(None, READY)
    stage.apache.rename(stage.root / "gone")
    found = stage.show(None, READY)
    assert isinstance(found, ShareFailed)
    assert "No such file or directory" in found.error
    assert stage.share.list(str(stage.apache)) == FolderListed(str(stage.apache), ())
    assert stat.S_IMODE(stage.apache.stat().st_mode) == 0o770
    assert stage.show(None, READY) == shown(READY)
    assert stage.names() == [READY]
    assert [path.name for path in (stage.root / "gone").iterdir()] == [READY]


def test_staging_that_is_gone_is_made_when_a_folder_is_listed(stage: Stage) -> None:
    """Nothing else would, until a flag changes, and what is not there cannot be watched."""
    staging = stage.root / ".fui"
    staging.rename(stage.root / "gone")
    assert isinstance(stage.share.list(str(stage.apache)), FolderListed)
    assert stat.S_IMODE(staging.stat().st_mode) == 0o700
    staging.rmdir()
    staging.symlink_to(stage.root / "gone")
    found = stage.share.list(str(stage.apache))
    assert isinstance(found, ShareFailed)
    assert "symbolic link" in found.error


def test_a_folder_that_is_not_as_it_shall_be_fails_each_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    stage.apache.rmdir()
    stage.apache.mkdir(0o700)
    monkeypatch.setattr(os, "fchmod", refuse)
    for _ in range(2):
        found = stage.share.list(str(stage.apache))
        assert isinstance(found, ShareFailed)
        assert "cannot set the mode of" in found.error
    monkeypatch.undo()
    assert isinstance(stage.share.list(str(stage.apache)), FolderListed)
    assert stat.S_IMODE(stage.apache.stat().st_mode) == 0o770


def test_a_folder_that_somebody_made_anew_is_mended_when_it_is_listed(stage: Stage) -> None:
    stage.apache.rmdir()
    stage.apache.mkdir(0o700)
    assert stage.show(None, READY) == shown(READY)
    assert isinstance(stage.share.list(str(stage.apache)), FolderListed)
    assert stat.S_IMODE(stage.apache.stat().st_mode) == 0o770


def test_a_mode_that_an_administrator_gives_holds_while_fui_serves(stage: Stage) -> None:
    stage.apache.chmod(0o700)
    assert isinstance(stage.share.list(str(stage.apache)), FolderListed)
    assert stat.S_IMODE(stage.apache.stat().st_mode) == 0o700


def test_a_folder_that_became_a_link_is_not_followed(stage: Stage) -> None:
    elsewhere = stage.root / "elsewhere"
    elsewhere.mkdir()
    stage.apache.rmdir()
    stage.apache.symlink_to(elsewhere)
    for found in (stage.show(None, READY), stage.share.list(str(stage.apache))):
        assert isinstance(found, ShareFailed)
        assert "is not a directory, or is a symbolic link" in found.error
    assert list(elsewhere.iterdir()) == []


def test_staging_that_is_gone_is_made_anew(stage: Stage) -> None:
    stage.staging.rmdir()
    assert stage.show(None, READY) == shown(READY)
    assert stat.S_IMODE(stage.staging.stat().st_mode) == 0o700


def test_a_look_finds_staging_there(stage: Stage) -> None:
    """It is watched: as long as it is not there, nothing is watched for sure."""
    shutil.rmtree(stage.staging)
    stage.share.list(str(stage.apache))
    assert stage.staging.is_dir()


def test_descriptors_are_not_lost(stage: Stage) -> None:
    stage.show(None, READY)
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(20):
        stage.show(READY, READY)
        stage.share.list(str(stage.apache))
        (stage.apache / READY).unlink()
        stage.apache.rmdir()
        stage.share.list(str(stage.apache))
        stage.show(None, READY)
    assert len([*Path("/proc/self/fd").iterdir()]) == before


# ---- list and remove -----------------------------------------------------------------------------


def test_list_tells_ours_from_others(stage: Stage) -> None:
    stage.show(None, READY)
    (stage.apache / "directory").mkdir()
    (stage.apache / "link").symlink_to(READY)
    (stage.apache / os.fsdecode(b"\xff")).mkdir()
    assert stage.share.list(str(stage.apache)) == FolderListed(
        str(stage.apache),
        (
            DirEntry(READY, ours=True),
            DirEntry("directory", ours=False),
            DirEntry("link", ours=False),
            DirEntry("\udcff", ours=False),
        ),
    )


def test_remove_takes_ours_out(stage: Stage) -> None:
    stage.show(None, READY)
    assert stage.share.remove(RemoveOwn(str(stage.apache), READY)) is None
    assert stage.names() == []
    assert stage.share.remove(RemoveOwn(str(stage.apache), READY)) is None


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_remove_leaves_others_alone(stage: Stage, kind: str) -> None:
    IN_THE_WAY[kind](stage.apache / READY)
    assert stage.share.remove(RemoveOwn(str(stage.apache), READY)) is None
    assert stage.names() == [READY]


@as_root
@pytest.mark.root
@pytest.mark.parametrize("taken", [False, True])
def test_race_remove_gives_a_users_file_back(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    taken: bool,  # noqa: FBT001
) -> None:
    stage.show(None, READY)

    def replace() -> None:
        (stage.apache / READY).unlink()
        stage.put(READY)

    race(monkeypatch, "move", replace)
    if taken:  # … and makes another one while the first is out
        real, calls = Directory.move, []

        def late(self: Directory, name: str, target: Directory, new: str) -> None:
            calls.append(new)
            if len(calls) == 2:
                stage.put(READY, "second")
            real(self, name, target, new)

        monkeypatch.setattr(Directory, "move", late)
    assert stage.share.remove(RemoveOwn(str(stage.apache), READY)) is None
    assert stage.names() == (["Restart [Ready] (kept 1).txt", READY] if taken else [READY])


def test_hide_takes_the_flag_out(stage: Stage) -> None:
    hidden = FlagHidden(ActionId("Apache", "Restart"))
    stage.show(None, READY)
    assert stage.hide(READY) == hidden
    assert stage.names() == []
    assert stage.hide(READY) == MISSING
    assert stage.show(None, READY) == shown(READY)


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_hide_leaves_others_alone(stage: Stage, kind: str) -> None:
    IN_THE_WAY[kind](stage.apache / READY)
    assert stage.hide(READY) == MISSING
    assert stage.names() == [READY]


def test_race_pressed_right_before_it_is_hidden(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.show(None, READY)
    race(monkeypatch, "move", (stage.apache / READY).unlink)
    assert stage.hide(READY) == MISSING


@as_root
@pytest.mark.root
def test_race_hide_gives_a_users_file_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag itself was pressed: that will be told, so it is missing and not hidden."""
    stage.show(None, READY)

    def replace() -> None:
        (stage.apache / READY).unlink()
        stage.put(READY)

    race(monkeypatch, "move", replace)
    assert stage.hide(READY) == MISSING
    assert stage.names() == [READY]
    assert (stage.apache / READY).read_text(encoding="utf-8") == "a user's"


def test_hide_in_a_folder_that_is_gone_or_refuses(stage: Stage) -> None:
    stage.apache.rmdir()
    assert stage.hide(READY) == MISSING
    stage.apache.touch()
    failed = stage.hide(READY)
    assert isinstance(failed, ShareFailed)
    assert failed.action == ActionId("Apache", "Restart")
    assert failed.error.startswith(f"cannot take the flag {READY} out of {stage.apache}: ")


def test_nothing_is_done_in_a_folder_that_is_not_kept(stage: Stage) -> None:
    other = stage.root / "Other"
    action = stage.make_action("Other")
    assert stage.share.list(str(other)) == FolderListed(str(other), ())
    assert stage.share.remove(RemoveOwn(str(other), READY)) is None
    assert stage.share.hide(HideFlag(action, READY)) == FlagMissing(action.id)
    failed = stage.share.show(ShowFlag(action, None, READY, ""), 1.5)
    text = f"cannot show the flag {READY} in {other}: FUI does not keep that folder"
    assert failed == ShareFailed(str(other), text, action.id)
    assert not other.exists()
    other.mkdir()
    (other / READY).touch()
    assert stage.share.list(str(other)) == FolderListed(str(other), ())
    assert stage.share.remove(RemoveOwn(str(other), READY)) is None
    assert stage.share.hide(HideFlag(action, READY)) == FlagMissing(action.id)
    assert (other / READY).exists()


def test_remove_in_a_folder_that_is_gone(stage: Stage) -> None:
    stage.apache.rmdir()
    assert stage.share.remove(RemoveOwn(str(stage.apache), READY)) is None
    stage.apache.touch()
    assert isinstance(stage.share.remove(RemoveOwn(str(stage.apache), READY)), ShareFailed)


# ---- the directory by itself ---------------------------------------------------------------------


def test_an_intermediate_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real" / "below").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(NotADirectoryError) as caught:
        Directory(str(tmp_path / "link" / "below"))
    assert caught.value.strerror == f"{tmp_path / 'link'} is not a directory, or is a symbolic link"


def test_move_and_exchange_never_overwrite(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, encoding="ascii")
    directory = Directory(str(tmp_path))
    with pytest.raises(FileExistsError):
        directory.move("a", directory, "b")
    directory.exchange("a", directory, "b")
    assert (tmp_path / "a").read_text(encoding="ascii") == "b"
    with pytest.raises(FileNotFoundError):
        directory.exchange("a", directory, "c")
    with pytest.raises(FileExistsError):
        directory.create("a")
    assert not issubclass(Unsupported, FileExistsError)
    directory.close()
    directory.close()
    assert not directory.current


# ---- property ------------------------------------------------------------------------------------

NAMES = [READY, RUNNING, "Restart [Ready] (kept 1).txt"]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("user"), st.sampled_from(NAMES), st.sampled_from([*IN_THE_WAY])),
            st.tuples(st.just("press"), st.sampled_from(NAMES), st.just("")),
            st.tuples(st.just("show"), st.sampled_from(NAMES[:2]), st.sampled_from(["", *NAMES])),
            st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just("")),
        ),
        max_size=14,
    )
)
def test_property_flags_survive_and_nothing_of_a_users_is_lost(
    stage: Stage, steps: list[tuple[str, str, str]]
) -> None:
    for path in stage.apache.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    theirs: set[int] = set()
    for step, name, detail in steps:
        path = stage.apache / name
        there = os.path.lexists(path)
        if step == "user" and not there:
            IN_THE_WAY[detail](path)
            theirs.add(path.lstat().st_ino)
        elif step == "press" and there and path.lstat().st_ino not in theirs:
            path.unlink()
        elif step == "show":
            found = stage.show(detail or None, name, "the text")
            assert isinstance(found, FlagShown | FlagMissing)
            if isinstance(found, FlagShown):
                assert path.is_file()
                assert not path.is_symlink()
                assert path.read_text(encoding="utf-8") == "the text"
        elif step == "remove":
            assert stage.share.remove(RemoveOwn(str(stage.apache), name)) is None
        assert theirs <= {entry.lstat().st_ino for entry in stage.apache.iterdir()}
        assert list(stage.staging.iterdir()) == []
