"""The flags in the share: made, renamed, listed and taken away.

Rules:
- Everything that FUI makes is prepared in staging and enters its folder by a rename; everything
  that it takes away leaves by a rename to staging. Nothing is ever unlinked in an object folder:
  there, a deletion is a press.
- Ours is a regular file that belongs to FUI's user, or to the user that the configuration gives
  the files of that folder to. It is looked at before a change and again after it, in staging.
- Anything else is somebody's. If it stands in the way it is renamed, never overwritten; if it came
  along by a race it goes back.
- What concerns one folder is answered with ShareFailed. Only `prepare` raises EdgeError, for it runs
  before the daemon serves, and only where the share as a whole cannot be used.
- A folder that is not kept (any more) is not made, and nothing in it is touched.

It must not know states, nor when to show what.

The package is one edge: `furnish` makes the folders of a menu and gives others up, `folders` opens
and makes directories, `staging` prepares files, `entrance` brings them to their names, `directory`
knows the system calls, `owners` the users and groups, `rights` what Samba lets them do, in the bytes
of `security_descriptor`, `nss` their names and numbers, `readme` the text for people.
"""

from collections.abc import Iterable

from fui.edges.share import furnish, readme
from fui.edges.share.directory import is_regular
from fui.edges.share.entrance import enter, put
from fui.edges.share.failures import explain
from fui.edges.share.folders import Folders
from fui.edges.share.owners import Owners
from fui.model.effects import HideFlag, RemoveOwn, ShowFlag
from fui.model.errors import EdgeError
from fui.model.events import (
    DirEntry,
    Event,
    FlagHidden,
    FlagMissing,
    FlagShown,
    FolderListed,
    ShareFailed,
)
from fui.model.menu import NOBODY, Action, FileSpec, Folder, Menu

__all__ = ["Share"]

_README_SPEC = FileSpec(user=None, group=None, mode=0o644)


class Share:
    """The object folders and what FUI keeps in them. Nothing is touched before `prepare`."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._folders = Folders()

    def prepare(self, former: tuple[str, ...] = ()) -> list[Event]:
        """Make every folder as configured, try each kind of file once, explain the menu.

        Args:
            former: Paths of the folders that an earlier run kept. Those that this one does not are
                given up, if a staging of FUI's user beside them proves that FUI kept them.

        Returns:
            What is wrong with one folder or another.

        Raises:
            EdgeError: The share cannot be used, or not one of its folders.
        """
        self._take(self._menu, ())
        self._folders.make(self._root.staging)
        failed = furnish.make(self._folders)
        if failed and len(failed) == len(self._folders.kept):
            raise EdgeError(failed[0].error)
        failed += self._try_files((), failed)
        given_up = furnish.kept_before(self._folders, former)
        failed += furnish.give_up(self._folders, given_up, Owners())
        unexplained = self._explain_menu()
        if unexplained is not None:
            raise EdgeError(unexplained.error)
        return [*failed]

    def furnish(self, menu: Menu, retired: tuple[Action, ...] = ()) -> list[Event]:
        """Keep the folders of this menu and of retired actions from now on, and no other ones.

        They are all made and mended as by `prepare`, then the others are given up. Have the watch
        use the folders in `kept` right after this, before its next read: so the end of those that
        were given up is nobody's concern.

        Returns:
            What is wrong with one folder or another.
        """
        before, owners = self._folders.kept, self._folders.owners
        self._take(menu, retired)
        failed = furnish.make(self._folders)
        failed += self._try_files(retired, failed)
        given_up = [folder for path, folder in before.items() if path not in self._folders.kept]
        failed += furnish.give_up(self._folders, given_up, owners)
        unexplained = self._explain_menu()
        return [*failed, unexplained] if unexplained else [*failed]

    @property
    def kept(self) -> tuple[Folder, ...]:
        """The folders in which flags can stand, whether or not they could be made."""
        return tuple(self._folders.kept.values())

    def show(self, effect: ShowFlag, born: float) -> FlagShown | FlagMissing | ShareFailed:
        """Make the flag stand under its name; `born` is the clock's word just before."""
        action, path = effect.action, effect.action.folder.path
        doing = f"show the flag {effect.name} in {path}"
        folder = self._folders.kept.get(path)
        if folder is None:
            return ShareFailed(path, f"cannot {doing}: FUI does not keep that folder", action.id)
        try:
            directory, staging = self._folders.get(path), self._folders.staging(folder)
            content = effect.text.encode("utf-8", "surrogateescape")
            staged = staging.stage(content, action.file, effect.may_press, directory, folder.spec)
            try:
                aside = enter(staging, staged, directory, effect.old, effect.name)
            finally:
                staging.discard(staged)
        except (OSError, EdgeError) as error:
            return ShareFailed(path, explain(error, doing), action.id)
        if aside is None:
            return FlagMissing(action.id)
        return FlagShown(action.id, effect.name, born, aside)

    def hide(self, effect: HideFlag) -> FlagHidden | FlagMissing | ShareFailed:
        """Take the flag out of its folder, if it is there and ours."""
        action, path = effect.action, effect.action.folder.path
        try:
            if self._take_out(path, effect.name):
                return FlagHidden(action.id)
        except (OSError, EdgeError) as error:
            doing = f"take the flag {effect.name} out of {path}"
            return ShareFailed(path, explain(error, doing), action.id)
        return FlagMissing(action.id)

    def list(self, folder: str) -> FolderListed | ShareFailed:
        """Say what is in a folder; it and its staging are made anew if they are gone."""
        if folder not in self._folders.kept:
            return FolderListed(folder, ())
        owners = self._folders.owners
        try:
            directory = self._folders.make(folder)
            self._folders.staging(self._folders.kept[folder])
            found = ((name, directory.status(name)) for name in directory.names())
            entries = tuple(
                DirEntry(name, is_regular(status) and owners.own(folder, status.st_uid))
                for name, status in found
                if status is not None
            )
        except (OSError, EdgeError) as error:
            return ShareFailed(folder, explain(error, f"look into {folder}"))
        return FolderListed(folder, entries)

    def remove(self, effect: RemoveOwn) -> ShareFailed | None:
        """Take out a file that is ours; nothing happens if it is not, or is gone."""
        try:
            self._take_out(effect.folder, effect.name)
        except (OSError, EdgeError) as error:
            doing = f"take {effect.name} out of {effect.folder}"
            return ShareFailed(effect.folder, explain(error, doing))
        return None

    def close(self) -> None:
        """Give all descriptors back."""
        self._folders.close()

    @property
    def _root(self) -> Folder:
        """README.txt as if it were a folder, for it enters by a rename like a flag."""
        return Folder(f"{self._menu.settings.share}/{readme.NAME}", _README_SPEC)

    def _take(self, menu: Menu, retired: tuple[Action, ...]) -> None:
        """Have a menu hold; where it says something else of a retired action's folder, it counts."""
        folders = {action.folder.path: action.folder for action in retired}
        folders |= {folder.path: folder for folder in menu.folders}
        owners = Owners(
            folders.values(),
            (*menu.actions, *retired),
            menu.execute,
            enforced=menu.settings.enforce_in_samba,
        )
        self._menu = menu
        self._folders.keep(folders.values(), owners)

    def _try_files(
        self, retired: tuple[Action, ...], failed: Iterable[ShareFailed]
    ) -> Iterable[ShareFailed]:
        without = {event.folder for event in failed}
        return furnish.try_files(self._folders, (*self._menu.actions, *retired), without)

    def _take_out(self, path: str, name: str) -> bool:
        """Take a file of ours out of a folder that is kept; False if there is none."""
        folder = self._folders.kept.get(path)
        if folder is None:
            return False
        try:
            directory, staging = self._folders.get(path), self._folders.staging(folder)
            return staging.ours(directory, name) and staging.take_out(directory, name)
        except FileNotFoundError:
            return False

    def _explain_menu(self) -> ShareFailed | None:
        """Write README.txt, where it is not another one's and does not say so already."""
        share = self._menu.settings.share
        content = readme.text(self._menu).encode("utf-8", "backslashreplace")
        try:
            directory, staging = self._folders.get(share), self._folders.staging(self._root)
            if directory.status(readme.NAME) is not None and (
                not staging.ours(directory, readme.NAME)
                or directory.read(readme.NAME, len(content) + 1) == content
            ):
                return None
            staged = staging.stage(content, _README_SPEC, NOBODY, directory, _README_SPEC)
            try:
                put(staging, staged, directory, readme.NAME, anew=True)
            finally:
                staging.discard(staged)
        except (OSError, EdgeError) as error:
            return ShareFailed(share, explain(error, f"write {readme.NAME} in {share}"))
        return None
