"""Action groups where they stand: in which file, of which object, in which folder.

Rules: one object may be spread over files and goes by the spelling of the first; action groups of
one object that have the same name are one (of all their actions one runs at a time); those without
a name are counted. Every part can be found again in its file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fui.config.explain import Checked
from fui.config.names import fold
from fui.config.schema import DropIn, GroupPart
from fui.config.tree import KeyPath, Step
from fui.model.errors import Problem


@dataclass(frozen=True, slots=True)
class Placed:
    """An action group where it stands.

    Attributes:
        source: Its file.
        path: Its place in the file.
        part: What it says.
        object: The name of its object, in the one spelling that is used.
        key: Of all actions with the same key one runs at a time.
        rank: Its place in the order of the files; what is later is at fault where two clash.
        parent: The directory in which the object's folder is.
    """

    source: Checked[DropIn]
    path: KeyPath
    part: GroupPart
    object: str
    key: str
    parent: str
    rank: int

    @property
    def folder(self) -> str:
        """The object's folder."""
        return f"{self.parent}/{self.object}"

    @property
    def whole(self) -> bool:
        """Whether the file says nothing that had to be left out."""
        return self.source.whole

    def place(self, *path: Step) -> str:
        """Where a part of it stands, for a complaint about another part."""
        spot = self.source.spot((*self.path, *path))
        return f"{self.source.file}:{spot.line}:{spot.column}"

    def problem(self, text: str, *path: Step) -> Problem:
        """A fault of a part of it."""
        spot = self.source.spot((*self.path, *path))
        return Problem(self.source.file, spot.line, spot.column, text)

    def object_problem(self, text: str) -> Problem:
        """A fault of its object's name."""
        spot = self.source.spot(("object",))
        return Problem(self.source.file, spot.line, spot.column, text)


def placed(sources: Iterable[Checked[DropIn]], share: str) -> list[Placed]:
    """Return all action groups, object by object, else in the order of files and definitions."""
    return sorted(_placed(sources, share), key=lambda group: fold(group.object))


def _placed(sources: Iterable[Checked[DropIn]], share: str) -> Iterator[Placed]:
    spelling: dict[str, str] = {}
    keys: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    for rank, source in enumerate(sources):
        if source.model is None:
            continue
        name = spelling.setdefault(fold(source.model.object), source.model.object)
        for index, part in enumerate(source.model.action_groups):
            counts[name] = counts.get(name, 0) + 1
            own = part.name or str(counts[name])
            key = keys.setdefault((name, fold(own)), f"{name}/{own}")
            parent = part.directory.path or share
            yield Placed(source, ("action-groups", index), part, name, key, parent, rank)
