"""Which job holds which action groups, and when a job's time is up.

Rules: one job at a time for each action group, by an explicit key; a job takes all groups of its
action at once or none; they are free only when it has ended, which is when its last process is
gone; a job that does not end by itself is asked to (TERM), and after the grace it is killed. Knows
nothing of flags.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from fui.model.job import Ending, JobId
from fui.model.menu import Action, ActionId
from fui.model.states import JobResult, JobState


class Why(Enum):
    """Why a job is being ended from outside."""

    TIMEOUT = "timeout"
    STOPPING = "stopping"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Job:
    """A job that holds its groups.

    Attributes:
        id: Its id.
        action: What it runs, as it was configured when it began.
        user: Whom it runs for.
        due: CLOCK_MONOTONIC seconds at which the next step against it is taken; None: no more.
        state: Where it is.
        ended_because: Why it is being ended.
        ended_by: Who cancelled it.
    """

    id: JobId
    action: Action
    user: str
    due: float | None
    state: JobState = JobState.RUNNING
    ended_because: Why | None = None
    ended_by: str = ""


class Schedule:
    """The jobs that run, by action group."""

    def __init__(self, grace: float) -> None:
        """Make it; `grace` is how many seconds a job has between TERM and its kill."""
        self.grace = grace
        self._by_group: dict[str, Job] = {}
        self._by_id: dict[JobId, Job] = {}

    def holder(self, groups: Collection[str]) -> Job | None:
        """Return a job that holds one of some groups."""
        return next(filter(None, map(self._by_group.get, groups)), None)

    def free(self, groups: Collection[str]) -> bool:
        """Whether nobody holds any of some groups."""
        return self.holder(groups) is None

    def running(self, action: ActionId) -> JobId:
        """Return the job that an action has running; empty if it has none."""
        return next((job.id for job in self._by_id.values() if job.action.id == action), "")

    def get(self, job: JobId) -> Job | None:
        """Return a running job by its id."""
        return self._by_id.get(job)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All running jobs, in the order of their starts."""
        return tuple(self._by_id.values())

    def take(self, job: JobId, action: Action, user: str, now: float) -> Job:
        """Give free groups to a new job of an action. One that is taken is a bug and dies."""
        assert self.free(action.groups), f"{action.groups} are held already"  # noqa: S101
        taken = Job(job, action, user, due=now + action.command.timeout)
        self._by_group |= dict.fromkeys(action.groups, taken)
        self._by_id[job] = taken
        return taken

    def release(self, job: JobId) -> Job | None:
        """Free the groups of a job that has ended; None if there is no such job."""
        ended = self._by_id.pop(job, None)
        if ended is not None:
            for group in ended.action.groups:
                del self._by_group[group]
        return ended

    def terminate(self, job: Job, why: Why, now: float, by: str = "") -> bool:
        """Begin to end a job; False if that was begun before."""
        if job.state is not JobState.RUNNING:
            return False
        job.state = JobState.TERMINATING
        job.ended_because = why
        job.ended_by = by
        job.due = now + self.grace
        return True

    def overdue(self, now: float) -> tuple[Job, ...]:
        """Return the jobs whose next step is due: TERM if running, else the kill."""
        return tuple(job for job in self.jobs if job.due is not None and job.due <= now)

    def kill(self, job: Job) -> None:
        """Note that a job is being killed; no further step follows."""
        job.state = JobState.KILLING
        job.due = None

    def next_due(self) -> float | None:
        """Return when the next step is due."""
        return min((job.due for job in self.jobs if job.due is not None), default=None)


def how_it_ended(job: Job, ending: Ending) -> tuple[JobResult, str]:
    """Return a job's result, and the reason in words where the result does not say it all."""
    if ending.status is None or ending.error:
        return JobResult.NOT_STARTED, ending.error
    if job.state is JobState.RUNNING:
        return (JobResult.DONE if ending.status == 0 else JobResult.FAILED), ""
    if job.ended_because is Why.STOPPING:
        return JobResult.INTERRUPTED, "FUI was stopped"
    if job.ended_because is Why.CANCELLED:
        return JobResult.CANCELLED, f"{job.ended_by} cancelled it"
    return JobResult.TIMED_OUT, f"it was still running after {job.action.command.timeout:g} s"
