"""The folders of a menu are made, and those of an earlier one given up.

Rules:
- Each folder is dealt with by itself: what is wrong with one is told as ShareFailed, and keeps
  nothing from happening to the others.
- A folder that is given up loses FUI's own files, and goes if nothing is left in it. Nothing of
  anybody else's is touched, so a folder that holds such a thing stays.
- What is said to have been a folder of an earlier run is not believed without a proof.

It must not know what a flag is.
"""

import os
from collections.abc import Container, Iterable
from contextlib import closing, suppress

from fui.edges.share.directory import Directory
from fui.edges.share.failures import explain
from fui.edges.share.folders import Folders
from fui.edges.share.owners import Owners
from fui.edges.share.staging import Staging
from fui.model.errors import EdgeError
from fui.model.events import ShareFailed
from fui.model.menu import Action, FileSpec, Folder

_UNKNOWN = FileSpec(user=None, group=None, mode=0o700)


def make(folders: Folders) -> list[ShareFailed]:
    """Have every folder that is kept made as configured; return why some could not be."""
    failed: list[ShareFailed] = []
    for folder in folders.kept.values():
        try:
            _make(folders, folder)
        except (OSError, EdgeError) as error:
            failed.append(ShareFailed(folder.path, explain(error, f"prepare {folder.path}")))
    return failed


def _make(folders: Folders, folder: Folder) -> None:
    directory, staging = folders.make(folder.path), folders.staging(folder)
    if directory.own_status.st_dev != staging.directory.own_status.st_dev:
        raise EdgeError(
            f"cannot use {folder.path}: it must lie on the same file system as the "
            "folder that holds it; mount that one instead"
        )
    staging.clean(directory)


def try_files(
    folders: Folders, actions: Iterable[Action], without: Container[str]
) -> list[ShareFailed]:
    """Make each kind of file once, out of sight: what cannot be is told now, not at a press.

    Args:
        folders: Where the actions have their flags.
        actions: Their files are tried.
        without: Folders that could not be made.
    """
    failed: list[ShareFailed] = []
    kinds = ((action.folder.path, action.file, action.access) for action in actions)
    for path, spec, access in dict.fromkeys(kinds):
        if path in without:
            continue
        folder = folders.kept[path]
        try:
            staging = folders.staging(folder)
            staging.discard(staging.stage(b"", spec, access, folders.get(path), folder.spec))
        except (OSError, EdgeError) as error:
            failed.append(ShareFailed(path, explain(error, f"prepare a file for {path}")))
    return failed


def give_up(folders: Folders, former: Iterable[Folder], owners: Owners) -> list[ShareFailed]:
    """Take FUI's own files out of folders that are not kept, and remove those that are empty then.

    Args:
        folders: Where they are opened.
        former: What is given up.
        owners: Say whose files were FUI's there.
    """
    failed: list[ShareFailed] = []
    unused: set[str] = set()
    in_use = {folder.staging for folder in folders.kept.values()}
    for folder in former:
        unused.add(folder.staging)
        try:
            directory = folders.get(folder.path)
            staging = Staging(folders.make(folder.staging), folder.path, owners)
            staging.clean(directory)
            staging.take_out_all(directory)
            folders.remove(folder.path)
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is gone, or something else by now
        except (OSError, EdgeError) as error:
            in_use.add(folder.staging)
            failed.append(ShareFailed(folder.path, explain(error, f"give up {folder.path}")))
    for path in unused - in_use:
        with suppress(OSError):  # an empty one does no harm
            folders.remove(path)
    return failed


def kept_before(folders: Folders, former: Iterable[str]) -> list[Folder]:
    """Return those of the paths that are proven to be folders of an earlier run, and not kept now.

    The proof is a staging beside it, on the same file system, that belongs to FUI's user.
    """
    return [
        Folder(path, _UNKNOWN) for path in former if path not in folders.kept and _is_proven(path)
    ]


def _is_proven(path: str) -> bool:
    folder = Folder(path, _UNKNOWN)
    parts = path.split("/")
    # Another spelling could lead to a folder that is kept; a staging is nobody's folder.
    if parts[0] or not {"", ".", "..", folder.staging.rpartition("/")[2]}.isdisjoint(parts[1:]):
        return False
    try:
        with closing(Directory(path)) as directory, closing(Directory(folder.staging)) as staging:
            mine = staging.own_status.st_uid == os.geteuid()
            return mine and staging.own_status.st_dev == directory.own_status.st_dev
    except (OSError, ValueError):  # ValueError: no path at all
        return False
