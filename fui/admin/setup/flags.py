"""What the daemon made in a share, taken away: its flags, staging folders and object folders.

Rules: what belongs to the daemon's user is taken, what does not stays, and so do the folders that
hold it, which are root's then. Folders in which users can write are walked by descriptor, and no symbolic link is followed.
The daemon must not run.
"""

import contextlib
import os
import pwd
import stat

ACCOUNT = "fui"


def clear(root: str, user: str = ACCOUNT) -> None:
    """Take away all that a user made below a folder; the folder itself stays."""
    try:
        uid = pwd.getpwnam(user).pw_uid
        found = os.fwalk(root, topdown=False, follow_symlinks=False)
    except KeyError:
        return
    for _, folders, files, here in found:
        for name in files:
            with contextlib.suppress(OSError):
                status = os.stat(name, dir_fd=here, follow_symlinks=False)
                if status.st_uid == uid and stat.S_ISREG(status.st_mode):
                    os.unlink(name, dir_fd=here)
        for name in folders:
            if _belongs_to(uid, name, here):
                _remove_or_give(name, here)


def _belongs_to(uid: int, name: str, folder: int) -> bool:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_uid == uid
    except OSError:
        return False


def _remove_or_give(name: str, folder: int) -> None:
    """Remove a folder; one that is not empty is root's from now on, for its user may be gone soon."""
    try:
        os.rmdir(name, dir_fd=folder)
    except OSError:
        with contextlib.suppress(OSError):
            os.chown(name, 0, -1, dir_fd=folder, follow_symlinks=False)


def give_back(root: str, user: str = ACCOUNT) -> None:
    """Have the root of a share be root's, as far as it was the user's."""
    with contextlib.suppress(OSError, KeyError):
        if os.lstat(root).st_uid == pwd.getpwnam(user).pw_uid:
            os.chown(root, 0, 0, follow_symlinks=False)
