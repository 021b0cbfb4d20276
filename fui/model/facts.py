"""What the ledger tells: one fact, one structured journal entry, one MESSAGE_ID."""

from dataclasses import dataclass
from enum import Enum

from fui.model.job import JobId
from fui.model.menu import ActionId
from fui.model.states import JobResult, Loss, Refusal


class FactKind(Enum):
    """Each kind has a MESSAGE_ID of its own and a text in the message catalogue."""

    PRESSED = "pressed"  # attributed: somebody known asks for an action
    DENIED = "denied"  # refused, with the reason
    UNATTRIBUTED = "unattributed"  # nobody known; nothing ran
    ASKED = "asked"  # the same user has to press once more
    QUEUED = "queued"  # waits until its action groups are free
    LEFT = "left"  # a queued press is taken back
    MANY = "many"  # many presses at once, none of which ran
    CANCELLED = "cancelled"  # somebody who may ends a job
    STARTED = "started"
    ADOPTED = "adopted"  # FUI was started anew, and goes on with a job of before
    ENDED = "ended"
    OUTPUT = "output"  # what a job wrote
    RESTORED = "restored"  # a flag was put back that was moved, overwritten or missing
    NOT_RUN = "not-run"  # pressed while FUI was not running, or queued when it ended
    CONFIGURED = "configured"  # the configuration was read again and holds now
    MISCONFIGURED = "misconfigured"  # a fault in the configuration; what was good before holds
    LOST = "lost"  # events, records or a share that could not be read or written
    SUSPICIOUS = "suspicious"  # an entry that claims to be an audit record and is not


TO_BE_CONTINUED = frozenset({FactKind.PRESSED, FactKind.QUEUED})
"""What comes of a press is told after these; every other fact about one is the end of its story, or of
the job that it started."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the story. What does not apply is left at its default."""

    kind: FactKind
    action: ActionId | None = None
    user: str = ""
    uid: int | None = None
    client: str = ""
    refusal: Refusal | None = None
    reason: str = ""
    """The rule that decided, or what happened; for people."""
    job: JobId = ""
    run_as: str = ""
    """user:group of a started job."""
    argv: tuple[str, ...] = ()
    result: JobResult | None = None
    status: int | None = None
    duration: float | None = None
    output: str = ""
    records: tuple[str, ...] = ()
    """The audit records of the presses that it is about, by their cursors."""
    loss: Loss | None = None
    """What was lost."""
    number: int | None = None
    """How many presses or messages this is about, where one fact is about many."""
    latency: float | None = None
    """Seconds from when a press was made until it was proven who did."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it stands in the ledger.

    Attributes:
        at: When it was told, in seconds since the epoch.
        cursor: Names the entry for good (sd_journal_get_cursor(3)).
        fact: What was told; without the output of a job.
    """

    at: float
    cursor: str
    fact: Fact
