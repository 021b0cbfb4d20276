"""Action groups over all drop-ins: what the names in `also-in` stand for.

Rules: a name means every action group so named but the action's own; a name that no group has is a
lock of its own if two actions or more name it. No circle: groups whose actions wait for each other
are one group, and have to be written as one. Knows nothing of what the actions do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from fui.config.names import fold, printable, shown
from fui.config.placed import Placed
from fui.config.schema import ActionPart
from fui.config.tree import KeyPath
from fui.model.errors import Problem


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a group is named by an action of another one."""

    group: Placed
    path: KeyPath

    def problem(self, text: str) -> Problem:
        return self.group.problem(text, *self.path)


class ActionGroups:
    """The action groups of all drop-ins; `problems` is what is wrong with the names of others."""

    def __init__(self, groups: Iterable[Placed], *, complete: bool) -> None:
        """Look at all of them.

        Args:
            groups: All action groups.
            complete: Whether these are all that there are; else a name can be right though
                nothing here has it.
        """
        self._complete = complete
        self._named: dict[str, dict[str, str]] = {}
        self._uses: dict[str, int] = {}
        self._edges: dict[str, dict[str, _Place]] = {}
        self._problems: dict[Problem, None] = {}
        groups = list(groups)
        for group in groups:
            if group.part.name is not None:
                self._named.setdefault(fold(group.part.name), {})[group.key] = group.part.name
        for group in groups:
            for index, part in enumerate(group.part.actions):
                for name in {fold(name) for name, _ in _said(group, index, part)}:
                    self._uses[name] = self._uses.get(name, 0) + 1
        self._locks = {name for name, uses in self._uses.items() if uses > 1 or not complete}
        for group in groups:
            for index, part in enumerate(group.part.actions):
                self._check(group, index, part)
        self._find_circles()

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, each once."""
        return list(self._problems)

    def of(self, group: Placed, index: int, part: ActionPart) -> tuple[str, ...]:
        """Return the keys of the groups that an action is in, its own first."""
        keys = {group.key: None}
        for name, _ in _said(group, index, part):
            keys |= dict.fromkeys(self._meant(group, name) or (f"*/{fold(name)}",))
        return tuple(keys)

    def _meant(self, group: Placed, name: str) -> list[str]:
        return [key for key in self._named.get(fold(name), ()) if key != group.key]

    def _check(self, group: Placed, index: int, part: ActionPart) -> None:
        for name, path in _said(group, index, part):
            place = _Place(group, path)
            meant = self._meant(group, name)
            for key in meant:
                # Of several places the first counts: those of one group are in the files' order.
                self._edges.setdefault(group.key, {}).setdefault(key, place)
            if meant:
                continue
            if fold(name) in self._named:
                text = (
                    f"cannot put an action into its own group {shown(name)} once more; leave it out"
                )
                self._problems[place.problem(text)] = None
            elif fold(name) not in self._locks:
                self._problems[place.problem(self._unknown(name))] = None

    def _unknown(self, name: str) -> str:
        known = {fold(each): each for keys in self._named.values() for each in keys.values()}
        known |= {lock: lock for lock in self._locks}
        near = get_close_matches(fold(name), known, n=1)
        hint = (
            f"did you mean {printable(known[near[0]])}?"
            if near
            else "name one, or use the name in another action too"
        )
        return f"cannot find an action group {shown(name)}, and no other action names it; {hint}"

    def _find_circles(self) -> None:
        """Tell each circle at the latest of the places that make it."""
        edges = {key: dict(others) for key, others in self._edges.items()}
        while circle := _circle(edges):
            steps = list(pairwise(circle))
            last = max((edges[a][b] for a, b in steps), key=lambda place: place.group.rank)
            way = shown(" → ".join(circle))
            text = f"cannot wait in a circle, {way}; they are one group then, so name them as one"
            self._problems[last.problem(text)] = None
            for key in circle:
                edges.pop(key, None)


def _circle(edges: dict[str, dict[str, _Place]]) -> list[str]:
    """Return the keys along a circle, the first one again at its end; empty if there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]
    return []


def _said(group: Placed, index: int, part: ActionPart) -> Iterator[tuple[str, KeyPath]]:
    """The names that an action gives, or its group for it, and where they stand."""
    own = part.also_in is not None
    path: KeyPath = ("actions", index, "also-in") if own else ("also-in",)
    names = part.also_in if own else group.part.also_in
    yield from ((name, (*path, at)) for at, name in enumerate(names or ()))
