"""The execute folder: a folder of the share into which flags can be moved to press them.

Rules: it is in the share and no object's; where its group is not said it is the one that all
folders of the share have, for whoever sees a flag must be able to move it there. Knows only what
fui.yaml and the drop-ins say.
"""

from collections.abc import Iterable, Iterator

from fui.config.explain import Checked
from fui.config.folders import Folders, common_group
from fui.config.names import fold, shown
from fui.config.placed import Placed
from fui.config.schema import MainFile
from fui.model.errors import Problem
from fui.model.menu import FileSpec, Folder

_KEY = "execute-folder"


def execute_folder(
    said: Checked[MainFile], share: str, folders: Folders
) -> tuple[Folder | None, list[Problem]]:
    """Return the folder, None if there is none, and what is wrong with its group."""
    part = said.model.execute_folder if said.model else None
    if part is None:
        return None, []
    group = part.group or common_group(
        folder for folder in folders if folder.path.rpartition("/")[0] == share
    )
    if group is None:
        spot = said.spot((_KEY,))
        text = (
            "cannot tell the group of this folder, those of the objects do not say one and the same; "
            f"write {_KEY}: {{name: {part.name}, group: …}}"
        )
        return None, [Problem(said.file, spot.line, spot.column, text)]
    return Folder(f"{share}/{part.name}", FileSpec(part.user, group, part.mode)), []


def clashes(said: Checked[MainFile], share: str, groups: Iterable[Placed]) -> Iterator[Problem]:
    """Tell each object whose folder is the execute folder, or is inside it or around it."""
    part = said.model.execute_folder if said.model else None
    if part is None:
        return
    spot = said.spot((_KEY,))
    there = f"{said.file}:{spot.line}:{spot.column}"
    own = fold(f"{share}/{part.name}")
    for group in groups:
        folder, parent = fold(group.folder), fold(group.parent)
        if folder == own:
            text = (
                f"cannot call an object {shown(group.object)} in the share, {there} gives that name "
                "to the execute folder; change one of them"
            )
            yield group.object_problem(text)
        elif f"{parent}/".startswith(f"{own}/") or own.startswith(f"{folder}/"):
            text = (
                f"cannot put {shown(group.folder)} there, the execute folder of {there} is in its way; "
                "name another directory"
            )
            yield group.problem(text, "directory", "path")
