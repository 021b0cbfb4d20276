"""Control groups (v2): one for each job, so that nothing that it started can get away.

Rules:
- Only below the group that FUI was started in, and only if that was delegated to it: FUI moves to
  a leaf `daemon`, and each job gets a sibling `job-…`. Controllers are left alone.
- The tree is asked of the kernel (/proc/self/cgroup), never configured.
- What cannot be removed yet is tried again at the next occasion; nothing waits.

It must not know what runs in a group, nor spawn anything.
"""

import contextlib
import os
from pathlib import Path

from fui.model.errors import EdgeError

_MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
_LEAF = "daemon"
_PREFIX = "job-"
_OPEN = os.O_CLOEXEC | os.O_NOFOLLOW


class JobGroup:
    """The control group of one job."""

    def __init__(self, path: Path) -> None:
        """Make it."""
        self.path = path
        path.mkdir(0o755)
        self.procs = os.open(path / "cgroup.procs", os.O_WRONLY | _OPEN)
        self.events = os.open(path / "cgroup.events", os.O_RDONLY | _OPEN)
        """Its descriptor has EPOLLPRI when `populated` may have changed since it was asked."""

    @property
    def populated(self) -> bool:
        """Whether a living process is in it, or in a group below it."""
        try:
            return b"populated 1" in os.pread(self.events, 256, 0)
        except OSError:  # ENODEV: somebody else removed it, which only goes when it is empty
            return False

    def kill(self) -> None:
        """Kill every process in it, whoever it runs as and whatever it did to its session."""
        _kill(self.path)

    def close(self) -> None:
        """Give the descriptors back; the group stays until it is removed."""
        os.close(self.procs)
        os.close(self.events)


class CgroupTree:
    """The delegated group that FUI runs in."""

    def __init__(self) -> None:
        """Move FUI to its leaf, end what an earlier run left. EdgeError if nothing is delegated."""
        self._base = _find_base()
        self._stale: set[Path] = set()
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
        for path in self._base.glob(f"{_PREFIX}*"):
            _kill(path)
            self._stale.add(path)
        self.sweep()

    def make(self) -> JobGroup:
        """Make a group for the next job; OSError if the kernel refuses."""
        self._count += 1
        return JobGroup(self._base / f"{_PREFIX}{os.getpid()}-{self._count}")

    def discard(self, group: JobGroup) -> None:
        """Remove a group whose processes are gone, now or at the next occasion."""
        group.close()
        self._stale.add(group.path)
        self.sweep()

    def sweep(self) -> None:
        """Remove what can be removed by now."""
        self._stale = {path for path in self._stale if not _removed(path)}


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
            return base.parent if base.name == _LEAF else base
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
