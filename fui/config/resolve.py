"""From the files, each of which is right by itself, to actions; and the faults between files.

Rules: the order of files and definitions changes nothing but the order of the actions; what an
action does not say its group says, and what that does not say has a default here; a fault names
both places. Faults that only follow from another fault of the same file are not told.
Asks the machine only through `Facts`; knows nothing of YAML and reads no file.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from fui.config.explain import Checked
from fui.config.names import fits, fold, shown
from fui.config.schema import ActionPart, DirectoryPart, DropIn, GroupPart, Who
from fui.config.sudo_rule import rule_for
from fui.config.tree import KeyPath, key_spot, value_spot
from fui.model.errors import Problem
from fui.model.menu import (
    Access,
    Action,
    ActionId,
    Command,
    FileSpec,
    Folder,
    Subject,
    SubjectKind,
)

DIRECTORY_MODE = 0o2770
FILE_MODE = 0o640
USER = "root"
TIMEOUT = 600.0


class Facts(Protocol):
    """What the machine says about things that no file names."""

    def primary_group(self, user: str) -> str:
        """The name of a user's own group; empty if it cannot be told."""

    def folder(self, path: str) -> str:
        """A complaint if something stands where an object's folder shall be."""


@dataclass(frozen=True, slots=True)
class _Group:
    """An action group where it stands."""

    source: Checked[DropIn]
    path: KeyPath
    part: GroupPart
    object: str
    key: str
    folder: str

    def at(self, *path: str | int) -> tuple[int, int]:
        spot = value_spot(self.source.root, (*self.path, *path))
        return spot.line, spot.column

    def place(self, *path: str | int) -> str:
        line, column = self.at(*path)
        return f"{self.source.file}:{line}:{column}"

    def problem(self, text: str, *path: str | int) -> Problem:
        return Problem(self.source.file, *self.at(*path), text)


@dataclass(slots=True)
class _Said:
    """What all action groups of one folder say about it, and which of them said it first."""

    values: dict[str, str | int] = field(default_factory=dict)
    by: dict[str, _Group] = field(default_factory=dict)


@dataclass(slots=True)
class Resolver:
    """One run over all drop-ins; `problems` fills while `actions` are made."""

    share: str
    longest: str
    facts: Facts
    problems: list[Problem] = field(default_factory=list)
    _folders: dict[str, _Said] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def actions(self, sources: list[Checked[DropIn]]) -> tuple[Action, ...]:
        """Return the actions of all drop-ins, object by object."""
        groups = sorted(self._groups(sources), key=lambda group: fold(group.object))
        for group in groups:
            self._hear(group)
        return tuple(action for group in groups for action in self._of_group(group))

    def _groups(self, sources: list[Checked[DropIn]]) -> Iterator[_Group]:
        spelling: dict[str, str] = {}
        keys: dict[tuple[str, str], str] = {}
        counts: dict[str, int] = {}
        for source in sources:
            if source.model is None:
                continue
            name = spelling.setdefault(fold(source.model.object), source.model.object)
            for index, part in enumerate(source.model.action_groups):
                counts[name] = counts.get(name, 0) + 1
                own = part.name or str(counts[name])
                key = keys.setdefault((name, fold(own)), f"{name}/{own}")
                above = posixpath.normpath(part.directory.path or self.share)
                folder = f"{above}/{name}"
                yield _Group(source, ("action-groups", index), part, name, key, folder)

    def _hear(self, group: _Group) -> None:
        """Take down what a group says about its folder; two may not contradict each other."""
        if group.folder not in self._folders:
            self._folders[group.folder] = _Said()
            complaint = self.facts.folder(group.folder)
            if complaint:
                self.problems.append(group.problem(complaint, "directory", "path"))
        said = self._folders[group.folder]
        for key, value in _stated(group.part.directory):
            first = said.by.setdefault(key, group)
            if said.values.setdefault(key, value) != value:
                text = (
                    f"cannot give {shown(group.folder)} another {key} than "
                    f"{first.place('directory', key)} does; say it once"
                )
                self.problems.append(group.problem(text, "directory", key))

    def _of_group(self, group: _Group) -> Iterator[Action]:
        said = self._folders[group.folder].values
        folder = Folder(group.folder, _spec(said, DIRECTORY_MODE))
        file = _spec(dict(_stated(group.part.file)), FILE_MODE)
        for index, part in enumerate(group.part.actions):
            name = ActionId(group.object, part.name)
            self._check_name(group, name, "actions", index, "name")
            command = self._command(group, part, index)
            access = self._access(group, part, index, folder.spec.group)
            yield Action(name, folder, group.key, command, access, file, part.description)

    def _check_name(self, group: _Group, name: ActionId, *path: str | int) -> None:
        place = group.place(*path)
        first = self._names.setdefault((fold(name.object), fold(name.action)), place)
        if first != place:
            text = f"cannot define {shown(str(name))} twice; it stands in {first} already"
            self.problems.append(group.problem(text, *path))
        try:
            fits(name.action, self.longest)
        except ValueError as error:
            self.problems.append(group.problem(str(error), *path))

    def _command(self, group: _Group, part: ActionPart, index: int) -> Command:
        common = group.part.command
        user = part.user or common.user or USER
        own = part.group or common.group or self.facts.primary_group(user)
        command = Command(tuple(part.command), user, own, part.timeout or common.timeout or TIMEOUT)
        text = f'cannot tell the primary group of {shown(user)}; say with which "group" it runs'
        try:
            if own:
                rule_for(command)
                return command
        except ValueError as error:
            text = str(error)
        if group.source.whole:
            self.problems.append(group.problem(text, "actions", index))
        return command

    def _access(self, group: _Group, part: ActionPart, index: int, default: str | None) -> Access:
        allow = part.allow or group.part.allow or Who(groups=[default] if default else [])
        access = Access(_subjects(allow), _subjects(part.deny or group.part.deny or Who()))
        if not access.allow and group.source.whole:
            text = (
                f"cannot offer {shown(part.name)}, nobody could press it; "
                'say who with "allow", or give the directory a group'
            )
            self.problems.append(group.problem(text, "actions", index, "name"))
        return access


def _stated(part: DirectoryPart | object) -> list[tuple[str, str | int]]:
    every = ((key, getattr(part, key)) for key in ("user", "group", "mode"))
    return [(key, value) for key, value in every if value is not None]
