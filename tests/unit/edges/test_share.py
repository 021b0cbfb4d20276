"""The share on a real file system, with real users' files in the way."""

import contextlib
import ctypes
import errno
import grp
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fui.edges.share import Share, readme
from fui.edges.share import directory as directory_module
from fui.edges.share.directory import Directory, Unsupported
from fui.model.effects import RemoveOwn, ShowFlag
from fui.model.errors import EdgeError
from fui.model.events import DirEntry, FlagMissing, FlagShown, FolderListed, ShareFailed
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Folder, Menu, Settings
from fui.model.states import FlagState

READY, RUNNING = "Restart [Ready].txt", "Restart [Running].txt"
ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="needs root to act as another user")
STRANGER = 12345
"""A uid that is not FUI's; only root can make files that belong to it."""


class Stage:
    """A share with the folders Apache and Mail, one action in each."""

    def __init__(self, root: Path, file: FileSpec, folder: FileSpec) -> None:
        self.root = root
        self.apache, self.mail, self.staging = root / "Apache", root / "Mail", root / ".fui"
        self.action = self.make_action("Apache", file, folder)
        self.menu = Menu(
            Settings(share=str(root)),
            (self.action, self.make_action("Mail", file, folder)),
        )
        self.share = Share(self.menu)

    def make_action(self, name: str, file: FileSpec, folder: FileSpec) -> Action:
        return Action(
            ActionId(name, "Restart"),
            Folder(str(self.root / name), folder),
            name,
            Command(("/bin/true",), "root", "root", 10),
            Access(()),
            file,
        )

    def show(
        self, old: str | None, name: str, text: str = "text\n"
    ) -> FlagShown | FlagMissing | ShareFailed:
        return self.share.show(ShowFlag(self.action, old, name, text), 1.5)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.apache.iterdir())

    def put(self, name: str, text: str = "a user's") -> Path:
        """Have a stranger make a file."""
        path = self.apache / name
        path.write_text(text, encoding="utf-8")
        if ROOT:
            os.chown(path, STRANGER, STRANGER)
        return path


def shown(name: str, aside: str = "") -> FlagShown:
    return FlagShown(ActionId("Apache", "Restart"), name, 1.5, aside)


MISSING = FlagMissing(ActionId("Apache", "Restart"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path, FileSpec(None, None, 0o640), FileSpec(None, None, 0o770))
    stage.share.prepare()
    yield stage
    assert list(stage.staging.iterdir()) == []
    stage.share.close()


# ---- prepare -------------------------------------------------------------------------------------


def test_prepare_makes_folders_and_a_staging_nobody_may_enter(stage: Stage) -> None:
    assert stat.S_IMODE(stage.apache.stat().st_mode) == 0o770
    assert stat.S_IMODE(stage.staging.stat().st_mode) == 0o700
    assert sorted(path.name for path in stage.root.iterdir()) == [
        ".fui", "Apache", "Mail", "README.txt",
    ]  # fmt: skip


def test_prepare_again_changes_nothing_and_mends_modes(stage: Stage) -> None:
    before = (stage.root / "README.txt").stat().st_ino
    stage.apache.chmod(0o700)
    stage.staging.chmod(0o777)
    again = Share(stage.menu)
    again.prepare()
    again.close()
    assert stat.S_IMODE(stage.apache.stat().st_mode) == 0o770
    assert stat.S_IMODE(stage.staging.stat().st_mode) == 0o700
    assert (stage.root / "README.txt").stat().st_ino == before


def test_prepare_keeps_what_is_in_the_folders(stage: Stage) -> None:
    stage.show(None, READY)
    stage.put("mine.txt")
    Share(stage.menu).prepare()
    assert stage.names() == [READY, "mine.txt"]


def test_setgid_and_group_of_a_folder(tmp_path: Path) -> None:
    group = grp.getgrgid(os.getegid()).gr_name
    stage = Stage(tmp_path, FileSpec(None, None, 0o640), FileSpec(None, group, 0o2770))
    stage.share.prepare()
    status = stage.apache.stat()
    assert (stat.S_IMODE(status.st_mode), status.st_gid) == (0o2770, os.getegid())


def expect_refusal(stage: Stage, text: str) -> None:
    with pytest.raises(EdgeError) as caught:
        stage.share.prepare()
    stage.share.close()
    assert text in str(caught.value)
    assert str(caught.value).startswith("cannot ")


@pytest.fixture
def bare(tmp_path: Path) -> Stage:
    """Nothing is prepared."""
    return Stage(tmp_path / "share", FileSpec(None, None, 0o640), FileSpec(None, None, 0o770))


def test_prepare_says_what_is_missing_above(bare: Stage) -> None:
    expect_refusal(bare, f"install -d -o fui {bare.root}")


@pytest.mark.parametrize("which", ["apache", "staging", "root"])
def test_prepare_never_follows_a_link(bare: Stage, which: str) -> None:
    elsewhere = bare.root.parent / "elsewhere"
    elsewhere.mkdir()
    if which != "root":
        bare.root.mkdir()
    getattr(bare, which).symlink_to(elsewhere)
    expect_refusal(bare, f"{getattr(bare, which)} is not a directory, or is a symbolic link")
    assert list(elsewhere.iterdir()) == []


def test_prepare_refuses_a_file_for_a_folder(bare: Stage) -> None:
    bare.root.mkdir()
    bare.apache.touch()
    expect_refusal(bare, f"{bare.apache} is not a directory")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (FileSpec("no-such-user", None, 0o640), "cannot find user no-such-user: make that user"),
        (FileSpec(None, "no-such-group", 0o640), "cannot find group no-such-group: make that"),
    ],
)
def test_prepare_names_unknown_users_and_groups(tmp_path: Path, spec: FileSpec, text: str) -> None:
    expect_refusal(Stage(tmp_path, spec, FileSpec(None, None, 0o770)), text)
    expect_refusal(Stage(tmp_path, FileSpec(None, None, 0o640), spec), text)


@contextlib.contextmanager
def acting_as(uid: int, gid: int) -> Iterator[None]:
    """As an ordinary user without further groups; real enough for the kernel."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@as_root
@pytest.mark.root
@pytest.mark.parametrize("of_file", [True, False])
def test_prepare_says_which_group_fui_must_join(tmp_path: Path, of_file: bool) -> None:  # noqa: FBT001
    nobody = pwd.getpwnam("nobody")
    tmp_path.chmod(0o755)
    root = tmp_path / "share"
    root.mkdir()
    os.chown(root, nobody.pw_uid, nobody.pw_gid)
    for parent in tmp_path.parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
    group, plain = FileSpec(None, "daemon", 0o640), FileSpec(None, None, 0o770)
    with acting_as(nobody.pw_uid, nobody.pw_gid):
        stage = Stage(root, *((group, plain) if of_file else (plain, group)))
        expect_refusal(
            stage,
            "to group daemon: nobody is not a member; do: usermod -aG daemon nobody, "
            "then systemctl restart fui",
        )
        user = FileSpec("daemon", None, 0o640)
        expect_refusal(
            Stage(root, *((user, plain) if of_file else (plain, user))), "that needs CAP_CHOWN"
        )


@as_root
@pytest.mark.root
def test_prepare_refuses_what_belongs_to_others(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    for parent in (tmp_path, *tmp_path.parents):
        if not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
    root = tmp_path / "share"
    for path in (root, root / "Apache", root / ".fui"):
        path.mkdir()
    os.chown(root, nobody.pw_uid, nobody.pw_gid)
    root.joinpath(".fui").chmod(0o755)
    plain = FileSpec(None, None, 0o770)
    with acting_as(nobody.pw_uid, nobody.pw_gid):
        expect_refusal(Stage(root, plain, plain), "it belongs to root; do: chown nobody")
    os.chown(root / "Apache", nobody.pw_uid, nobody.pw_gid)
    with acting_as(nobody.pw_uid, nobody.pw_gid):
        expect_refusal(Stage(root, plain, plain), "/.fui: it belongs to somebody else; remove it")


@as_root
@pytest.mark.root
def test_files_given_to_another_user_are_ours(tmp_path: Path) -> None:
    daemon = pwd.getpwnam("daemon")
    stage = Stage(
        tmp_path, FileSpec("daemon", "daemon", 0o640), FileSpec("daemon", "daemon", 0o2770)
    )
    stage.share.prepare()
    stage.show(None, READY)
    status = (stage.apache / READY).stat()
    assert (status.st_uid, status.st_gid) == (daemon.pw_uid, daemon.pw_gid)
    assert stat.S_IMODE(status.st_mode) == 0o640
    assert stage.share.list(str(stage.apache)) == FolderListed(
        str(stage.apache), (DirEntry(READY, ours=True),)
    )
    assert stage.show(READY, RUNNING) == shown(RUNNING)


@as_root
@pytest.mark.root
@pytest.mark.parametrize(
    ("file_group", "folder_group", "mode", "expected"),
    [
        ("mail", "daemon", 0o770, "mail"),
        (None, "daemon", 0o770, "daemon"),
        (None, None, 0o2770, "games"),
        (None, None, 0o770, "root"),
    ],
)
def test_the_group_of_a_flag(
    tmp_path: Path, file_group: str | None, folder_group: str | None, mode: int, expected: str
) -> None:
    """It enters by a rename, so it inherits nothing by itself."""
    folder = tmp_path / "Apache"
    folder.mkdir()
    os.chown(folder, 0, grp.getgrnam("games").gr_gid)
    stage = Stage(
        tmp_path, FileSpec(None, file_group, 0o640), FileSpec(None, folder_group, mode)
    )  # fmt: skip
    stage.share.prepare()
    stage.show(None, READY)
    assert (folder / READY).group() == expected


def test_prepare_removes_what_a_killed_fui_left_in_staging(stage: Stage) -> None:
    (stage.staging / "3.Apache").touch()
    (stage.staging / "whatever").touch()
    Share(stage.menu).prepare()
    assert list(stage.staging.iterdir()) == []
    assert stage.names() == []


@as_root
@pytest.mark.root
def test_a_users_file_left_in_staging_goes_back(stage: Stage) -> None:
    stage.put("x").rename(stage.staging / "3.Apache")
    stage.put("y").rename(stage.staging / "4.Apache")
    Share(stage.menu).prepare()
    assert stage.names() == ["Rescued (kept 1)", "Rescued (kept 2)"]


# ---- README --------------------------------------------------------------------------------------


def test_the_readme_explains_every_word(stage: Stage) -> None:
    words = {state: f"word-{state.value}" for state in FlagState}
    menu = Menu(Settings(share=str(stage.root), words=words), stage.menu.actions)
    before = (stage.root / "README.txt").stat().st_ino
    Share(menu).prepare()
    path = stage.root / "README.txt"
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_ino != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    rare = {FlagState.CONFIRM, FlagState.CANCELLED}  # only where an action can be in that state
    assert all((f"[{word}]" in text) == (state not in rare) for state, word in words.items())
    assert "delete its file" in text
    assert len(text.splitlines()) == 10
    assert max(map(len, text.splitlines())) <= 110


def test_the_readme_explains_what_can_be(stage: Stage) -> None:
    access = stage.menu.actions[0].access
    actions = tuple(replace(one, confirm=30.0, cancel=access) for one in stage.menu.actions)
    Share(Menu(stage.menu.settings, actions)).prepare()
    text = (stage.root / "README.txt").read_text(encoding="utf-8")
    assert "[Delete again to confirm]  delete the file once more" in text
    assert "[Cancelled]" in text
    assert len(text.splitlines()) == 12


@as_root
@pytest.mark.root
def test_somebody_elses_readme_is_left_alone(stage: Stage) -> None:
    path = stage.root / readme.NAME
    path.write_text("mine", encoding="utf-8")
    os.chown(path, STRANGER, STRANGER)
    Share(stage.menu).prepare()
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_link_for_a_readme_is_left_alone(stage: Stage) -> None:
    path = stage.root / readme.NAME
    path.unlink()
    path.symlink_to(stage.root / "victim")
    Share(stage.menu).prepare()
    assert path.is_symlink()
    assert not (stage.root / "victim").exists()


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


def make_file(path: Path) -> None:
    path.write_text("a user's", encoding="utf-8")
    os.chown(path, STRANGER, STRANGER)


IN_THE_WAY: dict[str, Callable[[Path], object]] = {
    "directory": Path.mkdir,
    "full directory": lambda path: (path / "below").mkdir(parents=True),
    "symlink": lambda path: path.symlink_to("victim"),
    "symlink to a directory": lambda path: path.symlink_to(path.parent),
    "symlink to a flag": lambda path: path.symlink_to("Stop [Ready].txt"),
    "pipe": os.mkfifo,
}
if ROOT:
    IN_THE_WAY["file"] = make_file


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


def race(
    monkeypatch: pytest.MonkeyPatch, method: str, do: Callable[[], object], times: int = 1
) -> None:
    """Have somebody act right before FUI's next renames."""
    real = getattr(Directory, method)
    left = iter(range(times))

    def late(self: Directory, *args: object) -> object:
        if next(left, None) is not None:
            do()
        return real(self, *args)

    monkeypatch.setattr(Directory, method, late)


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
        stage = Stage(mount, FileSpec(None, None, 0o640), FileSpec(None, None, 0o770))
        stage.share.prepare()
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
        plain = FileSpec(None, None, 0o770)
        expect_refusal(Stage(tmp_path, plain, plain), "must lie on the same file system")
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


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
