"""What was really done, by whom, and what was told of it; the engine never sees it.

Rules: a *life* is one life of a name, as FUI made it; a *deed* is what somebody did to a name; an
*outcome* is what the ledger says came of it. Nothing here is read from the engine.
"""

import re
from dataclasses import dataclass, field

from fui.model.menu import ActionId
from tests.simulation.cast import Person

_NAME = re.compile(r"(.*) \[([^]]*?)(?: [0-9]+(?: %)?)?\]\.txt")

PRESSABLE = frozenset(
    ("Ready", "Done", "Failed", "Denied", "Cancelled", "Wait", "Delete again to confirm")
)
"""What a flag has to say so that a deletion of it can start something."""

UNLINK, RENAME = "unlinkat", "renameat"
CONFIRM = "Delete again to confirm"
RUNNING = "Running"


class Violation(AssertionError):  # noqa: N818 - it is one
    """An invariant does not hold.

    Attributes:
        invariant: Which; two runs that break the same one fail in the same way.
    """

    def __init__(self, invariant: str, detail: str = "") -> None:
        super().__init__(f"{invariant}: {detail}" if detail else invariant)
        self.invariant = invariant


def require(holds: object, invariant: str, detail: object = "") -> None:
    """Insist on an invariant."""
    if not holds:
        raise Violation(invariant, str(detail))


def read_name(name: str) -> tuple[str, str] | None:
    """Return the action and the word in the name of a flag; None if it is none."""
    found = _NAME.fullmatch(name)
    return (found[1], found[2]) if found else None


@dataclass(slots=True, eq=False)
class Life:
    """One life of a flag's name.

    Attributes:
        path: The name, with its folder.
        action: Whose flag.
        word: The state that the name says.
        born: When FUI was told that it made it.
        daemon: Which daemon made it; each start is another.
        over: Whether FUI has ended it itself, or was told that somebody did.
        seen_by: Which daemon was told that somebody has ended it.
        outcomes: What came of its end.
    """

    path: str
    action: ActionId
    word: str
    born: float
    daemon: int
    over: bool = False
    seen_by: int = 0
    outcomes: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class File:
    """A file in the share.

    Attributes:
        life: Whose name it bears, if FUI made it and nobody has moved it; None for a user's file.
        ours: Whether FUI made it.
    """

    life: Life | None
    ours: bool


@dataclass(slots=True, eq=False)
class Deed:
    """Somebody ended a name, or had Samba say so.

    Attributes:
        number: Counts them.
        who: Who really did it.
        life: The life that the name had, or had last.
        at: When.
        operation: As Samba calls it.
        target: What it was renamed to.
        executes: Whether it is a move into the execute folder.
        genuine: Whether it was FUI's flag that went; else it was a file of that name.
        phantom: Samba says so, and the file stayed.
        text: The name in Samba's text.
        job: The last job of the action, if the name said that it runs.
        cursor: Of its record; empty as long as there is none.
        sent: When the record was sent.
        seen: When the daemon that made the name was told that it has ended, by this deed.
        seen_by: Which daemon that was.
        heard: When a daemon read the record first.
        claimed: Whether the daemon that read the record last knew of the action.
        orphaned: Whether the daemon that saw it died before it told what came of it.
        outcomes: What the ledger says, in order.
        waits: Whether it waits in the queue.
        again: Whether it may be told once more, because a daemon died while it told.
        runs: How many runs were kept of it.
    """

    number: int
    who: Person
    life: Life
    at: float
    operation: str
    target: str = ""
    executes: bool = False
    genuine: bool = True
    phantom: bool = False
    text: str = ""
    job: str = ""
    cursor: str = ""
    sent: float = 0.0
    seen: float | None = None
    seen_by: int = 0
    heard: float | None = None
    claimed: bool = False
    orphaned: bool = False
    outcomes: list[str] = field(default_factory=list)
    waits: bool = False
    again: bool = False
    runs: int = 0

    @property
    def asks(self) -> bool:
        """Whether it asks for something."""
        return self.executes or self.operation == UNLINK

    @property
    def action(self) -> ActionId:
        """What was pressed."""
        return self.life.action

    def __str__(self) -> str:
        told = ", ".join(self.outcomes) or "nothing"
        return f"deed {self.number} of {self.who.text} at {self.life.path} ({self.at:.3f}): {told}"
