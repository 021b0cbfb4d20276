"""A base machine: Debian's minimal system and nothing else, as an administrator finds it.

Rules: nothing of FUI, Samba or Python is installed, and the network ends at an interface that leads
nowhere; apt and pip find in a folder what they would fetch (`integration.stock`). What is done in it
are the commands that README shows.
"""

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from integration import layer
from integration.boot import SOURCE
from integration.host import require
from integration.machine import Machine, silent

SMB_PORT = 445
CLONE_NEWNET = 0x40000000
INTERFACE = (
    "link add lan0 type veth peer name lan1",
    "address add 192.0.2.2/24 broadcast + dev lan0",
    "link set lan1 up",
    "link set lan0 up",
)


class Base(Machine):
    """A base machine of one of Debian's suites."""

    bare = True

    def __init__(self, suite: str, report: Callable[[str], None] = silent) -> None:
        """Say which suite it is of.

        Args:
            suite: `bookworm`, `trixie` or `forky`.
            report: Told what takes long.
        """
        super().__init__(smb_port=SMB_PORT, web_port=80, private_network=True, report=report)
        self._suite = suite

    def _find_layer(self) -> layer.Layer:
        require(("ip", "iproute2"))
        return layer.stock(self._suite, self._report)

    def furnish(self) -> None:
        """Give it an interface, for which nmbd waits, and make apt know its source of packages."""
        network = f"--net=/proc/{self.leader}/ns/net"
        for words in INTERFACE:
            subprocess.run(["nsenter", network, "ip", *words.split()], check=True)
        self.run(["apt-get", "update"])

    def administer(self, *argv: str, timeout: float = 300) -> str:
        """Do as root, in the copy of the checkout, what an administrator does; give what was said."""
        env = {"DEBIAN_FRONTEND": "noninteractive"}
        done = self.run(argv, cwd=f"/{SOURCE}", env=env, timeout=timeout)
        return f"{done.stdout}{done.stderr}"

    @contextmanager
    def network(self) -> Iterator[None]:
        """Be in the machine's network for a while, with this thread; connections made there stay."""
        ours = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        _enter(os.open(f"/proc/{self.leader}/ns/net", os.O_RDONLY | os.O_CLOEXEC))
        try:
            yield
        finally:
            _enter(ours)


def _enter(network: int) -> None:
    """Enter a network namespace, and close its descriptor."""
    if ctypes.CDLL(None, use_errno=True).setns(network, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter a network namespace")
    os.close(network)
