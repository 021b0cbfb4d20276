"""What setup has made on this machine, so that `--remove` takes back that and nothing else.

Rules: an entry is on disk before the change that it tells of, and goes after that is undone; so a
kill leaves an entry of what was not done, which does no harm, and never a change without its entry.
Root's alone, and not in the daemon's state, which whoever takes over the daemon can write.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from fui.admin.setup import landing
from fui.admin.setup.follow import Follow
from fui.model.errors import EdgeError

DIRECTORY = Path("/var/lib/fui-setup")
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that was made.

    Attributes:
        kind: `file`, `line`, `group`, `account`, `member`, `share`, `label` or `service`.
        name: Its path or name; of a member `USER:GROUP`.
        text: Of a file what stood in it before, if there was one; of a line the line.
        digests: Of a file: what it has when nobody else changed it, the newest first.
        folders: The folders that were made for it, the innermost first.
        follow: What has to follow when it is taken back.
    """

    kind: str
    name: str
    text: str | None = None
    digests: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.kind, self.name


def digest(text: str) -> str:
    """Return what stands for a text."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


@dataclass(slots=True)
class Record:
    """The record; every change of it is on disk when the call returns.

    Attributes:
        directory: Where it lies.
        made: The entries, the oldest first.
        pending: What has to follow changes that were made.
        applied: Stands for what the daemon was last started with, and for what it last read.
    """

    directory: Path = DIRECTORY
    made: dict[tuple[str, str], Made] = field(default_factory=dict)
    pending: set[Follow] = field(default_factory=set)
    applied: tuple[str, str] = ("", "")

    @property
    def _path(self) -> str:
        return str(self.directory / "made.json")

    @classmethod
    def load(cls, directory: Path = DIRECTORY) -> "Record":
        """Return the record of this machine; an empty one if there is none.

        Raises:
            EdgeError: It cannot be read or was damaged.
        """
        record = cls(directory)
        text = landing.read(record._path)
        if text is None:
            return record
        try:
            said = json.loads(text)
            if said["version"] != _VERSION:
                raise EdgeError(f"cannot use {record._path}: a newer FUI wrote it; install that")
            record.made = {made.key: made for made in map(_made, said["made"])}
            record.pending = {Follow(each) for each in said["pending"]}
            started, read = said["applied"]
            record.applied = (str(started), str(read))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            text = (
                f"cannot read {record._path} ({error}); put it back from a backup, or move it away"
            )
            raise EdgeError(text) from error
        return record

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep another setup from running meanwhile."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            opened = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            text = (
                f"cannot write in {self.directory}: {error.strerror}; setup keeps its record there"
            )
            raise EdgeError(text) from error
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise EdgeError("cannot set up now: another `fui setup` runs; wait for it") from error
        finally:
            os.close(opened)

    def begin(self, made: Made | None, follow: frozenset[Follow]) -> None:
        """Remember a change that is about to be done."""
        if made is not None:
            self.made[made.key] = replace(made, follow=tuple(sorted(each.value for each in follow)))
        self.pending |= follow
        self._save()

    def forget(self, made: Made) -> None:
        """Remember no more what was undone, or is left to the administrator."""
        self.made.pop(made.key, None)
        self._save()

    def settle(self, follow: frozenset[Follow]) -> None:
        """What had to follow is done."""
        if self.pending & follow:
            self.pending -= follow
            self._save()

    def apply(self, applied: tuple[str, str]) -> None:
        """The daemon has read this."""
        if self.applied != applied:
            self.applied = applied
            self._save()

    def destroy(self) -> None:
        """Take the record itself back."""
        landing.remove(self._path)
        landing.remove_empty((str(self.directory),))

    def _save(self) -> None:
        said = {
            "version": _VERSION,
            "made": [asdict(made) for made in self.made.values()],
            "pending": sorted(each.value for each in self.pending),
            "applied": self.applied,
        }
        landing.write(self._path, json.dumps(said, indent=1) + "\n", 0o600)


def _made(said: dict[str, Any]) -> Made:
    lists = {key: tuple(said[key]) for key in ("digests", "folders", "follow")}
    return Made(**{**said, **lists})
