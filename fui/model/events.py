"""What comes in. Every fact that the engine learns is one of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fui.model.facts import FactKind
from fui.model.job import Ending, History, Job, JobId, Progress, Queued
from fui.model.menu import ActionId, Menu, Subject
from fui.model.record import Entry, Notice


@dataclass(frozen=True, slots=True)
class Place:
    """A name in a watched folder. Names that are not UTF-8 hold surrogate escapes."""

    folder: str
    name: str

    @property
    def path(self) -> str:
        """Absolute, as an audit record spells it."""
        return f"{self.folder}/{self.name}"


@dataclass(frozen=True, slots=True)
class Started:
    """The daemon begins. What the last one left behind comes with it.

    Attributes:
        histories: What was saved of the runs of each action of the menu and of the jobs.
        cursor: Where reading of the journal goes on; None when there is nothing to go on from.
        queued: The presses that waited for their turn.
        jobs: The jobs that were under way, in the order of their starts.
        told_presses: The cursors of the records of presses of which the ledger has what came of them,
            though perhaps nothing else has: the last daemon may have died right behind that.
        told_jobs: What the ledger has of jobs.
    """

    histories: Mapping[ActionId, History] = field(default_factory=dict)
    cursor: str | None = None
    queued: tuple[Queued, ...] = ()
    jobs: tuple[Job, ...] = ()
    told_presses: frozenset[str] = frozenset()
    told_jobs: frozenset[tuple[FactKind, JobId]] = frozenset()

    @property
    def dealt_with(self) -> frozenset[str]:
        """The cursors of the records of presses of which something came: it was told, or a run was kept."""
        runs = {run.cursor for history in self.histories.values() for run in history.runs}
        return self.told_presses | runs | {job.run.cursor for job in self.jobs}


@dataclass(frozen=True, slots=True)
class Watching:
    """All flags stand, and from now on it is seen what becomes of them.

    Attributes:
        since: CLOCK_MONOTONIC seconds just before. What was done earlier was missed: a flag that was deleted
            while it was being shown cannot be told from the one that was shown then.
    """

    since: float


@dataclass(frozen=True, slots=True)
class Reconfigured:
    """The configuration was read again.

    Attributes:
        menu: What holds from now on; where files were wrong, with what was good before in them.
        histories: What was saved of the runs of those of its actions that are new.
    """

    menu: Menu
    histories: Mapping[ActionId, History] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileDeleted:
    """inotify: a name is gone. Never FUI's own doing, which moves things out to its staging."""

    place: Place


@dataclass(frozen=True, slots=True)
class FileMoved:
    """inotify: a name became another one; moves from and to FUI's staging are never told.

    Attributes:
        source: None when it came from a folder that is not watched.
        target: None when it went to one.
    """

    source: Place | None
    target: Place | None


@dataclass(frozen=True, slots=True)
class FileCreated:
    """inotify: a new name, made by somebody else."""

    place: Place


@dataclass(frozen=True, slots=True)
class WatchLost:
    """Events are missing: the kernel's queue overflowed, or a folder was replaced.

    Attributes:
        folder: Its path; None when it concerns all of them.
        why: For people.
        overflow: Whether single events are missing; else a whole folder is, with all that was in it.
    """

    folder: str | None
    why: str
    overflow: bool = False


@dataclass(frozen=True, slots=True)
class DirEntry:
    """What a listing says about one name.

    Attributes:
        name: The name.
        ours: Whether FUI made it: a regular file that belongs to FUI's user, or to the owner that
            the configuration has FUI give its files to.
    """

    name: str
    ours: bool


@dataclass(frozen=True, slots=True)
class FolderListed:
    """Answer to ListFolder. All file events from before the listing have been told before."""

    folder: str
    entries: tuple[DirEntry, ...]


@dataclass(frozen=True, slots=True)
class FlagShown:
    """Answer to ShowFlag: the flag stands under its new name.

    Attributes:
        action: Whose flag.
        name: The name in its folder.
        born: CLOCK_MONOTONIC seconds just before the name came to be.
        set_aside: The new name of a user's file that was in the way; empty if there was none.
    """

    action: ActionId
    name: str
    born: float
    set_aside: str = ""


@dataclass(frozen=True, slots=True)
class FlagHidden:
    """Answer to HideFlag: the flag stands nowhere now."""

    action: ActionId


@dataclass(frozen=True, slots=True)
class FlagMissing:
    """Answer to ShowFlag and HideFlag: the name was gone already, nothing was done.

    The event of its end will come.
    """

    action: ActionId


@dataclass(frozen=True, slots=True)
class ShareFailed:
    """The file system refused: answer to whatever needs the share or the state directory."""

    folder: str
    error: str
    action: ActionId | None = None


@dataclass(frozen=True, slots=True)
class EntryRead:
    """The journal has an entry that could be an audit record."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class EntriesDropped:
    """The journal has an entry that says that others were not kept."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class LedgerMissed:
    """Answer to Tell, where there is one: journald did not take so many entries of it."""

    number: int


@dataclass(frozen=True, slots=True)
class JournalGap:
    """The journal could not be read for a while; entries may be missing."""

    why: str


@dataclass(frozen=True, slots=True)
class AccountFound:
    """Answer to LookUpAccount.

    Attributes:
        question: Its number.
        name: The user's name as NSS says it; with a domain, where Samba names one and NSS agrees.
        within: Those of the subjects asked about that the user is, or is a member of.
    """

    question: int
    name: str
    within: frozenset[Subject]


@dataclass(frozen=True, slots=True)
class AccountFailed:
    """Answer to LookUpAccount: no proof of who this is.

    Attributes:
        question: Its number.
        known: False when NSS answered that there is no such user.
        why: For people.
    """

    question: int
    known: bool
    why: str


@dataclass(frozen=True, slots=True)
class JobStarted:
    """Answer to StartJob and AdoptJobs: sudo was executed."""

    job: JobId


@dataclass(frozen=True, slots=True)
class JobAdopted:
    """Answer to AdoptJobs: it goes on."""

    job: JobId


@dataclass(frozen=True, slots=True)
class JobSeen:
    """Answer to LookAtJob.

    Attributes:
        job: Its id.
        output: The end of what it wrote until now; bytes that are not UTF-8 are surrogate escapes.
        written: How many bytes of output it wrote until now.
        progress: The last it said of its progress; None if it did not.
    """

    job: JobId
    output: str = ""
    written: int = 0
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class JobEnded:
    """The last process of the job is gone, or none was ever started."""

    job: JobId
    ending: Ending


@dataclass(frozen=True, slots=True)
class Woken:
    """The time that RequestWakeup asked for has come.

    Attributes:
        at: CLOCK_MONOTONIC seconds; all file events from before it have been told before.
    """

    at: float


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The daemon is to end: no new presses.

    Attributes:
        jobs_go_on: Whether another daemon comes and goes on with the jobs; else they get their grace.
    """

    jobs_go_on: bool = False


Event = (
    Started
    | Watching
    | Reconfigured
    | FileDeleted
    | FileMoved
    | FileCreated
    | WatchLost
    | FolderListed
    | FlagShown
    | FlagHidden
    | FlagMissing
    | ShareFailed
    | EntryRead
    | EntriesDropped
    | LedgerMissed
    | JournalGap
    | AccountFound
    | AccountFailed
    | JobStarted
    | JobAdopted
    | JobSeen
    | JobEnded
    | Woken
    | StopRequested
)
