"""What stands in the attribute of a folder, put right; and what is written, read by the specification."""

import os
import struct
import tempfile
from pathlib import Path

from fui.edges.share.rights import ATTRIBUTE, Rights
from fui.edges.share.security_descriptor import Entry, Kind, Sid, ntacl, unix_user
from tests.fuzz.pieces import number, pieces
from tests.property.test_security_descriptor import read_entries, read_sid

MOST_BYTES = 3000
"""A file system may have no room for a longer attribute."""
WORDS = ("\x01\x00\x01\x00\x00\x00\x02\x00", "\x01\x00\x04\x90", "\x01\x02\x00\x00\x00\x00\x00\x16")
_SID = struct.Struct("<BBHII")
_ROOM = tempfile.TemporaryDirectory()


def check(data: bytes) -> None:
    """The input has a mode, what the attribute is before, and SIDs, of 12 bytes each."""
    mode, before, sids = (*pieces(data, 3), b"", b"")[:3]
    _put_right(number(mode[:3]) & 0o7777, before[:MOST_BYTES])
    entries = [
        Entry(Kind(kind & 1), Sid(authority, (one, two)), one ^ two)
        for kind, _, authority, one, two in _SID.iter_unpack(sids[: len(sids) // 12 * 12])
    ]
    owner = entries[0].sid if entries else Sid(0, ())
    try:
        written = ntacl(owner, owner, entries)
    except ValueError:
        assert len(entries) > 2700
    else:
        assert _entries(written, owner) == entries


def _put_right(mode: int, before: bytes) -> None:
    """The folder is FUI's own, so its user can always look and write."""
    folder = Path(_ROOM.name)
    folder.chmod(mode | 0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.setxattr(descriptor, ATTRIBUTE, before)
        Rights((), enforced=True).give_folder(descriptor, "it", moved_into=bool(mode & 1))
        me = unix_user(os.geteuid())
        entries = _entries(os.getxattr(descriptor, ATTRIBUTE), me)
        assert Entry(Kind.ALLOW, me, 0x001F01FF) in entries
        everybody = [each for each in entries if each.sid == Sid(1, (0,))]
        assert bool(everybody) == bool(mode & 0o004)
        os.setxattr(descriptor, ATTRIBUTE, before)
        Rights().give_folder(descriptor, "it", moved_into=False)
        assert ATTRIBUTE not in os.listxattr(descriptor)
    finally:
        os.close(descriptor)


def _entries(attribute: bytes, owner: Sid) -> list[Entry]:
    *_, at_owner, _, _, at_list = struct.unpack_from("<BBHIIII", attribute, 8)
    assert read_sid(attribute, at_owner) == owner
    return read_entries(attribute, at_list)
