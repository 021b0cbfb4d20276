"""A machine that was written down: what its programs and files answer. Plain data, no process."""

import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from fui.admin.doctor.host import Host, Space
from fui.admin.doctor.programs import Answer, Program
from fui.admin.doctor.row import Unanswered
from fui.admin.doctor.scene import Read, Scene
from fui.model.instant import Instant
from fui.model.menu import (
    Access,
    Action,
    ActionId,
    Command,
    FileSpec,
    Folder,
    Menu,
    Settings,
    Subject,
    SubjectKind,
)

FOLDER = Folder("/srv/controls/Apache", FileSpec(None, "controls", 0o2770))
WWWADMINS = Subject(SubjectKind.GROUP, "wwwadmins")
ACTION = Action(
    ActionId("Apache", "Restart"),
    FOLDER,
    ("Apache",),
    Command(("/usr/bin/systemctl", "restart", "apache2"), "root", "root", 60.0),
    Access((WWWADMINS,)),
    FileSpec(None, None, 0o660),
)
MENU = Menu(Settings("/srv/controls"), (ACTION,))

TESTPARM = """
[global]
	logging = file
	smb3 directory leases = No

[Controls]
	follow symlinks = No
	oplocks = No
	path = /srv/controls
	read only = No
	valid users = @controls
	veto files = /.fui/
	vfs objects = full_audit
	full_audit:facility = LOCAL5
	full_audit:prefix = %u|%I|%S
	full_audit:failure = none
	full_audit:success = connect unlinkat renameat
"""

UNITS = {
    "fui.service": {
        "Id": "fui.service",
        "LoadState": "loaded",
        "ActiveState": "active",
        "SubState": "running",
        "UnitFileState": "enabled",
        "NRestarts": "0",
        "MainPID": "247",
        "Type": "notify",
        "KillMode": "process",
        "RestartKillSignal": "10",
        "Restart": "on-failure",
        "NoNewPrivileges": "no",
        "User": "fui",
        "Delegate": "yes",
        "ControlGroup": "/system.slice/fui.service",
        "FragmentPath": "/etc/systemd/system/fui.service",
        "ExecStart": "{ path=/opt/fui/bin/fui ; argv[]=/opt/fui/bin/fui run ; pid=247 }",
        "WatchdogUSec": "30s",
        "WatchdogTimestampMonotonic": "995000000",
        "ActiveEnterTimestamp": "@5000",
        "StateChangeTimestamp": "@5000",
    },
    "smbd.service": {
        "Id": "smbd.service",
        "LoadState": "loaded",
        "ActiveState": "active",
        "ActiveEnterTimestamp": "@4000",
        "LogRateLimitIntervalUSec": "1s",
        "LogRateLimitBurst": "1000000",
    },
}


@dataclass
class Recorded(Host):
    """Answers of programs by the words of their argv, files by their paths."""

    answers: dict[str, str | Answer | Unanswered] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, list[str]] = field(default_factory=dict)
    units: dict[str, dict[str, str]] = field(default_factory=lambda: {**UNITS})
    took: dict[str, float | None] = field(default_factory=dict)
    free: dict[str, Space] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    of: dict[str, set[str]] = field(default_factory=dict)
    root: bool = True
    attributes: bool = True
    synchronized: bool = True

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def is_root(self) -> bool:  # type: ignore[override]
        return self.root

    def run(self, program: Program, *arguments: str) -> Answer:
        if program is Program.SYSTEMCTL and arguments[0] == "show":
            names = arguments[arguments.index("--") + 1 :]
            gone = {"LoadState": "not-found", "ActiveState": "inactive"}
            units = ({"Id": name, **gone, **self.units.get(name, {})} for name in names)
            return Answer(0, "\n\n".join(_shown(unit) for unit in units))
        words = " ".join((program.name.lower(), *arguments))
        found = next((each for key, each in self.answers.items() if key in words), "")
        if isinstance(found, Unanswered):
            raise found
        return Answer(0, textwrap.dedent(found)) if isinstance(found, str) else found

    def read_bytes(self, path: str) -> bytes | None:
        return self.files[path].encode() if path in self.files else None

    def names(self, path: str) -> list[str] | None:
        return self.folders.get(path)

    def real(self, path: str) -> str:
        return path

    def changed(self, path: str) -> float | None:
        return self.times.get(path)

    def has_attribute(self, path: str, name: str) -> bool:
        return self.attributes and bool(path and name)

    def space(self, path: str) -> Space:
        return self.free.get(path, Space(0.5, 0.5))

    def look_up(self, subject: Subject) -> float | None:
        return self.took.get(subject.name, 0.001)

    def groups(self, user: str) -> set[str]:
        return self.of.get(user, {user, "controls", "systemd-journal"})

    def group_name(self, gid: str) -> str:
        return {"101": "systemd-journal", "1001": "controls"}.get(gid, gid)

    def now(self) -> Instant:
        return Instant(1000.0, 6000.0)

    def pause(self, seconds: float) -> None:
        pass

    def clock_is_synchronized(self) -> bool:
        return self.synchronized


def _shown(unit: dict[str, str]) -> str:
    return "\n".join(f"{key}={value}" for key, value in unit.items())


def scene(host: Recorded | None = None, menu: Menu = MENU, testparm: str = TESTPARM) -> Scene:
    """Set the scene, with a menu that was read already."""
    host = host or Recorded()
    host.answers.setdefault("testparm -s", testparm)
    host.answers.setdefault("smbd -V", "Version 4.22.3-Debian")
    made = Scene(host, Path("/etc/fui"), "/opt/fui/bin/fui", Path("/var/lib/fui"))
    made.__dict__["configuration"] = Read(menu, menu.problems)  # where a cached_property keeps it
    return made
