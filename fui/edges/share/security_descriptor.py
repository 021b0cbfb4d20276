"""Who has which rights on a file, in the bytes that Samba reads.

A security descriptor ([MS-DTYP] 2.4.6) holds two SIDs (2.4.2), those of owner and group, and a list
of access control entries (2.4.5, 2.4.4). Samba's acl_xattr keeps it in an extended attribute, in the
frame of xattr_NTACL (librpc/idl/xattr.idl); version 1 is the descriptor alone. All of it is
little-endian, but for the authority of a SID.

Rules: bytes only. What an entry is for, and in which order entries stand, is the caller's: Samba
takes them in that order, so what denies comes first.

It must not know of files, users, nor what a press is.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

READ = 0x00120089
"""To read a file with all that is said of it: READ_DATA, READ_EA, READ_ATTRIBUTES, READ_CONTROL and
SYNCHRONIZE ([MS-SMB2] 2.2.13.1)."""

EXECUTE = 0x00000020
"""EXECUTE of a file, and TRAVERSE of a directory."""

ADD_FILE = 0x00000002
"""To make a file in a directory, or to move one into it."""

WRITE_ATTRIBUTES = 0x00000100
DELETE = 0x00010000
FULL = 0x001F01FF

_REVISION = 1
_ACL_REVISION = 2
_DACL_PRESENT, _DACL_PROTECTED, _SELF_RELATIVE = 0x0004, 0x1000, 0x8000
_CONTROL = _SELF_RELATIVE | _DACL_PROTECTED | _DACL_PRESENT
"""The list is there, and nothing is inherited into it."""

_HEADER = struct.Struct("<BBHIIII")  # revision, -, control, offsets of owner, group, SACL, DACL
_LIST = struct.Struct("<BBHHH")  # revision, -, size, number of entries, -
_ENTRY = struct.Struct("<BBHI")  # kind, flags, size, mask; the SID follows
_FRAME = struct.pack("<HHI", 1, 1, 0x00020000)
"""Version 1; the same once more, for the union; and that there is a descriptor (a non-null pointer)."""

_SIZE_MAX = 0xFFFF
_SUB_AUTHORITIES_MAX = 15


class Kind(IntEnum):
    """What an entry does."""

    ALLOW = 0
    DENY = 1


@dataclass(frozen=True, slots=True)
class Sid:
    """A security identifier: `S-1-22-1-1001` is `Sid(22, (1, 1001))`."""

    authority: int
    sub_authorities: tuple[int, ...]

    def __bytes__(self) -> bytes:
        """Return it packed; struct.error where a number does not fit."""
        count = len(self.sub_authorities)
        assert count <= _SUB_AUTHORITIES_MAX  # noqa: S101 - ours are short
        head = bytes((_REVISION, count)) + self.authority.to_bytes(6, "big")
        return head + struct.pack(f"<{count}I", *self.sub_authorities)


EVERYONE = Sid(1, (0,))


def unix_user(uid: int) -> Sid:
    """Return the SID that Samba gives a session of this uid, beside any other."""
    return Sid(22, (1, uid))


def unix_group(gid: int) -> Sid:
    """Return the SID that Samba gives a session in this group, beside any other."""
    return Sid(22, (2, gid))


@dataclass(frozen=True, slots=True)
class Entry:
    """An access control entry; it holds for the file itself and is not inherited."""

    kind: Kind
    sid: Sid
    mask: int

    def __bytes__(self) -> bytes:
        sid = bytes(self.sid)
        return _ENTRY.pack(self.kind, 0, _ENTRY.size + len(sid), self.mask) + sid


def ntacl(owner: Sid, group: Sid, entries: Sequence[Entry]) -> bytes:
    """Return a self-relative security descriptor in its frame; who is in no entry has no right.

    Raises:
        ValueError: There are more entries than a list can hold, about 2700.
    """
    owner_sid, group_sid, listed = bytes(owner), bytes(group), b"".join(map(bytes, entries))
    size = _LIST.size + len(listed)
    if size > _SIZE_MAX:
        raise ValueError("too many entries")
    at_owner = len(_FRAME) + _HEADER.size  # Samba counts from the beginning of the frame
    at_group = at_owner + len(owner_sid)
    at_list = at_group + len(group_sid)
    header = _HEADER.pack(_REVISION, 0, _CONTROL, at_owner, at_group, 0, at_list)
    head = _LIST.pack(_ACL_REVISION, 0, size, len(entries), 0)
    return b"".join((_FRAME, header, owner_sid, group_sid, head, listed))
