"""How a file is written: whole or not at all.

Rules: the new text is written beside the file, synced, checked, and renamed over it, so that a kill
or a power cut leaves the old file or the new one; a symbolic link stays, and its target is changed;
owner and mode of a file that is somebody else's stay.
"""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from fui.model.errors import EdgeError
from fui.model.harmless import harmless

_MODE = 0o644

Check = Callable[[str], object]
"""Looks at the file with the new text, by its path, and raises EdgeError if it must not land."""


def read(path: str) -> str | None:
    """Return what stands in a file; None if there is none."""
    try:
        return Path(path).read_bytes().decode(errors="surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot("read", path, error) from error


def write(path: str, text: str, mode: int | None, check: Check | None = None) -> None:
    """Have `text` in a file, which is root's and has this mode; None leaves both as they are."""
    real = Path(path).resolve()
    # Neither sudo nor systemd nor FUI reads a name that begins with a dot or has this ending.
    beside = real.with_name(f".{real.name}.fui-setup")
    try:
        status = real.stat() if mode is None and real.exists() else None
        beside.unlink(missing_ok=True)  # of a setup that was killed
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(text.encode(errors="surrogateescape"))
            if status is not None:
                os.fchown(opened, status.st_uid, status.st_gid)
            os.fchmod(opened, (mode or _MODE) if status is None else stat.S_IMODE(status.st_mode))
            file.flush()
            os.fsync(opened)
        if check is not None:
            check(str(beside))
        beside.rename(real)
        _sync(real.parent)
    except OSError as error:
        raise _cannot("write", path, error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def remove(path: str) -> None:
    """Have a file be gone."""
    try:
        Path(path).unlink()
        _sync(Path(path).parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _cannot("remove", path, error) from error


def make_folders(path: str) -> None:
    """Make the folders above a file, for everybody to read."""
    try:
        Path(path).parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot("make a folder for", path, error) from error


def missing_folders(path: str) -> tuple[str, ...]:
    """Name the folders above a file that are not there, the innermost first."""
    return tuple(str(each) for each in Path(path).parents if not each.exists())


def remove_empty(folders: tuple[str, ...]) -> None:
    """Remove folders that were made for a file, the innermost first, if nothing is in them."""
    for folder in folders:
        with contextlib.suppress(OSError):
            Path(folder).rmdir()


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _cannot(what: str, path: str, error: OSError) -> EdgeError:
    return EdgeError(f"cannot {what} {harmless(path)}: {error.strerror}")
