"""The share as the file system has it, and what inotify tells of it.

Rules: what FUI does goes by staging, so inotify is silent about it, but for a rename within a folder;
nothing of a user's is ever overwritten or removed by FUI, and being asked to is a violation.
"""

from collections import deque
from collections.abc import Iterable

from fui.model import effects as do
from fui.model import events as on
from fui.model.menu import ActionId, Folder
from tests.simulation.truth import Deed, File, Life, read_name, require

Told = tuple[on.Event, Deed | None]


class Disk:
    """Folders with files, and the events that nobody has read yet."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, File] | None] = {}
        self.kept: set[str] = set()
        self.unwatched: set[str] = set()
        self.lives: dict[str, Life] = {}
        self.inotify: deque[Told] = deque()
        self.overflowing = False
        self.failing = False

    def keep(self, folders: Iterable[Folder], *, anew: bool) -> None:
        """Have these folders, and take what is FUI's out of all others."""
        kept = {folder.path for folder in folders}
        if anew:  # another daemon: it watches everything itself
            self.unwatched.clear()
            self.inotify.clear()
            self.overflowing = False
        for path in self.kept - kept:
            files = self.folders[path] or {}
            self.folders[path] = {name: one for name, one in files.items() if not one.ours}
        for path in kept:
            if self.folders.get(path) is None:
                self.folders[path] = {}
        self.kept = kept

    def files(self, folder: str) -> dict[str, File]:
        """Return what is in a folder; nothing if it is not there."""
        return self.folders.get(folder) or {}

    def flag(self, action: ActionId, folder: str) -> tuple[str, File] | None:
        """Return the flag of an action as it stands now."""
        for name, file in self.files(folder).items():
            if file.life is not None and file.life.action == action:
                return name, file
        return None

    # -- what somebody does ---------------------------------------------------------------------

    def tell(self, folder: str, event: on.Event, deed: Deed | None = None) -> None:
        """Have inotify say something, if it watches that folder and has room."""
        heard = folder in self.kept and folder not in self.unwatched and not self.overflowing
        if heard and not (self.inotify and self.inotify[-1][0] == event):  # the kernel merges them
            self.inotify.append((event, deed))

    def unlink(self, folder: str, name: str, deed: Deed | None) -> None:
        """Somebody deletes a file."""
        del self.files(folder)[name]
        self.tell(folder, on.FileDeleted(on.Place(folder, name)), deed)

    def create(self, folder: str, name: str) -> None:
        """Somebody makes a file of his own."""
        if folder in self.folders and name not in self.files(folder):
            self.files(folder)[name] = File(None, ours=False)
            self.tell(folder, on.FileCreated(on.Place(folder, name)))

    def move(self, source: on.Place, target: on.Place | None, deed: Deed | None) -> None:
        """Somebody moves a file, over another one if there is one."""
        file = self.files(source.folder).pop(source.name)
        if target is not None:
            file.life = None
            self.files(target.folder)[target.name] = file
        self.tell(source.folder, on.FileMoved(source, target), deed)

    def replace(self, folder: str) -> None:
        """Somebody removes a folder that is empty by now, or moves it away with all that is in it."""
        self.folders[folder] = None
        self.tell(folder, on.WatchLost(folder, f"cannot watch {folder} any more: it was removed"))
        self.unwatched.add(folder)

    def read(self) -> list[Told]:
        """Return what inotify has told until now."""
        told = list(self.inotify)
        self.inotify.clear()
        if self.overflowing:
            told.append((on.WatchLost(None, "the queue overflowed", overflow=True), None))
            self.overflowing = False
        return told

    # -- what FUI does --------------------------------------------------------------------------

    def list(self, folder: str) -> on.FolderListed | on.ShareFailed:
        """Answer ListFolder."""
        if folder not in self.kept:
            return on.FolderListed(folder, ())
        if self.failing:
            return on.ShareFailed(folder, "cannot look: the share is away")
        if self.folders[folder] is None:
            self.folders[folder] = {}
        files = self.files(folder).items()
        return on.FolderListed(folder, tuple(on.DirEntry(name, one.ours) for name, one in files))

    def show(self, effect: do.ShowFlag, now: float, daemon: int) -> on.Event:
        """Answer ShowFlag."""
        action, folder = effect.action.id, effect.action.folder.path
        files = self.folders.get(folder)
        if self.failing or folder not in self.kept or files is None:
            return on.ShareFailed(folder, "cannot show: the share is away", action)
        old, name = effect.old, effect.name
        if old is not None and not (old in files and files[old].ours):
            return on.FlagMissing(action)
        path = f"{folder}/{name}"
        if old == name:
            files[name] = File(self.lives[path], ours=True)
            return on.FlagShown(action, name, now)
        aside = ""
        if name in files and not files[name].ours:
            aside = next(new for n in range(1, 99) if (new := f"{name} (kept {n})") not in files)
            files[aside] = files.pop(name)
            self.tell(folder, on.FileMoved(on.Place(folder, name), on.Place(folder, aside)))
        if old is not None:
            del files[old]
            self.lives[f"{folder}/{old}"].over = True
            self.tell(folder, on.FileMoved(on.Place(folder, old), on.Place(folder, name)))
        parsed = read_name(name)
        life = Life(path, action, parsed[1] if parsed else "", now, daemon)
        files[name] = File(life, ours=True)
        self.lives[path] = life
        return on.FlagShown(action, name, now, aside)

    def hide(self, effect: do.HideFlag) -> on.Event:
        """Answer HideFlag."""
        action, folder = effect.action.id, effect.action.folder.path
        if self.failing:
            return on.ShareFailed(folder, "cannot hide: the share is away", action)
        files = self.files(folder)
        if folder not in self.kept or effect.name not in files or not files[effect.name].ours:
            return on.FlagMissing(action)
        del files[effect.name]
        self.lives[f"{folder}/{effect.name}"].over = True
        return on.FlagHidden(action)

    def remove(self, effect: do.RemoveOwn) -> on.Event | None:
        """Carry out RemoveOwn."""
        files = self.files(effect.folder)
        if self.failing:
            return on.ShareFailed(effect.folder, "cannot remove: the share is away")
        if effect.folder in self.kept and effect.name in files:
            require(files[effect.name].ours, "nothing of a user's is deleted", effect.name)
            del files[effect.name]
        return None
