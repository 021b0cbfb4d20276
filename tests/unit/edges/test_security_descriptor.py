"""The bytes of an NT ACL, as smbcacls of Samba 4.17 and 4.22 read them."""

import struct

import pytest

from fui.edges.share.security_descriptor import (
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

READ_BY_SAMBA = bytes.fromhex("""
    01000100 00000200
    01000490 1c000000 2c000000 00000000 3c000000
    0102000000000016 01000000 e5030000
    0102000000000016 02000000 e8030000
    02006800 04000000
    01001800 00010100 0102000000000016 01000000 ea030000
    00001800 ff011f00 0102000000000016 01000000 e5030000
    00001800 89011300 0102000000000016 02000000 e9030000
    00001800 a9001200 0102000000000016 02000000 e8030000
""")
"""Of this smbcacls said:

    CONTROL:SR|PD|DP
    OWNER:Unix User\\fui
    GROUP:Unix Group\\controls
    ACL:Unix User\\mallory:DENIED/0x0/0x00010100
    ACL:Unix User\\fui:ALLOWED/0x0/FULL
    ACL:Unix Group\\wwwadmins:ALLOWED/0x0/0x00130189
    ACL:Unix Group\\controls:ALLOWED/0x0/READ
"""


def test_the_bytes_that_samba_was_seen_to_read() -> None:
    fui, controls = unix_user(997), unix_group(1000)
    made = ntacl(
        fui,
        controls,
        [
            Entry(Kind.DENY, unix_user(1002), DELETE | WRITE_ATTRIBUTES),
            Entry(Kind.ALLOW, fui, FULL),
            Entry(Kind.ALLOW, unix_group(1001), READ | DELETE | WRITE_ATTRIBUTES),
            Entry(Kind.ALLOW, controls, READ | EXECUTE),
        ],
    )
    assert made == READ_BY_SAMBA


@pytest.mark.parametrize(
    ("sid", "packed"),
    [
        (EVERYONE, "010100000000000100000000"),
        (unix_user(0xFFFFFFFE), "010200000000001601000000feffffff"),
        (Sid(0x010203040506, ()), "0100010203040506"),
    ],
)
def test_the_authority_is_big_endian_and_the_rest_little(sid: Sid, packed: str) -> None:
    assert bytes(sid) == bytes.fromhex(packed)


def test_nobody_has_a_right_by_an_empty_list() -> None:
    """A list without entries is there; no list at all would let everybody do everything."""
    made = ntacl(unix_user(1), unix_group(2), [])
    assert made.endswith(bytes.fromhex("0200080000000000"))
    assert struct.unpack_from("<I", made, 24) == (len(made) - 8,)


def test_more_entries_than_a_list_can_hold() -> None:
    entry = Entry(Kind.ALLOW, unix_user(1), READ)
    size = len(bytes(entry))
    most = (0xFFFF - 8) // size
    assert len(ntacl(unix_user(1), unix_group(2), [entry] * most)) == 60 + 8 + most * size
    with pytest.raises(ValueError, match="too many entries"):
        ntacl(unix_user(1), unix_group(2), [entry] * (most + 1))
