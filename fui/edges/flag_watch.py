"""What happens to names in the object folders, as inotify tells it.

Rules:
- The only importer of pyinotify. Of that library it uses the watch manager and the descriptor; the
  reading is our own, because one name that is not UTF-8 makes the library lose a whole batch, and
  its book-keeping of rename cookies is quadratic.
- A rename is one event. Its two halves are paired by cookie; a half that stands alone at the end
  of a read is given one more read, then told alone.
- FUI's own changes pass through staging: whatever has an end in staging is dropped, so a deletion
  that is told is never FUI's own.
- Only names of files are told. A directory is not a flag, and it cannot take the place of one
  without the flag's own event (a rename over a file fails, an exchange tells both directions).
- The folders that hold the object folders and the staging are watched too, because an open
  descriptor keeps a removed folder from reporting its own end.
- Where events are missing it says so (WatchLost) and does not guess.
- What happens in a folder that is not used any more, its own end included, is nobody's concern.

It must not know what a flag is, nor ask the file system anything: the engine has it listed.
"""

import array
import contextlib
import ctypes
import errno
import fcntl
import logging
import os
import struct
import termios
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

import pyinotify

from fui.model.errors import EdgeError
from fui.model.events import Event, FileCreated, FileDeleted, FileMoved, Place, WatchLost
from fui.model.menu import Folder

logging.getLogger("pyinotify").handlers.clear()  # its import adds one that writes to stderr

IN_MOVED_FROM = 0x00000040
IN_MOVED_TO = 0x00000080
IN_CREATE = 0x00000100
IN_DELETE = 0x00000200
IN_DELETE_SELF = 0x00000400
IN_MOVE_SELF = 0x00000800
IN_UNMOUNT = 0x00002000
IN_Q_OVERFLOW = 0x00004000
IN_IGNORED = 0x00008000
IN_ONLYDIR = 0x01000000
IN_DONT_FOLLOW = 0x02000000
IN_ISDIR = 0x40000000

# CREATE stands beside DELETE, for the kernel merges an event that equals the last one in its queue.
_NAMES = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
_SELF = IN_DELETE_SELF | IN_MOVE_SELF
_MASK = _NAMES | _SELF | IN_ONLYDIR | IN_DONT_FOLLOW
_GONE = {
    IN_DELETE_SELF: "it was removed",
    IN_MOVE_SELF: "it was moved away",
    IN_UNMOUNT: "its file system was unmounted",
    IN_IGNORED: "the kernel gave up its watch",
}
_HINTS = {
    errno.ENOENT: "it does not exist",
    errno.ENOTDIR: "it is not a directory, or a symbolic link",
    errno.EACCES: "FUI may not read it; give its user read permission",
    errno.ENOSPC: "no watches are left; raise the sysctl fs.inotify.max_user_watches",
}
_HEADER = struct.Struct("iIII")


class _Raw(NamedTuple):
    wd: int
    mask: int
    cookie: int
    name: str


class _Kind(Enum):
    OBJECT = "object"
    STAGING = "staging"
    PARENT = "parent"


class _Notifier(pyinotify.Notifier):  # type: ignore[misc]
    """Reads what is there, whole, and hands it out raw."""

    def read_events(self) -> None:
        size = array.array("i", [0])
        fcntl.ioctl(self._fd, termios.FIONREAD, size, True)  # noqa: FBT003 - mutate_flag
        if not size[0]:
            return
        buffer = os.read(self._fd, size[0])
        at = 0
        while at < len(buffer):
            wd, mask, cookie, length = _HEADER.unpack_from(buffer, at)
            at += _HEADER.size
            name = os.fsdecode(buffer[at : at + length].rstrip(b"\0"))
            at += length
            self._eventq.append(_Raw(wd, mask, cookie, name))

    def take(self) -> list[_Raw]:
        """Return all that is pending at this moment; never waits."""
        self.read_events()
        taken = list(self._eventq)
        self._eventq.clear()
        return taken


class _Batch:
    """Turns raw events into events; renames are paired within one batch."""

    def __init__(self) -> None:
        self._events: list[Event | None] = []
        self._leaving: dict[int, tuple[int, Place]] = {}
        self._from_staging: set[int] = set()

    @property
    def unpaired(self) -> bool:
        return bool(self._leaving)

    def add(self, event: Event) -> None:
        self._events.append(event)

    def moved_from(self, cookie: int, place: Place) -> None:
        self._leaving[cookie] = (len(self._events), place)
        self._events.append(FileMoved(place, None))

    def moved_to(self, cookie: int, place: Place) -> None:
        if cookie in self._from_staging:
            return
        if cookie in self._leaving:
            at, source = self._leaving.pop(cookie)
            self._events[at] = FileMoved(source, place)
        else:
            self._events.append(FileMoved(None, place))

    def staging(self, raw: _Raw) -> None:
        if raw.mask & IN_MOVED_FROM:
            self._from_staging.add(raw.cookie)
        elif raw.mask & IN_MOVED_TO and raw.cookie in self._leaving:
            at, _ = self._leaving.pop(raw.cookie)
            self._events[at] = None

    def forget_unpaired(self) -> None:
        """After an overflow the other half may be lost, and could have been in staging."""
        for at, _ in self._leaving.values():
            self._events[at] = None
        self._leaving.clear()

    def events(self) -> list[Event]:
        return [event for event in self._events if event is not None]


class FlagWatch:
    """Watches the object folders. Make it after the folders exist."""

    def __init__(self, folders: tuple[Folder, ...]) -> None:
        """Watch; a folder that cannot be watched is told by the first `read`.

        Raises:
            EdgeError: There is no inotify to be had.
        """
        self._kinds: dict[str, _Kind] = {}
        self._holders: list[str] = []
        self._paths: dict[int, str] = {}
        try:
            self._manager = pyinotify.WatchManager()
        except OSError as error:
            raise EdgeError(
                f"cannot watch the folders: {error}; raise the sysctl fs.inotify.max_user_instances"
            ) from error
        descriptor = self.fileno()
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - the name says it
        os.set_blocking(descriptor, False)
        self._notifier = _Notifier(self._manager)
        self._untold = self.use(folders)

    def fileno(self) -> int:
        """Return the descriptor; it is readable when something happened."""
        descriptor: int = self._manager.get_fd()
        return descriptor

    def read(self) -> list[Event]:
        """Return all that is pending; never waits."""
        batch = _Batch()
        for event in self._untold:
            batch.add(event)
        self._untold = []
        for _ in range(2):
            for raw in self._notifier.take():
                if raw.mask & IN_Q_OVERFLOW:
                    batch.forget_unpaired()
                    why = "the kernel's queue of file events overflowed"
                    batch.add(WatchLost(None, why, overflow=True))
                    return batch.events()
                self._translate(raw, batch)
            if not batch.unpaired:
                break
        return batch.events()

    def use(self, folders: tuple[Folder, ...]) -> list[Event]:
        """Watch exactly these from now on; what cannot be watched is told as WatchLost.

        Call it after they were made and others removed, and before the next `read`. The watches of
        those that were used before stay as they are, so nothing that happens in them is missed.
        """
        self._kinds = {folder.staging.rpartition("/")[0] or "/": _Kind.PARENT for folder in folders}
        self._kinds |= {folder.staging: _Kind.STAGING for folder in folders}
        self._kinds |= {folder.path: _Kind.OBJECT for folder in folders}
        self._holders = [path for path, kind in self._kinds.items() if kind is not _Kind.OBJECT]
        self._drop_all(wd for wd, path in self._paths.items() if path not in self._kinds)
        return self._watch_what_is_not()

    def rewatch(self, folder: str | None) -> list[Event]:
        """Throw watches away and set them anew; what cannot be watched is told as WatchLost."""
        self._drop_all(wd for wd, path in self._paths.items() if folder in (None, path))
        return self._watch_what_is_not()

    def look(self, folder: str) -> list[Event]:
        """Tell whether a folder, or what holds it, is another directory by now than what is watched.

        A mount says nothing of itself. The kernel knows a directory that is watched already, so to ask
        for its watch once more changes nothing; for another one there is another watch.
        """
        lost: list[Event] = []
        for path in self._holders + [folder] * (folder in self._kinds):
            with contextlib.suppress(EdgeError):  # what is gone has told so
                if (wd := self._add(path)) not in self._paths:
                    lost += self._losses(path, "another directory is in its place")
                    self._paths[wd] = path
        return lost

    def close(self) -> None:
        """Give the descriptor back."""
        self._manager.close()

    def _watch_what_is_not(self) -> list[Event]:
        watched = set(self._paths.values())
        lost: list[Event] = []
        for path, kind in self._kinds.items():
            if path not in watched:
                try:
                    self._watch(path)
                except EdgeError as error:
                    lost.append(WatchLost(path if kind is _Kind.OBJECT else None, str(error)))
        return lost

    def _watch(self, path: str) -> None:
        self._paths[self._add(path)] = path

    def _add(self, path: str) -> int:
        try:
            wds: dict[str, int] = self._manager.add_watch(path, _MASK, quiet=False)
        except pyinotify.WatchManagerError as error:
            code = ctypes.get_errno()
            hint = _HINTS.get(code, os.strerror(code))
            raise EdgeError(f"cannot watch {path}: {hint}") from error
        (wd,) = wds.values()
        return wd

    def _drop_all(self, wds: Iterable[int]) -> None:
        for wd in tuple(wds):
            del self._paths[wd]
            try:
                self._manager.rm_watch(wd, quiet=False)
            except pyinotify.WatchManagerError:  # the kernel has dropped it before
                self._manager.del_watch(wd)

    def _translate(self, raw: _Raw, batch: _Batch) -> None:
        directory = self._paths.get(raw.wd)
        if directory is None:
            return  # of a watch that was thrown away
        for bit, why in _GONE.items():
            if raw.mask & bit:
                self._lose(directory, why, batch)
                return
        kind = self._kinds[directory]
        if raw.mask & IN_ISDIR:
            child = f"{directory.rstrip('/')}/{raw.name}"
            if child in self._kinds and not raw.mask & IN_CREATE:
                self._lose(child, "it was removed or replaced", batch)
        elif kind is _Kind.STAGING:
            batch.staging(raw)
        elif kind is _Kind.OBJECT:
            self._tell(raw, Place(directory, raw.name), batch)

    def _tell(self, raw: _Raw, place: Place, batch: _Batch) -> None:
        if raw.mask & IN_DELETE:
            batch.add(FileDeleted(place))
        elif raw.mask & IN_CREATE:
            batch.add(FileCreated(place))
        elif raw.mask & IN_MOVED_FROM:
            batch.moved_from(raw.cookie, place)
        elif raw.mask & IN_MOVED_TO:
            batch.moved_to(raw.cookie, place)

    def _lose(self, path: str, why: str, batch: _Batch) -> None:
        """Tell once that a directory is no longer watched."""
        for event in self._losses(path, why):
            batch.add(event)

    def _losses(self, path: str, why: str) -> list[Event]:
        stale = [wd for wd, watched in self._paths.items() if watched == path]
        self._drop_all(stale)
        folder = path if self._kinds[path] is _Kind.OBJECT else None
        return [WatchLost(folder, f"cannot watch {path} any more: {why}") for _ in stale]
