"""The share under another configuration: folders that come, change and are given up."""

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fui.edges.flag_watch import FlagWatch
from fui.edges.share import Share
from fui.edges.share.directory import Directory
from fui.model.effects import RemoveOwn, ShowFlag
from fui.model.events import (
    DirEntry,
    Event,
    FileCreated,
    FileDeleted,
    FlagShown,
    FolderListed,
    Place,
    ShareFailed,
)
from fui.model.menu import Action, Fault, FileSpec, Folder, Menu
from tests.unit.edges.share_stage import PLAIN_FOLDER, READY, RUNNING, Stage, as_root, race

ERROR = "[Configuration error].txt"


def menu_of(stage: Stage, *names: str) -> Menu:
    return replace(stage.menu, actions=tuple(stage.make_action(name) for name in names))


def show(stage: Stage, action: Action, name: str = READY) -> None:
    assert isinstance(stage.share.show(ShowFlag(action, None, name, "text\n"), 1.5), FlagShown)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def one(failed: list[Event]) -> ShareFailed:
    (event,) = failed
    assert isinstance(event, ShareFailed)
    return event


def descriptors() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


# ---- what is kept --------------------------------------------------------------------------------


def test_new_folders_are_made_and_can_be_used(stage: Stage) -> None:
    menu = menu_of(stage, "Apache", "Mail", "Backup")
    assert stage.share.furnish(menu) == []
    assert stage.share.kept == menu.folders
    assert mode(stage.root / "Backup") == 0o770
    show(stage, menu.actions[2])
    folder = str(stage.root / "Backup")
    assert stage.share.list(folder) == FolderListed(folder, (DirEntry(READY, ours=True),))


def test_the_same_menu_changes_nothing(stage: Stage) -> None:
    stage.show(None, READY)
    paths = (stage.apache, stage.apache / READY, stage.root / "README.txt")
    before = [path.stat() for path in paths]
    assert stage.share.furnish(stage.menu) == []
    assert [path.stat() for path in paths] == before


def test_the_execute_folder_and_those_of_faults_are_folders(stage: Stage) -> None:
    execute = Folder(str(stage.root / "Execute"), FileSpec(None, None, 0o730))
    fault = Fault("Broken", Folder(str(stage.root / "Broken"), PLAIN_FOLDER), ())
    menu = replace(stage.menu, execute=execute, faults=(fault,))
    assert stage.share.furnish(menu) == []
    assert mode(stage.root / "Execute") == 0o730
    pseudo = replace(stage.make_action("Broken"), folder=fault.folder)
    show(stage, pseudo, ERROR)
    assert mode(stage.root / "Broken" / ERROR) == 0o640
    (stage.root / "Broken" / ERROR).rename(stage.root / "Execute" / ERROR)
    assert stage.share.list(execute.path) == FolderListed(
        execute.path, (DirEntry(ERROR, ours=True),)
    )
    assert stage.share.remove(RemoveOwn(execute.path, ERROR)) is None
    assert [*(stage.root / "Execute").iterdir()] == []
    assert "Configuration error" in (stage.root / "README.txt").read_text(encoding="utf-8")


def test_a_folder_gets_a_mode_that_changed(stage: Stage) -> None:
    stage.show(None, READY)
    changed = stage.make_action("Apache", folder=FileSpec(None, None, 0o750))
    assert stage.share.furnish(replace(stage.menu, actions=(changed,))) == []
    assert mode(stage.apache) == 0o750
    assert stage.names() == [READY]
    assert stage.show(READY, RUNNING) == FlagShown(stage.action.id, RUNNING, 1.5)


@as_root
@pytest.mark.root
def test_names_are_looked_up_anew(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group that is made later counts, and one that got another number too."""
    gids: dict[str, int] = {}

    class Entry:
        def __init__(self, name: str) -> None:
            self.gr_gid = gids[name]

    monkeypatch.setattr("fui.edges.share.nss.grp.getgrnam", Entry)
    spec = FileSpec(None, "operators", 0o770)
    menu = replace(
        stage.menu, actions=(stage.make_action("Apache", folder=spec), stage.menu.actions[1])
    )
    failed = one(stage.share.furnish(menu))
    assert failed.folder == str(stage.apache)
    assert failed.error.startswith("cannot find group operators: make that group")
    for gid in (4711, 4712):
        gids["operators"] = gid
        assert stage.share.furnish(menu) == []
        assert stage.apache.stat().st_gid == gid
        show(stage, menu.actions[0], f"{gid}.txt")
        assert (stage.apache / f"{gid}.txt").stat().st_gid == gid


@pytest.mark.parametrize("kind", ["user", "group"])
def test_what_cannot_be_resolved_is_told_of_its_folder(stage: Stage, kind: str) -> None:
    name = f"no-such-{kind}"
    spec = replace(FileSpec(None, None, 0o640), **{kind: name})
    bad = stage.make_action("Backup", file=spec)
    menu = replace(stage.menu, actions=(*stage.menu.actions, bad, bad))
    failed = one(stage.share.furnish(menu))
    assert failed.folder == str(stage.root / "Backup")
    assert failed.error.startswith(f"cannot find {kind} {name}")
    assert isinstance(stage.show(None, READY), FlagShown)


def test_what_cannot_be_made_is_told_and_can_be_made_later(stage: Stage) -> None:
    (stage.root / "Backup").touch()
    menu = menu_of(stage, "Backup", "Apache", "Web")
    failed = one(stage.share.furnish(menu))
    assert failed.folder == str(stage.root / "Backup")
    assert "is not a directory" in failed.error
    assert (stage.root / "Web").is_dir()
    (stage.root / "Backup").unlink()
    folder = str(stage.root / "Backup")
    assert stage.share.list(folder) == FolderListed(folder, ())


def test_nothing_raises_where_the_share_is_gone(stage: Stage) -> None:
    away = stage.root.parent / "away"
    stage.root.rename(away)
    failed = stage.share.furnish(menu_of(stage, "Apache", "Backup"))
    assert [event.folder for event in failed if isinstance(event, ShareFailed)] == [
        str(stage.apache), str(stage.root / "Backup"), str(stage.root),
    ]  # fmt: skip
    away.rename(stage.root)


def test_retired_actions_keep_their_folders(stage: Stage) -> None:
    stage.show(None, READY)
    menu = menu_of(stage, "Mail")
    assert stage.share.furnish(menu, (stage.action,)) == []
    assert {folder.path for folder in stage.share.kept} == {str(stage.apache), str(stage.mail)}
    assert stage.show(READY, RUNNING) == FlagShown(stage.action.id, RUNNING, 1.5)
    assert stage.share.furnish(menu) == []
    assert not stage.apache.exists()


def test_the_menu_counts_where_a_retired_action_says_something_else(stage: Stage) -> None:
    retired = stage.make_action("Apache", folder=FileSpec(None, "no-such-group", 0o777))
    assert stage.share.furnish(stage.menu, (retired,)) == []
    assert mode(stage.apache) == 0o770
    show(stage, retired)


@as_root
@pytest.mark.root
def test_owners_of_retired_actions_files_are_known(stage: Stage) -> None:
    retired = stage.make_action("Apache", file=FileSpec("daemon", "daemon", 0o640))
    assert stage.share.furnish(menu_of(stage, "Mail"), (retired,)) == []
    show(stage, retired)
    assert (stage.apache / READY).owner() == "daemon"
    listed = FolderListed(str(stage.apache), (DirEntry(READY, ours=True),))
    assert stage.share.list(str(stage.apache)) == listed


def test_the_readme_is_written_anew_only_if_it_says_something_else(stage: Stage) -> None:
    path = stage.root / "README.txt"
    before = path.stat().st_ino
    assert stage.share.furnish(menu_of(stage, "Apache", "Mail", "Backup")) == []
    assert path.stat().st_ino == before
    action = replace(stage.action, confirm=30.0)
    assert stage.share.furnish(replace(stage.menu, actions=(action,))) == []
    assert path.stat().st_ino != before
    assert "[Delete again to confirm]" in path.read_text(encoding="utf-8")


def test_a_readme_that_cannot_be_written_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "write", refuse)
    action = replace(stage.action, confirm=30.0)
    failed = one(stage.share.furnish(replace(stage.menu, actions=(action, stage.menu.actions[1]))))
    assert failed.folder == str(stage.root)
    assert failed.error.startswith(f"cannot write README.txt in {stage.root}: Read-only")


# ---- what is given up ----------------------------------------------------------------------------


def test_a_folder_that_is_given_up_goes_with_our_files(stage: Stage) -> None:
    stage.show(None, READY)
    stage.show(None, RUNNING)
    before = descriptors()
    assert stage.share.furnish(menu_of(stage, "Mail")) == []
    assert not stage.apache.exists()
    assert stage.mail.is_dir()
    assert descriptors() == before - 1
    assert stage.share.list(str(stage.apache)) == FolderListed(str(stage.apache), ())
    assert not stage.apache.exists()


OTHERS: dict[str, Callable[[Path], object]] = {
    "directory": Path.mkdir,
    "symlink": lambda path: path.symlink_to("victim"),
    "pipe": os.mkfifo,
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_not_ours_stays_and_keeps_the_folder(stage: Stage, kind: str) -> None:
    stage.show(None, READY)
    OTHERS[kind](stage.apache / "mine")
    assert stage.share.furnish(menu_of(stage, "Mail")) == []
    assert stage.names() == ["mine"]


@as_root
@pytest.mark.root
def test_a_users_file_stays_and_keeps_the_folder(stage: Stage) -> None:
    stage.show(None, READY)
    stage.put(RUNNING)
    assert stage.share.furnish(menu_of(stage, "Mail")) == []
    assert stage.names() == [RUNNING]
    assert (stage.apache / RUNNING).read_text(encoding="utf-8") == "a user's"


@as_root
@pytest.mark.root
def test_a_folder_of_somebody_else_is_emptied_and_stays(stage: Stage) -> None:
    stage.show(None, READY)
    os.chown(stage.apache, 12345, -1)
    assert stage.share.furnish(menu_of(stage, "Mail")) == []
    assert stage.names() == []


@as_root
@pytest.mark.root
def test_files_that_were_given_to_another_user_are_taken_out(tmp_path: Path) -> None:
    """Until now they were FUI's, for it gave them away itself."""
    stage = Stage(tmp_path, file=FileSpec("daemon", None, 0o640))
    stage.share.prepare()
    stage.show(None, READY)
    stage.put("mine")
    assert stage.share.furnish(menu_of(stage, "Mail")) == []
    assert stage.names() == ["mine"]
    stage.share.close()


def test_a_folder_that_is_gone_or_a_link_is_left_alone(stage: Stage) -> None:
    stage.show(None, READY)
    stage.apache.rename(stage.root / "elsewhere")
    stage.apache.symlink_to("elsewhere")
    stage.mail.rmdir()
    assert stage.share.furnish(menu_of(stage, "Backup")) == []
    assert stage.apache.is_symlink()
    assert [path.name for path in (stage.root / "elsewhere").iterdir()] == [READY]


def test_a_flag_that_is_pressed_meanwhile_keeps_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.show(None, READY)
    stage.show(None, RUNNING)
    race(monkeypatch, "move", (stage.apache / READY).unlink)
    assert stage.share.furnish(menu_of(stage, "Mail")) == []
    assert not stage.apache.exists()


def refuse_to_remove(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(self: Directory, name: str) -> None:
        raise OSError(code, os.strerror(code), f"{self.path}/{name}")

    monkeypatch.setattr(Directory, "remove", refuse)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.ENOTEMPTY, errno.ENOENT])
def test_a_folder_that_may_not_be_removed_stays_empty(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    stage.show(None, READY)
    refuse_to_remove(monkeypatch, code)
    assert stage.share.furnish(menu_of(stage, "Mail")) == []
    assert stage.names() == []


def test_a_folder_that_cannot_be_given_up_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_to_remove(monkeypatch, errno.EROFS)
    failed = one(stage.share.furnish(menu_of(stage, "Mail")))
    assert failed.folder == str(stage.apache)
    assert failed.error.startswith(f"cannot give up {stage.apache}: Read-only file system; mount")


def test_the_staging_goes_with_the_last_folder_beside_it(stage: Stage) -> None:
    below = stage.root / "below"
    below.mkdir()
    assert stage.share.furnish(menu_of(stage, "Apache", "below/One", "below/Two")) == []
    assert stage.share.furnish(menu_of(stage, "Apache", "below/Two")) == []
    assert sorted(path.name for path in below.iterdir()) == [".fui", "Two"]
    (below / "Two").rmdir()
    assert stage.share.furnish(menu_of(stage, "Apache")) == []
    assert [*below.iterdir()] == []
    assert stage.staging.is_dir()


def test_the_staging_stays_beside_a_folder_that_could_not_be_given_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stage.root / "below").mkdir()
    assert stage.share.furnish(menu_of(stage, "Apache", "below/One", "below/Two")) == []
    real = Directory.names

    def refuse(self: Directory) -> list[str]:
        if self.path.endswith("/One"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self)

    monkeypatch.setattr(Directory, "names", refuse)
    failed = one(stage.share.furnish(menu_of(stage, "Apache")))
    assert failed.folder == str(stage.root / "below" / "One")
    monkeypatch.undo()
    assert sorted(path.name for path in (stage.root / "below").iterdir()) == [".fui", "One"]


def test_a_staging_that_cannot_be_removed_does_no_harm(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stage.root / "below").mkdir()
    assert stage.share.furnish(menu_of(stage, "Apache", "below/One")) == []
    real = Directory.remove

    def refuse(self: Directory, name: str) -> None:
        if name == ".fui":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(self, name)

    monkeypatch.setattr(Directory, "remove", refuse)
    assert stage.share.furnish(menu_of(stage, "Apache")) == []
    assert [path.name for path in (stage.root / "below").iterdir()] == [".fui"]


def test_a_folder_can_come_back(stage: Stage) -> None:
    for _ in range(3):
        stage.show(None, READY)
        assert stage.share.furnish(menu_of(stage, "Mail")) == []
        assert not stage.apache.exists()
        assert stage.share.furnish(stage.menu) == []
        assert stage.names() == []


def test_a_folder_within_one_that_is_given_up(stage: Stage) -> None:
    stage.show(None, READY)
    assert stage.share.furnish(menu_of(stage, "Apache/Inner")) == []
    assert stage.names() == [".fui", "Inner"]
    assert stage.share.furnish(stage.menu) == []
    assert stage.names() == []


def test_the_watch_hears_nothing_of_what_is_given_up(stage: Stage) -> None:
    """In the daemon's order: the share is furnished, then the watch uses what is kept."""
    stage.show(None, READY)
    watch = FlagWatch(stage.share.kept)
    (stage.mail / "before").touch()
    assert stage.share.furnish(menu_of(stage, "Mail", "Backup")) == []
    assert watch.use(stage.share.kept) == []
    (stage.root / "Backup" / "after").touch()
    (stage.mail / "before").unlink()
    before = Place(str(stage.mail), "before")
    assert watch.read() == [
        FileCreated(before),
        FileCreated(Place(str(stage.root / "Backup"), "after")),
        FileDeleted(before),
    ]
    stage.share.close()
    assert watch.read() == []
    watch.close()


# ---- what an earlier run kept --------------------------------------------------------------------


def start_anew(menu: Menu, *former: Path | str) -> list[Event]:
    """As after a restart."""
    share = Share(menu)
    failed = share.prepare(tuple(map(str, former)))
    share.close()
    return failed


def test_folders_of_an_earlier_run_are_given_up(stage: Stage) -> None:
    stage.show(None, READY)
    (stage.staging / "7.Apache").touch()
    assert start_anew(menu_of(stage, "Mail"), stage.apache, stage.mail) == []
    assert not stage.apache.exists()
    assert stage.mail.is_dir()


def test_a_folder_of_an_earlier_run_that_is_in_the_menu_is_kept(stage: Stage) -> None:
    stage.show(None, READY)
    assert start_anew(stage.menu, stage.apache, stage.mail) == []
    assert stage.names() == [READY]


@as_root
@pytest.mark.root
def test_users_files_stay_in_a_folder_of_an_earlier_run(stage: Stage) -> None:
    stage.show(None, READY)
    stage.put("mine")
    stage.put("taken along").rename(stage.staging / "7.Apache")
    assert start_anew(menu_of(stage, "Mail"), stage.apache) == []
    assert stage.names() == ["Rescued (kept 1)", "mine"]


def test_two_folders_of_an_earlier_run_beside_one_staging(stage: Stage) -> None:
    below = stage.root / "below"
    below.mkdir()
    menu = menu_of(stage, "below/One", "below/Two")
    assert stage.share.furnish(menu) == []
    show(stage, menu.actions[0])
    show(stage, menu.actions[1])
    stage.share.close()
    assert start_anew(menu_of(stage, "Mail"), below / "One", below / "Two") == []
    assert [*below.iterdir()] == []


def test_what_cannot_be_given_up_at_the_start_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_to_remove(monkeypatch, errno.EROFS)
    failed = one(start_anew(menu_of(stage, "Mail"), stage.apache))
    assert failed.folder == str(stage.apache)


def test_a_folder_without_a_staging_beside_it_is_left_alone(stage: Stage) -> None:
    folder = stage.root / "below" / "Folder"
    folder.mkdir(parents=True)
    (folder / READY).touch()
    assert start_anew(menu_of(stage, "Mail"), folder) == []
    assert [path.name for path in folder.iterdir()] == [READY]
    assert [path.name for path in folder.parent.iterdir()] == ["Folder"]


@as_root
@pytest.mark.root
def test_a_folder_beside_somebody_elses_staging_is_left_alone(stage: Stage) -> None:
    folder = stage.root / "below" / "Folder"
    folder.mkdir(parents=True)
    (folder / READY).touch()
    (folder.parent / ".fui").mkdir()
    os.chown(folder.parent / ".fui", 12345, -1)
    assert start_anew(menu_of(stage, "Mail"), folder) == []
    assert [path.name for path in folder.iterdir()] == [READY]


@pytest.mark.parametrize(
    "spelled",
    ["{share}/Mail/", "{share}//Mail", "{share}/./Mail", "{share}/Apache/../Mail", "{share}/.fui",
     "{share}/.fui/below", "{share}", "/", "", "Mail", "{share}/Mail\0", "{share}/\ud800",
     "{share}/link", "{share}/link/below", "{share}/file", "{share}/nothing",
     "{share}/" + "x" * 300],
)  # fmt: skip
def test_whatever_else_is_said_to_be_a_former_folder_is_left_alone(
    stage: Stage, spelled: str
) -> None:
    show(stage, stage.menu.actions[1])
    elsewhere = stage.root / "elsewhere"
    (elsewhere / "below").mkdir(parents=True)
    (elsewhere / ".fui").mkdir()
    (elsewhere / "flag").touch()
    (elsewhere / "below" / "flag").touch()
    (stage.root / "link").symlink_to("elsewhere")
    (stage.root / "file").touch()
    before = sorted(stage.root.rglob("*"))
    inode = (stage.root / "README.txt").stat().st_ino
    assert start_anew(stage.menu, spelled.format(share=stage.root)) == []
    assert sorted(stage.root.rglob("*")) == before
    assert (stage.root / "README.txt").stat().st_ino == inode
