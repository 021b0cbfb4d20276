"""The folders of the objects: what all action groups together say about each of them.

Rules: what one group says about a folder holds for all that share it; two may not contradict each
other; no folder is inside another object's, for FUI's staging folder stands beside each of them
and users must not be able to move it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from fui.config.names import shown
from fui.config.placed import Placed
from fui.config.schema import DirectoryPart, FilePart
from fui.model.errors import Problem
from fui.model.menu import FileSpec, Folder

DIRECTORY_MODE = 0o2770
"""With the setgid bit, so that what is made inside gets the folder's group."""

FILE_MODE = 0o640


class FolderFacts(Protocol):
    """What the machine says about a folder that FUI shall make."""

    def folder(self, path: str) -> str:
        """A complaint if something else stands in its place."""


@dataclass(slots=True)
class _Said:
    values: dict[str, str | int] = field(default_factory=dict)
    by: dict[str, Placed] = field(default_factory=dict)


@dataclass(slots=True)
class Folders:
    """All folders, and what is wrong with them."""

    problems: list[Problem] = field(default_factory=list)
    _said: dict[str, _Said] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Iterable[Placed], facts: FolderFacts) -> "Folders":
        """Listen to all groups."""
        folders = cls()
        first: dict[str, Placed] = {}
        for group in groups:
            first.setdefault(group.folder, group)
            folders._hear(group)
        for path, group in first.items():
            complaint = _nested(path, first) or facts.folder(path)
            if complaint:
                folders.problems.append(group.problem(complaint, "directory", "path"))
        return folders

    def __getitem__(self, path: str) -> Folder:
        said = self._said[path].values
        mode = said.get("mode")
        return Folder(
            path,
            FileSpec(
                _name(said.get("user")),
                _name(said.get("group")),
                mode if isinstance(mode, int) else DIRECTORY_MODE,
            ),
        )

    def _hear(self, group: Placed) -> None:
        said = self._said.setdefault(group.folder, _Said())
        for key, value in _stated(group.part.directory):
            first = said.by.setdefault(key, group)
            if said.values.setdefault(key, value) != value:
                text = (
                    f"cannot give {shown(group.folder)} another {key} than "
                    f"{first.place('directory', key)} gives it; say it once"
                )
                self.problems.append(group.problem(text, "directory", key))
