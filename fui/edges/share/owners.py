"""Owner, group and mode of what FUI makes, and whose a file is.

Rules:
- Names become numbers once, at the start; an unknown one is the administrator's fault (EdgeError).
- The mode is set before the owner, for a file that was given away can no longer be changed.
- A refusal says which command would have helped.

It must not know names of files, nor look anything up while the daemon serves.
"""

import grp
import os
import pwd
import stat

from fui.model.errors import EdgeError
from fui.model.menu import FileSpec, Menu


class Owners:
    """The users and groups of one menu."""

    def __init__(self) -> None:
        self._uids: dict[str, int] = {}
        self._gids: dict[str, int] = {}
        self._own: dict[str, set[int]] = {}
        self._me = os.geteuid()

    def resolve(self, menu: Menu) -> None:
        """Look every name up; EdgeError where there is no such user or group."""
        specs = [folder.spec for folder in menu.folders] + [action.file for action in menu.actions]
        for spec in specs:
            if spec.user is not None and spec.user not in self._uids:
                self._uids[spec.user] = _uid(spec.user)
            if spec.group is not None and spec.group not in self._gids:
                self._gids[spec.group] = _gid(spec.group)
        self._own = {folder.path: {self._me} for folder in menu.folders}
        for action in menu.actions:
            if action.file.user is not None:
                self._own[action.folder.path].add(self._uids[action.file.user])

    def own(self, folder: str, uid: int) -> bool:
        """Whether FUI gives its files in a folder to this user, or is this user."""
        return uid == self._me or uid in self._own.get(folder, ())

    def gid(self, spec: FileSpec) -> int:
        """Return the group that a spec names; -1 leaves it as it is."""
        return -1 if spec.group is None else self._gids[spec.group]

    def gid_within(self, spec: FileSpec, folder: FileSpec, status: os.stat_result) -> int:
        """Return the group of a file that enters a folder by a rename, and so inherits nothing.

        Its own group, else the folder's, else what a file that is born there would get.
        """
        for candidate in (spec, folder):
            if candidate.group is not None:
                return self._gids[candidate.group]
        return status.st_gid if status.st_mode & stat.S_ISGID else -1

    def give(self, descriptor: int, spec: FileSpec, gid: int, what: str) -> None:
        """Set mode, owner and group of an open file or directory; EdgeError says why it cannot."""
        status = os.fstat(descriptor)
        try:
            if stat.S_IMODE(status.st_mode) != spec.mode:
                os.fchmod(descriptor, spec.mode)
        except PermissionError as error:
            raise EdgeError(
                f"cannot set the mode of {what}: it belongs to {_user_name(status.st_uid)}; "
                f"do: chown {_user_name(self._me)} {what}"
            ) from error
        if gid not in (-1, status.st_gid):
            self._give_group(descriptor, spec, gid, what)
        if spec.user is not None and self._uids[spec.user] != status.st_uid:
            self._give_user(descriptor, spec.user, what)
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != spec.mode:
            raise EdgeError(
                f"cannot set the mode of {what} to {spec.mode:04o}: the system left bits out; "
                f"do: chmod {spec.mode:04o} {what}"
            )

    def _give_group(self, descriptor: int, spec: FileSpec, gid: int, what: str) -> None:
        try:
            os.fchown(descriptor, -1, gid)
        except PermissionError as error:
            me, owner = _user_name(self._me), os.fstat(descriptor).st_uid
            group = _group_name(gid) if spec.group is None else spec.group
            if owner != self._me:
                reason = f"it belongs to {_user_name(owner)}; do: chown {me} {what}"
            else:
                reason = (
                    f"{me} is not a member; do: usermod -aG {group} {me}, "
                    "then systemctl restart fui"
                )
            raise EdgeError(f"cannot give {what} to group {group}: {reason}") from error

    def _give_user(self, descriptor: int, user: str, what: str) -> None:
        try:
            os.fchown(descriptor, self._uids[user], -1)
        except PermissionError as error:
            raise EdgeError(
                f"cannot give {what} to user {user}: that needs CAP_CHOWN; leave `user` out, "
                "or do: systemctl edit fui, and add [Service] AmbientCapabilities=CAP_CHOWN"
            ) from error


def _uid(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise EdgeError(
            f"cannot find user {name}: make that user, or correct the configuration"
        ) from error


def _gid(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise EdgeError(
            f"cannot find group {name}: make that group, or correct the configuration"
        ) from error


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
