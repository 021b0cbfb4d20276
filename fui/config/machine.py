"""What the machine says: accounts, programs, directories, the zone of its clock.

Rules: an answer is a complaint that says what to do, or empty; NSS is asked once for each name (a
directory service can be slow); what may not be looked at is no complaint, sudo may look.
Names no place in a file: whoever asks knows it.
"""

import errno
import grp
import os
import pwd
import stat
import struct
from datetime import UTC, tzinfo
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from fui.config.names import shown

_LOCALTIME = Path("/etc/localtime")


class Machine:
    """This machine, asked at most once for each account and each program."""

    def __init__(self, localtime: Path = _LOCALTIME) -> None:
        self._localtime = localtime
        self.user = cache(_user)
        self.group = cache(_group)
        self.primary_group = cache(_primary_group)
        self.program = cache(_program)
        self.directory = _directory
        self.folder = _folder
        self.attributes = _attributes

    def zone(self, name: str = "") -> tzinfo:
        """The zone of that name; without one, that in which people here read a clock, or UTC."""
        if name:
            return UTC if self.timezone(name) else ZoneInfo(name)
        _, known, key = os.path.realpath(self._localtime).partition("/zoneinfo/")
        try:
            return _zone_in(self._localtime.read_bytes(), key if known else None)
        except (OSError, ValueError, struct.error):
            return UTC

    def timezone(self, name: str) -> str:
        """Whether there is a zone of that name."""
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            return (
                f"cannot find the timezone {shown(name)}; "
                "write one that timedatectl list-timezones has, as Europe/Berlin"
            )
        return ""


@lru_cache(maxsize=4)
def _zone_in(data: bytes, key: str | None) -> ZoneInfo:
    """Read a zone; the same one for the same data, so that menus can be compared."""
    return ZoneInfo.from_file(BytesIO(data), key=key)


def _user(name: str) -> str:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return f"cannot find the user {shown(name)}; make it, or name one that getent passwd knows"
    return ""


def _group(name: str) -> str:
    try:
        grp.getgrnam(name)
    except KeyError:
        return f"cannot find the group {shown(name)}; make it, or name one that getent group knows"
    return ""


def _primary_group(user: str) -> str:
    try:
        return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    except KeyError:
        return ""


def _program(path: str) -> str:
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EPERM}:
            return ""
        return f"cannot find the program {shown(path)} ({error.strerror}); install it, or correct the path"
    if not stat.S_ISREG(mode):
        return f"cannot run {shown(path)}, it is no file; name a program"
    if not mode & 0o111:
        return f"cannot run {shown(path)}, it is not executable; chmod +x it"
    if mode & stat.S_IWOTH:
        return f"cannot run {shown(path)}, everybody can change it; chmod o-w it"
    return ""


def _directory(path: str) -> str:
    real = os.path.realpath(path)
    if real != path:
        return (
            f"cannot use the directory {shown(path)}, there is a symbolic link in it; "
            f"write the real path, {shown(real)}"
        )
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        return f"cannot use the directory {shown(path)} ({error.strerror}); make it, or name another one"
    if not stat.S_ISDIR(mode):
        return f"cannot use {shown(path)}, it is no directory; name another one"
    return ""


def _folder(path: str) -> str:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return ""
    if stat.S_ISDIR(mode):
        return ""
    return f"cannot put flags into {shown(path)}, it is no directory; take it out of the way"


def _attributes(path: str) -> bool:
    """Ask for one that is not there: a file system that has none answers that, not "no data"."""
    place = Path(path)
    while not place.exists():  # it is yet to be made
        place = place.parent
    try:
        os.getxattr(place, "user.NTACL")
    except OSError as error:
        return error.errno == errno.ENODATA
    return True
