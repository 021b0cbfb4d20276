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

from fui.config.kinds import World
from fui.config.names import shown
from fui.config.schema import keys_at
from fui.config.tree import (
    KeyPath,
    Node,
    Spot,
    key_spot,
    kind,
    plain,
    value_spot,
    without,
)
from fui.config.unwrap import ACTION, ACTIONS, GROUP, GROUPS
from fui.config.yaml_text import Document
from fui.model.errors import Problem

_EXAMPLES = {
    "object": "object: Apache",
    GROUPS: "action-group:",
    ACTIONS: "actions: [...]",
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
    root: Node | None
    model: Model | None
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Whether the model is all that the file says."""
        return not self.problems

    def spot(self, path: KeyPath) -> Spot:
        """Where a value stands."""
        return value_spot(self.root, path) if self.root else Spot()


def check(model: type[Model], document: Document, file: str, world: World) -> Checked[Model]:
    """Hold a file against its schema."""
    tree: Node | None = document.root
    found: list[Problem] = []
    value: Model | None = None
    while value is None and tree is not None:
        try:
            value = model.model_validate(plain(tree), context={"world": world})
        except ValidationError as error:
            details = error.errors(include_url=False)
            # What comes up in a second pass is there only because of what was left out.
            found = found or [_problem(model, tree, file, each) for each in details]
            tree = without(tree, [each["loc"] for each in details])
    return Checked(file, tree, value, (*document.problems, *found))


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
    if key == ACTION:
        return "indent what belongs to it one step more, or leave it out"
    near = difflib.get_close_matches(key.lower().replace("_", "-"), known, n=1)
    return f"did you mean {near[0]}?" if near else f"known here are {', '.join(known)}"


def _written(known: list[str]) -> list[str]:
    return [*known, GROUP] if GROUPS in known else known
