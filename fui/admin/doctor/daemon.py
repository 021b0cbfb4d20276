"""The daemon: it runs, lives, is of this version, and shows the menu that the files say.

Rules: systemd is asked, never the daemon; times are those of systemd and of the file system. Sources:
systemctl(1) and org.freedesktop.systemd1(5) for the properties of a unit.
"""

import re
from pathlib import Path

import fui
from fui.admin.doctor.row import Finding, Unanswered, ok, warning, worst, wrong
from fui.admin.doctor.scene import UNIT, Scene
from fui.admin.setup import carried
from fui.config.files import EXTENSIONS
from fui.edges.share.rights import ATTRIBUTE
from fui.model.errors import EdgeError
from fui.model.menu import Action

_EXEC = re.compile(r"path=(\S+) ;")
_START = re.compile(r"^ExecStart=.*$", re.MULTILINE)
_LATE = 2 / 3
"""The part of the watchdog's time after which a sign of life is late; it comes twice in it."""
_AWAY = 2.0
"""Seconds for which a flag may be away: its press is being decided."""
_SHOWN = 3

_EXPECTED = {
    "Type": ("notify", "notify-reload"),
    "KillMode": ("process",),
    "RestartKillSignal": ("10",),
    "Restart": ("on-failure", "always"),
    "NoNewPrivileges": ("no",),
}
"""What the daemon relies on, beside what has a row of its own; see systemd/fui.service."""


def service(scene: Scene) -> Finding:
    """It runs, has not been restarted by itself, and comes back with the machine."""
    unit = scene.unit
    if unit["LoadState"] != "loaded":
        return wrong(f"there is no {UNIT}", scene.setup)
    if not unit.is_active:
        return wrong(
            f"it is {unit['ActiveState']} ({unit['Result']})",
            f"see journalctl -u fui -n 20; run: systemctl start {UNIT}",
        )
    findings = []
    if unit["UnitFileState"] not in {"enabled", "enabled-runtime", "static", "generated"}:
        text = f"it will not start with the machine ({unit['UnitFileState']})"
        findings.append(warning(text, f"run: systemctl enable {UNIT}"))
    if unit["NRestarts"] not in {"", "0"}:
        findings.append(
            warning(
                f"it broke off, and systemd started it again, {unit['NRestarts']} times",
                f"see journalctl -u fui -p err, and start the count anew: run: systemctl restart {UNIT}",
            )
        )
    return worst(findings, ok(f"{unit['SubState']}, as process {unit['MainPID']}"))


def unit_file(scene: Scene) -> Finding:
    """The unit is one that this version can work with, and systemd has read it."""
    unit = scene.unit
    if unit["LoadState"] != "loaded":
        raise Unanswered(f"there is no {UNIT}", "see the row `daemon`")
    if unit["NeedDaemonReload"] == "yes":
        return warning("systemd has not read its last change", "run: systemctl daemon-reload")
    if _differs(scene.host.read(unit["FragmentPath"]) or ""):
        return warning(f"{unit['FragmentPath']} is not that of this version", scene.setup)
    program = _EXEC.search(unit["ExecStart"])
    if program and scene.host.real(program[1]) != scene.host.real(scene.program):
        return warning(
            f"it starts {program[1]}, and this is {scene.program}",
            "ask the doctor of the installation that runs, or put ExecStart right",
        )
    differs = [
        f"{name}={unit[name]}" for name, values in _EXPECTED.items() if unit[name] not in values
    ]
    if scene.daemon_user == "root":
        differs.append("User=root")
    if differs:
        return wrong(
            f"{unit['FragmentPath']} is not as this version needs it: {', '.join(differs)}",
            f"take what says so out of it and of its drop-ins ({unit['DropInPaths'] or 'none'});"
            f" run: systemctl daemon-reload && systemctl restart {UNIT}",
        )
    return ok(unit["FragmentPath"])


def _differs(text: str) -> bool:
    """Whether a unit is another one than this installation carries, but for the program's path."""
    try:
        own = carried.text("systemd/fui.service")
    except EdgeError:
        return False
    return bool(text) and _START.sub("", text) != _START.sub("", own)


def heart_beat(scene: Scene) -> Finding:
    """Its last sign of life is young."""
    unit = scene.unit
    if not unit.is_active:
        raise Unanswered("it does not run", "see the row `daemon`")
    limit = unit.seconds("WatchdogUSec")
    if not limit or limit == float("inf"):
        return warning(
            "systemd does not look whether it lives (WatchdogSec=)",
            f"take what says so out of {unit['FragmentPath']} and its drop-ins;"
            f" run: systemctl daemon-reload && systemctl restart {UNIT}",
        )
    age = scene.host.now().mono - int(unit["WatchdogTimestampMonotonic"] or 0) / 1e6
    if age > limit * _LATE:
        return wrong(
            f"its last sign of life is {age:.0f} s old, and comes every {limit / 2:g} s",
            f"run: systemctl restart {UNIT}",
        )
    return ok(f"{max(age, 0.0):.0f} s ago")


def version(scene: Scene) -> Finding:
    """What runs is what is installed."""
    installed = scene.host.changed(str(Path(fui.__file__)))
    started = scene.unit.time("ActiveEnterTimestamp")
    if installed is not None and started is not None and installed > started + 1:
        return warning(
            f"FUI {fui.__version__} was installed after the daemon was started",
            f"run: systemctl restart {UNIT}",
        )
    return ok(f"FUI {fui.__version__}")


def configuration(scene: Scene) -> Finding:
    """It is right."""
    read = scene.configuration
    if read.problems:
        more = f", and {len(read.problems) - 1} more" if len(read.problems) > 1 else ""
        return wrong(
            f"{read.problems[0]}{more}",
            f"correct what `{scene.program} check` says; run: systemctl reload fui",
        )
    menu = scene.menu
    return ok(f"{len(menu.actions)} actions in {len(menu.folders)} folders")


def in_force(scene: Scene) -> Finding:
    """The daemon has read it since it was last changed."""
    changed = [(scene.host.changed(str(path)) or 0.0, path) for path in _files(scene)]
    read = scene.unit.time("StateChangeTimestamp")
    if not scene.unit.is_active or read is None:
        raise Unanswered("the daemon does not run", "see the row `daemon`")
    when, path = max(changed)
    if when > read + 1:  # systemd tells whole seconds
        return warning(
            f"{path} was changed after the daemon read it", f"run: systemctl reload {UNIT}"
        )
    return ok("read since its last change")


def _files(scene: Scene) -> list[Path]:
    folder = scene.etc / "conf.d"
    names = scene.host.names(str(folder)) or []
    drop_ins = [folder / name for name in names if name.endswith(EXTENSIONS)]
    return [scene.etc / "fui.yaml", folder, *drop_ins]


def flags(scene: Scene) -> Finding:
    """Every action has its flag in its folder, with an NT ACL if Samba goes by that."""
    actions = [action for action in scene.menu.actions if not action.hide_blocked]
    shown = _shown(scene)
    if any(_key(action) not in shown for action in actions):
        scene.host.pause(_AWAY)
        shown = _shown(scene)
    missing = [action for action in actions if _key(action) not in shown]
    remedy = f"see journalctl -u fui -p err; run: systemctl restart {UNIT}"
    if missing:
        return wrong(f"{len(missing)} flags are not shown: {_some(missing)}", remedy)
    if scene.settings.enforce_in_samba:
        bare = [a for a in actions if not scene.host.has_attribute(shown[_key(a)], ATTRIBUTE)]
        if bare:
            text = f"{len(bare)} flags have no NT ACL, so nobody can press them: {_some(bare)}"
            return wrong(text, remedy)
    return ok(f"all of {len(actions)} are shown")


def _key(action: Action) -> tuple[str, str]:
    return action.folder.path, action.id.action


def _some(actions: list[Action]) -> str:
    return ", ".join(str(action.id) for action in actions[:_SHOWN])


def _shown(scene: Scene) -> dict[tuple[str, str], str]:
    """Return the path of each flag by its folder and its action's name."""
    found = {}
    for folder in scene.menu.folders:
        for name in scene.host.names(folder.path) or []:
            parsed = scene.settings.naming.parse(name)
            if parsed is not None:
                found[folder.path, parsed[0]] = f"{folder.path}/{name}"
    return found


CHECKS = {
    "daemon": service,
    "daemon: unit": unit_file,
    "daemon: heart beat": heart_beat,
    "daemon: version": version,
    "configuration": configuration,
    "configuration: in force": in_force,
    "flags": flags,
}
