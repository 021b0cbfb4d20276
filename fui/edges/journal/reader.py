"""systemd's journal reader as this edge needs it. The only importer of it.

Rules: matches only narrow down what is looked at; they are no check. LOCAL_ONLY and nothing less
than all of the system's files: with SplitMode=uid an audit entry lies in the file of the user that
smbd acted as. Never seek_tail(), which can be deaf, nor seek_monotonic(), which systemd 252 gets
wrong. A method raises OSError when the files do. Not for threads.
"""

import contextlib
import errno
import functools
import os
import re
from typing import Self

from systemd.id128 import get_boot
from systemd.journal import LOCAL_ONLY, SYSTEM_ONLY
from systemd.journal import Reader as _SystemdReader

from fui.edges.journal.entry import MICRO, Fields, Stamp
from fui.model.errors import EdgeError

IDENTIFIER = "smbd_audit"

DROPPED = "a596d6fe7bfa4994828e72309e95d61e"
"""SD_MESSAGE_JOURNAL_DROPPED of systemd's sd-messages.h: "Suppressed N messages from UNIT"."""

_ALWAYS_THERE = {"_TRANSPORT", "SYSLOG_IDENTIFIER", "SYSLOG_FACILITY", "MESSAGE"}

UNREADABLE = (
    "cannot read the journal of this system: let FUI's user into the group systemd-journal"
    " (usermod --append --groups systemd-journal fui) and start FUI again; if that does not help,"
    " journald keeps no journal (Storage=none in journald.conf)"
)


_BEGINNING = "since "
_TIME = re.compile(_BEGINNING + r"([0-9]{1,12}\.[0-9]{6})")


def beginning(wall: float) -> str:
    """Return what stands for a cursor where there is no entry to name: the time to read from.

    Times are seconds since the epoch.
    """
    return f"{_BEGINNING}{wall:.6f}"


def time_of(cursor: str) -> float | None:
    """Return the time of what `beginning` has made; None for a cursor that names an entry."""
    made = _TIME.fullmatch(cursor)
    return float(made[1]) if made else None


class Reader(_SystemdReader):  # type: ignore[misc]  # systemd-python has no types
    """A reader of the entries that could be audit records, or say that such were dropped.

    With the fast raw calls.
    """

    @classmethod
    def connect(cls, facility: int, folder: str | None) -> Self:
        """Open the journal of this system, or the journal files in a folder.

        Raises:
            EdgeError: Reading would be in vain.
        """
        if folder is None:
            with cls(LOCAL_ONLY | SYSTEM_ONLY) as system:
                if not (system.has_runtime_files() or system.has_persistent_files()):
                    raise EdgeError(UNREADABLE)
        reader = cls(LOCAL_ONLY) if folder is None else cls(path=folder)
        reader.add_match("_TRANSPORT=syslog")
        reader.add_match(f"SYSLOG_IDENTIFIER={IDENTIFIER}")
        reader.add_match(f"SYSLOG_FACILITY={facility}")
        reader.add_disjunction()
        reader.add_match("_TRANSPORT=driver")
        reader.add_match(f"MESSAGE_ID={DROPPED}")
        return reader

    def go_to_time(self, wall: float) -> None:
        """Stand before the first entry written at that time or later."""
        self.seek_realtime(max(int(wall * MICRO), 0))

    def go_behind(self, cursor: str, otherwise: float) -> bool:
        """Stand behind the entry that the cursor names; False if that entry is gone.

        Then the reader stands before what came next after it or, if nothing did, before the first
        entry written at the time `otherwise` or later.
        """
        try:
            self.seek_cursor(cursor)
            near = self.step()
        except ValueError:  # it is no cursor
            near = False
        if near and self.test_cursor(cursor):
            return True
        if near:
            self.seek_cursor(cursor)
        else:
            self.go_to_time(otherwise)
        return False

    def step(self) -> bool:
        """Go on to the next entry; False if there is none yet."""
        return bool(self._next())

    def cursor(self) -> str:
        """Return the name of the entry at hand."""
        return str(self._get_cursor())

    def stamp(self) -> Stamp:
        """Return when the entry at hand was written."""
        monotonic, boot = self._get_monotonic()
        return Stamp(self._get_realtime(), monotonic, boot == _this_boot())

    def fields(self) -> Fields:
        """Return all of the entry at hand; faster than asking for three of its fields.

        sd_journal_enumerate_data(3) ends at what it cannot read as if that were the end. So an
        entry without a field that it was found by, or without a message, was not read whole.
        """
        with contextlib.suppress(UnicodeDecodeError):  # the name of a field, in a damaged file
            fields: Fields = self._get_all()
            if fields.keys() >= _ALWAYS_THERE:
                return fields
        raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))


@functools.cache
def _this_boot() -> bytes:
    return get_boot().bytes  # type: ignore[no-any-return]
