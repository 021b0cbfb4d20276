"""What the checks look at: the menu, Samba's configuration, the units; each asked for once.

Rules: everything is there when a check asks for it, or is Unanswered, which becomes that check's
finding; so a row says what it lacks and the table goes on. Judges nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from fui.admin import service
from fui.admin.doctor.host import Host, within
from fui.admin.doctor.programs import PATIENCE, Program
from fui.admin.doctor.row import Unanswered
from fui.admin.samba import Section, SmbConf
from fui.admin.sudoers import Sudo
from fui.config.load import Configuration
from fui.model.errors import ConfigError, Problem
from fui.model.menu import Menu, Settings

UNIT = service.UNIT
RELOAD_SAMBA = "run: smbcontrol all reload-config"

_PROPERTIES = """
    Id LoadState ActiveState SubState Result MainPID NRestarts NeedDaemonReload UnitFileState
    FragmentPath DropInPaths ExecStart ExecStopPost User SupplementaryGroups Type Delegate KillMode Restart
    RestartKillSignal NoNewPrivileges ControlGroup WatchdogUSec WatchdogTimestampMonotonic LogNamespace
    LogRateLimitIntervalUSec LogRateLimitBurst ActiveEnterTimestamp StateChangeTimestamp
"""
"""What is asked of a unit; org.freedesktop.systemd1(5) explains each."""


class Read(NamedTuple):
    """The configuration, or why there is none."""

    menu: Menu | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as `systemctl show` tells it."""

    properties: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> Iterator["Unit"]:
        """Read what `systemctl show` writes: a paragraph for each unit."""
        for paragraph in text.strip().split("\n\n"):
            rows = (line.partition("=") for line in paragraph.splitlines())
            yield cls({key: value for key, _, value in rows})

    def __getitem__(self, name: str) -> str:
        return self.properties.get(name, "")

    @property
    def is_active(self) -> bool:
        """Whether it runs, or is being reloaded."""
        return self["ActiveState"] in {"active", "reloading"}

    def time(self, name: str) -> float | None:
        """Return a time (`systemctl show --timestamp=unix` writes `@1700000000`), in seconds."""
        text = self[name].removeprefix("@")
        return float(text) if text.isdigit() else None

    def seconds(self, name: str) -> float:
        """Return how long something is (`1min 30s`), in seconds; infinity for no end."""
        if self[name] == "infinity":
            return float("inf")
        return sum(map(_seconds, self[name].split()))


_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def _seconds(word: str) -> float:
    number = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    return float(number or 0) * _UNITS.get(word.removeprefix(number), 1.0)


class Scene:
    """The machine and what FUI is on it."""

    def __init__(self, host: Host, etc: Path, program: str, state: Path) -> None:
        """Look at nothing yet.

        Args:
            host: Who answers.
            etc: Where fui.yaml and conf.d/ are.
            program: The command that this is, for the remedies.
            state: Where the daemon remembers.
        """
        self.host = host
        self.etc = etc
        self.program = program
        self.state = str(state)

    @property
    def setup(self) -> str:
        """What to do where something is not as `fui setup` makes it."""
        return f"run: {self.program} setup --yes"

    @cached_property
    def configuration(self) -> Read:
        """The configuration, as the daemon would begin with it."""
        configuration = Configuration(self.etc / "fui.yaml", self.etc / "conf.d")
        try:
            menu = within(PATIENCE, configuration.read, "the name service")
        except ConfigError as error:
            return Read(None, error.problems)
        return Read(menu, menu.problems)

    @property
    def menu(self) -> Menu:
        """What there is to press."""
        menu = self.configuration.menu
        if menu is None:
            raise Unanswered("cannot tell without a configuration", f"run: {self.program} check")
        return menu

    @property
    def settings(self) -> Settings:
        """What fui.yaml says."""
        return self.menu.settings

    @cached_property
    def smb_conf(self) -> SmbConf:
        """Samba's configuration, as smbd reads it."""
        return SmbConf.parse(self.host.say(Program.TESTPARM, "-s"))

    @property
    def section(self) -> Section:
        """FUI's own share in it."""
        share = self.host.real(self.settings.share)
        own = [each for each in self.smb_conf.sections if each.path == share]
        named = [each for each in own if each.name.lower() == self.settings.share_name.lower()]
        if not own:
            raise Unanswered("cannot tell without the share", "see the row `share`")
        return (named or own)[0]

    @property
    def sudo_version(self) -> str:
        """What sudo calls itself; early versions of sudo-rs say it to standard error."""
        said = self.host.say(Program.SUDO, "-V") or self.host.ask(Program.SUDO, "-V").err
        return said.partition("\n")[0]

    @property
    def sudo(self) -> Sudo:
        """Which sudo it is that reads the rules."""
        return Sudo.of(self.sudo_version)

    @cached_property
    def build(self) -> Mapping[str, str]:
        """What `smbd -b` says of paths: CONFIGFILE, MODULESDIR."""
        lines = (line.strip().partition(": ") for line in self._smbd("-b").splitlines())
        return {key: value for key, _, value in lines if value.startswith("/")}

    def _smbd(self, *arguments: str) -> str:
        return self.host.say(Program.SMBD, *arguments)

    @cached_property
    def unit(self) -> Unit:
        """The daemon's unit."""
        return self.unit_of(UNIT)

    @cached_property
    def daemon_user(self) -> str:
        """Whom the daemon runs as."""
        return self.unit["User"] or "fui"

    @cached_property
    def daemon_groups(self) -> set[str]:
        """The groups that the daemon has, and will have after its next start as well."""
        more = map(self.host.group_name, self.unit["SupplementaryGroups"].split())
        coming = self.host.groups(self.daemon_user) | set(more)
        status = self.host.read(f"/proc/{self.unit['MainPID']}/status") or ""
        lines = (line for line in status.splitlines() if line.startswith(("Gid:", "Groups:")))
        now = {self.host.group_name(gid) for line in lines for gid in line.split()[1:]}
        return coming & now if now else coming

    @cached_property
    def samba_unit(self) -> Unit:
        """The unit that runs smbd, of those that are believed; the first that is there."""
        there = [
            each
            for each in self._units(*self.settings.samba_units)
            if each["LoadState"] == "loaded"
        ]
        active = [each for each in there if each.is_active]
        if not there:
            names = ", ".join(self.settings.samba_units)
            raise Unanswered(f"there is no unit {names}", "see the row `smbd`")
        return (active or there)[0]

    def unit_of(self, name: str) -> Unit:
        """Any unit."""
        return self._units(name)[0]

    def _units(self, *names: str) -> list[Unit]:
        properties = f"--property={','.join(_PROPERTIES.split())}"
        argv = ("show", "--no-pager", "--timestamp=unix", properties, "--", *names)
        return list(Unit.parse(self.host.say(Program.SYSTEMCTL, *argv)))
