"""What can be told of a wrong drop-in's object, so that its folder can say what is wrong.

Rules: careful, for it is about what is known to be wrong: a file that everybody can write says
nothing; a name is one that could be an object's; a folder is one that FUI may make. What cannot be
told is left out, not guessed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fui.config.compose import Host
from fui.config.explain import Checked, check
from fui.config.folders import DIRECTORY_MODE, common_group
from fui.config.names import fold, object_name
from fui.config.schema import DirectoryPart, DropIn
from fui.config.tree import Items, Node, Scalar, Table
from fui.config.unwrap import GROUPS
from fui.config.yaml_text import Document
from fui.model.errors import Problem
from fui.model.menu import Fault, FileSpec, Folder, Menu

_OBJECT = re.compile(
    r"""^object:[ \t]+
    (?: (?: "([^"\\\n]+)" | '([^'\n]+)' ) (?= [ \t]* (?: [ \t]\#.* )? \r?$ )
      | ([^"'\#&*!|>{\[\s] (?: (?!\s\#)[^\n] )*) )""",
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Remains:
    """What could be told of a file.

    Attributes:
        object: The name of its object.
        directory: What it says about the object's folder.
    """

    object: str
    directory: DirectoryPart


def from_good(good: Checked[DropIn], host: Host) -> Remains | None:
    """Return what a version says that was right."""
    return _from_tree(good.root, good.file, host)


def from_wrong(document: Document, file: str, host: Host) -> Remains | None:
    """Return what can be told of a version that is wrong."""
    if not document.believed:
        return None
    found = _from_tree(document.root, file, host)
    if found is not None or document.root is not None:
        return found
    names = {"".join(match.groups("")).strip() for match in _OBJECT.finditer(document.text)}
    name = _fit(names.pop()) if len(names) == 1 else ""
    return Remains(name, DirectoryPart()) if name else None


def _from_tree(root: Node | None, file: str, host: Host) -> Remains | None:
    if not isinstance(root, Table) or "object" not in root.entries:
        return None
    name = root.entries["object"].value
    fit = _fit(name.text) if isinstance(name, Scalar) else ""
    if not fit:
        return None
    said: dict[str, Any] = {}
    for directory in _directories(root):
        part = check(DirectoryPart, Document(directory), file, host).model
        for key in DirectoryPart.model_fields:
            value = getattr(part, key, None)
            if value is not None:
                said.setdefault(key, value)
    return Remains(fit, DirectoryPart.model_construct(**said))


def _directories(root: Table) -> Iterator[Table]:
    groups = root.entries[GROUPS].value if GROUPS in root.entries else None
    for group in groups.nodes if isinstance(groups, Items) else ():
        if isinstance(group, Table) and "directory" in group.entries:
            directory = group.entries["directory"].value
            if isinstance(directory, Table):
                yield directory


def _fit(name: str) -> str:
    if "\ufffd" in name:  # bytes that could not be read
        return ""
    try:
        return object_name(name)
    except ValueError:
        return ""


def faults(
    wrong: Iterable[tuple[Remains, Iterable[Problem]]], menu: Menu, host: Host
) -> tuple[Fault, ...]:
    """Return what the folders of wrong drop-ins' objects show, where there can be one."""
    folders: dict[str, Folder] = {}
    for action in menu.actions:
        folders.setdefault(fold(action.id.object), action.folder)
    spelled = {fold(action.id.object): action.id.object for action in menu.actions}
    group = common_group(action.folder for action in menu.actions)
    found = []
    for remains, problems in wrong:
        key = fold(remains.object)
        if key not in folders:
            folder = _folder(remains, menu.settings.share, group)
            if not _possible(folder, [*menu.folders, *folders.values()], host):
                continue
            folders[key] = folder
        name = spelled.setdefault(key, remains.object)
        found.append(Fault(name, folders[key], tuple(sorted(problems))))
    return tuple(found)


def _folder(remains: Remains, share: str, group: str | None) -> Folder:
    said = remains.directory
    mode = DIRECTORY_MODE if said.mode is None else said.mode
    path = f"{said.path or share}/{remains.object}"
    return Folder(path, FileSpec(said.user, said.group or group, mode))


def _possible(folder: Folder, others: Iterable[Folder], host: Host) -> bool:
    """Whether FUI may make a folder: nothing is there, and no other one is in it or around it."""
    own = f"{fold(folder.path)}/"
    around = (f"{fold(other.path)}/" for other in others)
    return not host.folder(folder.path) and not any(
        own.startswith(other) or other.startswith(own) for other in around
    )
