"""What the daemon made in a share, taken away: its flags, staging folders and object folders.

Rules: what belongs to the daemon's user is taken, what does not stays, and so do the folders that hold
it, which are root's then. Users can write in some of them: all are walked by descriptor, and no
symbolic link is followed. The daemon must not run.
"""

import contextlib
import os
import stat
from pathlib import Path


def clear(root: str, owner: int) -> None:
    """Take away all that a user, by number, owns below a folder; the folder itself stays."""
    if not Path(root).is_dir():
        return
    for _, folders, files, here in os.fwalk(root, topdown=False, follow_symlinks=False):
        for name in files:
            if (mode := _mode(name, here, owner)) and stat.S_ISREG(mode):
                with contextlib.suppress(OSError):
                    os.unlink(name, dir_fd=here)
        for name in folders:
            if (mode := _mode(name, here, owner)) and stat.S_ISDIR(mode):
                _remove_or_give(name, here)


def give_back(root: str, owner: int) -> None:
    """Have the root of a share that stays be root's, if it is that user's."""
    with contextlib.suppress(OSError):
        if Path(root).lstat().st_uid == owner:
            os.chown(root, 0, 0, follow_symlinks=False)


def _mode(name: str, folder: int, owner: int) -> int:
    """What something is that belongs to a user; 0 if it does not, or is gone."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return 0
    return status.st_mode if status.st_uid == owner else 0


def _remove_or_give(name: str, folder: int) -> None:
    """Remove a folder; one that is not empty is root's from now on, for its user may be gone soon."""
    try:
        os.rmdir(name, dir_fd=folder)
    except OSError:
        with contextlib.suppress(OSError):
            os.chown(name, 0, -1, dir_fd=folder, follow_symlinks=False)
