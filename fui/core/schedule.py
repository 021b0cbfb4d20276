"""Which job holds which action groups, and when a job's time is up.

Rules: one job at a time for each action group, by an explicit key; a job takes all groups of its
action at once or none; they are free only when it has ended, which is when its last process is
gone; a job that does not end by itself is asked to (TERM), and after the grace it is killed. Knows
nothing of flags.
"""

from collections.abc import Collection
from dataclasses import replace

from fui.model.job import Ending, Job, JobId
from fui.model.menu import ActionId
from fui.model.states import Intervention, JobResult, JobState


class Schedule:
    """The jobs that run, by action group."""

    def __init__(self, grace: float) -> None:
        """Make it; `grace` is how many seconds a job has between TERM and its kill."""
        self.grace = grace
        self._by_group: dict[str, JobId] = {}
        self._by_id: dict[JobId, Job] = {}

    def holder(self, groups: Collection[str]) -> Job | None:
        """Return a job that holds one of some groups."""
        held = filter(None, map(self._by_group.get, groups))
        return next((self._by_id[job] for job in held), None)

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

    def take(self, job: Job) -> None:
        """Give the groups of its action, which are free, to a job. One that is taken is a bug and dies."""
        groups = job.action.groups
        assert self.free(groups), f"{groups} are held already"  # noqa: S101
        self._by_group |= dict.fromkeys(groups, job.id)
        self._by_id[job.id] = job

    def update(self, job: Job) -> Job:
        """Have something else be known of a job; return it."""
        self._by_id[job.id] = job
        return job

    def release(self, job: JobId) -> Job | None:
        """Free the groups of a job that has ended; None if there is no such job."""
        ended = self._by_id.pop(job, None)
        if ended is not None:
            for group in ended.action.groups:
                del self._by_group[group]
        return ended

    def terminate(self, job: Job, why: Intervention, now: float, by: str = "") -> Job | None:
        """Begin to end a job; return it as it is now, None if that was begun before."""
        if job.state is not JobState.RUNNING:
            return None
        due = now + self.grace
        ending = replace(job, state=JobState.TERMINATING, ended_because=why, ended_by=by, due=due)
        return self.update(ending)

    def overdue(self, now: float) -> tuple[Job, ...]:
        """Return the jobs whose next step is due: TERM if running, else the kill."""
        return tuple(job for job in self.jobs if job.due is not None and job.due <= now)

    def kill(self, job: Job) -> None:
        """Note that a job is being killed; no further step follows."""
        self.update(replace(job, state=JobState.KILLING, due=None))

    def next_due(self) -> float | None:
        """Return when the next step is due."""
        return min((job.due for job in self.jobs if job.due is not None), default=None)


def how_it_ended(job: Job, ending: Ending) -> tuple[JobResult, str]:
    """Return a job's result, and the reason in words where the result does not say it all."""
    if ending.interrupted:
        return JobResult.INTERRUPTED, ending.interrupted
    if ending.status is None or ending.error:
        return JobResult.NOT_STARTED, ending.error
    if job.state is JobState.RUNNING:
        return (JobResult.DONE if ending.status == 0 else JobResult.FAILED), ending.exceeded
    if job.ended_because is Intervention.STOPPING:
        return JobResult.INTERRUPTED, "FUI was stopped"
    if job.ended_because is Intervention.CANCELLED:
        return JobResult.CANCELLED, f"{job.ended_by} cancelled it"
    return JobResult.TIMED_OUT, f"it was still running after {job.action.command.timeout:g} s"
