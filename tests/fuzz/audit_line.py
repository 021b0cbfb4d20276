"""The text of an audit record, in an entry that is to be believed otherwise, and in one that is not."""

from dataclasses import replace

from fui.core.audit_line import parse
from fui.model.menu import Settings
from fui.model.record import Entry, NotARecord, Operation, Record, Refused
from tests.fuzz.pieces import number, pieces

SETTINGS = Settings("/srv/controls")
BELIEVED = Entry(
    cursor="c",
    sent=1.0,
    wall=2.0,
    uid=1001,
    gid=0,
    unit="smbd.service",
    transport="syslog",
    identifier="smbd_audit",
    facility=21,
    message="",
)
WORDS = (
    *(
        "|unlinkat|ok|/",
        "|renameat|ok|/",
        "|create_file|fail (",
        ")|0x10080|file|open|/",
        "|/",
        "|",
    ),
    *("alice|192.0.2.7|Controls", "mkdirat", "\n", "\\", "/srv/controls/Apache/Start [Ready].txt"),
)


def check(data: bytes) -> None:
    """The input is the text; behind it may stand uid, gid, unit, transport, identifier, facility."""
    message, *rest = (each.decode(errors="surrogateescape") for each in pieces(data, 7))
    entry = replace(BELIEVED, message=message)
    believe(parse(entry, SETTINGS), entry)
    if len(rest) == 6:
        uid, gid, facility = (number(rest[at].encode(errors="surrogateescape")) for at in (0, 1, 5))
        unit, transport, identifier = rest[2:5]
        doubtful = replace(entry, uid=uid, gid=gid, unit=unit, facility=facility)
        doubtful = replace(doubtful, transport=transport, identifier=identifier)
        believe(parse(doubtful, SETTINGS), doubtful)


def believe(found: Record | Refused | NotARecord, entry: Entry) -> None:
    """Hold what was made of an entry against it."""
    assert found.cursor == entry.cursor
    if isinstance(found, NotARecord):
        assert found.why
        return
    assert (entry.transport, entry.gid, entry.facility) == ("syslog", 0, SETTINGS.facility)
    assert entry.unit in SETTINGS.samba_units
    assert found.uid == entry.uid > 0
    assert found.text_user
    assert "|" not in found.text_user + found.client
    assert found.path.startswith("/")
    said = f"{found.text_user}|{found.client}|"
    assert entry.message.startswith(said)
    share, operation, outcome, rest = entry.message.removeprefix(said).split("|", 3)
    assert "|" not in share
    if isinstance(found, Refused):
        assert (operation, outcome[:6]) == ("create_file", "fail (")
        mask, _, _, path = rest.split("|", 3)
        assert int(mask, 16) & 0x10000
        assert path == found.path
    else:
        assert (operation, outcome) == (found.operation.value, "ok")
        renamed = found.operation is Operation.RENAME
        assert rest == (f"{found.path}|{found.target}" if renamed else found.path)
        assert found.target.startswith("/") == renamed
