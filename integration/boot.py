"""Boot the machine: `python -m integration.boot PLAN`, in a private mount namespace.

Rules: the base is the floor and is mounted read-only; whatever the machine writes lies in
memory. All mounts are private and die with the machine, not when it reboots: then systemd-nspawn
is started anew. It dies with this process, so its parent holds the machine by one process id.
"""

import dataclasses
import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from integration import furnish
from integration.borrow import call
from integration.build import overlay
from integration.host import CACHE, CHECKOUT

SOURCE = "usr/src/fui"
REBOOTED = 133
"""The exit status of systemd-nspawn with --keep-unit, when the machine wants to be booted again."""
LEFT_OUT = (".*", "__pycache__", "*.egg-info", "build", "dist")


@dataclass(frozen=True)
class Plan:
    """What a machine is made of."""

    name: str
    base: str
    layer: str
    smb_port: int
    web_port: int
    persistent_journal: bool
    private_network: bool
    share_in_memory: bool
    bare: bool

    def command(self) -> list[str]:
        """Give the command line that boots this plan."""
        return [sys.executable, "-m", "integration.boot", json.dumps(dataclasses.asdict(self))]


def main() -> None:
    """Mount, furnish, and hold the machine, as often as it boots."""
    plan = Plan(**json.loads(sys.argv[1]))
    here = CACHE / "mnt"
    call("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", here)
    floor, root, top = here / "floor", here / "root", here / "top"
    for folder in (floor, root, top / "upper", top / "work"):
        folder.mkdir(parents=True)
    with CACHE.joinpath("mounting").open("w") as lock:
        # Two machines may stand on one layer, but each mount begins by clearing the layer's `work`.
        # Not the lock of the layers: a machine would not boot while another layer is built.
        fcntl.flock(lock, fcntl.LOCK_EX)
        overlay(Path(plan.base), Path(plan.layer), floor, "ro")
    overlay(floor, top, root, "rw")
    source = root / SOURCE
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(CHECKOUT, source, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    furnish.furnish(root, persistent=plan.persistent_journal)
    if not plan.bare:
        furnish.services(root, plan.smb_port, plan.web_port)
    for folder in (Path("/run"), Path("/tmp")):  # nspawn leaves locks and mount points there
        call("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", folder)
    os.environ["SYSTEMD_NSPAWN_UNIFIED_HIERARCHY"] = "1"
    status = REBOOTED
    while status == REBOOTED:
        status = subprocess.run(nspawn(plan, root), check=False).returncode
    sys.exit(status)


def nspawn(plan: Plan, root: Path) -> list[str]:
    """Give the command line that boots the root folder, in the host's network or in its own."""
    return [
        "setpriv",
        "--pdeathsig=KILL",
        "systemd-nspawn",
        "--quiet",
        "--boot",
        f"--directory={root}",
        f"--machine={plan.name}",
        f"--hostname={furnish.HOSTNAME}",
        "--register=no",
        "--keep-unit",
        "--notify-ready=yes",
        "--console=pipe",
        "--link-journal=no",
        "--resolv-conf=off",
        "--timezone=off",
        *(["--tmpfs=/srv/controls:mode=0755"] if plan.share_in_memory else []),
        *(["--private-network"] if plan.private_network else []),
        f"systemd.unit={furnish.TARGET}",
    ]


if __name__ == "__main__":
    main()
