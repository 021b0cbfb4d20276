"""The throwaway machine: a real systemd, journald, smbd, sudo and web server for an hour.

Rules: one class for the tests and the demo. A caller knows neither mounts, namespaces nor
cgroups. Whatever happens to this process, the keeper takes the machine away; a machine that is
not wanted any more is killed, not shut down, for nothing of it is kept.
"""

import os
import select
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from integration import install, keeper, layer
from integration.boot import SOURCE, Plan
from integration.host import CHECKOUT, MachineError, free_port, require, unified_cgroups
from integration.inside import Inside

BOOT_PATIENCE = 60.0
MENU = CHECKOUT / "integration/etc"
PEOPLE = {"alice": ("controls", "wwwadmins"), "bob": ("controls",)}
OFFLINE = {
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_NO_INDEX": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as the value of the option: 0 is "no isolation"
    "PIP_ROOT_USER_ACTION": "ignore",
}


def silent(text: str) -> None:
    """Report nothing."""


class Machine(Inside):
    """A real machine, from `with` to its end; alice and bob are its people."""

    bare = False
    """Whether nothing is installed that its services would have to be configured for."""

    def __init__(
        self,
        *,
        smb_port: int | None = None,
        web_port: int | None = None,
        fui: bool = True,
        persistent_journal: bool = True,
        private_network: bool = False,
        share_in_memory: bool = True,
        purpose: str = "",
        packages: Sequence[str] = (),
        report: Callable[[str], None] = silent,
    ) -> None:
        """Say what kind of machine is wanted.

        Args:
            smb_port: Where smbd listens on 127.0.0.1; a free port by default.
            web_port: Where the web server listens on 127.0.0.1; a free port by default.
            fui: Whether FUI is installed and started, with a menu and its people.
            persistent_journal: Whether the journal has a file for each user.
            private_network: Whether it has a network of its own, with nothing in it, not the host's.
            share_in_memory: Whether the share is a file system of its own, new with each boot; if not,
                it outlives a reboot.
            purpose: What the machine is for that needs further packages; names their layer.
            packages: Those packages.
            report: Told what takes long.
        """
        self.smb_port = smb_port or free_port()
        self.web_port = web_port or free_port()
        self._fui = fui
        self._persistent = persistent_journal
        self._private = private_network
        self._share_in_memory = share_in_memory
        self._purpose, self._packages = purpose, packages
        self._report = report

    def __enter__(self) -> Self:
        """Boot, and install what is wanted."""
        require()
        keeper.sweep()
        self._layer = self._find_layer()
        self._log = tempfile.TemporaryFile()
        try:
            self._boot()
            self.furnish()
        except BaseException:
            self.stop()
            raise
        return self

    def _find_layer(self) -> layer.Layer:
        """Find what the machine stands on."""
        return layer.ready(self._report, self._purpose, self._packages)

    def furnish(self) -> None:
        """Install what is wanted in the machine that has booted."""
        if self._fui:
            self.install_fui()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the machine away."""
        self.stop()

    def _boot(self) -> None:
        self.name = keeper.fresh_name()
        plan = Plan(
            name=self.name,
            base=str(self._layer.base),
            layer=str(self._layer.folder),
            smb_port=self.smb_port,
            web_port=self.web_port,
            persistent_journal=self._persistent,
            private_network=self._private,
            share_in_memory=self._share_in_memory,
            bare=self.bare,
        )
        with self._booting():
            self._keeper = subprocess.Popen(
                keeper.command(plan.name, plan.command()),
                cwd=CHECKOUT,
                env={**os.environ, "NOTIFY_SOCKET": f"@{plan.name}"},
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=self._log,
                stderr=subprocess.STDOUT,
            )

    def reboot(self, *, orderly: bool = True) -> None:
        """Boot the machine anew; its files stay, what runs in it does not.

        Args:
            orderly: Whether its services are stopped before, as by `systemctl reboot`.
        """
        force = [] if orderly else ["--force", "--force"]
        with self._booting():
            self.run(["systemctl", "reboot", *force], check=False)

    @contextmanager
    def _booting(self) -> Iterator[None]:
        """Stand in the machine when it has booted, which is begun meanwhile.

        Its systemd speaks later, too, whenever its work is done; it would wait for ever, and all that waits
        for it, for who listens and does not read any more.
        """
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(f"\0{self.name}")
            yield
            leader = self._wait_until(ready)
        super().__init__(leader, unified_cgroups() / self.name / "payload")

    def _wait_until(self, ready: socket.socket) -> int:
        """Wait until systemd says that it has booted, and give its process id."""
        leader = 0
        end = os.pidfd_open(self._keeper.pid)
        try:
            while True:
                came, _, _ = select.select([ready.fileno(), end], [], [], BOOT_PATIENCE)
                if ready.fileno() not in came:
                    msg = f"cannot boot the throwaway machine:\n{self.console()}"
                    raise MachineError(msg)
                news = dict(line.split("=", 1) for line in ready.recv(65536).decode().splitlines())
                leader = int(news.get("X_NSPAWN_LEADER_PID", leader))
                if leader and news.get("READY") == "1":
                    return leader
        finally:
            os.close(end)

    def console(self) -> str:
        """Give what the machine said on its console."""
        self._log.seek(0)
        return self._log.read().decode(errors="backslashreplace")

    def stop(self) -> None:
        """Take the machine away; a second time does nothing."""
        if self._log.closed:
            return
        if (running := getattr(self, "_keeper", None)) is not None:
            running.stdin.close()
            running.wait()
        self._log.close()
        self._layer.release()

    def install_fui(self) -> None:
        """Install FUI from this checkout as README says, with a menu for its people, and start it."""
        self._report("installing FUI")
        for name, groups in PEOPLE.items():
            self.add_user(name, groups)
        for name in ("fui.yaml", "conf.d/apache.yaml"):
            self.write(f"/etc/fui/{name}", MENU.joinpath(name).read_bytes())
        self.do(install.PROGRAM)
        self.do(install.SETUP)

    def do(self, steps: tuple[install.Step, ...]) -> None:
        """Take steps of the installation, in the copy of the checkout."""
        for step in steps:
            self.run(step, cwd=f"/{SOURCE}", env=OFFLINE)
