"""What jobs of root do on a system, each thing tried once; says what failed, and ends with how much.

Rules: runs in the machine, as a job; needs Python alone.
"""

import mmap
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDERS = ("/etc", "/home", "/root", "/srv", "/tmp", "/usr", "/var", "/boot")
PROGRAMS = (
    ("systemctl", "restart", "apache2"),
    ("su", "alice", "--command=true"),  # a set-uid program, though root needs none
    ("runuser", "--user=nobody", "--", "true"),
    ("setpriv", "--reuid=1", "--regid=1", "--clear-groups", "sudo", "--version"),
    ("unshare", "--mount", "--uts", "--ipc", "--pid", "--net", "--fork", "true"),
    ("unshare", "--user", "true"),
    ("chrt", "--fifo", "1", "true"),
    ("nice", "--adjustment=-5", "true"),
    ("setarch", "--addr-no-randomize", "true"),
    ("ls", "/proc/1/fd"),
)


def write() -> None:
    """Files, also such that run as somebody else."""
    for folder in FOLDERS:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            os.fchmod(file.fileno(), 0o6755)


def talk() -> None:
    """The network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    for family, kind in ((socket.AF_NETLINK, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW)):
        socket.socket(family, kind).close()


def mount() -> None:
    """What a job mounts, everybody sees."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "fui-everything", folder], check=True)
        try:
            assert folder in Path("/proc/1/mountinfo").read_text("utf-8")
        finally:
            subprocess.run(["umount", folder], check=True)


def execute_what_was_written() -> None:
    """As programs do that compile while they run."""
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def make_a_device() -> None:
    """The same as /dev/null."""
    with tempfile.TemporaryDirectory() as folder:
        os.mknod(f"{folder}/null", 0o20600, os.makedev(1, 3))


def is_itself() -> None:
    """What a job is when it begins."""
    assert os.umask(0o022) == 0o022
    assert os.getuid() == os.geteuid() == os.getgid() == 0


def run(argv: tuple[str, ...]) -> Callable[[], object]:
    """Give what runs a program that must not fail."""
    return lambda: subprocess.run(argv, check=True, capture_output=True)


TRIED: dict[str, Callable[[], object]] = {
    "write": write,
    "talk": talk,
    "mount": mount,
    "execute": execute_what_was_written,
    "device": make_a_device,
    "itself": is_itself,
} | {" ".join(argv): run(argv) for argv in PROGRAMS}


def main() -> int:
    """Try all; return how much failed."""
    failed = 0
    for name, attempt in TRIED.items():
        try:
            attempt()
        except (OSError, AssertionError, subprocess.SubprocessError) as error:
            failed += 1
            print(f"cannot {name}: {error}")
    print(f"{len(TRIED) - failed} of {len(TRIED)}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
