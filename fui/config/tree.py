"""What a file says, as it was written; every part knows where it stands.

Rules: a node never changes, a changed tree is a new one (an alias makes two places share a node);
paths that lead nowhere lead to the nearest thing that is there, so that every complaint has a
place. Knows nothing of YAML, of files or of what the keys mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

Step = str | int
KeyPath = tuple[Step, ...]


class Nothing(Enum):
    """Stands in plain data for a key that has no value; None would look like "not said"."""

    NOTHING = "nothing"


Plain = str | list["Plain"] | dict[str, "Plain"] | Nothing


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file, counted from 1 as editors do."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: the text that stands in the file, whatever it looks like."""

    spot: Spot
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """The place where a value could stand and none does."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    spot: Spot
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and their values, in the order of the file."""

    spot: Spot
    entries: Mapping[str, "Entry"]


Node = Scalar | Blank | Items | Table


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in a table, and where its key stands."""

    key: Spot
    value: Node


def plain(node: Node) -> Plain:
    """The same without places."""
    match node:
        case Scalar():
            return node.text
        case Blank():
            return Nothing.NOTHING
        case Items():
            return [plain(each) for each in node.nodes]
        case Table():
            return {key: plain(entry.value) for key, entry in node.entries.items()}


def kind(data: object) -> str:
    """What plain data is, in the words of a complaint."""
    if isinstance(data, str):
        return "text"
    if isinstance(data, list):
        return "a list"
    return "a mapping" if isinstance(data, dict) else "an empty value"


def reach(root: Node, path: KeyPath) -> KeyPath:
    """As much of a path as leads to something that is there."""
    for length, step in enumerate(path):
        below = _child(root, step)
        if below is None:
            return path[:length]
        root = below
    return path


def value_spot(root: Node, path: KeyPath) -> Spot:
    """Where the value at a path stands, or the nearest thing around it that is there."""
    return _nearest(root, path).spot


def key_spot(root: Node, path: KeyPath) -> Spot:
    """Where the key at the end of a path stands; without such a key, as `value_spot`."""
    around, last = _nearest(root, path[:-1]), path[-1]
    if isinstance(around, Table) and isinstance(last, str) and last in around.entries:
        return around.entries[last].key
    return value_spot(root, path)


def without(root: Node, path: KeyPath) -> Node | None:
    """The tree less what stands at a path, or less the nearest thing around it that is there."""
    below = _child(root, path[0]) if path else None
    if below is None:
        return None
    left = without(below, path[1:])
    match root:
        case Items():
            nodes = (left if at == path[0] else each for at, each in enumerate(root.nodes))
            return Items(root.spot, tuple(each for each in nodes if each is not None))
        case Table():
            values = {
                key: (entry.key, left if key == path[0] else entry.value)
                for key, entry in root.entries.items()
            }
            kept = {
                key: Entry(at, value) for key, (at, value) in values.items() if value is not None
            }
            return Table(root.spot, kept)
        case _:
            return None


def _nearest(root: Node, path: KeyPath) -> Node:
    for step in reach(root, path):
        root = _child(root, step) or root
    return root


def _child(node: Node, step: Step) -> Node | None:
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
        return node.nodes[step]
    if isinstance(node, Table) and isinstance(step, str) and step in node.entries:
        return node.entries[step].value
    return None
