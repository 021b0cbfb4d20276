"""From a raw journal entry to an audit record, or to the reason why it is none.

Rules: an entry is believed for its trusted fields only (systemd.journal-fields(7), the fields with
a leading underscore); the identity is `_UID`, which smbd sets to the acting user for each operation
(source3/smbd/uid.c, change_to_user). The text is parsed whole and anchored, for nothing in it is
escaped (source3/modules/vfs_full_audit.c, do_log). Any entry gives a Record or NotARecord, never an
exception. Knows nothing of flags.

The line: `USER|CLIENT|SHARE|OPERATION|ok|PATH`, the prefix being `%u|%I|%S`, and for a rename
`SOURCE|TARGET` in place of PATH. A failed opening has `create_file|fail (TEXT)|MASK|KIND|DISPOSITION|PATH`,
where MASK is what was asked for in hexadecimal; its bit 0x10000 is the right to delete
([MS-DTYP] 2.4.3), which a renaming needs as well. TEXT may be that of another error and says nothing.
"""

import re

from fui.model.menu import Settings
from fui.model.record import Entry, NotARecord, Operation, Record, Refused

IDENTIFIER = "smbd_audit"

_LINE = re.compile(
    r"(?P<user>[^|]+)\|(?P<client>[^|]*)\|(?P<share>[^|]*)"
    r"\|(?P<operation>[a-z_0-9]+)\|(?:ok|(?P<failed>fail \([^|]*\)))\|(?P<rest>.*)",
    re.DOTALL,
)
_UNREADABLE = "the text is not USER|CLIENT|SHARE|OPERATION|ok|PATH; is full_audit:prefix %u|%I|%S?"
_AS_ROOT = "smbd acted as root, for nobody can tell whom; remove `admin users` from the share"
_OPENING = "create_file"
_OPENED = re.compile(r"0x(?P<mask>[0-9a-f]{1,8})\|(?:file|dir)\|[a-z_]+\|(?P<path>/.*)", re.DOTALL)
_DELETE = 0x10000
_OPERATIONS = {operation.value: operation for operation in Operation}


def parse(entry: Entry, settings: Settings) -> Record | Refused | NotARecord:
    """Return the record in an entry, or why there is none."""
    if entry.identifier != IDENTIFIER or entry.facility != settings.facility:
        return NotARecord(entry.cursor, suspicious=False, why="not of this share's audit")
    why = _distrust(entry, settings)
    line = None if why else _LINE.fullmatch(entry.message)
    if line is None:
        return NotARecord(entry.cursor, suspicious=True, why=why or _UNREADABLE)
    if line["operation"] == _OPENING and line["failed"]:
        return _refused(entry, line)
    operation = _OPERATIONS.get(line["operation"])
    if operation is None or line["failed"]:
        return NotARecord(entry.cursor, suspicious=False, why="removes and renames nothing")
    paths = _paths(operation, line["rest"])
    if paths is None or entry.uid <= 0:  # smbd connects as root, but removes as the user
        why = _AS_ROOT if paths else f"the path in {operation.value} cannot be told apart"
        return NotARecord(entry.cursor, suspicious=True, why=why)
    return Record(*_attested(entry, line), operation, *paths)


def _refused(entry: Entry, line: re.Match[str]) -> Refused | NotARecord:
    """Return who was not let delete what; files are opened in vain for many other reasons."""
    opened = _OPENED.fullmatch(line["rest"])
    if opened is None or not int(opened["mask"], 16) & _DELETE or entry.uid <= 0:
        return NotARecord(entry.cursor, suspicious=False, why="asks for no removal")
    return Refused(*_attested(entry, line), opened["path"])


def _attested(entry: Entry, line: re.Match[str]) -> tuple[str, float, float, int, str, str]:
    """Return what an Attested has, in its order."""
    return entry.cursor, entry.sent, entry.wall, entry.uid, line["user"], line["client"]


def _distrust(entry: Entry, settings: Settings) -> str:
    """Say why an entry that claims to be an audit record is not believed; empty if it is."""
    if entry.transport != "syslog":
        return f"it came by {entry.transport or 'an unknown transport'}, not by syslog"
    if entry.unit not in settings.samba_units:
        return f"it comes from {entry.unit or 'no known unit'}, not from {' or '.join(settings.samba_units)}"
    if entry.gid != 0:
        return f"it was sent with gid {entry.gid}; smbd sends with gid 0"
    return ""


def _paths(operation: Operation, rest: str) -> tuple[str, str] | None:
    """Return the path that was removed or renamed, and what it was renamed to; None if ambiguous.

    Paths are absolute, so in `SOURCE|TARGET` the target begins behind a `|/`; a name cannot hold
    a slash, and so a second `|/` can only be a folder whose name ends in `|`.
    """
    if not rest.startswith("/"):
        return None
    if operation is Operation.UNLINK:
        return rest, ""
    source, *targets = rest.split("|/")
    return (source, f"/{targets[0]}") if len(targets) == 1 else None
