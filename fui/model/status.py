"""What is going on, as the daemon lets everybody know it.

Rules: it holds what is not simply ready, so it is small however large the menu is; nothing that a job
wrote is in it. Times are seconds since the epoch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fui.model.job import JobId
from fui.model.menu import ActionId
from fui.model.states import FlagState, Loss


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one action that is not simply ready.

    Attributes:
        action: Which.
        state: What its flag says. READY: a press of it would wait, and `why` says for what.
        detail: What the flag says beside it: how far the job is (`40 %`), the place in the queue.
        user: Who runs it, waits with it, or ran it last; empty where `why` says it all.
        job: The job that runs, or has ended; empty if there is none.
        since: When it came to be so; of a job, when it began.
        until: When this is over by itself; None if it is not, or nobody knows.
        why: What holds it up, or what came of the last press; for people.
    """

    action: ActionId
    state: FlagState
    detail: str = ""
    user: str = ""
    job: JobId = ""
    since: float = 0.0
    until: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """All of it.

    Attributes:
        share: Root of the share.
        actions: How many actions there are.
        folders: How many folders.
        faults: What is wrong with the configuration, each as `file:line:column: cannot …`.
        missed: Presses since the start that nothing came of, for FUI was not there to decide on them:
            made while it did not run, or waiting when it ended.
        standings: What is not simply ready, in the order in which it came to be so.
        losses: How much was lost since the start; what was not is not in it.
    """

    share: str
    actions: int
    folders: int
    faults: tuple[str, ...] = ()
    missed: int = 0
    standings: tuple[Standing, ...] = ()
    losses: Mapping[Loss, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """What a daemon has published.

    Attributes:
        fui: Its version.
        pid: Its process.
        since: When it began.
        status: What was going on when something last changed.
    """

    fui: str
    pid: int
    since: float
    status: Status
