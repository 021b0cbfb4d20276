"""What an administrator can do about a refusal of the file system.

It must not know what a flag is.
"""

import errno

from fui.model.errors import EdgeError

_HINTS = {
    errno.ENOSPC: "free some space on that file system",
    errno.EDQUOT: "raise the quota of FUI's user",
    errno.EROFS: "mount it writable, or name it in ReadWritePaths= of fui.service",
    errno.EACCES: "make FUI's user the owner of that folder",
    errno.EPERM: "make FUI's user the owner of that folder",
    errno.EXDEV: "the folder must lie on the same file system as the folder that holds it",
    errno.ENAMETOOLONG: "give the action a shorter name",
    errno.EMFILE: "raise LimitNOFILE= of fui.service",
}


def explain(error: OSError | EdgeError, doing: str) -> str:
    """Return "cannot …: why; what to do"."""
    if isinstance(error, EdgeError):
        return str(error)
    hint = _HINTS.get(error.errno or 0)
    return f"cannot {doing}: {error.strerror}{'; ' + hint if hint else ''}"
