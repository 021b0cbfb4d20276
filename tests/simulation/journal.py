"""The journal, and what Samba and others write into it.

Rules: entries lie in the order in which they were sent, and a cursor names one for good; when a daemon
finds an entry is the world's business.
"""

from dataclasses import dataclass, replace
from typing import Any

from fui.model.record import Entry
from tests.simulation.cast import Person
from tests.simulation.truth import Deed

_ENTRY = Entry("", 0.0, 0.0, 0, 0, "smbd.service", "syslog", "smbd_audit", 21, "")

FLAWS: dict[str, dict[str, Any]] = {
    "by somebody's own gid": {"gid": 100},
    "from no unit": {"unit": ""},
    "from a unit of its own": {"unit": "session-3.scope"},
    "to another facility": {"facility": 1},
    "by another transport": {"transport": "stdout"},
    "under another identifier": {"identifier": "smbd"},
    "as root": {"uid": 0},
    "without an end": {"message": "alice|192.0.2.7|Controls|unlinkat|ok"},
}
"""What tells a forged entry from a true one; one flaw is enough."""


@dataclass(slots=True, eq=False)
class Line:
    """An entry, and the deed of which it tells; None if it is none that was done."""

    index: int
    entry: Entry
    deed: Deed | None


@dataclass(frozen=True, slots=True)
class Word:
    """How Samba's word comes.

    Attributes:
        sent: Seconds after the deed; smbd can be held up.
        read: Seconds after that until the daemon finds it.
        twice: It is found twice.
        text: Whose session carried it out; empty: the same user's.
    """

    sent: float = 0.0
    read: float = 0.0005
    twice: bool = False
    text: str = ""

    def __str__(self) -> str:
        parts = [f"sent after {self.sent:g} s" if self.sent else ""]
        parts += [f"found after {self.read:g} s" if self.read > 0.001 else ""]
        parts += ["found twice" if self.twice else "", self.text and f"closed by {self.text}"]
        return ", ".join(filter(None, parts)) or "at once"


def message(text: str, operation: str, path: str, target: str = "") -> str:
    """Return the line that Samba writes."""
    return f"{text}|192.0.2.7|Controls|{operation}|ok|{path}" + (f"|{target}" if target else "")


def refusal(text: str, path: str) -> str:
    """Return the line that Samba writes when it does not let somebody delete."""
    return f"{text}|192.0.2.7|Controls|create_file|fail (denied)|0x10080|file|open|{path}"


class Journal:
    """All entries."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    @property
    def end(self) -> str:
        """The cursor of the last entry."""
        return f"c{len(self.lines) - 1}"

    def since(self, cursor: str | None) -> int:
        """Return the index of the first entry behind a cursor."""
        return len(self.lines) if cursor is None else int(cursor[1:]) + 1

    def store(
        self,
        who: Person,
        text: str,
        sent: float,
        wall: float,
        deed: Deed | None,
        **flaw: Any,  # noqa: ANN401 - any field of an entry
    ) -> Line:
        """Take an entry in."""
        index = len(self.lines)
        made = replace(
            _ENTRY, cursor=f"c{index}", sent=sent, wall=wall, uid=who.uid, message=text, **flaw
        )
        line = Line(index, made, deed)
        self.lines.append(line)
        if deed is not None:
            deed.cursor, deed.sent = made.cursor, sent
        return line
