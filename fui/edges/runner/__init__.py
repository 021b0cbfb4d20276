"""The one place that spawns: commands through sudo, a control group for each.

Rules:
- Always `sudo -n -u USER -g GROUP -- argv`, by an absolute path, never a shell; stdin is /dev/null,
  stdout and stderr are one pipe, the environment is the small one below and what the effect adds.
- A job has ended when its main process is reaped, its control group is empty and the pipe is
  drained; that is told once. Nobody waits for the end of the pipe, which anybody may hold.
- Without control groups (`degraded` says so) a job is a process group. It has ended when its main
  process is reaped and its pipe has ended; if it was killed, the first is enough.
- Nothing blocks and nothing sleeps.

It must not know who pressed, nor what an action is.

The package is one edge: `cgroup` knows the control groups, `spare` and `waiting` the process that
waits for its order, `job` one job's end, `output` what it wrote and how far it says it is.
"""

import asyncio
import contextlib
import errno
import select
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from fui.edges.runner.cgroup import CgroupTree, JobGroup
from fui.edges.runner.job import Job
from fui.edges.runner.spare import Spare, spawn
from fui.model.effects import StartJob
from fui.model.errors import EdgeError
from fui.model.events import Event, JobEnded, JobSeen, JobStarted
from fui.model.job import Ending, JobId
from fui.model.menu import Command

__all__ = ["Runner"]

ENVIRONMENT = (("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), ("LANG", "C.UTF-8"))
OUTPUT_LIMIT = 1 << 20
_SUDO_PLACES = ("/usr/bin/sudo", "/bin/sudo", "/run/wrappers/bin/sudo", "/usr/local/bin/sudo")
_SPARE_DELAY = 0.05
"""Seconds until the next process is made to wait: the job that has just started goes first."""
_HINTS = {
    errno.EAGAIN: "raise TasksMax= of fui.service",
    errno.EMFILE: "raise LimitNOFILE= of fui.service",
    errno.ENOMEM: "the machine is out of memory",
    errno.E2BIG: "make the command shorter, for example by a script",
    errno.EINVAL: "correct the command",
    errno.EACCES: "set Delegate=yes in fui.service",
}


class _Ready(NamedTuple):
    """A process that waits for its order, in its control group."""

    process: Spare
    group: JobGroup | None


class Runner:
    """Starts jobs and says when they have ended. Only `start` needs a running loop."""

    def __init__(
        self,
        post: Callable[[list[Event]], None],
        missing_rule: Callable[[Command], str],
        sudo: str | None = None,
        output_limit: int = OUTPUT_LIMIT,
    ) -> None:
        """Take hold of the delegated control group, and have a process wait.

        Args:
            post: Takes the events.
            missing_rule: Gives the sudoers line that a command needs.
            sudo: Its absolute path, where it is in none of the usual places.
            output_limit: How many bytes of a job's output are kept.
        """
        self._post = post
        self._missing_rule = missing_rule
        self._sudo = sudo
        self._output_limit = output_limit
        self._jobs: dict[JobId, Job] = {}
        self._changes = select.epoll()
        self._timer: asyncio.TimerHandle | None = None
        self._tree: CgroupTree | None = None
        self.degraded = ""
        """Says why jobs run without control groups; empty where they do not."""
        try:
            self._tree = CgroupTree()
        except EdgeError as error:
            self.degraded = f"{error}; until then, what a job starts may live on after its end"
        self._ready: _Ready | None = None
        self._get_ready()

    def start(self, effect: StartJob) -> None:
        """Start a job; JobStarted or JobEnded is posted."""
        sudo = self._sudo or next((path for path in _SUDO_PLACES if Path(path).exists()), None)
        if sudo is None:
            self._not_started(effect, f"cannot find sudo in {', '.join(_SUDO_PLACES)}; install it")
            return
        command = effect.command
        argv = (sudo, "-n", "-u", command.user, "-g", command.group, "--", *command.argv)
        try:
            ready = self._ordered(argv, ENVIRONMENT + effect.environment)
        except OSError as error:
            hint = _HINTS.get(error.errno or 0, "see the system's log")
            self._not_started(effect, f"cannot start the command: {error.strerror}; {hint}")
            return
        job = Job(effect, ready.process, ready.group, self._output_limit)
        self._jobs[effect.job] = job
        loop = asyncio.get_running_loop()
        loop.add_reader(job.process.report, self._on_report, job)
        loop.add_reader(job.process.output, self._on_output, job)
        loop.add_reader(job.process.pidfd, self._on_exit, job)
        loop.add_reader(self._changes.fileno(), self._on_change)
        if self._timer is None:
            self._timer = loop.call_later(_SPARE_DELAY, self._get_ready)

    def adopt(self, jobs: tuple[JobId, ...]) -> None:
        """Say of jobs of the last daemon that they are gone: they ended with it."""
        gone = Ending(None, interrupted="FUI ended while it ran")
        self._post([JobEnded(job, gone) for job in jobs])

    def terminate(self, job: JobId) -> None:
        """Send TERM to sudo, which passes it on."""
        if job in self._jobs:
            self._jobs[job].terminate()

    def kill(self, job: JobId) -> None:
        """Kill every process of a job."""
        if job in self._jobs:
            self._jobs[job].kill()
            self._end_if_over(self._jobs[job])

    def look(self, job: JobId) -> JobSeen | None:
        """Return what a job has written until now; None when there is no such job any more."""
        return self._jobs[job].seen() if job in self._jobs else None

    def close(self) -> None:
        """Give everything back; what still runs is left to systemd."""
        if self._timer is not None:
            self._timer.cancel()
        if self._ready is not None:
            self._discard(self._ready)
        for job in self._jobs.values():
            self._let_go(job)
        if self._jobs:
            asyncio.get_running_loop().remove_reader(self._changes.fileno())
        self._changes.close()

    # ---- the process that waits --------------------------------------------------------------

    def _get_ready(self) -> None:
        """Have a process wait for the next order. If the system refuses, `start` will say so."""
        self._timer = None
        if self._ready is None:
            with contextlib.suppress(OSError):
                self._ready = self._new()

    def _new(self) -> _Ready:
        group = self._tree.make() if self._tree is not None else None
        try:
            return _Ready(spawn(-1 if group is None else group.procs), group)
        except OSError:
            self._discard_group(group)
            raise

    def _ordered(self, argv: tuple[str, ...], environment: tuple[tuple[str, str], ...]) -> _Ready:
        """Give the order to the process that waits, or to a new one where that is gone."""
        ready, self._ready = self._ready, None
        for candidate in (ready, None):
            taken = candidate or self._new()
            try:
                taken.process.become(argv, environment)
            except BrokenPipeError:
                if candidate is None:
                    return taken  # its report says why it is gone
                self._discard(taken)
            except OSError:
                self._discard(taken)
                raise
            else:
                return taken
        raise AssertionError

    def _discard(self, ready: _Ready) -> None:
        ready.process.end()
        self._discard_group(ready.group)

    def _discard_group(self, group: JobGroup | None) -> None:
        if self._tree is not None and group is not None:
            self._tree.discard(group)

    # ---- what the kernel tells ---------------------------------------------------------------

    def _on_report(self, job: Job) -> None:
        job.read_report()
        if job.reported:
            asyncio.get_running_loop().remove_reader(job.process.report)
            if job.executed:
                self._post([JobStarted(job.effect.job)])

    def _on_output(self, job: Job) -> None:
        job.read_output()
        if job.output_ended:
            asyncio.get_running_loop().remove_reader(job.process.output)
            self._end_if_over(job)

    def _on_exit(self, job: Job) -> None:
        asyncio.get_running_loop().remove_reader(job.process.pidfd)
        if not job.reported:
            self._on_report(job)
        job.reap()
        if job.group is not None and job.group.populated:
            self._changes.register(job.group.events, select.EPOLLPRI)
        self._end_if_over(job)

    def _on_change(self) -> None:
        changed = {descriptor for descriptor, _ in self._changes.poll(0)}
        for job in [*self._jobs.values()]:
            if job.group is not None and job.group.events in changed:
                self._end_if_over(job)

    def _end_if_over(self, job: Job) -> None:
        if job.over:
            del self._jobs[job.effect.job]
            ending = job.ending(self._missing_rule(job.effect.command))
            self._let_go(job)
            self._discard_group(job.group)
            self._post([JobEnded(job.effect.job, ending)])

    def _let_go(self, job: Job) -> None:
        loop = asyncio.get_running_loop()
        for descriptor in (job.process.report, job.process.output, job.process.pidfd):
            loop.remove_reader(descriptor)
        job.process.close()

    def _not_started(self, effect: StartJob, error: str) -> None:
        self._post([JobEnded(effect.job, Ending(None, error=error))])
