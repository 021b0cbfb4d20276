"""A journal entry, raw, and the audit record that is parsed from it."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry, raw: what journald took from the kernel, and what the sender wrote.

    Attributes:
        cursor: Names the entry for good (sd_journal_get_cursor(3)).
        sent: When the sender sent it, in CLOCK_MONOTONIC seconds of this boot; below zero for
            entries of an earlier boot.
        wall: The same moment in seconds since the epoch.
        uid: `_UID`, from the kernel's SCM_CREDENTIALS: the user smbd acted as.
        gid: `_GID`, likewise.
        unit: `_SYSTEMD_UNIT`; empty when journald could not tell.
        transport: `_TRANSPORT`.
        identifier: `SYSLOG_IDENTIFIER`, which anybody can claim.
        facility: `SYSLOG_FACILITY`, which anybody can claim; -1 when missing.
        message: The text, whole, with trailing blanks and without the final newline; bytes that
            are not UTF-8 are surrogate escapes.
    """

    cursor: str
    sent: float
    wall: float
    uid: int
    gid: int
    unit: str
    transport: str
    identifier: str
    facility: int
    message: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A journal entry, raw, that says how many others journald did not keep.

    Attributes:
        cursor: As in Entry.
        sent: As in Entry.
        transport: `_TRANSPORT`; journald's own entries have `driver`, and nobody else's.
        uid: `_UID`.
        unit: `OBJECT_SYSTEMD_UNIT`: whose entries; anybody but journald can claim it.
        number: `N_DROPPED`, which anybody can claim as well; -1 when missing.
    """

    cursor: str
    sent: float
    transport: str
    uid: int
    unit: str
    number: int


class Operation(Enum):
    """The operations of full_audit that end the life of a name."""

    UNLINK = "unlinkat"
    RENAME = "renameat"


@dataclass(frozen=True, slots=True)
class Attested:
    """Samba's word, in a trusted entry, that a user did something, or wanted to.

    Attributes:
        cursor: Of the entry; a record is used once.
        sent: As in Entry.
        wall: As in Entry.
        uid: The kernel's word for who acted: the identity.
        text_user: The user in the text; only ever held against the identity.
        client: The client's address as smbd saw it.
    """

    cursor: str
    sent: float
    wall: float
    uid: int
    text_user: str
    client: str


@dataclass(frozen=True, slots=True)
class Record(Attested):
    """A user removed or renamed a file.

    Attributes:
        operation: What was done.
        path: Absolute path of what was removed or renamed.
        target: The absolute path that it was renamed to; empty for a removal.
    """

    operation: Operation
    path: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Refused(Attested):
    """Samba did not let a user remove or rename a file.

    Attributes:
        path: Absolute path of what stays.
    """

    path: str


@dataclass(frozen=True, slots=True)
class NotARecord:
    """An entry that says nothing about a removed or renamed file, or is not to be believed.

    Attributes:
        cursor: Of the entry.
        suspicious: Whether it claims to be an audit record and fails a trust check, or cannot be
            read: worth telling the administrator.
        why: What is missing, for people.
    """

    cursor: str
    suspicious: bool
    why: str
