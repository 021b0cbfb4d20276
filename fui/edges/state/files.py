"""The files of the state directory, each of them JSON.

Rules:
- A file is written whole as `NAME.new`, then the old one is removed and the new one takes its name;
  where FUI died in between, `NAME.new` is read. So the death of FUI loses nothing.
- Nothing waits for the disk: no fsync, and no rename over a file either, for ext4 starts to write
  at that (4 ms measured, against 0.03 ms). A power cut can lose what was written last.
- What cannot be written is written with the next file that can.
- What cannot be read is set aside as `NAME.broken`, with a note.

It must not know what is in a file.
"""

import contextlib
import json
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

_SIZE_MAX = 16 << 20
"""Bytes; FUI writes a tenth of that at most."""

_Content = TypeVar("_Content")


class UnreadableError(ValueError):
    """A file is not what FUI has written."""


class Files:
    """The files of one directory."""

    def __init__(self, path: Path, note: Callable[[str], None]) -> None:
        """Make nothing.

        Args:
            path: The directory.
            note: Takes a sentence about what was set aside.
        """
        self._path = path
        self._note = note
        self._unwritten: dict[str, Mapping[str, object]] = {}

    def read(self, name: str, check: Callable[[Any], _Content]) -> _Content | None:
        """Return what is in a file; None if there is none, or it was set aside.

        Args:
            name: Its name.
            check: Makes of the JSON what is in it; UnreadableError if that cannot be.
        """
        try:
            return check(json.loads(self._bytes(name)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            self._set_aside(name, str(error))
            return None

    def write(self, name: str, content: Mapping[str, object]) -> str:
        """Write a file, and what could not be written before; return why it could not be, else nothing."""
        self._unwritten.pop(name, None)
        if error := self._write(name, content):
            self._unwritten[name] = content
            return error
        for other, kept in tuple(self._unwritten.items()):
            if not self._write(other, kept):
                del self._unwritten[other]
        return ""

    def remove(self, name: str) -> None:
        """Remove a file, if there is one; OSError if that cannot be."""
        self._unwritten.pop(name, None)
        for each in (name, f"{name}.new"):
            self._path.joinpath(each).unlink(missing_ok=True)

    def _write(self, name: str, content: Mapping[str, object]) -> str:
        old, new = self._path / name, self._path / f"{name}.new"
        try:
            _fill(new, json.dumps(content).encode("ascii"))
            old.unlink(missing_ok=True)
            new.rename(old)
        except OSError as error:
            return (
                f"cannot save {old}: {error.strerror}; "
                "see that the state directory is writable and its disk is not full"
            )
        return ""

    def _bytes(self, name: str) -> bytes:
        path = self._path / name
        if not os.path.lexists(path):
            with contextlib.suppress(OSError):
                path.with_name(f"{name}.new").rename(path)
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("it is not a file")
        if status.st_size > _SIZE_MAX:
            raise UnreadableError(f"it has {status.st_size} bytes")
        return path.read_bytes()

    def _set_aside(self, name: str, why: str) -> None:
        path = self._path / name
        note = f"cannot use {path}: {why}; it was set aside as {name}.broken"
        try:
            path.replace(f"{path}.broken")
        except OSError as error:
            note = f"cannot use {path}: {why}; remove it ({error.strerror})"
        self._note(note)


def _fill(path: Path, content: bytes) -> None:
    """Make a file, or no file: half of one is of no use, and takes room."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        written = 0
        while written < len(content):
            written += os.write(descriptor, content[written:])
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(descriptor)
