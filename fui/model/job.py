"""A job: one accepted run of an action, and what is kept of it afterwards."""

from dataclasses import dataclass

from fui.model.menu import Action, ActionId
from fui.model.states import Intervention, JobResult, JobState

JobId = str
"""Unique over restarts; letters, digits and hyphens, so that it can name a cgroup."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the processes of a job ended, as the runner saw it.

    Attributes:
        status: Exit status of the command as sudo passes it on; None when it never started.
            A command that a signal ended has 128 + signal.
        output: What it wrote to stdout and stderr; bytes that are not UTF-8 are surrogate escapes.
        lost: Bytes of output that were over the limit and are not in `output`.
        error: Why it could not be started, and what to do; empty otherwise.
        interrupted: Why nobody can say how it ended; empty otherwise.
        exceeded: Which of its limits it ran into; empty if none.
    """

    status: int | None
    output: str = ""
    lost: int = 0
    error: str = ""
    interrupted: str = ""
    exceeded: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run as it is shown in the flag and kept over restarts.

    Attributes:
        job: Its id.
        user: Who pressed.
        uid: The same, as the kernel says.
        client: The address the press came from.
        cursor: Of the audit record that proved the press; that press is never told again.
        started: Seconds since the epoch.
        ended: Likewise; None while it runs.
        result: None while it runs.
        status: Exit status, where there is one.
        tail: The end of its output.
        error: Why it could not be started, or why it was ended; for people.
    """

    job: JobId
    user: str
    uid: int
    client: str
    cursor: str
    started: float
    ended: float | None = None
    result: JobResult | None = None
    status: int | None = None
    tail: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """What a run counts for its action's limit and cool-down; times are seconds since the epoch.

    Attributes:
        uid: Of the user who pressed.
        started: When it began.
        ended: When it ended; None while it runs.
    """

    uid: int
    started: float
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job under way, and all that another daemon needs to go on with it.

    Attributes:
        id: Its id.
        action: What it runs, as it was configured when it began.
        run: What is known of it until now.
        due: CLOCK_MONOTONIC seconds at which the next step against it is taken; None: no more.
        state: Where it is.
        ended_because: Why it is being ended.
        ended_by: Who cancelled it.
        told: Whether the ledger has that it was started.
    """

    id: JobId
    action: Action
    run: Run
    due: float | None
    state: JobState = JobState.RUNNING
    ended_because: Intervention | None = None
    ended_by: str = ""
    told: bool = False


HISTORY = 10
"""How many runs of an action are kept."""


@dataclass(frozen=True, slots=True)
class History:
    """What is kept of an action's runs over restarts.

    Attributes:
        runs: The last of them, at most HISTORY, the newest last; only that one has its output.
        uses: What still counts for the action's limit and cool-down, the newest last.
    """

    runs: tuple[Run, ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def last(self) -> Run | None:
        """The newest run, also one that is under way."""
        return self.runs[-1] if self.runs else None


@dataclass(frozen=True, slots=True)
class Queued:
    """A press that waits for its turn, as it is kept over restarts so that it can be told.

    Attributes:
        action: What was pressed.
        user: Who pressed.
        uid: The same, as the kernel says.
        client: The address the press came from.
        cursor: Of the audit record that proved the press; that press is never told again.
    """

    action: ActionId
    user: str
    uid: int
    client: str
    cursor: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, by its own word.

    Attributes:
        percent: 0 to 100.
        text: What it is doing; may be empty.
    """

    percent: int
    text: str = ""
