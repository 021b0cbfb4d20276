"""The directories of the share: opened once, made where they are missing, removed when given up.

Rules:
- A descriptor is kept while its path leads to the same directory; otherwise it is opened anew.
- A directory gets its owner, group and mode when it is made or found for the first time under a
  configuration, not on each use. Its NT ACL is looked at on each use: other members of its group
  can change it, in a shell.
- A symbolic link, or anything else that is not a directory, is never followed and never replaced.
- Only an empty directory of FUI's user is removed.

It must not know which files are in them.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable

from fui.edges.share.directory import Directory
from fui.edges.share.failures import explain
from fui.edges.share.owners import Owners
from fui.edges.share.staging import Staging
from fui.model.errors import EdgeError
from fui.model.menu import FileSpec, Folder

_STAGING = FileSpec(user=None, group=None, mode=0o700)
_STAYS = (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES, errno.EPERM, errno.ENOENT)


class Folders:
    """All directories, by path. `kept` are those in which flags can stand."""

    def __init__(self) -> None:
        self.kept: dict[str, Folder] = {}
        self.owners = Owners()
        self._open: dict[str, Directory] = {}
        self._settled: dict[str, Directory] = {}

    def keep(self, folders: Iterable[Folder], owners: Owners) -> None:
        """From now on these are kept, and belong to whom `owners` says. Nothing is made yet."""
        self.kept = {folder.path: folder for folder in folders}
        self.owners = owners
        self._settled.clear()

    def staging(self, folder: Folder) -> Staging:
        """Return the staging of a folder; it is made anew if it is gone."""
        return Staging(self.make(folder.staging), folder.path, self.owners)

    def get(self, path: str) -> Directory:
        """Return a directory that is there; OSError if it is not."""
        directory = self._open.get(path)
        if directory is not None:
            if directory.current:
                return directory
            self._forget(path)
        directory = Directory(path)
        self._open[path] = directory
        return directory

    def make(self, path: str) -> Directory:
        """Return a directory as it shall be; any path that is not an object folder is staging."""
        try:
            directory = self.get(path)
        except FileNotFoundError:
            directory = self._make_below(path)
        except OSError as error:
            raise EdgeError(explain(error, f"open {path}")) from error
        if self._settled.get(path) is not directory:
            self._settle(path, directory)
            self._settled[path] = directory
        if path in self.kept:
            self.owners.protect_folder(directory.descriptor, path)
        return directory

    def remove(self, path: str) -> None:
        """Remove a directory if it is empty and belongs to FUI's user; else it stays."""
        self._forget(path)
        above, _, name = path.rpartition("/")
        try:
            with contextlib.closing(Directory(above or "/")) as parent:
                status = parent.status(name)
                if status and stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
                    parent.remove(name)
        except OSError as error:
            if error.errno not in _STAYS:
                raise

    def close(self) -> None:
        """Give all descriptors back."""
        for path in list(self._open):
            self._forget(path)

    def _forget(self, path: str) -> None:
        self._settled.pop(path, None)
        if path in self._open:
            self._open.pop(path).close()

    def _settle(self, path: str, directory: Directory) -> None:
        folder = self.kept.get(path)
        if folder is not None:
            gid = self.owners.gid(folder.spec)
            self.owners.give(directory.descriptor, folder.spec, gid, path)
            return
        if directory.own_status.st_uid != os.geteuid():
            raise EdgeError(
                f"cannot use {path}: it belongs to somebody else; remove it, and FUI makes it"
            )
        self.owners.give(directory.descriptor, _STAGING, -1, path)

    def _make_below(self, path: str) -> Directory:
        above, _, name = path.rpartition("/")
        above = above or "/"
        try:
            parent = Directory(above)
        except OSError as error:
            hint = f"make it first, and FUI's user its owner: install -d -o fui {above}"
            raise EdgeError(f"cannot make {path}: {error.strerror}: {above}; {hint}") from error
        try:
            with contextlib.suppress(FileExistsError):
                parent.make(name, 0o700)
            return self.get(path)
        except OSError as error:
            raise EdgeError(explain(error, f"make {path}")) from error
        finally:
            parent.close()
