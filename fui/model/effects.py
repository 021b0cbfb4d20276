"""What goes out. The engine decides with these; edges carry them out, in the order given."""

from dataclasses import dataclass

from fui.model.facts import Fact
from fui.model.job import JobId, Run
from fui.model.menu import Action, Command, Subject


@dataclass(frozen=True, slots=True)
class ShowFlag:
    """Make the flag of an action stand under a name, with a text; answered by FlagShown.

    Attributes:
        action: Its folder and file settings say where and how.
        old: The name under which it stands now; None when it is gone.
        name: The name it shall have.
        text: The content.
    """

    action: Action
    old: str | None
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class RemoveOwn:
    """Take a file that FUI made out of a folder; anybody else's is left alone."""

    folder: str
    name: str


@dataclass(frozen=True, slots=True)
class ListFolder:
    """Look at a folder, and make it anew if it is gone; answered by FolderListed."""

    folder: str


@dataclass(frozen=True, slots=True)
class Rewatch:
    """Throw the watches away and set them anew; None means all of them."""

    folder: str | None


@dataclass(frozen=True, slots=True)
class ExpectRecords:
    """Poll the journal from now on, for records sent after `since` (CLOCK_MONOTONIC seconds).

    None: nothing is expected any more, journald's own wake-ups are soon enough.
    """

    since: float | None


@dataclass(frozen=True, slots=True)
class LookUpAccount:
    """Ask who a uid is and which of the subjects it falls under, within `timeout` seconds."""

    question: int
    uid: int
    subjects: frozenset[Subject]
    timeout: float


@dataclass(frozen=True, slots=True)
class StartJob:
    """Run a command through sudo in a cgroup of its own; answered by JobStarted or JobEnded."""

    job: JobId
    command: Command
    environment: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TerminateJob:
    """Send TERM to the job; it is asked to end."""

    job: JobId


@dataclass(frozen=True, slots=True)
class KillJob:
    """Kill every process of the job, whatever it did to escape."""

    job: JobId


@dataclass(frozen=True, slots=True)
class SaveRun:
    """Keep the last run of an action over restarts."""

    action: Action
    run: Run


@dataclass(frozen=True, slots=True)
class SaveCursor:
    """Keep how far the journal has been dealt with."""

    cursor: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Write a fact into the ledger."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class RequestWakeup:
    """Send Woken at this time (CLOCK_MONOTONIC seconds); replaces an earlier request."""

    at: float


@dataclass(frozen=True, slots=True)
class Exit:
    """Everything is in order; the daemon may end."""


Effect = (
    ShowFlag
    | RemoveOwn
    | ListFolder
    | Rewatch
    | ExpectRecords
    | LookUpAccount
    | StartJob
    | TerminateJob
    | KillJob
    | SaveRun
    | SaveCursor
    | Tell
    | RequestWakeup
    | Exit
)
