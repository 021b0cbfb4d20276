"""The one place that spawns: commands through sudo, a control group for each.

Rules:
- Always `sudo -n -u USER -g GROUP -- argv`, by an absolute path, never a shell; stdin is /dev/null,
  stdout and stderr are one pipe, the environment is the small one below and what the effect adds.
- A job has ended when its main process is reaped, its control group is empty and the pipe is
  drained; that is told once. Nobody waits for the end of the pipe, which anybody may hold.
- Each job has a supervisor, which goes on with it when the daemon is gone. What it leaves is in the job's
  directory, until the job is forgotten; so another daemon finds the job whether it has ended or not.
- Without control groups (`degraded` says so) a job is a process group. It has ended when its main
  process is reaped and its pipe has ended; if it was killed, the first is enough. It ends with the
  daemon, for nobody could find it again.
- Nothing blocks and nothing sleeps.

It must not know who pressed, nor what an action is.
"""

import asyncio
import contextlib
import errno
import os
import re
import select
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from fui.edges.runner.cgroup import CgroupTree, JobGroup
from fui.edges.runner.job import Job
from fui.edges.runner.spare import Spare, spawn
from fui.model.effects import AdoptJobs, StartJob
from fui.model.errors import EdgeError
from fui.model.events import Event, JobAdopted, JobEnded, JobSeen, JobStarted
from fui.model.job import Ending, JobId
from fui.model.menu import Command

ENVIRONMENT = (("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), ("LANG", "C.UTF-8"))
OUTPUT_LIMIT = 1 << 20
_SUDO_PLACES = ("/usr/bin/sudo", "/bin/sudo", "/run/wrappers/bin/sudo", "/usr/local/bin/sudo")
_SPARE_DELAY = 0.05
"""Seconds until the next process is made to wait: the job that has just started goes first."""
_GROUP = "group"
"""The file in a job's directory that names its control groups."""
_GROUP_NAME = re.compile(r"[0-9a-f]+-[0-9]+")
_HINTS = {
    errno.EAGAIN: "raise TasksMax= of fui.service",
    errno.EMFILE: "raise LimitNOFILE= of fui.service",
    errno.ENOMEM: "the machine is out of memory",
    errno.E2BIG: "make the command shorter, for example by a script",
    errno.EINVAL: "correct the command",
    errno.EACCES: "set Delegate=yes in fui.service",
    errno.ENOTSUP: "let the system have cgroup v2 only, or take memory-max out",
}


class _Ready(NamedTuple):
    """A process that waits for its order, in its control group."""

    process: Spare
    group: JobGroup | None
    directory: Path


class Runner:
    """Starts jobs and says when they have ended. Only `start` needs a running loop."""

    def __init__(
        self,
        post: Callable[[list[Event]], None],
        directory: Path,
        missing_rule: Callable[[Command], str],
        sudo: str | None = None,
        output_limit: int = OUTPUT_LIMIT,
        *,
        files: int = -1,
    ) -> None:
        """Take hold of the delegated control group, and have a process wait.

        Args:
            post: Takes the events.
            directory: Where each job has a directory; gone after a boot, as jobs are.
            missing_rule: Gives the sudoers line that a command needs.
            sudo: Its absolute path, where it is in none of the usual places.
            output_limit: How many bytes of a job's output are kept.
            files: How many files a job may have open; -1 for as many as this process.
        """
        self._post = post
        self._directory = directory
        self._count = 0
        self._missing_rule = missing_rule
        self._sudo = sudo
        self._output_limit = output_limit
        self._files = files
        self._jobs: dict[JobId, Job] = {}
        self._changes = select.epoll()
        self._timer: asyncio.TimerHandle | None = None
        self._tree: CgroupTree | None = None
        self.degraded = ""
        """Says why jobs run without control groups; empty where they do not."""
        self.unlimited = ""
        """Says why jobs are not limited in their tasks; empty where they are."""
        try:
            self._tree = CgroupTree()
            self.unlimited = self._tree.unlimited
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
            ready = self._ordered(effect, argv)
        except OSError as error:
            hint = _HINTS.get(error.errno or 0, "see the system's log")
            self._not_started(effect, f"cannot start the command: {error.strerror}; {hint}")
            return
        directory = self._directory / effect.job
        job = Job(effect.job, command, ready.group, directory, ready.process)
        self._watch(job)
        loop = asyncio.get_running_loop()
        loop.add_reader(ready.process.report, self._on_report, job)
        if self._timer is None:
            self._timer = loop.call_later(_SPARE_DELAY, self._get_ready)

    def adopt(self, effect: AdoptJobs) -> None:
        """Go on with jobs of the last daemon, and end whatever else it left."""
        found = [self._found(job, command) for job, command in effect.jobs]
        groups = [job.group.name for job in found if job.group is not None]
        if self._tree is not None:
            self._tree.end_others(groups)
        kept = {job.directory for job in found} | {self._ready.directory if self._ready else None}
        for path in self._directory.iterdir():
            if path.is_dir() and path not in kept:
                shutil.rmtree(path, ignore_errors=True)
        for job in found:
            if job.supervisor is None:
                self._jobs[job.id] = job
                self._supervisor_is_gone(job)
            else:
                self._watch(job)
                self._post([JobAdopted(job.id)])
                self.look(job.id)

    def _found(self, job: JobId, command: Command) -> Job:
        """Find a job of the last daemon; of one that is not there nothing is left."""
        directory = self._directory / job
        group, supervisor = None, None
        with contextlib.suppress(OSError, ValueError):
            name = (directory / _GROUP).read_text(encoding="ascii")
            if self._tree is not None and _GROUP_NAME.fullmatch(name):
                group = self._tree.find(name)
                supervisor = _pidfd(group)
                # `give_back` may have ended that.
                group.limit(command.tasks_max, command.memory_max)
        return Job(job, command, group, directory, supervisor)

    def forget(self, job: JobId) -> None:
        """Take away what is left in the directory of a job that has ended."""
        shutil.rmtree(self._directory / job, ignore_errors=True)

    def terminate(self, job: JobId) -> None:
        """Send TERM to the supervisor; it goes on to sudo, which passes it on."""
        if job in self._jobs:
            self._jobs[job].terminate()

    def kill(self, job: JobId) -> None:
        """Kill every process of a job."""
        if job in self._jobs:
            self._jobs[job].kill()

    def look(self, job: JobId) -> JobSeen | None:
        """Return what a job has written until now; None when there is no such job any more."""
        if job not in self._jobs:
            return None
        seen = self._jobs[job].seen()
        self._tell_executed(self._jobs[job])
        return seen

    def close(self) -> None:
        """Give everything back; what still runs is left to systemd."""
        if self._timer is not None:
            self._timer.cancel()
        if self._ready is not None:
            self._discard(self._ready)
        for job in self._jobs.values():
            self._let_go(job)
        with contextlib.suppress(RuntimeError):  # no loop runs, so none reads
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
        self._count += 1
        directory = self._directory / f"spare-{os.getpid()}-{self._count}"
        try:
            directory.mkdir(0o700)
            if group is not None:
                (directory / _GROUP).write_text(group.name, encoding="ascii")
            return _Ready(
                spawn(group, directory, self._output_limit, self._files), group, directory
            )
        except OSError:
            shutil.rmtree(directory, ignore_errors=True)
            self._discard_group(group)
            raise

    def _ordered(self, effect: StartJob, argv: tuple[str, ...]) -> _Ready:
        """Give the order to the process that waits, or to a new one where that is gone."""
        ready, self._ready = self._ready, None
        for candidate in (ready, None):
            taken = candidate or self._new()
            try:
                if taken.group is not None:
                    taken.group.limit(effect.command.tasks_max, effect.command.memory_max)
                taken.directory.rename(self._directory / effect.job)
                taken = taken._replace(directory=self._directory / effect.job)
                taken.process.become(argv, ENVIRONMENT + effect.environment)
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
        shutil.rmtree(ready.directory, ignore_errors=True)
        self._discard_group(ready.group)

    def _discard_group(self, group: JobGroup | None) -> None:
        if self._tree is not None and group is not None:
            self._tree.discard(group)

    # ---- what the kernel tells ---------------------------------------------------------------

    def _watch(self, job: Job) -> None:
        self._jobs[job.id] = job
        if job.supervisor is not None:
            asyncio.get_running_loop().add_reader(job.supervisor, self._on_exit, job)

    def _on_report(self, job: Job) -> None:
        if not job.read_report():
            if job.report is not None:
                asyncio.get_running_loop().remove_reader(job.report)
            self._tell_executed(job)

    def _tell_executed(self, job: Job) -> None:
        if job.executed and not job.told:
            job.told = True
            self._post([JobStarted(job.id)])

    def _on_exit(self, job: Job) -> None:
        self._remove_readers(job)
        self._supervisor_is_gone(job)

    def _supervisor_is_gone(self, job: Job) -> None:
        job.reap()
        if not job.over and job.group is not None:
            asyncio.get_running_loop().add_reader(self._changes.fileno(), self._on_change)
            self._changes.register(job.group.events, select.EPOLLPRI)
        self._end_if_over(job)

    def _on_change(self) -> None:
        changed = {descriptor for descriptor, _ in self._changes.poll(0)}
        for job in [*self._jobs.values()]:
            if job.group is not None and job.group.events in changed:
                self._end_if_over(job)

    def _end_if_over(self, job: Job) -> None:
        if job.over:
            del self._jobs[job.id]
            ending = job.ending(self._missing_rule(job.command))
            self._discard_group(job.group)
            self._tell_executed(job)
            self._post([JobEnded(job.id, ending)])

    def _remove_readers(self, job: Job) -> None:
        loop = asyncio.get_running_loop()
        for descriptor in (job.report, job.supervisor):
            if descriptor is not None:
                loop.remove_reader(descriptor)

    def _let_go(self, job: Job) -> None:
        self._remove_readers(job)
        job.let_go()

    def _not_started(self, effect: StartJob, error: str) -> None:
        self._post([JobEnded(effect.job, Ending(None, error=error))])


def _pidfd(group: JobGroup) -> int | None:
    """Return the supervisor in a group, held so that it is that one and no other; None if it is gone."""
    pid = group.supervisor_pid
    if pid is None:
        return None
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return None
    if group.supervisor_pid != pid:
        os.close(pidfd)
        return None
    return pidfd
