"""The flags in the share: made, renamed, listed and taken away.

Rules:
- Everything that FUI makes is prepared in staging and enters its folder by a rename; everything
  that it takes away leaves by a rename to staging. Nothing is ever unlinked in an object folder:
  there, a deletion is a press.
- Ours is a regular file that belongs to FUI's user, or to the user that the configuration gives
  the files of that folder to. It is looked at before a change and again after it, in staging.
- Anything else is somebody's. If it stands in the way it is renamed, never overwritten; if it came
  along by a race it goes back.
- `prepare` raises EdgeError, for it runs before the daemon serves; everything later answers with
  ShareFailed.

It must not know states, nor when to show what.

The package is one edge: `folders` opens and makes directories, `staging` prepares files,
`directory` knows the system calls, `owners` the users and groups, `readme` the text for people.
"""

import contextlib
from collections.abc import Iterator

from fui.edges.share import readme
from fui.edges.share.directory import Directory, Unsupported, is_regular
from fui.edges.share.failures import explain
from fui.edges.share.folders import Folders
from fui.edges.share.owners import Owners
from fui.edges.share.staging import Staging
from fui.model.effects import RemoveOwn, ShowFlag
from fui.model.errors import EdgeError
from fui.model.events import DirEntry, FlagMissing, FlagShown, FolderListed, ShareFailed
from fui.model.menu import FileSpec, Folder, Menu

__all__ = ["Share"]

_TRIES = 8
_README_SPEC = FileSpec(user=None, group=None, mode=0o644)


class Share:
    """The object folders and what FUI keeps in them. Nothing is touched before `prepare`."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._owners = Owners()
        self._folders = Folders(menu, self._owners)

    def prepare(self) -> None:
        """Make every folder as configured, try each kind of file once, explain the menu.

        EdgeError says what cannot be done and what the administrator can do about it.
        """
        self._owners.resolve(self._menu)
        for folder in self._menu.folders:
            directory = self._folders.make(folder.path)
            staging = self._staging(folder)
            if directory.own_status.st_dev != staging.directory.own_status.st_dev:
                raise EdgeError(
                    f"cannot use {folder.path}: it must lie on the same file system as the "
                    "folder that holds it; mount that one instead"
                )
            staging.clean(directory)
        for action in self._menu.actions:
            doing = f"prepare a file for {action.folder.path}"
            with _told_as_edge_error(doing):
                directory = self._folders.get(action.folder.path)
                staging = self._staging(action.folder)
                staging.discard(staging.stage(b"", action.file, directory, action.folder.spec))
        with _told_as_edge_error(f"write {readme.NAME} in {self._menu.settings.share}"):
            self._explain_menu()

    def show(self, effect: ShowFlag, born: float) -> FlagShown | FlagMissing | ShareFailed:
        """Make the flag stand under its name; `born` is the clock's word just before."""
        action = effect.action
        try:
            directory = self._folders.get(action.folder.path)
            staging = self._staging(action.folder)
            content = effect.text.encode("utf-8", "surrogateescape")
            staged = staging.stage(content, action.file, directory, action.folder.spec)
            try:
                aside = _enter(staging, staged, directory, effect)
            finally:
                staging.discard(staged)
        except (OSError, EdgeError) as error:
            doing = f"show the flag {effect.name} in {action.folder.path}"
            return ShareFailed(action.folder.path, explain(error, doing), action.id)
        if aside is None:
            return FlagMissing(action.id)
        return FlagShown(action.id, effect.name, born, aside)

    def list(self, folder: str) -> FolderListed | ShareFailed:
        """Say what is in a folder; it is made anew if it is gone."""
        try:
            directory = self._folders.make(folder)
            found = ((name, directory.status(name)) for name in directory.names())
            entries = tuple(
                DirEntry(name, is_regular(status) and self._owners.own(folder, status.st_uid))
                for name, status in found
                if status is not None
            )
        except (OSError, EdgeError) as error:
            return ShareFailed(folder, explain(error, f"look into {folder}"))
        return FolderListed(folder, entries)

    def remove(self, effect: RemoveOwn) -> ShareFailed | None:
        """Take out a file that is ours; nothing happens if it is not, or is gone."""
        try:
            directory = self._folders.get(effect.folder)
            staging = self._staging(self._folders.configured[effect.folder])
            if staging.ours(directory, effect.name):
                staging.take_out(directory, effect.name)
        except FileNotFoundError:
            return None
        except (OSError, EdgeError) as error:
            doing = f"take {effect.name} out of {effect.folder}"
            return ShareFailed(effect.folder, explain(error, doing))
        return None

    def close(self) -> None:
        """Give all descriptors back."""
        self._folders.close()

    def _staging(self, folder: Folder) -> Staging:
        return Staging(self._folders.make(folder.staging), folder.path, self._owners)

    def _explain_menu(self) -> None:
        """Write README.txt, where it is not another one's and does not say so already."""
        # Its staging is found as if it were a folder, for it enters by a rename like a flag.
        root = Folder(f"{self._menu.settings.share}/{readme.NAME}", _README_SPEC)
        directory = self._folders.get(self._menu.settings.share)
        staging = self._staging(root)
        content = readme.text(self._menu).encode()
        if directory.status(readme.NAME) is not None and (
            not staging.ours(directory, readme.NAME)
            or directory.read(readme.NAME, len(content) + 1) == content
        ):
            return
        staged = staging.stage(content, _README_SPEC, directory, _README_SPEC)
        try:
            _put(staging, staged, directory, readme.NAME, anew=True)
        finally:
            staging.discard(staged)


@contextlib.contextmanager
def _told_as_edge_error(doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EdgeError(explain(error, doing)) from error


def _enter(staging: Staging, staged: str, folder: Directory, effect: ShowFlag) -> str | None:
    """Bring a staged flag to its name; return what a user's file there is now called.

    None: the old name was gone, so nothing was made. A flag that goes away after it got its new
    name has been shown: its deletion is a press of that name.
    """
    if effect.old is None:
        return _put(staging, staged, folder, effect.name, anew=True)
    if effect.old == effect.name:
        return _put(staging, staged, folder, effect.name, anew=False)
    aside = _rename(staging, folder, effect.old, effect.name)
    if aside is None:
        return None
    return _put(staging, staged, folder, effect.name, anew=False) or aside


def _put(staging: Staging, staged: str, folder: Directory, name: str, *, anew: bool) -> str | None:
    """Bring a staged file to a name: into the place of ours, or past a user's file.

    Not anew: only into the place of ours, and None where ours is not there.
    """
    aside = ""
    for _ in range(_TRIES):
        there = folder.status(name) is not None
        ours = staging.ours(folder, name)
        if not ours and not anew:
            return None
        try:
            if ours:
                return staging.exchange(staged, folder, name) or aside
            if there:
                aside = folder.move_aside(name, folder, name)
            staging.directory.move(staged, folder, name)
        except Unsupported:
            staging.take_out(folder, name)
            anew = True
        except (FileExistsError, FileNotFoundError):
            continue  # somebody was quicker; look again
        else:
            return aside
    raise EdgeError(f"cannot put {name} there: its name is taken again and again")


def _rename(staging: Staging, folder: Directory, old: str, new: str) -> str | None:
    """Rename our file within its folder; None if it is gone, else as `_enter`."""
    aside = ""
    for _ in range(_TRIES):
        if not staging.ours(folder, old):
            return None
        try:
            folder.move(old, folder, new)
        except FileNotFoundError:
            return None
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                if staging.ours(folder, new):
                    staging.take_out(folder, new)
                else:
                    aside = folder.move_aside(new, folder, new)
        else:
            return aside
    raise EdgeError(f"cannot rename {old} to {new}: the new name is taken again and again")
