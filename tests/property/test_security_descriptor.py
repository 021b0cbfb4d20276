"""Whatever an NT ACL shall say, a reader that follows the specification reads that."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fui.edges.share.security_descriptor import Entry, Kind, Sid, ntacl

NUMBERS = st.integers(0, 2**32 - 1)
SIDS = st.builds(Sid, st.integers(0, 2**48 - 1), st.lists(NUMBERS, max_size=15).map(tuple))
ENTRIES = st.lists(st.builds(Entry, st.sampled_from(Kind), SIDS, NUMBERS), max_size=40)


def read_sid(data: bytes, at: int) -> Sid:
    """[MS-DTYP] 2.4.2.2."""
    revision, count = data[at], data[at + 1]
    assert revision == 1
    return Sid(
        int.from_bytes(data[at + 2 : at + 8], "big"),
        struct.unpack_from(f"<{count}I", data, at + 8),
    )


def read_entries(data: bytes, at: int) -> list[Entry]:
    """[MS-DTYP] 2.4.5 and 2.4.4.2; each entry says its size."""
    revision, zero, size, count, zero_too = struct.unpack_from("<BBHHH", data, at)
    assert (revision, zero, zero_too) == (2, 0, 0)
    end, at = at + size, at + 8
    found = []
    for _ in range(count):
        kind, flags, length, mask = struct.unpack_from("<BBHI", data, at)
        assert flags == 0
        assert length == 8 + 8 + 4 * data[at + 9]
        found.append(Entry(Kind(kind), read_sid(data, at + 8), mask))
        at += length
    assert at == end == len(data)
    return found


@given(owner=SIDS, group=SIDS, entries=ENTRIES)
def test_what_is_read_is_what_was_meant(owner: Sid, group: Sid, entries: list[Entry]) -> None:
    data = ntacl(owner, group, entries)
    assert struct.unpack_from("<HHI", data) == (1, 1, 0x20000)
    revision, zero, control, *offsets = struct.unpack_from("<BBHIIII", data, 8)
    assert (revision, zero, control) == (1, 0, 0x9004)
    at_owner, at_group, at_system_list, at_list = offsets
    assert at_system_list == 0
    assert not [at for at in (at_owner, at_group, at_list) if at % 4]
    assert read_sid(data, at_owner) == owner
    assert read_sid(data, at_group) == group
    assert read_entries(data, at_list) == entries


@given(owner=SIDS, group=SIDS, entries=ENTRIES)
def test_samba_packs_the_same(owner: Sid, group: Sid, entries: list[Entry]) -> None:
    """Where Samba's own library is installed (Debian's python3-samba), it reads and writes these bytes."""
    ndr = pytest.importorskip("samba.ndr")
    xattr = pytest.importorskip("samba.dcerpc.xattr")
    data = ntacl(owner, group, entries)
    read = ndr.ndr_unpack(xattr.NTACL, data)
    aces = [(ace.type, ace.access_mask) for ace in read.info.dacl.aces]
    assert aces == [(each.kind, each.mask) for each in entries]
    assert ndr.ndr_pack(read) == data
