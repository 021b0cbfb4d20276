"""A job: one accepted run of an action, and what is kept of it afterwards."""

from dataclasses import dataclass

from fui.model.states import JobResult

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
    """

    status: int | None
    output: str = ""
    lost: int = 0
    error: str = ""


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
