"""One directory, held by a descriptor, and the moves between two of them.

Rules:
- Names are looked up below a descriptor and never through a symbolic link, not even on the way to
  the directory itself.
- Nothing is overwritten: a name is taken with RENAME_NOREPLACE or given up with RENAME_EXCHANGE.
- Where a file system knows neither (EINVAL, ENOSYS: NFS, some of FUSE), `move` looks first and
  renames then, which leaves a gap of microseconds in which a file made by somebody else is
  overwritten, and `exchange` says that it cannot (Unsupported). A link and an unlink would be
  without that gap, but would look like somebody else's creation and deletion to those who watch.

It must not know what a flag is, nor whose files are whose.
"""

import contextlib
import ctypes
import errno
import itertools
import os
import secrets
import stat
from collections.abc import Iterator
from typing import TypeGuard

from fui.model.errors import EdgeError

_NOREPLACE = 1
_EXCHANGE = 2
_NAME_MAX = 255
_NUMBERED = 99
_EXTENSION_MAX = 16
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
_OPEN = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)


class Unsupported(OSError):  # noqa: N818 - an answer, not a fault
    """The file system cannot exchange two names."""


class Directory:
    """An open directory and the path under which it was found."""

    def __init__(self, path: str) -> None:
        """Open it; OSError where a part of the path is missing, or is not a directory."""
        self.path = path
        descriptor = os.open("/", os.O_PATH | _OPEN)
        parts = [part for part in path.split("/") if part]
        for at, part in enumerate(parts, start=1):
            kind = os.O_PATH if at < len(parts) else os.O_RDONLY
            try:
                below = os.open(part, kind | _OPEN, dir_fd=descriptor)
            except NotADirectoryError as error:
                raise NotADirectoryError(
                    error.errno,
                    f"/{'/'.join(parts[:at])} is not a directory, or is a symbolic link",
                ) from error
            finally:
                os.close(descriptor)
            descriptor = below
        self.descriptor = descriptor
        status = os.fstat(descriptor)
        self._identity = (status.st_dev, status.st_ino)

    def close(self) -> None:
        """Give the descriptor back."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    @property
    def current(self) -> bool:
        """Whether the path still leads to this directory."""
        try:
            status = os.lstat(self.path)
        except OSError:
            return False
        return self.descriptor >= 0 and (status.st_dev, status.st_ino) == self._identity

    @property
    def own_status(self) -> os.stat_result:
        """What the directory itself is."""
        return os.fstat(self.descriptor)

    def names(self) -> list[str]:
        """All names in it, sorted; what is not UTF-8 holds surrogate escapes."""
        return sorted(os.listdir(self.descriptor))  # noqa: PTH208 - by descriptor

    def status(self, name: str) -> os.stat_result | None:
        """What stands under a name, a symbolic link as itself; None if there is nothing."""
        try:
            return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def make(self, name: str, mode: int) -> None:
        """Make a directory in it."""
        os.mkdir(name, mode, dir_fd=self.descriptor)

    def unlink(self, name: str) -> None:
        """Remove a file. For staging only: an object folder would tell it as a press."""
        os.unlink(name, dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Remove a directory in it, which is empty."""
        os.rmdir(name, dir_fd=self.descriptor)

    def create(self, name: str) -> int:
        """Make a file that nobody else may open, and return its descriptor."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(name, flags, 0o600, dir_fd=self.descriptor)

    def read(self, name: str, limit: int) -> bytes:
        """Return the content of a regular file up to a limit."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(name, flags, dir_fd=self.descriptor)
        try:
            return os.read(descriptor, limit)
        finally:
            os.close(descriptor)

    def move(self, name: str, target: "Directory", new: str) -> None:
        """Give a file another name; FileExistsError where that is taken."""
        try:
            _rename(self, name, target, new, _NOREPLACE)
        except Unsupported:
            if target.status(new) is not None:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from None
            os.rename(name, new, src_dir_fd=self.descriptor, dst_dir_fd=target.descriptor)

    def exchange(self, name: str, target: "Directory", other: str) -> None:
        """Let two files change places; FileNotFoundError where one is missing, or Unsupported."""
        _rename(self, name, target, other, _EXCHANGE)

    def move_aside(self, name: str, target: "Directory", wish: str) -> str:
        """Give a file a free name that resembles a wish, and return that name."""
        for free in _free_names(wish):
            with contextlib.suppress(FileExistsError):
                self.move(name, target, free)
                return free
        raise EdgeError(
            f"cannot set {wish} aside in {target.path}: too many were; remove some of them"
        )


def is_regular(status: os.stat_result | None) -> TypeGuard[os.stat_result]:
    """Whether it is a file, and not a link, a directory, a pipe or nothing."""
    return status is not None and stat.S_ISREG(status.st_mode)


def _rename(source: Directory, name: str, target: Directory, new: str, flags: int) -> None:
    if _renameat2 is None:
        raise Unsupported(errno.ENOSYS, os.strerror(errno.ENOSYS), name)
    old_name, new_name = os.fsencode(name), os.fsencode(new)
    if _renameat2(source.descriptor, old_name, target.descriptor, new_name, flags) == 0:
        return
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        raise Unsupported(code, os.strerror(code), name)
    raise OSError(code, os.strerror(code), name, None, new)


def _free_names(wish: str) -> Iterator[str]:
    """`Notes.txt` → `Notes (kept 1).txt`, `Notes (kept 2).txt` …, in the length a name may have."""
    stem, dot, extension = wish.rpartition(".")
    if not stem or len(extension) > _EXTENSION_MAX:
        stem, dot, extension = wish, "", ""
    numbers = (str(number) for number in range(1, _NUMBERED + 1))
    tokens = (secrets.token_hex(4) for _ in range(_NUMBERED))
    for mark in itertools.chain(numbers, tokens):
        tail = os.fsencode(f" (kept {mark}){dot}{extension}")
        yield os.fsdecode(os.fsencode(stem)[: _NAME_MAX - len(tail)] + tail)
