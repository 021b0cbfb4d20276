"""Owner, group, mode and NT ACL of what FUI makes, and whose a file is.

Rules:
- Names become numbers once for each configuration, for a name service can be slow; an unknown one
  is told (EdgeError) when something is to be given to it, so that it takes nothing else down.
- The mode is set before the owner, for a file that was given away can no longer be changed.
- A refusal says which command would have helped.

It must not know names of files.
"""

import os
import stat
from collections.abc import Iterable

from fui.edges.share import nss
from fui.edges.share.rights import Rights
from fui.model.errors import EdgeError
from fui.model.menu import Access, Action, FileSpec, Folder


class Owners:
    """The users and groups that one configuration names."""

    def __init__(
        self,
        folders: Iterable[Folder] = (),
        actions: Iterable[Action] = (),
        execute: Folder | None = None,
        *,
        enforced: bool = False,
    ) -> None:
        """Look every name up; the files of all actions can come into the execute folder."""
        actions = tuple(actions)
        specs = [folder.spec for folder in folders] + [action.file for action in actions]
        users = dict.fromkeys(spec.user for spec in specs if spec.user is not None)
        groups = dict.fromkeys(spec.group for spec in specs if spec.group is not None)
        self._uids = {user: nss.uid_of(user) for user in users}
        self._gids = {group: nss.gid_of(group) for group in groups}
        self._own: dict[str, set[int]] = {}
        for action in actions:
            uid = None if action.file.user is None else self._uids[action.file.user]
            if uid is not None:
                self._own.setdefault(action.folder.path, set()).add(uid)
        if execute is not None:
            self._own[execute.path] = set().union(*self._own.values())
        self._execute = execute
        self._me = os.geteuid()
        self._rights = Rights(actions, enforced=enforced)

    def own(self, folder: str, uid: int) -> bool:
        """Whether FUI gives its files in a folder to this user, or is this user."""
        return uid == self._me or uid in self._own.get(folder, ())

    def gid(self, spec: FileSpec) -> int:
        """Return the group that a spec names; -1 leaves it as it is."""
        return -1 if spec.group is None else self._gid(spec.group)

    def gid_within(self, spec: FileSpec, folder: FileSpec, status: os.stat_result) -> int:
        """Return the group of a file that enters a folder by a rename, and so inherits nothing.

        Its own group, else the folder's, else what a file that is born there would get.
        """
        for candidate in (spec, folder):
            if candidate.group is not None:
                return self._gid(candidate.group)
        return status.st_gid if status.st_mode & stat.S_ISGID else -1

    def give(self, descriptor: int, spec: FileSpec, gid: int, what: str) -> None:
        """Set mode, owner and group of an open file or directory; EdgeError says why it cannot."""
        status = os.fstat(descriptor)
        try:
            if stat.S_IMODE(status.st_mode) != spec.mode:
                os.fchmod(descriptor, spec.mode)
        except PermissionError as error:
            raise EdgeError(
                f"cannot set the mode of {what}: it belongs to {nss.user_name(status.st_uid)}; "
                f"do: chown {nss.user_name(self._me)} {what}"
            ) from error
        if gid not in (-1, status.st_gid):
            self._give_group(descriptor, spec, gid, what)
        if spec.user is not None and self._uid(spec.user) != status.st_uid:
            self._give_user(descriptor, spec.user, what)
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != spec.mode:
            raise EdgeError(
                f"cannot set the mode of {what} to {spec.mode:04o}: the system left bits out; "
                f"do: chmod {spec.mode:04o} {what}"
            )

    def protect_file(
        self, descriptor: int, spec: FileSpec, gid: int, access: Access, what: str
    ) -> None:
        """Have Samba refuse all but what `access` says; to be done before it is given away."""
        uid = self._me if spec.user is None else self._uid(spec.user)
        gid = os.fstat(descriptor).st_gid if gid == -1 else gid
        self._rights.give_file(descriptor, access, (uid, gid), spec.mode, what)

    def protect_folder(self, descriptor: int, path: str) -> None:
        """Have Samba refuse all but looking into a folder, and moving files into the execute folder."""
        execute = self._execute is not None and self._execute.path == path
        self._rights.give_folder(descriptor, path, moved_into=execute)

    def _give_group(self, descriptor: int, spec: FileSpec, gid: int, what: str) -> None:
        try:
            os.fchown(descriptor, -1, gid)
        except PermissionError as error:
            me, owner = nss.user_name(self._me), os.fstat(descriptor).st_uid
            group = nss.group_name(gid) if spec.group is None else spec.group
            if owner != self._me:
                reason = f"it belongs to {nss.user_name(owner)}; do: chown {me} {what}"
            else:
                reason = (
                    f"{me} is not a member; do: fui setup --yes, or usermod -aG {group} {me} "
                    "and systemctl restart fui"
                )
            raise EdgeError(f"cannot give {what} to group {group}: {reason}") from error

    def _give_user(self, descriptor: int, user: str, what: str) -> None:
        try:
            os.fchown(descriptor, self._uid(user), -1)
        except PermissionError as error:
            raise EdgeError(
                f"cannot give {what} to user {user}: that needs CAP_CHOWN; leave `user` out, "
                "or do: systemctl edit fui, and add [Service] AmbientCapabilities=CAP_CHOWN"
            ) from error

    def _uid(self, name: str) -> int:
        uid = self._uids[name]
        if uid is None:
            raise EdgeError(
                f"cannot find user {name}: make that user, or correct the configuration"
            )
        return uid

    def _gid(self, name: str) -> int:
        gid = self._gids[name]
        if gid is None:
            raise EdgeError(
                f"cannot find group {name}: make that group, or correct the configuration"
            )
        return gid
