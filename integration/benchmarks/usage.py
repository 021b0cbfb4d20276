"""What processes use, as /proc tells it: CPU time, wake-ups and memory.

Rules: only looks. A process or thread that ends meanwhile is left out.
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from integration.inside import Inside

_NANO = 1e9
_KIB = 1024


@dataclass(frozen=True)
class Usage:
    """What one process or several use.

    Attributes:
        cpu: Seconds of CPU time that their threads have had since they began.
        wakeups: How often their threads have gone to sleep, and so were woken, since they began.
        rss: Bytes of memory that they have, with what is shared counted for each.
        pss: The same with what is shared counted once, by equal parts.
    """

    cpu: float = 0.0
    wakeups: int = 0
    rss: int = 0
    pss: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.cpu + other.cpu,
            self.wakeups + other.wakeups,
            self.rss + other.rss,
            self.pss + other.pss,
        )


def of_process(process: Path) -> Usage:
    """Look at a process by its folder in /proc.

    Raises:
        OSError: There is none, or it may not be looked at.
    """
    rollup = _figures(process / "smaps_rollup")
    return Usage(
        cpu=cpu_time(process),
        wakeups=sum(
            _figures(task / "status")["voluntary_ctxt_switches"] for task in _tasks(process)
        ),
        rss=rollup["Rss"] * _KIB,
        pss=rollup["Pss"] * _KIB,
    )


def of_all(processes: Iterable[Path]) -> Usage:
    """Look at several processes, and put together what they use."""
    total = Usage()
    for process in processes:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            total += of_process(process)
    return total


def cpu_time(process: Path) -> float:
    """Give the seconds of CPU time that the threads of a process have had."""
    return sum(int((task / "schedstat").read_text().split()[0]) / _NANO for task in _tasks(process))


def main_process(machine: Inside, unit: str) -> Path:
    """Find the main process of a unit."""
    return machine.path(f"/proc/{machine.unit_property(unit, 'MainPID')}")


def processes(machine: Inside, unit: str) -> list[Path]:
    """Find all processes of a unit."""
    found = []
    for process in machine.path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if f"/{unit}.service" in (process / "cgroup").read_text():
                found.append(process)
    return found


def _tasks(process: Path) -> Iterator[Path]:
    return (process / "task").iterdir()


def _figures(file: Path) -> dict[str, int]:
    """Read the lines that are a name and a number."""
    words = (line.split() for line in file.read_text().splitlines())
    return {
        each[0].removesuffix(":"): int(each[1])
        for each in words
        if len(each) > 1 and each[1].isdigit()
    }
