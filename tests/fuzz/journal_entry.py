"""The fields of a journal entry, as an audit record and as a line of the ledger."""

from fui.core.audit_line import parse
from fui.edges.journal.entry import Stamp, translate
from fui.edges.ledger.reading import fact_of, is_trusted
from tests.fuzz.audit_line import SETTINGS, believe
from tests.fuzz.pieces import named, number

FIELDS = (
    *("_UID", "_GID", "_SYSTEMD_UNIT", "_SYSTEMD_CGROUP", "_TRANSPORT", "SYSLOG_IDENTIFIER"),
    *("SYSLOG_FACILITY", "MESSAGE", "SYSLOG_RAW", "_SOURCE_REALTIME_TIMESTAMP", "MESSAGE_ID"),
    *("FUI_OBJECT", "FUI_ACTION", "FUI_USER", "FUI_UID", "FUI_CLIENT", "FUI_REFUSAL", "FUI_REASON"),
    *("FUI_JOB", "FUI_RUN_AS", "FUI_COMMAND", "FUI_RESULT", "FUI_EXIT", "FUI_DURATION"),
    *("REALTIME", "MONOTONIC", "BOOT"),
)
WORDS = (
    *(f"\x1e{name}=" for name in FIELDS),
    *("smbd_audit", "syslog", "smbd.service", "fui.service", "/system.slice/fui.service/daemon"),
    *("|unlinkat|ok|/", "|renameat|ok|/", "alice|192.0.2.7|Controls", "1700000000000000", "21"),
)


def check(data: bytes) -> None:
    """The input has fields; REALTIME, MONOTONIC and BOOT are journald's stamp."""
    fields = named(data)
    numbers = [
        number(value) if isinstance(value := fields.get(name, b""), bytes) else 0
        for name in ("REALTIME", "MONOTONIC", "BOOT")
    ]
    entry = translate(fields, "c", Stamp(numbers[0], numbers[1], this_boot=bool(numbers[2])))
    assert entry.uid >= -1
    assert entry.facility >= -1
    entry.message.encode(errors="surrogateescape")
    believe(parse(entry, SETTINGS), entry)
    is_trusted(fields, entry.uid)
    fact = fact_of(fields)
    if fact is not None:
        assert fact.uid is None or fact.uid >= 0
        assert fact.action is None or all(fact.action)
