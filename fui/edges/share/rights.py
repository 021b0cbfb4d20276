"""What Samba itself lets whom do: the NT ACL of each flag and folder.

Rules:
- Whoever may press a flag may delete it; whoever could read it without an ACL may read it; nobody
  may do anything else. Into the execute folder files can be moved, which Samba cannot tell from
  being made there.
- Entries that deny come first, for Samba takes the first that decides.
- The owner by the ACL is always FUI's user: Samba lets an owner change it (MS-DTYP 2.5.3.2).
- The ACL is no grant: a press is decided by the daemon all the same. So a name that nobody knows is
  left out here without a word.
- Names become numbers once for each configuration, and what is compiled is kept as long.

It must not know what is in a flag, nor when it is shown.
"""

import errno
import os
import stat
from collections.abc import Iterable

from fui.edges.share import nss
from fui.edges.share.security_descriptor import (
    ADD_FILE,
    DELETE,
    EVERYONE,
    EXECUTE,
    FULL,
    READ,
    WRITE_ATTRIBUTES,
    Entry,
    Kind,
    Sid,
    ntacl,
    unix_group,
    unix_user,
)
from fui.model.errors import EdgeError
from fui.model.menu import NOBODY, Access, Action, Subject, SubjectKind

ATTRIBUTE = "user.NTACL"
"""As `acl_xattr:security_acl_name` in smb.conf has it; a user attribute, so the owner may set it."""

PRESS = DELETE | WRITE_ATTRIBUTES
"""Some clients ask for both when they delete."""

_LOOK = READ | EXECUTE
_NO_ATTRIBUTES = (errno.EOPNOTSUPP, errno.ENOSYS)
_TOO_LONG = (errno.ENOSPC, errno.EDQUOT, errno.E2BIG, errno.ERANGE)
"""ENOSPC is also what ext4 says of attributes that do not fit into a block (xattr(7))."""


class Rights:
    """The rights that one configuration gives; none at all where Samba is not to enforce them."""

    def __init__(self, actions: Iterable[Action] = (), *, enforced: bool = False) -> None:
        """Look up every name that the actions' rules have, if that is needed."""
        self._enforced = enforced
        self._sids = _sids(actions) if enforced else {}
        self._me = os.geteuid()
        self._compiled: dict[tuple[Access, int, tuple[int, int], int], bytes] = {}

    def give_file(
        self, descriptor: int, access: Access, owner: tuple[int, int], mode: int, what: str
    ) -> None:
        """Set the ACL of a file that was just made, and that nobody else can open yet.

        Args:
            descriptor: Of the file.
            access: Who may delete it.
            owner: The user and the group that it will belong to.
            mode: The permission bits that it will have.
            what: What it is, for people.

        Raises:
            EdgeError: It names too many, or the file system does not take it.
        """
        if self._enforced:
            _set(descriptor, self._compile(access, _LOOK, owner, mode), what)

    def give_folder(self, descriptor: int, what: str, *, moved_into: bool) -> None:
        """Set the ACL of a folder if it is not as it shall be, by its owner, group and mode.

        Where nothing is enforced it is taken away instead.

        Args:
            descriptor: Of the folder.
            what: Which it is, for people.
            moved_into: Whether those who may read it may also move a file into it.

        Raises:
            EdgeError: The file system does not take it.
        """
        wanted = None
        if self._enforced:
            look = _LOOK | ADD_FILE if moved_into else _LOOK
            status = os.fstat(descriptor)
            owner, mode = (status.st_uid, status.st_gid), stat.S_IMODE(status.st_mode)
            wanted = self._compile(NOBODY, look, owner, mode)
        if _get(descriptor) != wanted:
            _set(descriptor, wanted, what)

    def _compile(self, access: Access, look: int, owner: tuple[int, int], mode: int) -> bytes:
        """Return the attribute: who may press, and what the others may who can read."""
        key = (access, look, owner, mode)
        if key not in self._compiled:
            me = unix_user(self._me)
            entries = [
                *(Entry(Kind.DENY, sid, PRESS) for sid in self._known(access.deny)),
                Entry(Kind.ALLOW, me, FULL),
                *(Entry(Kind.ALLOW, sid, READ | PRESS) for sid in self._known(access.allow)),
                *(Entry(Kind.ALLOW, sid, look) for sid in self._readers(owner, mode)),
            ]
            try:
                self._compiled[key] = ntacl(me, unix_group(owner[1]), entries)
            except ValueError as error:
                raise EdgeError(
                    f"cannot make an NT ACL with {len(entries)} entries: name groups in place of"
                    " single users"
                ) from error
        return self._compiled[key]

    def _known(self, subjects: Iterable[Subject]) -> list[Sid]:
        return [self._sids[subject] for subject in subjects if subject in self._sids]

    def _readers(self, owner: tuple[int, int], mode: int) -> list[Sid]:
        uid, gid = owner
        readers = [unix_user(uid)] if mode & stat.S_IRUSR and uid != self._me else []
        readers += [unix_group(gid)] if mode & stat.S_IRGRP else []
        return readers + ([EVERYONE] if mode & stat.S_IROTH else [])


def _sids(actions: Iterable[Action]) -> dict[Subject, Sid]:
    accesses = [each for one in actions for each in (one.access, one.cancel) if each is not None]
    subjects = {subject for access in accesses for subject in (*access.allow, *access.deny)}
    found = ((subject, _sid(subject)) for subject in subjects)
    return {subject: sid for subject, sid in found if sid is not None}


def _sid(subject: Subject) -> Sid | None:
    if subject.kind is SubjectKind.USER:
        uid = nss.uid_of(subject.name)
        return None if uid is None else unix_user(uid)
    gid = nss.gid_of(subject.name)
    return None if gid is None else unix_group(gid)


def _get(descriptor: int) -> bytes | None:
    """Return the attribute; None where there is none, or cannot be any."""
    try:
        return os.getxattr(descriptor, ATTRIBUTE)
    except OSError as error:
        if error.errno == errno.ENODATA or error.errno in _NO_ATTRIBUTES:
            return None
        raise


def _set(descriptor: int, attribute: bytes | None, what: str) -> None:
    """Set the attribute, or take it away; EdgeError says why it cannot be."""
    try:
        if attribute is None:
            os.removexattr(descriptor, ATTRIBUTE)
        else:
            os.setxattr(descriptor, ATTRIBUTE, attribute)
    except OSError as error:
        raise EdgeError(f"cannot set the NT ACL of {what}: {_reason(error, descriptor)}") from error


def _reason(error: OSError, descriptor: int) -> str:
    if error.errno in _NO_ATTRIBUTES:
        return (
            "its file system has no user attributes; put the share on one that has them (ext4, xfs,"
            " btrfs), or write `enforce-in-samba: false` into fui.yaml"
        )
    if error.errno in _TOO_LONG:
        return (
            f"its file system has no room for it ({error.strerror}); name groups in place of"
            " single users, or free some space"
        )
    if isinstance(error, PermissionError):
        status = os.fstat(descriptor)
        return f"it belongs to {nss.user_name(status.st_uid)}; make it writable for {_me()}"
    return f"{error.strerror}"


def _me() -> str:
    return nss.user_name(os.geteuid())
