"""How a staged file gets to its name in an object folder.

Rules:
- It enters by a rename, or changes places with ours; what was ours leaves by a rename.
- Whatever is not ours and stands in the way is renamed, never overwritten.
- Somebody can be quicker each time; after a few tries that is an error.

It must not know what a flag is.
"""

import contextlib

from fui.edges.share.directory import Directory, Unsupported
from fui.edges.share.staging import Staging
from fui.model.errors import EdgeError

_TRIES = 8


def enter(
    staging: Staging, staged: str, folder: Directory, old: str | None, name: str
) -> str | None:
    """Bring a staged file to a name, into the place of the one that stands under an old name.

    A file that goes away after it got its new name has been there: its end is told under that name.

    Returns:
        What a user's file that was in the way is called now; empty if there was none. None: the
        old name was gone, so nothing was made.
    """
    if old is None:
        return put(staging, staged, folder, name, anew=True)
    if old == name:
        return put(staging, staged, folder, name, anew=False)
    aside = _rename(staging, folder, old, name)
    if aside is None:
        return None
    return put(staging, staged, folder, name, anew=False) or aside


def put(staging: Staging, staged: str, folder: Directory, name: str, *, anew: bool) -> str | None:
    """Bring a staged file to a name: into the place of ours, or past a user's file.

    Not anew: only into the place of ours, and None where ours is not there.
    """
    aside = ""
    for _ in range(_TRIES):
        there = folder.status(name) is not None
        ours = staging.ours(folder, name)
        if not ours and not anew:
            return None
        try:
            if ours:
                return staging.exchange(staged, folder, name) or aside
            if there:
                aside = folder.move_aside(name, folder, name)
            staging.directory.move(staged, folder, name)
        except Unsupported:
            staging.take_out(folder, name)
            anew = True
        except (FileExistsError, FileNotFoundError):
            continue  # somebody was quicker; look again
        else:
            return aside
    raise EdgeError(f"cannot put {name} there: its name is taken again and again")


def _rename(staging: Staging, folder: Directory, old: str, new: str) -> str | None:
    """Rename our file within its folder; None if it is gone, else as `enter`."""
    aside = ""
    for _ in range(_TRIES):
        if not staging.ours(folder, old):
            return None
        try:
            folder.move(old, folder, new)
        except FileNotFoundError:
            return None
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                if staging.ours(folder, new):
                    staging.take_out(folder, new)
                else:
                    aside = folder.move_aside(new, folder, new)
        else:
            return aside
    raise EdgeError(f"cannot rename {old} to {new}: the new name is taken again and again")
