"""Control groups (v2): one for each job, so that nothing that it started can get away.

Rules:
- Only below the group that FUI was started in, and only if that was delegated to it: FUI moves to
  a leaf `daemon`, and each job gets two siblings, `job-…` for itself and `supervisor-…`.
- The tree is asked of the kernel (/proc/self/cgroup), never configured.
- Of the controllers those are used that limit a job. While a group hands them out, no process can be
  put into it (cgroups(7), "no internal processes"): systemd from 254 on starts FUI in the leaf, for the
  earlier ones `give_back` takes them back when FUI has ended.
- What cannot be removed yet is tried again at the next occasion; nothing waits.

It must not know what runs in a group, nor spawn anything.
"""

import contextlib
import errno
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from fui.edges.runner.supervisor import populated
from fui.model.errors import EdgeError

_MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
_LEAF = "daemon"
_CONTROL = ".control"
"""Where systemd puts what it runs beside the daemon, such as ExecStopPost= (systemd's src/core/execute.c)."""
_CONTROLLERS = ("pids", "memory")
_JOB, _SUPERVISOR = "job-", "supervisor-"
_OPEN = os.O_CLOEXEC | os.O_NOFOLLOW


class JobGroup:
    """The control groups of one job and its supervisor."""

    def __init__(self, base: Path, name: str) -> None:
        """Make them, or open those that are there.

        Raises:
            OSError: The kernel refuses.
        """
        self.base, self.name = base, name
        self.path = base / f"{_JOB}{name}"
        self.supervisor = base / f"{_SUPERVISOR}{name}"
        with contextlib.ExitStack() as opened:
            for path in (self.path, self.supervisor):
                path.mkdir(0o755, exist_ok=True)
            self.procs = _open(opened, self.path / "cgroup.procs", os.O_WRONLY)
            self.own = _open(opened, self.supervisor / "cgroup.procs", os.O_RDWR)
            self.events = _open(opened, self.path / "cgroup.events", os.O_RDONLY)
            """Its descriptor has EPOLLPRI when `populated` may have changed since it was asked."""
            opened.pop_all()

    @property
    def populated(self) -> bool:
        """Whether a living process of the job is in it, or in a group below it."""
        return populated(self.events)

    @property
    def supervisor_pid(self) -> int | None:
        """The process that supervises the job; None if it is gone."""
        try:
            members = os.pread(self.own, 4096, 0).split()
        except OSError:
            return None
        return int(members[0]) if members else None

    def limit(self, tasks: int | None, memory: int | None) -> None:
        """Have the job be limited in its processes and threads, and in its bytes of memory.

        Raises:
            OSError: The kernel does not limit memory here.
        """
        if tasks is not None:
            with contextlib.suppress(FileNotFoundError):  # `CgroupTree.unlimited` has said so
                _write(self.path / "pids.max", tasks)
        if memory is not None:
            try:
                _hand_out(self.base, "memory")
            except OSError as error:
                why = "its memory cannot be limited, for FUI has no memory controller"
                raise OSError(errno.ENOTSUP, why) from error
            _write(self.path / "memory.max", memory)
            _write(self.path / "memory.oom.group", 1)

    @property
    def exceeded(self) -> str:
        """Which limits the job has run into, in words (cgroup-v2.rst, pids.events and memory.events)."""
        tasks = "it wanted more processes and threads than tasks-max"
        memory = "it was killed for it used more than memory-max"
        met = {tasks: _count(self.path / "pids.events", "max")}
        met[memory] = _count(self.path / "memory.events", "oom_kill")
        return "; ".join(words for words, count in met.items() if count)

    def kill(self) -> None:
        """Kill every process of the job, whoever it runs as and whatever it did to its session."""
        _kill(self.path)

    def close(self) -> None:
        """Give the descriptors back; the groups stay until they are removed."""
        for descriptor in (self.procs, self.own, self.events):
            os.close(descriptor)


class CgroupTree:
    """The delegated group that FUI runs in."""

    def __init__(self) -> None:
        """Move FUI to its leaf. EdgeError if nothing is delegated."""
        self._base = _find_base()
        self._stale: set[Path] = set()
        self._prefix = secrets.token_hex(4)
        self._count = 0
        try:
            leaf = self._base / _LEAF
            leaf.mkdir(exist_ok=True)
            (leaf / "cgroup.procs").write_bytes(b"0")
        except OSError as error:
            raise EdgeError(
                f"cannot use the control group {self._base}: {error.strerror}; "
                "set Delegate=yes in fui.service"
            ) from error
        self.unlimited = ""
        """Says why jobs are not limited in their tasks; empty where they are."""
        try:
            _hand_out(self._base, "pids")
        except OSError as error:
            self.unlimited = f"cannot limit the tasks of jobs: no pids controller: {error.strerror}"

    def make(self) -> JobGroup:
        """Make the groups of the next job; OSError if the kernel refuses."""
        self._count += 1
        return JobGroup(self._base, f"{self._prefix}-{self._count}")

    def find(self, name: str) -> JobGroup:
        """Return the groups of a job of the last daemon."""
        return JobGroup(self._base, name)

    def end_others(self, kept: Collection[str]) -> None:
        """End what an earlier run left, but for some jobs by the names of their groups."""
        for prefix in (_JOB, _SUPERVISOR):
            for path in self._base.glob(f"{prefix}*"):
                name = path.name.removeprefix(prefix)
                if name not in kept and not name.startswith(f"{self._prefix}-"):
                    _kill(path)
                    self._stale.add(path)
        self.sweep()

    def discard(self, group: JobGroup) -> None:
        """Remove groups whose processes are gone, now or at the next occasion."""
        group.close()
        self._stale |= {group.path, group.supervisor}
        self.sweep()

    def sweep(self) -> None:
        """Remove what can be removed by now."""
        self._stale = {path for path in self._stale if not _removed(path)}


def _count(events: Path, name: str) -> int:
    """Return a number of a file of events; 0 where its controller is not at work."""
    try:
        lines = (line.split() for line in events.read_text(encoding="ascii").splitlines())
        return int(next((value for key, value in lines if key == name), 0))
    except (OSError, ValueError):
        return 0


def give_back() -> None:
    """Take back what FUI's group hands out, because FUI has ended; jobs are not limited until the next.

    Raises:
        EdgeError: There is no such group.
    """
    base = _find_base()
    for controller in _CONTROLLERS:
        with contextlib.suppress(OSError):  # it has none such, or a job hands it out itself
            (base / "cgroup.subtree_control").write_text(f"-{controller}", encoding="ascii")


def _open(opened: contextlib.ExitStack, path: Path, how: int) -> int:
    descriptor = os.open(path, how | _OPEN)
    opened.callback(os.close, descriptor)
    return descriptor


def _hand_out(base: Path, controller: str) -> None:
    """Have the groups below one be limited by a controller; OSError if it has none."""
    (base / "cgroup.subtree_control").write_text(f"+{controller}", encoding="ascii")


def _write(path: Path, value: int) -> None:
    """Write a file of a control group; FileNotFoundError if its controller is not there.

    Not by `write_text`, which would make the file: the kernel does not let it, and says EACCES.
    """
    descriptor = os.open(path, os.O_WRONLY | _OPEN)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)


def _find_base() -> Path:
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise EdgeError("cannot find FUI's own control group: is /proc mounted?") from error
    own = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), None)
    if not own:
        raise EdgeError(
            "cannot use control groups: FUI is in none of its own; let systemd start fui.service"
        )
    for mount in _MOUNTS:
        base = mount / own
        if (base / "cgroup.kill").exists():
            return base.parent if base.name in (_LEAF, _CONTROL) else base
        if (base / "cgroup.procs").exists() and (base / "cgroup.events").exists():
            raise EdgeError("cannot use control groups: cgroup.kill is missing; needs Linux 5.14")
    raise EdgeError("cannot use control groups: version 2 is not mounted on /sys/fs/cgroup")


def _kill(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        (path / "cgroup.kill").write_bytes(b"1")


def _removed(path: Path) -> bool:
    """Remove a group with the groups that a job made in it; whether it is gone."""
    try:
        for below in path.iterdir():
            if below.is_dir():
                _removed(below)
        path.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
