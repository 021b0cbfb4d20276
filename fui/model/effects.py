"""What goes out. The engine decides with these; edges carry them out, in the order given."""

from dataclasses import dataclass

from fui.model.facts import Fact
from fui.model.job import History, Job, JobId, Queued
from fui.model.menu import NOBODY, Access, Action, ActionId, Command, Menu, Subject
from fui.model.status import Status


@dataclass(frozen=True, slots=True)
class ShowFlag:
    """Make the flag of an action stand under a name, with a text; answered by FlagShown.

    Attributes:
        action: Its folder and file settings say where and how.
        old: The name under which it stands now; None when it is gone.
        name: The name it shall have.
        text: The content.
        may_press: Who can do what a press of it asks for, as it is then; nobody else has to delete it.
    """

    action: Action
    old: str | None
    name: str
    text: str
    may_press: Access = NOBODY


@dataclass(frozen=True, slots=True)
class HideFlag:
    """Take the flag of an action out of its folder; answered by FlagHidden.

    Attributes:
        action: Whose flag.
        name: The name under which it stands now.
    """

    action: Action
    name: str


@dataclass(frozen=True, slots=True)
class Furnish:
    """Have the folders of a menu made and watched from now on, and no other ones.

    Of a folder that is given up, FUI's own files are taken out; it is removed if nothing is left.

    Attributes:
        menu: The menu that holds from now on.
        retired: Actions that are not in it any more, whose jobs still run: their folders stay.
    """

    menu: Menu
    retired: tuple[Action, ...] = ()


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
    """Ask who a uid is and which of the subjects it falls under, within `timeout` seconds.

    Attributes:
        question: Its number; the answer bears it.
        uid: The user, as the kernel says.
        text_user: The name in Samba's text, which may have a domain that NSS leaves out.
        subjects: Users and groups of the configuration.
        timeout: In seconds.
    """

    question: int
    uid: int
    text_user: str
    subjects: frozenset[Subject]
    timeout: float


@dataclass(frozen=True, slots=True)
class StartJob:
    """Run a command through sudo in a cgroup of its own; answered by JobStarted or JobEnded."""

    job: JobId
    command: Command
    environment: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AdoptJobs:
    """Go on with these jobs of the last daemon, and end whatever else it has left.

    For each, JobAdopted if it still goes on, JobStarted if its command was executed, and JobEnded
    when it has ended, which may be long ago.

    Attributes:
        jobs: Their ids, each with what it runs.
    """

    jobs: tuple[tuple[JobId, Command], ...]


@dataclass(frozen=True, slots=True)
class TerminateJob:
    """Send TERM to the job; it is asked to end."""

    job: JobId


@dataclass(frozen=True, slots=True)
class KillJob:
    """Kill every process of the job, whatever it did to escape."""

    job: JobId


@dataclass(frozen=True, slots=True)
class LookAtJob:
    """Ask for what a job has written until now; answered by JobSeen at once."""

    job: JobId


@dataclass(frozen=True, slots=True)
class SaveHistory:
    """Keep what is known of an action's runs over restarts."""

    action: ActionId
    history: History


@dataclass(frozen=True, slots=True)
class SaveJob:
    """Keep a job over a restart, as far as it is by now."""

    job: Job


@dataclass(frozen=True, slots=True)
class ForgetJob:
    """A job has ended, and all of it is told and kept: nothing of it is needed any more."""

    job: JobId


@dataclass(frozen=True, slots=True)
class SaveQueue:
    """Keep which presses wait for their turn; after a restart they are told as not run."""

    queued: tuple[Queued, ...]


@dataclass(frozen=True, slots=True)
class SaveCursor:
    """Keep how far the journal has been dealt with."""

    cursor: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Write a fact into the ledger."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Publish:
    """Let everybody on this machine know what is going on; soon is soon enough."""

    status: Status


@dataclass(frozen=True, slots=True)
class RequestWakeup:
    """Send Woken at this time (CLOCK_MONOTONIC seconds); replaces an earlier request."""

    at: float


@dataclass(frozen=True, slots=True)
class Exit:
    """Everything is in order; the daemon may end."""


Effect = (
    ShowFlag
    | HideFlag
    | Furnish
    | RemoveOwn
    | ListFolder
    | Rewatch
    | ExpectRecords
    | LookUpAccount
    | StartJob
    | AdoptJobs
    | TerminateJob
    | KillJob
    | LookAtJob
    | SaveHistory
    | SaveJob
    | ForgetJob
    | SaveQueue
    | SaveCursor
    | Tell
    | Publish
    | RequestWakeup
    | Exit
)
