"""What pydantic found, in the words of an administrator and with the place in the file.

Rules: one Problem for each error; each begins with "cannot" and says what to do; the place is the
key for a key that is unknown, the value for one that is wrong, the parent for one that is missing.
Also the one pass from a tree to a model, and the second that saves what it can of a wrong file so
that mistakes across files are found in the same run.
"""

import difflib
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fui.config.names import shown
from fui.config.schema import World, keys_at
from fui.config.tree import (
    Entry,
    Items,
    KeyPath,
    Node,
    Spot,
    Table,
    key_spot,
    kind,
    plain,
    reach,
    value_spot,
    without,
)
from fui.model.errors import Problem

_GROUP, _GROUPS, _ACTION, _ACTIONS = "action-group", "action-groups", "action", "actions"

_EXAMPLES = {
    "object": "object: Apache",
    _GROUPS: "action-group:",
    _ACTIONS: "actions: [...]",
    "name": "name: Start",
    "command": "command: /usr/bin/systemctl restart apache2",
}

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Checked(Generic[Model]):
    """A file after its schema.

    Attributes:
        file: Its name.
        root: What it says, less what could not be used.
        model: The same, typed; None when nothing could be used.
        problems: What is wrong with it.
    """

    file: str
    root: Node
    model: Model | None
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Whether the model is all that the file says."""
        return not self.problems

    def problem(self, spot: Spot, text: str) -> Problem:
        """A fault at a place in this file."""
        return Problem(self.file, spot.line, spot.column, text)


def check(model: type[Model], root: Table, file: str, world: World) -> Checked[Model]:
    """Hold a file against its schema."""
    tree: Node = root
    problems: tuple[Problem, ...] = ()
    while True:
        try:
            value = model.model_validate(plain(tree), context={"world": world})
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems = problems or tuple(_problem(model, tree, file, each) for each in details)
            left = _without_all(tree, [each["loc"] for each in details])
            if left is None:
                return Checked(file, tree, None, problems)
            tree = left
        else:
            return Checked(file, tree, value, problems)


def _without_all(tree: Node, paths: list[KeyPath]) -> Node | None:
    left: Node | None = tree
    # From the end, so that no index changes its meaning before it is used.
    for path in sorted({reach(tree, path) for path in paths}, reverse=True):
        left = without(left, path) if left is not None else None
    return left


def unwrapped(root: Table) -> Table:
    """Bring the ways in which a drop-in may be written to one: `action-groups`, plain actions."""
    written = [root.entries[key] for key in (_GROUP, _GROUPS) if key in root.entries]
    if not written:
        return root
    groups = [group for entry in written for group in _listed(entry.value)]
    first = min(written, key=lambda entry: entry.key)
    others = {key: entry for key, entry in root.entries.items() if key not in (_GROUP, _GROUPS)}
    nodes = tuple(_plain_actions(group) for group in groups)
    return Table(root.spot, others | {_GROUPS: Entry(first.key, Items(first.value.spot, nodes))})


def _listed(node: Node) -> tuple[Node, ...]:
    return node.nodes if isinstance(node, Items) else (node,)


def _plain_actions(group: Node) -> Node:
    if not isinstance(group, Table) or _ACTIONS not in group.entries:
        return group
    actions = group.entries[_ACTIONS]
    if not isinstance(actions.value, Items):
        return group
    bare = Items(actions.value.spot, tuple(_bare(each) for each in actions.value.nodes))
    return Table(group.spot, {**group.entries, _ACTIONS: Entry(actions.key, bare)})


def _bare(action: Node) -> Node:
    if isinstance(action, Table) and list(action.entries) == [_ACTION]:
        return action.entries[_ACTION].value
    return action


def _problem(model: type[BaseModel], tree: Node, file: str, error: ErrorDetails) -> Problem:
    path: KeyPath = error["loc"]
    spot = value_spot(tree, path)
    last = str(path[-1]) if path else ""
    match error["type"]:
        case "value_error":
            text = str(error["ctx"]["error"])
        case "missing":
            text = f"cannot do without {shown(last)} here; write for example {_EXAMPLES[last]}"
        case "extra_forbidden":
            spot = key_spot(tree, path)
            text = f"cannot understand the key {shown(last)}; {_nearest(last, keys_at(model, path[:-1]))}"
        case "too_short":
            text = f"cannot leave the list {shown(last)} empty; write at least one thing into it"
        case "list_type":
            text = f"cannot use {kind(error['input'])} here; write a list, for example [a, b]"
        case _:
            known = ", ".join(_written(keys_at(model, path)))
            text = f"cannot use {kind(error['input'])} here; write keys below it ({known})"
    return Problem(file, spot.line, spot.column, text)


def _nearest(key: str, known: list[str]) -> str:
    known = _written(known)
    if key == _ACTION:
        return "indent what belongs to it one step more, or leave it out"
    near = difflib.get_close_matches(key.lower().replace("_", "-"), known, n=1)
    return f"did you mean {shown(near[0])}?" if near else f"known here are {', '.join(known)}"


def _written(known: list[str]) -> list[str]:
    return [*known, _GROUP] if _GROUPS in known else known
