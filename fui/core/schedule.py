"""Which job holds which action group, and when a job's time is up.

Rules: one job at a time for each action group, by an explicit key; the group is free only when its
job has ended, which is when its last process is gone; a job that does not end by itself is asked to
(TERM), and after the grace it is killed. Knows nothing of flags or users.
"""

from dataclasses import dataclass
from enum import Enum

from fui.model.job import Ending, JobId
from fui.model.menu import ActionId
from fui.model.states import JobResult, JobState


class Why(Enum):
    """Why a job is being ended from outside."""

    TIMEOUT = "timeout"
    STOPPING = "stopping"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Job:
    """A job that holds its group."""

    id: JobId
    action: ActionId
    group: str
    started: float
    due: float | None
    """CLOCK_MONOTONIC seconds at which the next step against it is taken; None: no more steps."""
    state: JobState = JobState.RUNNING
    ended_because: Why | None = None
    ended_by: str = ""
    """Who cancelled it."""


class Schedule:
    """The jobs that run, by action group."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._by_group: dict[str, Job] = {}
        self._by_id: dict[JobId, Job] = {}

    def holder(self, group: str) -> Job | None:
        """Return the job that holds a group."""
        return self._by_group.get(group)

    def running(self, group: str, action: ActionId) -> JobId:
        """Return the job that an action has running; empty if it has none."""
        holder = self._by_group.get(group)
        return holder.id if holder is not None and holder.action == action else ""

    def get(self, job: JobId) -> Job | None:
        """Return a running job by its id."""
        return self._by_id.get(job)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All running jobs, in the order of their starts."""
        return tuple(self._by_id.values())

    def take(self, job: JobId, action: ActionId, group: str, now: float, timeout: float) -> Job:
        """Give a free group to a new job. A group that is taken is a bug and dies."""
        assert group not in self._by_group, f"{group} is held already"  # noqa: S101
        taken = Job(job, action, group, started=now, due=now + timeout)
        self._by_group[group] = taken
        self._by_id[job] = taken
        return taken

    def release(self, job: JobId) -> Job | None:
        """Free the group of a job that has ended; None if there is no such job."""
        ended = self._by_id.pop(job, None)
        if ended is not None:
            del self._by_group[ended.group]
        return ended

    def terminate(self, job: Job, why: Why, now: float, by: str = "") -> bool:
        """Begin to end a job; False if that was begun before."""
        if job.state is not JobState.RUNNING:
            return False
        job.state = JobState.TERMINATING
        job.ended_because = why
        job.ended_by = by
        job.due = now + self._grace
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


def how_it_ended(job: Job, ending: Ending, timeout: float) -> tuple[JobResult, str]:
    """Return a job's result, and the reason in words where the result does not say it all."""
    if ending.status is None or ending.error:
        return JobResult.NOT_STARTED, ending.error
    if job.state is JobState.RUNNING:
        return (JobResult.DONE if ending.status == 0 else JobResult.FAILED), ""
    if job.ended_because is Why.STOPPING:
        return JobResult.INTERRUPTED, "FUI was stopped"
    if job.ended_because is Why.CANCELLED:
        return JobResult.CANCELLED, f"{job.ended_by} cancelled it"
    return JobResult.TIMED_OUT, f"it was still running after {timeout:g} s"
