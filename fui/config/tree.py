"""What a file says, as it was written; every part knows where it stands.

Rules: a node never changes, a changed tree is a new one (an alias makes two places share a node);
paths that lead nowhere lead to the nearest thing that is there, so that every complaint has a
place. Knows nothing of YAML, of files or of what the keys mean.
"""

from collections.abc import Iterable, Mapping
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
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(each) for each in node.nodes]
    if isinstance(node, Table):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    return Nothing.NOTHING


def same(one: Node, other: Node) -> bool:
    """Whether two say the same, wherever it stands."""
    return one is other or plain(one) == plain(other)


def kind(data: object) -> str:
    """What plain data is, in the words of a complaint."""
    if isinstance(data, str):
        return "text"
    if isinstance(data, list):
        return "a list"
    return "a mapping" if isinstance(data, dict) else "an empty value"


def value_spot(root: Node, path: KeyPath) -> Spot:
    """Where the value at a path stands, or the nearest thing around it that is there."""
    return _nearest(root, path).spot


def key_spot(root: Node, path: KeyPath) -> Spot:
    """Where the key at the end of a path stands; without such a key, as `value_spot`."""
    around, last = _nearest(root, path[:-1]), path[-1]
    if isinstance(around, Table) and isinstance(last, str) and last in around.entries:
        return around.entries[last].key
    return value_spot(root, path)


def without(root: Node, paths: Iterable[KeyPath]) -> Node | None:
    """The tree less what stands at some paths, or less the nearest things around them."""
    below: dict[Step, list[KeyPath]] = {}
    for path in paths:
        if not path or _child(root, path[0]) is None:
            return None
        below.setdefault(path[0], []).append(path[1:])
    match root:
        case Items():
            nodes = (without(each, below.get(at, ())) for at, each in enumerate(root.nodes))
            return Items(root.spot, tuple(each for each in nodes if each is not None))
        case Table():
            left = {
                key: (entry.key, without(entry.value, below.get(key, ())))
                for key, entry in root.entries.items()
            }
            kept = {key: Entry(at, value) for key, (at, value) in left.items() if value is not None}
            return Table(root.spot, kept)
        case _:
            return root


def _nearest(root: Node, path: KeyPath) -> Node:
    for step in path:
        below = _child(root, step)
        if below is None:
            break
        root = below
    return root


def _child(node: Node, step: Step) -> Node | None:
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
        return node.nodes[step]
    if isinstance(node, Table) and isinstance(step, str) and step in node.entries:
        return node.entries[step].value
    return None
