"""Files on their way into an object folder and out of it.

Rules:
- What lies here is out of everybody's sight, so it can be looked at and then removed without a
  race. This is the only place where a file is unlinked, and only when it is ours.
- A name here tells which folder the file belongs to, so that a user's file that was taken along
  when FUI was killed can go back.

It must not know what a flag is.
"""

import contextlib
import itertools
import os

from fui.edges.share.directory import Directory, is_regular
from fui.edges.share.owners import Owners
from fui.model.errors import EdgeError
from fui.model.menu import Access, FileSpec

_NAME_MAX = 255
_numbers = itertools.count(1)


class Staging:
    """The staging directory in the service of one folder."""

    def __init__(self, directory: Directory, folder: str, owners: Owners) -> None:
        self.directory = directory
        self._folder = folder
        self._owners = owners

    def ours(self, directory: Directory, name: str) -> bool:
        """Whether a name stands for a file that FUI made."""
        status = directory.status(name)
        return is_regular(status) and self._owners.own(self._folder, status.st_uid)

    def stage(
        self,
        content: bytes,
        spec: FileSpec,
        access: Access,
        folder: Directory,
        folder_spec: FileSpec,
    ) -> str:
        """Make a file with its content, rights, owner, group and mode; return its name here."""
        name = self._fresh()
        descriptor = self.directory.create(name)
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
            gid = self._owners.gid_within(spec, folder_spec, folder.own_status)
            what = f"files in {folder.path}"
            self._owners.protect_file(descriptor, spec, gid, access, what)
            self._owners.give(descriptor, spec, gid, what)
        except (OSError, EdgeError):
            self.directory.unlink(name)
            raise
        finally:
            os.close(descriptor)
        return name

    def discard(self, name: str) -> None:
        """Remove a staged file, if it is still here and ours."""
        if self.ours(self.directory, name):
            self.directory.unlink(name)

    def exchange(self, staged: str, folder: Directory, name: str) -> str:
        """Put a staged file into the place of ours, which goes.

        What came out and is not ours after all goes back beside it; its new name is returned.
        """
        self.directory.exchange(staged, folder, name)
        if self.ours(self.directory, staged):
            self.directory.unlink(staged)
            return ""
        return self.directory.move_aside(staged, folder, name)

    def take_out(self, folder: Directory, name: str) -> bool:
        """Remove a file of ours from its folder; what is not ours after all goes back: False."""
        out = self._fresh()
        folder.move(name, self.directory, out)
        if self.ours(self.directory, out):
            self.directory.unlink(out)
            return True
        try:
            self.directory.move(out, folder, name)
        except FileExistsError:
            self.directory.move_aside(out, folder, name)
        return False

    def take_out_all(self, folder: Directory) -> None:
        """Remove every file of ours from its folder."""
        for name in folder.names():
            with contextlib.suppress(FileNotFoundError):
                if self.ours(folder, name):
                    self.take_out(folder, name)

    def clean(self, folder: Directory) -> None:
        """Remove what a killed FUI left here; a user's file goes back to its folder."""
        home = self._suffix()
        for name in self.directory.names():
            if self.ours(self.directory, name):
                self.directory.unlink(name)
            elif name.lstrip("0123456789") == home:
                with contextlib.suppress(FileNotFoundError):
                    self.directory.move_aside(name, folder, "Rescued")

    def _fresh(self) -> str:
        return f"{next(_numbers)}{self._suffix()}"

    def _suffix(self) -> str:
        basename = os.fsencode(self._folder.rpartition("/")[2])
        return os.fsdecode(b"." + basename[: _NAME_MAX - 32])
