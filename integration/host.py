"""What the host must have, and where things are on it.

Rules: nothing here changes the host. A host that lacks something is told so in one plain
sentence (`MachineError`), never in a traceback.
"""

import os
import shutil
import socket
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
CACHE = Path("/var/cache/fui-integration")
PREFIX = "fui-machine-"

TOOLS = {
    "systemd-nspawn": "systemd-container",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
}


class MachineError(Exception):
    """The throwaway machine cannot be had, or does not do what it should."""


def require(*extra: tuple[str, str]) -> None:
    """Say in one sentence what this host lacks.

    Args:
        extra: Further tools that are needed, each with the package that has it.

    Raises:
        MachineError: Something is missing.
    """
    if os.geteuid() != 0:
        msg = "cannot boot the throwaway machine without root: run this command with sudo"
        raise MachineError(msg)
    for tool, package in (*TOOLS.items(), *extra):
        if shutil.which(tool) is None:
            msg = f"cannot boot the throwaway machine without {tool}: apt-get install {package}"
            raise MachineError(msg)
    if not (cgroups := unified_cgroups()).joinpath("cgroup.procs").exists():
        msg = f"cannot boot the throwaway machine: {cgroups} is no cgroup v2"
        raise MachineError(msg)


def cgroup_mounts() -> list[tuple[Path, str]]:
    """List the mounted cgroup hierarchies, each with its type: `cgroup` (v1) or `cgroup2`."""
    rows = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    return [(Path(row[1]), row[2]) for row in rows if row[2] in {"cgroup", "cgroup2"}]


def unified_cgroups() -> Path:
    """Find the root of cgroup v2, which some hosts have beside v1."""
    for folder, kind in cgroup_mounts():
        if kind == "cgroup2":
            return folder
    msg = "cannot boot the throwaway machine: no cgroup v2 is mounted on this host"
    raise MachineError(msg)


def free_port() -> int:
    """Find a port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
