"""The keeper: runs one command and leaves nothing of it behind, whatever happens.

Rules: the keeper is a process of its own, in a session of its own, so neither Ctrl-C nor the
death of the driver ends it before it has cleaned up. It ends what it started when its standard
input ends, when the driver ends (killed, perhaps), when the command ends, or on a signal. What the
command started lies in one cgroup and dies with `cgroup.kill`; mounts die with their namespace;
folders that the command may leave behind are named in advance. Should the keeper itself be
killed, the command dies with it (PR_SET_PDEATHSIG).
"""

import argparse
import contextlib
import ctypes
import itertools
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

from integration.host import PREFIX, cgroup_mounts, unified_cgroups

ENTER = Path(__file__).with_name("enter.py")
PATIENCE = 10.0
PR_SET_CHILD_SUBREAPER = 36
_NUMBERS = itertools.count(1)


def fresh_name() -> str:
    """Give a name for a cgroup that tells whose it is."""
    return f"{PREFIX}{os.getpid()}-{next(_NUMBERS)}"


def command(name: str, argv: list[str], *, remove: list[Path] | None = None) -> list[str]:
    """Build the command line of a keeper, to be started in the checkout's root.

    Args:
        name: The name of the cgroup to make.
        argv: What to run, in a private mount namespace.
        remove: Folders that must not outlive a command that failed.
    """
    folders = [f"--remove={folder}" for folder in remove or []]
    unshare = ["unshare", "--mount", "--propagation=private", "--"]
    return [sys.executable, "-m", "integration.keeper", *folders, name, *unshare, *argv]


def main() -> int:
    """Run the command until it ends or is not wanted any more."""
    parser = argparse.ArgumentParser(prog="keeper")
    parser.add_argument("--remove", type=Path, action="append", default=[])
    parser.add_argument("name")
    parser.add_argument("argv", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    home = unified_cgroups() / options.name
    status: int | None = None
    try:
        home.mkdir()
        driver = os.pidfd_open(os.getppid())
        enter = ["setpriv", "--pdeathsig=KILL", sys.executable, "-IS", str(ENTER), str(home)]
        child = subprocess.Popen([*enter, *options.argv], stdin=subprocess.DEVNULL)
        wait_for_any(driver, os.pidfd_open(child.pid))
        status = child.poll()
    finally:
        clear_cgroup(options.name)
        _reap()
        for folder in options.remove if status != 0 else []:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if status is None else status


def _leave(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


def _reap() -> None:
    """Take leave of the dead, orphans too, so that not even a zombie is left."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def wait_for_any(*processes: int) -> None:
    """Wait until one of the processes or the standard input has ended."""
    poll = select.poll()
    poll.register(0, select.POLLHUP | select.POLLERR)
    for pidfd in processes:
        poll.register(pidfd, select.POLLIN)
    poll.poll()


def clear_cgroup(name: str) -> None:
    """Kill what is in the cgroup of this name and remove it, in every hierarchy."""
    home = unified_cgroups() / name
    deadline = time.monotonic() + PATIENCE
    while _populated(home):
        if time.monotonic() > deadline:
            sys.exit(f"cannot end the processes in {home}")
        time.sleep(0.005)
    for mount, _ in cgroup_mounts():
        _remove_tree(mount / name)


def _populated(home: Path) -> bool:
    """Kill what is in the cgroup and tell whether something is still there."""
    try:
        (home / "cgroup.kill").write_text("1", encoding="ascii")
        return "populated 1" in (home / "cgroup.events").read_text(encoding="ascii")
    except OSError:  # it is gone
        return False


def _remove_tree(folder: Path) -> None:
    for here, _, _ in os.walk(folder, topdown=False):
        for _ in range(100):
            try:
                Path(here).rmdir()
            except FileNotFoundError:
                break
            except OSError:  # the kernel is not done with the last process
                time.sleep(0.01)
            else:
                break


def sweep() -> None:
    """Remove the cgroups that a killed keeper had to leave, when their driver is gone too."""
    for home in unified_cgroups().glob(f"{PREFIX}*"):
        driver = home.name.removeprefix(PREFIX).partition("-")[0]
        if not Path("/proc", driver).exists():
            clear_cgroup(home.name)


if __name__ == "__main__":
    sys.exit(main())
