"""This machine, as far as the plan depends on it: looked at once, changed by nobody."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fui.admin.setup import carried, landing, programs, services
from fui.admin.setup.example import UNITS
from fui.admin.setup.samba_here import Samba
from fui.admin.setup.services import DAEMON, Service
from fui.admin.sudoers import Sudo
from fui.model.errors import EdgeError


@dataclass(frozen=True, slots=True)
class Here:
    """What is so.

    Attributes:
        samba: The Samba.
        units: The daemon, and what was asked about besides.
        sudo: Which sudo reads the rules.
        systemd: Its version.
        command: What the daemon's unit runs.
        local_groups: The groups in /etc/group; others come from a directory.
    """

    samba: Samba
    units: dict[str, Service]
    sudo: Sudo
    systemd: int
    command: str
    local_groups: frozenset[str]

    @classmethod
    def look(cls, config: Path, default: Path, samba_units: tuple[str, ...]) -> Self:
        """Look at the machine.

        Args:
            config: Where the configuration is.
            default: Where it is if the command line does not say so.
            samba_units: Those that may run smbd.

        Raises:
            EdgeError: Something is missing without which FUI cannot work.
        """
        if not Path("/run/systemd/system").is_dir():
            raise EdgeError("cannot set up a machine that systemd does not run")
        programs.required(programs.SUDO, programs.VISUDO, programs.USERADD, programs.SYSTEMCTL)
        where = "" if config == default else f" --config {config}"
        groups = landing.read("/etc/group") or ""
        return cls(
            Samba.look(),
            services.look(DAEMON, *UNITS, *samba_units),
            Sudo.of(programs.sudo_version()),
            services.systemd_version(programs.run(programs.SYSTEMCTL, "--version")),
            f"{carried.program()}{where} run",
            frozenset(line.partition(":")[0] for line in groups.splitlines()),
        )

    @property
    def daemon(self) -> Service:
        """The daemon's service."""
        return self.units[DAEMON]
