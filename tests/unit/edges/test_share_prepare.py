"""The share at the start: its folders, their owners, and what is said of those that cannot be."""

import errno
import grp
import os
import pwd
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from fui.edges.share import Share
from fui.edges.share.directory import Directory
from fui.model.effects import ShowFlag
from fui.model.errors import EdgeError
from fui.model.events import DirEntry, FlagShown, FolderListed, ShareFailed
from fui.model.menu import FileSpec, Menu, Settings
from tests.unit.edges.share_stage import READY, RUNNING, Stage, acting_as, as_root, shown


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


def expect_failures(stage: Stage, text: str, *folders: Path) -> None:
    """Exactly these folders are told, with a text; the share can be used all the same."""
    failed = stage.share.prepare()
    stage.share.close()
    assert all(isinstance(event, ShareFailed) for event in failed)
    told = [event for event in failed if isinstance(event, ShareFailed)]
    assert [event.folder for event in told] == [str(folder) for folder in folders]
    assert all(text in event.error for event in told)
    assert all(event.error.startswith("cannot ") for event in told)
    assert (stage.root / "README.txt").exists()


def test_prepare_says_what_is_missing_above(bare: Stage) -> None:
    expect_refusal(bare, f"install -d -o fui {bare.root}")


@pytest.mark.parametrize("which", ["staging", "root"])
def test_prepare_never_follows_a_link(bare: Stage, which: str) -> None:
    elsewhere = bare.root.parent / "elsewhere"
    elsewhere.mkdir()
    if which != "root":
        bare.root.mkdir()
    getattr(bare, which).symlink_to(elsewhere)
    expect_refusal(bare, f"{getattr(bare, which)} is not a directory, or is a symbolic link")
    assert list(elsewhere.iterdir()) == []


def test_prepare_does_not_follow_a_link_for_a_folder(bare: Stage) -> None:
    elsewhere = bare.root.parent / "elsewhere"
    elsewhere.mkdir()
    bare.root.mkdir()
    bare.apache.symlink_to(elsewhere)
    expect_failures(bare, f"{bare.apache} is not a directory, or is a symbolic link", bare.apache)
    assert list(elsewhere.iterdir()) == []
    assert bare.apache.is_symlink()


def test_a_file_for_a_folder_does_not_take_the_others_down(bare: Stage) -> None:
    bare.root.mkdir()
    bare.apache.touch()
    failed = bare.share.prepare()
    text = f"cannot open {bare.apache}: {bare.apache} is not a directory, or is a symbolic link"
    assert failed == [ShareFailed(str(bare.apache), text)]
    assert bare.mail.is_dir()
    assert isinstance(bare.share.list(str(bare.apache)), ShareFailed)
    bare.apache.unlink()
    assert bare.share.list(str(bare.apache)) == FolderListed(str(bare.apache), ())


def test_no_folder_at_all_is_a_refusal(bare: Stage) -> None:
    bare.root.mkdir()
    bare.apache.touch()
    bare.mail.touch()
    expect_refusal(bare, f"{bare.apache} is not a directory")


def test_a_menu_of_nothing_is_prepared(tmp_path: Path) -> None:
    share = Share(Menu(Settings(share=str(tmp_path)), ()))
    assert share.prepare() == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fui", "README.txt"]
    share.close()


def test_a_readme_that_cannot_be_written_is_a_refusal(
    bare: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.root.mkdir()

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", refuse)  # the files that are tried are empty
    expect_refusal(bare, f"cannot write README.txt in {bare.root}: No space left on device; free")


def test_what_the_file_system_refuses_is_told_of_the_folder(
    bare: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.root.mkdir()
    real = Directory.names

    def refuse(self: Directory) -> list[str]:
        if self.path == str(bare.staging):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self)

    monkeypatch.setattr(Directory, "names", refuse)
    expect_refusal(bare, f"cannot prepare {bare.apache}: Input/output error")


UNKNOWN = [
    (FileSpec("no-such-user", None, 0o640), "cannot find user no-such-user: make that user"),
    (FileSpec(None, "no-such-group", 0o640), "cannot find group no-such-group: make that"),
]


@pytest.mark.parametrize(("spec", "text"), UNKNOWN)
def test_prepare_names_unknown_users_and_groups(tmp_path: Path, spec: FileSpec, text: str) -> None:
    stage = Stage(tmp_path, file=spec)
    expect_failures(stage, text, stage.apache, stage.mail)
    expect_refusal(Stage(tmp_path, folder=spec), text)


@pytest.mark.parametrize(("spec", "text"), UNKNOWN)
def test_one_unknown_name_concerns_one_folder(bare: Stage, spec: FileSpec, text: str) -> None:
    bare.root.mkdir()
    mail = bare.menu.actions[1]
    bad = bare.make_action("Apache", file=spec, folder=spec)
    share = bare.share = Share(replace(bare.menu, actions=(bad, bad, mail)))
    (failed,) = share.prepare()
    assert isinstance(failed, ShareFailed)
    assert (failed.folder, failed.action) == (str(bare.apache), None)
    assert text in failed.error
    listed = share.list(str(bare.apache))
    assert isinstance(listed, ShareFailed)
    assert text in listed.error
    shown = share.show(ShowFlag(bad, None, READY, ""), 1.5)
    assert isinstance(shown, ShareFailed)
    assert text in shown.error
    assert isinstance(share.show(ShowFlag(mail, None, READY, ""), 1.5), FlagShown)
    share.close()


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
    wrong = {
        "to group daemon: nobody is not a member; do: fui setup --yes, or usermod -aG daemon nobody "
        "and systemctl restart fui": FileSpec(None, "daemon", 0o640),
        "that needs CAP_CHOWN": FileSpec("daemon", None, 0o640),
    }
    with acting_as(nobody.pw_uid, nobody.pw_gid):
        for text, spec in wrong.items():
            if of_file:
                stage = Stage(root, file=spec)
                expect_failures(stage, text, stage.apache, stage.mail)
            else:
                expect_refusal(Stage(root, folder=spec), text)


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
    with acting_as(nobody.pw_uid, nobody.pw_gid):
        expect_refusal(Stage(root), "/.fui: it belongs to somebody else; remove it")
    os.chown(root / ".fui", nobody.pw_uid, nobody.pw_gid)
    with acting_as(nobody.pw_uid, nobody.pw_gid):
        text = "it belongs to root; do: chown nobody"
        expect_failures(Stage(root), text, root / "Apache")
        assert (root / "Mail").owner() == "nobody"


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
