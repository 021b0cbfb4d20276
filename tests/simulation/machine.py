"""Jobs as processes really are, and what is kept on disk over the death of a daemon."""

from dataclasses import dataclass, field

from fui.model import events as on
from fui.model.job import Ending, History, Job, JobId, Progress, Queued
from fui.model.menu import Action, ActionId
from tests.simulation.truth import Deed


@dataclass(frozen=True, slots=True)
class Plan:
    """What the jobs do that begin from now on.

    Attributes:
        lasts: Seconds.
        status: How they end.
        stubborn: Whether TERM does nothing to them.
        broken: Whether they cannot even be started.
    """

    lasts: float = 2.0
    status: int = 0
    stubborn: bool = False
    broken: bool = False

    def __str__(self) -> str:
        if self.broken:
            return "cannot be started"
        stubborn = ", whatever TERM says" if self.stubborn else ""
        return f"take {self.lasts:g} s and end with {self.status}{stubborn}"


@dataclass(slots=True, eq=False)
class Process:
    """A job as it really is."""

    job: JobId
    action: Action
    deed: Deed
    plan: Plan
    began: float
    alive: bool = True
    terminated: bool = False
    killed: bool = False
    ended: float = 0.0

    def seen(self, now: float) -> on.JobSeen:
        """Answer LookAtJob."""
        percent = min(99, int((now - self.began) * 10))
        return on.JobSeen(self.job, "line\n", int(now - self.began), Progress(percent))

    @property
    def ending(self) -> Ending:
        """How it ended."""
        if self.plan.broken:
            return Ending(None, error="cannot run it: no such program")
        if self.killed:
            return Ending(137, "killed\n")
        return Ending(143 if self.terminated else self.plan.status, "output\n")


@dataclass(slots=True)
class Kept:
    """What is on disk; the jobs are gone after a reboot."""

    histories: dict[ActionId, History] = field(default_factory=dict)
    queued: tuple[Queued, ...] = ()
    cursor: str | None = None
    jobs: dict[JobId, Job] = field(default_factory=dict)
