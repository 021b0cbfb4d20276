"""When a running job is looked at, and how much of what was seen is shown.

Rules: a job is looked at once a second; its flag is named anew when its progress has changed, and
its text at most every two seconds if it has written more, else every ten, so that the time elapsed
is about right. Nothing is asked of a job that ends at once. Times are CLOCK_MONOTONIC seconds.
"""

from dataclasses import dataclass

from fui.model.events import JobSeen
from fui.model.job import JobId

LOOK = 1.0
FRESH = 2.0
STALE = 10.0


@dataclass(slots=True)
class _Watched:
    look_at: float
    text_at: float
    seen: JobSeen


class Live:
    """The running jobs, as far as they are shown."""

    def __init__(self) -> None:
        self._jobs: dict[JobId, _Watched] = {}

    def begin(self, job: JobId, now: float) -> None:
        """A job has begun."""
        self._jobs[job] = _Watched(now + LOOK, now, JobSeen(job))

    def end(self, job: JobId) -> None:
        """A job is over."""
        self._jobs.pop(job, None)

    def due(self, now: float) -> list[JobId]:
        """Return the jobs that are to be looked at now."""
        due = [job for job, watched in self._jobs.items() if watched.look_at <= now]
        for job in due:
            self._jobs[job].look_at = now + LOOK
        return due

    def saw(self, seen: JobSeen, now: float) -> JobSeen | None:
        """Return what is to be shown of a job after a look; None if nothing new is."""
        watched = self._jobs.get(seen.job)
        if watched is None:
            return None
        before = watched.seen
        fresh = FRESH if seen.written != before.written else STALE
        if now - watched.text_at >= fresh:
            watched.text_at = now
            watched.seen = seen
        elif seen.progress != before.progress:
            watched.seen = JobSeen(seen.job, before.output, before.written, seen.progress)
        else:
            return None
        return watched.seen

    def next_due(self) -> float | None:
        """Return when a job is to be looked at next."""
        return min((watched.look_at for watched in self._jobs.values()), default=None)
