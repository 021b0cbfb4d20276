"""From files that are right by themselves to the actions of the menu; and the faults between them.

Rules: the order of files and definitions changes nothing but the order of the actions; what an
action does not say its group says, and what that does not say has a default here; a fault between
two places names both; what only follows from another fault of the same file is not told.
Asks the machine only through `Facts`; knows nothing of YAML and reads no file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Protocol

from fui.config import when
from fui.config.also_in import ActionGroups
from fui.config.folders import FolderFacts, Folders
from fui.config.memory import Memory
from fui.config.names import fits, fold, reads_back, shown
from fui.config.placed import Placed
from fui.config.schema import NOBODY, SAME, ActionPart, Who
from fui.config.sudo_rule import rule_for
from fui.config.values import AtMost
from fui.config.when import Said
from fui.model.errors import Problem
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Folder, Subject, SubjectKind
from fui.model.naming import Naming

FILE_MODE = 0o660
"""Of a flag without an NT ACL: some clients ask to write attributes when they delete."""

ENFORCED_MODE = 0o640
"""Of a flag whose NT ACL says who may do that."""

USER = "root"
TIMEOUT = 600.0
TASKS_MAX = AtMost(1024)
"""Many for a command, few for a machine: a job that does nothing but multiply is held up here."""

MEMORY_MAX = AtMost(None)


class Facts(FolderFacts, Protocol):
    """What the machine says about things that no file names."""

    def primary_group(self, user: str) -> str:
        """The name of a user's own group; empty if it cannot be told."""

    def zone(self, name: str = "") -> tzinfo:
        """The zone of that name, which is there; without one, that of the machine's clock."""

    def attributes(self, path: str) -> bool:
        """Whether files in a directory can have user attributes (xattr(7))."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where no drop-in says otherwise.

    Attributes:
        naming: How the names of flags are made.
        zone: Whose clock the hours go by.
        show_blocked: Whether a flag that is blocked is renamed or hidden.
        enforced: Whether Samba refuses by the NT ACL of each flag.
    """

    naming: Naming
    zone: tzinfo = UTC
    show_blocked: str = "rename"
    enforced: bool = False


def resolve(
    groups: list[Placed],
    folders: Folders,
    defaults: Defaults,
    facts: Facts,
    *,
    memory: Memory,
    complete: bool,
) -> tuple[tuple[Action, ...], list[Problem]]:
    """Return the actions, in the order of the groups, and everything that is wrong with them.

    Args:
        groups: The action groups.
        folders: Their folders.
        defaults: What holds where no drop-in says otherwise.
        facts: Who answers for the machine.
        memory: What is known of earlier readings.
        complete: Whether the groups are all that there are in the drop-ins.
    """
    shared = ActionGroups(groups, complete=complete)
    actions: list[Action] = []
    problems = [*shared.problems, *_twice(groups)]
    for group in groups:
        parts = group.part.actions
        keys = [shared.of(group, index, part) for index, part in enumerate(parts)]
        resolved = _of_group(group, folders.of(group), keys, defaults, facts=facts, memory=memory)
        actions += resolved.actions
        problems += resolved.problems
    return tuple(actions), problems


def _twice(groups: Iterable[Placed]) -> Iterator[Problem]:
    """Tell the actions whose name another one of the same object has, in any case."""
    names: dict[tuple[str, str], tuple[Placed, int]] = {}
    for group in groups:
        for index, part in enumerate(group.part.actions):
            first, at = names.setdefault((fold(group.object), fold(part.name)), (group, index))
            if (first, at) != (group, index):
                name, place = ActionId(group.object, part.name), first.place("actions", at, "name")
                text = f"cannot define {shown(str(name))} twice; it stands in {place} already"
                yield group.problem(text, "actions", index, "name")


def _of_group(
    group: Placed,
    folder: Folder,
    keys: list[tuple[str, ...]],
    defaults: Defaults,
    *,
    facts: Facts,
    memory: Memory,
) -> "_Resolved":
    """Resolve the actions of a group; neither its rank nor that of another one matters for it."""
    made_of = (group.source, group.object, folder, keys, defaults)
    return memory.recall(
        (group.source.file, group.path),
        made_of,
        facts,
        lambda facts: _Resolver(defaults, facts).group(group, folder, keys),
    )


@dataclass(frozen=True, slots=True)
class _Resolved:
    """The actions of a group, and what is wrong with them."""

    actions: tuple[Action, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Resolver:
    defaults: Defaults
    facts: Facts
    problems: list[Problem] = field(default_factory=list)

    def group(self, group: Placed, folder: Folder, keys: list[tuple[str, ...]]) -> _Resolved:
        actions = tuple(self._actions(group, folder, keys))
        idling = when.idle(group) if group.whole else ()
        return _Resolved(actions, (*self.problems, *idling))

    def _actions(
        self, group: Placed, folder: Folder, keys: list[tuple[str, ...]]
    ) -> Iterator[Action]:
        spec = group.part.file
        mode = ENFORCED_MODE if self.defaults.enforced else FILE_MODE
        file = FileSpec(spec.user, spec.group, mode if spec.mode is None else spec.mode)
        for index, part in enumerate(group.part.actions):
            self._check_name(group, part.name, index)
            access = self._access(group, part, index, folder.spec.group)
            said = Said(group, index, part)
            yield Action(
                id=ActionId(group.object, part.name),
                folder=folder,
                groups=keys[index],
                command=self._command(group, part, index),
                access=access,
                file=file,
                description=part.description,
                confirm=said.get("confirm"),
                cancel=_cancel(said.get("cancel"), access),
                limit=when.limit(said),
                hours=when.hours(said, self.defaults.zone, self.facts.zone),
                queue=when.queue(said),
                hide_blocked=when.hides(said, self.defaults.show_blocked),
            )

    def _check_name(self, group: Placed, name: str, index: int) -> None:
        for refuse in (fits, reads_back):
            try:
                refuse(name, self.defaults.naming)
            except ValueError as error:
                self.problems.append(group.problem(str(error), "actions", index, "name"))

    def _command(self, group: Placed, part: ActionPart, index: int) -> Command:
        common = group.part.command
        user = part.user or common.user or USER
        own = part.group or common.group or self.facts.primary_group(user)
        command = Command(
            argv=tuple(part.command),
            user=user,
            group=own,
            timeout=part.timeout or common.timeout or TIMEOUT,
            tasks_max=(part.tasks_max or common.tasks_max or TASKS_MAX).limit,
            memory_max=(part.memory_max or common.memory_max or MEMORY_MAX).limit,
        )
        complaint = _unspeakable(command)
        if complaint and group.whole:
            self.problems.append(group.problem(complaint, "actions", index))
        return command

    def _access(self, group: Placed, part: ActionPart, index: int, default: str | None) -> Access:
        allow = part.allow or group.part.allow
        if allow is not None:
            allowed = _subjects(allow)
        else:
            allowed = (Subject(SubjectKind.GROUP, default),) if default else ()
        if not allowed and group.whole:
            text = (
                f"cannot offer {shown(part.name)}, nobody could press it; "
                'say who with "allow", or give the directory a group'
            )
            self.problems.append(group.problem(text, "actions", index, "name"))
        deny = part.deny or group.part.deny
        return Access(allowed, _subjects(deny) if deny else ())


def _cancel(who: Who | None, access: Access) -> Access | None:
    """Who may cancel; whom `deny` names may not do that either."""
    if who is None or who is NOBODY:
        return None
    if who is SAME:
        return access
    return Access(_subjects(who), access.deny)


def _unspeakable(command: Command) -> str:
    """Why sudo cannot be told to permit a command; empty if it can."""
    if not command.group:
        return f'cannot tell the primary group of {shown(command.user)}; say which "group" it runs with'
    try:
        rule_for(command)
    except ValueError as error:
        return str(error)
    return ""


def _subjects(who: Who) -> tuple[Subject, ...]:
    users = (Subject(SubjectKind.USER, name) for name in who.users)
    groups = (Subject(SubjectKind.GROUP, name) for name in who.groups)
    return tuple(dict.fromkeys([*groups, *users]))
