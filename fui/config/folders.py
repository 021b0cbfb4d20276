"""The folders of the objects: what all action groups together say about each of them.

Rules: what one group says about a folder holds for all that share it; two may not contradict each
other; no folder is inside another object's, for FUI's staging folder stands beside each of them
and users must not be able to move it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from fui.config.names import shown
from fui.config.placed import Placed
from fui.model.errors import Problem
from fui.model.menu import FileSpec, Folder

DIRECTORY_MODE = 0o2770
"""With the setgid bit, so that what is made inside gets the folder's group."""


class FolderFacts(Protocol):
    """What the machine says about a folder that FUI shall make."""

    def folder(self, path: str) -> str:
        """A complaint if something else stands in its place."""


@dataclass(slots=True)
class _Said:
    """What is known of one folder, and who said each part of it."""

    first: Placed
    user: str | None = None
    group: str | None = None
    mode: int | None = None
    by: dict[str, Placed] = field(default_factory=dict)


class Folders:
    """The folders of all action groups; `problems` is what is wrong with them."""

    def __init__(self, groups: Iterable[Placed], facts: FolderFacts) -> None:
        self.problems: list[Problem] = []
        self._said: dict[str, _Said] = {}
        for group in groups:
            self._hear(group)
        inner = self._inner()
        for path, said in self._said.items():
            complaint = self._nested(path, said.first.rank, inner) or facts.folder(path)
            if complaint:
                self.problems.append(said.first.problem(complaint, "directory", "path"))

    def __iter__(self) -> Iterator[Folder]:
        """All of them."""
        return (self._folder(path) for path in self._said)

    def of(self, group: Placed) -> Folder:
        """Return the folder in which the flags of an action group stand."""
        return self._folder(group.folder)

    def _folder(self, path: str) -> Folder:
        said = self._said[path]
        mode = DIRECTORY_MODE if said.mode is None else said.mode
        return Folder(path, FileSpec(said.user, said.group, mode))

    def _hear(self, group: Placed) -> None:
        said = self._said.setdefault(group.folder, _Said(group))
        for key in ("user", "group", "mode"):
            value = getattr(group.part.directory, key)
            if value is None:
                continue
            first = said.by.setdefault(key, group)
            if first is group:
                setattr(said, key, value)
            elif value != getattr(said, key):
                text = (
                    f"cannot give {shown(group.folder)} another {key} than "
                    f"{first.place('directory', key)} does; say it once"
                )
                self.problems.append(group.problem(text, "directory", key))

    def _inner(self) -> dict[str, int]:
        """Return the folders that others are inside of, each with the earliest rank of these."""
        inner: dict[str, int] = {}
        for path, said in self._said.items():
            for above in _above(path):
                if above in self._said:
                    inner[above] = min(said.first.rank, inner.get(above, said.first.rank))
        return inner

    def _nested(self, path: str, rank: int, inner: dict[str, int]) -> str:
        outer = (self._said[above].first.rank for above in _above(path) if above in self._said)
        inside = any(other <= rank for other in outer)
        if not inside and inner.get(path, rank) >= rank:
            return ""
        where = "into" if inside else "around"
        return (
            f"cannot put {shown(path)} {where} the folder of another object; "
            "name a directory that holds no flags"
        )


def _above(path: str) -> Iterator[str]:
    """Return the directories that a path is in, the nearest first."""
    while path := path.rpartition("/")[0]:
        yield path


def common_group(folders: Iterable[Folder]) -> str | None:
    """Return the one group that all folders have; None if there is no such group."""
    groups = {folder.spec.group for folder in folders}
    return groups.pop() if len(groups) == 1 else None
