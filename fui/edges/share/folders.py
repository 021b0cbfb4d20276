"""The directories of the share: opened once, made where they are missing.

Rules:
- A descriptor is kept while its path leads to the same directory; otherwise it is opened anew.
- A directory gets its owner, group and mode when it is opened for the first time, not on each use.
- A symbolic link, or anything else that is not a directory, is never followed and never replaced.

It must not know which files are in them.
"""

import contextlib
import os

from fui.edges.share.directory import Directory
from fui.edges.share.failures import explain
from fui.edges.share.owners import Owners
from fui.model.errors import EdgeError
from fui.model.menu import FileSpec, Menu

_STAGING = FileSpec(user=None, group=None, mode=0o700)


class Folders:
    """All directories of one menu, by path."""

    def __init__(self, menu: Menu, owners: Owners) -> None:
        self.configured = {folder.path: folder for folder in menu.folders}
        self._owners = owners
        self._open: dict[str, Directory] = {}

    def get(self, path: str) -> Directory:
        """Return a directory that is there; OSError if it is not."""
        directory = self._open.get(path)
        if directory is not None:
            if directory.current:
                return directory
            self._open.pop(path).close()
        directory = Directory(path)
        self._open[path] = directory
        return directory

    def make(self, path: str) -> Directory:
        """Return a directory as it shall be; any path that is not an object folder is staging."""
        known = self._open.get(path)
        try:
            directory = self.get(path)
        except FileNotFoundError:
            directory = self._make_below(path)
        except OSError as error:
            raise EdgeError(explain(error, f"open {path}")) from error
        if directory is not known:
            try:
                self._settle(path, directory)
            except EdgeError:
                self._open.pop(path).close()
                raise
        return directory

    def close(self) -> None:
        """Give all descriptors back."""
        for directory in self._open.values():
            directory.close()
        self._open.clear()

    def _settle(self, path: str, directory: Directory) -> None:
        folder = self.configured.get(path)
        if folder is not None:
            gid = self._owners.gid(folder.spec)
            self._owners.give(directory.descriptor, folder.spec, gid, path)
            return
        if directory.own_status.st_uid != os.geteuid():
            raise EdgeError(
                f"cannot use {path}: it belongs to somebody else; remove it, and FUI makes it"
            )
        self._owners.give(directory.descriptor, _STAGING, -1, path)

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
