"""YAML text to a tree of texts with places, or to Problems; never to a traceback.

Rules: every scalar stays the text that is written; the text may be hostile, so its size, depth and
number of values are limited *while* it is read, an alias counts as much as what it stands for, and
nothing here recurses; one document a file, no tags, keys are text and stand once. libyaml reads;
what it does not like is read again by PyYAML's own parser, which says best what is wrong.
Knows nothing of what the keys mean. It works on PyYAML's events: the composer above them recurses
and follows aliases without a limit.
"""

import contextlib
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from fui.config.names import shown
from fui.config.tree import Blank, Entry, Items, Node, Scalar, Spot, Table
from fui.model.errors import Problem

_Loader = yaml.SafeLoader | yaml.CSafeLoader
_FAST: type[_Loader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, about ten times as fast, where PyYAML was built with it."""

MAX_BYTES = 1 << 20
MAX_VALUES = 10_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Document:
    """What was read, and what is wrong with it.

    Attributes:
        root: What it says; None when it cannot be read at all.
        problems: What is wrong with it.
        text: Where it cannot be read, what stands there all the same.
        believed: Whether only those can have written it who may.
    """

    root: Table | None
    problems: tuple[Problem, ...] = ()
    text: str = ""
    believed: bool = True


def read(data: bytes, file: str) -> Document:
    """Read the content of a file whose name is `file`."""
    builder = _Builder()
    with contextlib.suppress(_RefusedError, yaml.YAMLError, ValueError, OverflowError):
        root = builder.build(data, _FAST)
        if not builder.faults:
            return Document(root)
    return _read_closely(data, file)


def _read_closely(data: bytes, file: str) -> Document:
    """Read it with the parser that says best what is wrong, and where."""
    builder = _Builder()
    root = None
    try:
        root = builder.build(data, yaml.SafeLoader)
    except _RefusedError as refused:
        builder.faults.append((refused.spot, refused.text))
    except yaml.reader.ReaderError as error:
        builder.faults.append(_unprintable(error, data))
    except yaml.MarkedYAMLError as error:
        builder.faults.append(_syntax(error))
    except (ValueError, OverflowError):  # PyYAML on "\\UFFFFFFFF" and on %YAML 1.99999…
        text = "cannot read this as YAML, a number is too large; look for a \\ or a line with %"
        builder.faults.append((Spot(), text))
    problems = (Problem(file, spot.line, spot.column, text) for spot, text in builder.faults)
    text = data[:MAX_BYTES].decode("utf-8-sig", "replace") if root is None else ""
    return Document(root, tuple(problems), text)


class _Mark(Protocol):
    line: int
    column: int


class _RefusedError(Exception):
    """Reading cannot go on: where, and why."""

    def __init__(self, spot: Spot, text: str) -> None:
        super().__init__(spot, text)
        self.spot = spot
        self.text = text


@dataclass(slots=True)
class _Open:
    """A list or mapping of which the end has not come yet."""

    spot: Spot
    anchor: str | None
    table: bool
    size: int = 1
    height: int = 1
    nodes: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None

    def close(self) -> Node:
        return Table(self.spot, self.entries) if self.table else Items(self.spot, tuple(self.nodes))


@dataclass(frozen=True, slots=True)
class _Measured:
    """A node, the number of values in it with all aliases followed, and its depth."""

    node: Node
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Builder:
    faults: list[tuple[Spot, str]] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, _Measured | None] = field(default_factory=dict)
    _root: Node | None = None
    _documents: int = 0

    def build(self, data: bytes, loader: type[_Loader]) -> Table:
        for event in yaml.parse(_decode(data), Loader=loader):
            self._take(event)
        return self._finish()

    def _take(self, event: yaml.Event) -> None:
        spot = _spot(event.start_mark)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _RefusedError(spot, f"cannot use the tag {shown(tag)}; write plain values")
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin(spot)
        elif isinstance(event, yaml.AliasEvent):
            self._place(self._alias(event.anchor or "", spot))
        elif isinstance(event, yaml.ScalarEvent):
            self._place(self._remember(event.anchor, _Measured(_scalar(event, spot))))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open_up(event, spot)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._open.pop()
            measured = _Measured(done.close(), done.size, done.height)
            self._place(self._remember(done.anchor, measured))
        self._limit(spot)

    def _finish(self) -> Table:
        match self._root:
            case Table():
                return self._root
            case None | Blank():
                return Table(Spot(), {})
            case other:
                raise _RefusedError(
                    other.spot,
                    'cannot read this file; it has to consist of lines like "key: value"',
                )

    def _begin(self, spot: Spot) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _RefusedError(spot, "cannot read a second document; give it a file of its own")

    def _open_up(self, event: yaml.CollectionStartEvent, spot: Spot) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._open.append(_Open(spot, event.anchor, isinstance(event, yaml.MappingStartEvent)))

    def _remember(self, anchor: str | None, measured: _Measured) -> _Measured:
        if anchor is not None:
            self._anchors[anchor] = measured
        return measured

    def _alias(self, anchor: str, spot: Spot) -> _Measured:
        if anchor not in self._anchors:
            raise _RefusedError(spot, f"cannot find &{anchor}; it has to stand above the *{anchor}")
        measured = self._anchors[anchor]
        if measured is None:
            raise _RefusedError(spot, f"cannot follow *{anchor}; it stands inside &{anchor} itself")
        return measured

    def _limit(self, spot: Spot) -> None:
        if len(self._open) + (self._open[-1].height - 1 if self._open else 0) > MAX_DEPTH:
            raise _RefusedError(spot, f"cannot read more than {MAX_DEPTH} levels; nest it less")
        if sum(each.size for each in self._open) > MAX_VALUES:
            raise _RefusedError(
                spot, f"cannot read more than {MAX_VALUES} values (aliases in full); write less"
            )

    def _place(self, measured: _Measured) -> None:
        if not self._open:
            self._root = measured.node
            return
        around = self._open[-1]
        around.size += measured.size
        around.height = max(around.height, measured.height + 1)
        if not around.table:
            around.nodes.append(measured.node)
        elif around.key is None:
            around.key = _key(measured.node)
        else:
            self._enter(around, around.key, measured.node)
            around.key = None

    def _enter(self, around: _Open, key: Scalar, value: Node) -> None:
        before = around.entries.get(key.text)
        if before is None:
            around.entries[key.text] = Entry(key.spot, value)
            return
        text = f"cannot use the key {shown(key.text)} twice; it stands in line {before.key.line} already"
        self.faults.append((key.spot, text))


def _key(node: Node) -> Scalar:
    if isinstance(node, Scalar):
        return node
    raise _RefusedError(node.spot, "cannot use this as a key; a key is a word before a colon")


def _scalar(event: yaml.ScalarEvent, spot: Spot) -> Node:
    if not event.value and not event.style:
        return Blank(spot)
    if any("\ud800" <= each <= "\udfff" for each in event.value):
        raise _RefusedError(
            spot, "cannot use half a character (\\ud800 to \\udfff); write it whole"
        )
    return Scalar(spot, event.value)


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _RefusedError(Spot(), f"cannot read more than {MAX_BYTES} bytes; split the file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        spot, byte = _end_of(data[: error.start].decode(errors="replace")), data[error.start]
    raise _RefusedError(spot, f"cannot read the byte 0x{byte:02x} as UTF-8; save the file as UTF-8")


def _end_of(text: str) -> Spot:
    return Spot(text.count("\n") + 1, len(text) - text.rfind("\n"))


def _unprintable(error: yaml.reader.ReaderError, data: bytes) -> tuple[Spot, str]:
    text = data.decode("utf-8-sig")
    code = f"U+{ord(text[error.position]):04X}"
    return _end_of(text[: error.position]), f"cannot read the character {code}; take it out"


def _syntax(error: yaml.MarkedYAMLError) -> tuple[Spot, str]:
    mark = error.problem_mark or error.context_mark
    tab = "'\\t'" in (error.problem or "")
    hint = "indent with blanks, not tabs" if tab else "look at the indentation and quotes around it"
    return _spot(mark), f"cannot read this as YAML: {error.problem}; {hint}"


def _spot(mark: _Mark | None) -> Spot:
    return Spot(mark.line + 1, mark.column + 1) if mark else Spot()
