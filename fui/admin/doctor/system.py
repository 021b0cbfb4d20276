"""The kernel and the file system: can the share be watched, written and cleaned up after.

Rules: limits are held against what this menu needs. Sources: inotify(7), proc(5) for mountinfo,
cgroups(7), systemd.resource-control(5).
"""

from typing import NamedTuple

from fui.admin.doctor.programs import Program
from fui.admin.doctor.row import Finding, Unanswered, ok, warning, worst, wrong
from fui.admin.doctor.scene import UNIT, Scene
from fui.admin.setup.plan import SUBGROUPS
from fui.admin.setup.services import systemd_version
from fui.config.machine import Machine

_INOTIFY = "/proc/sys/fs/inotify"
_SPARE = 2
"""How many times what the menu needs there should be, for others of the same user."""
_QUEUE = 1024
"""Events that can wait: fewer overflow when a folder of flags is deleted."""

_NETWORK = """
    9p afs beegfs ceph cifs coda davfs fuse.davfs fuse.glusterfs fuse.s3fs fuse.sshfs gfs2 glusterfs
    lustre ncpfs nfs nfs4 ocfs2 orangefs prl_fs smb2 smb3 smbfs vboxsf virtiofs
"""
"""Other machines can change what is in them, and inotify here does not see it."""

_CONTROLLERS = {"tasks-max": "pids", "memory-max": "memory"}
"""Which controller of cgroup v2 holds what the configuration says."""

_LITTLE, _LITTLE_STATE = 0.02, 0.01
_TIME_CHANGED = "c7a787079b354eaaa9e77b371893cd27"
"""MESSAGE_ID of systemd, when the clock was put (sd-messages.h)."""


class Mount(NamedTuple):
    """A line of /proc/self/mountinfo: where, what kind, with which options."""

    point: str
    kind: str
    options: tuple[str, ...]


def mounts(text: str) -> list[Mount]:
    """Read mountinfo; blanks in paths are octal there."""
    found = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, kind = left.split(), right.partition(" ")[0]
        point = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        found.append(Mount(point, kind, tuple(fields[5].split(","))))
    return found


def mount_of(path: str, all_mounts: list[Mount]) -> Mount:
    """Return the mount that a real path lies on; of two at one place the later one."""
    holding = [m for m in all_mounts if m.point == "/" or f"{path}/".startswith(f"{m.point}/")]
    if not holding:
        raise Unanswered(f"no mount is known that has {path}", "see /proc/self/mountinfo")
    return max(enumerate(holding), key=lambda each: (len(each[1].point), each[0]))[1]


def inotify(scene: Scene) -> Finding:
    """There are watches enough for the folders, and room for the events."""
    folders = scene.menu.folders
    paths = {part for folder in folders for part in (folder.path, folder.staging)}
    need = len(paths | {path.rpartition("/")[0] for path in paths})
    needs = {
        "max_user_watches": need * _SPARE,
        "max_user_instances": 2,
        "max_queued_events": max(_QUEUE, 4 * len(scene.menu.actions)),
    }
    findings = []
    for name, least in needs.items():
        limit = int(scene.host.read(f"{_INOTIFY}/{name}") or 0)
        if limit < least:
            judge = wrong if name != "max_queued_events" else warning
            much = max(least, 524_288 if name == "max_user_watches" else 0)
            findings.append(
                judge(
                    f"{name} is {limit}, and this menu needs {least}",
                    f"make it last by a file in /etc/sysctl.d, and run: sysctl -w fs.inotify.{name}={much}",
                )
            )
    return worst(findings, ok(f"{need} folders to watch"))


def file_system(scene: Scene) -> Finding:
    """It is one of this machine's own, and can be written."""
    path = scene.host.real(scene.settings.share)
    mount = mount_of(path, _mounts(scene))
    if mount.kind in _NETWORK.split():
        return wrong(
            f"{path} is on {mount.kind}, on which inotify does not see what other machines do",
            f"put the share on a disk of this machine: `share:` in {scene.etc}/fui.yaml",
        )
    if mount.kind.startswith("fuse"):
        return warning(
            f"{path} is on {mount.kind}; whether inotify sees all that happens there is not known",
            f"put the share on a disk of this machine: `share:` in {scene.etc}/fui.yaml",
        )
    if "ro" in mount.options:
        return wrong(
            f"{mount.point} is mounted read-only", f"run: mount -o remount,rw {mount.point}"
        )
    return ok(f"{path} is on {mount.kind}, mounted at {mount.point}")


def attributes(scene: Scene) -> Finding:
    """Flags can bear NT ACLs, if they are to."""
    settings = scene.settings
    able = Machine().attributes(settings.share)
    if settings.enforce_in_samba and not able:
        return wrong(
            f"files in {settings.share} cannot have user attributes, so no NT ACLs",
            f"mount it with user_xattr, or write `enforce-in-samba: false` in {scene.etc}/fui.yaml;"
            " run: systemctl reload fui",
        )
    word = "can" if able else "cannot"
    use = "they bear NT ACLs" if settings.enforce_in_samba else "they bear none"
    return ok(f"files {word} have user attributes; {use}")


def space(scene: Scene) -> Finding:
    """Flags, and what FUI remembers, can be written."""
    findings = []
    for path, little in ((scene.settings.share, _LITTLE), (scene.state, _LITTLE_STATE)):
        free = scene.host.space(path)
        for what, part in (("space", free.bytes), ("inodes", free.inodes)):
            if part is not None and part < little:
                judge = wrong if part == 0 else warning
                findings.append(
                    judge(f"{part:.1%} of the {what} is free at {path}", f"make room: df -h {path}")
                )
    return worst(findings, ok("there is room for flags and for what FUI remembers"))


def cgroups(scene: Scene) -> Finding:
    """Each job gets a cgroup of its own, which can be killed as a whole."""
    kinds = [mount for mount in _mounts(scene) if mount.kind == "cgroup2"]
    if not kinds:
        return wrong(
            "there is no cgroup v2: a job that leaves its session cannot be ended",
            "boot with systemd.unified_cgroup_hierarchy=1",
        )
    if scene.unit["Delegate"] != "yes":
        folder = f"/etc/systemd/system/{UNIT}.d"
        return wrong(
            f"{UNIT} may not make cgroups (Delegate={scene.unit['Delegate']})",
            f"run: mkdir --parents {folder} && printf '[Service]\\nDelegate=yes\\n' >"
            f" {folder}/zz-delegate.conf && systemctl daemon-reload && systemctl restart {UNIT}",
        )
    group = scene.unit["ControlGroup"]
    if not group:
        raise Unanswered(f"{UNIT} does not run", "see the row `daemon`")
    names = scene.host.names(f"{kinds[0].point}{group}") or []
    if "cgroup.kill" not in names:
        return warning(
            "this kernel has no cgroup.kill: a job of root's that ignores TERM cannot be ended",
            "use Linux 5.14 or later",
        )
    return ok(f"delegated, with cgroup.kill, at {kinds[0].point}{group}")


def job_limits(scene: Scene) -> Finding:
    """What of `tasks-max` and `memory-max` the menu has, the kernel holds."""
    commands = [action.command for action in scene.menu.actions]
    configured = {
        "tasks-max": any(each.tasks_max is not None for each in commands),
        "memory-max": any(each.memory_max is not None for each in commands),
    }
    wanted = [key for key, there in configured.items() if there]
    if not wanted:
        return ok("the menu has none")
    group = scene.unit["ControlGroup"]
    kinds = [mount for mount in _mounts(scene) if mount.kind == "cgroup2"]
    if not group or not kinds:
        raise Unanswered("cannot tell without a control group", "see the row `cgroups`")
    given = (scene.host.read(f"{kinds[0].point}{group}/cgroup.controllers") or "").split()
    findings = [
        warning(
            f"{key} holds no job: the controller {_CONTROLLERS[key]} is not in {group}",
            "have it in cgroup v2: boot with systemd.unified_cgroup_hierarchy=1, and without"
            " cgroup_disable=; and have Delegate=yes in the unit",
        )
        for key in wanted
        if _CONTROLLERS[key] not in given
    ]
    given_back = "--give-back" in scene.unit["ExecStopPost"]
    if not given_back and (version := _systemd(scene)) < SUBGROUPS:
        findings.append(
            wrong(
                f"systemd {version} cannot start FUI anew while a job with {wanted[0]} runs: it can put"
                f" no process into a control group that hands out {_CONTROLLERS[wanted[0]]}",
                scene.setup,
            )
        )
    return worst(findings, ok(f"{' and '.join(wanted)} hold each job"))


def _systemd(scene: Scene) -> int:
    return systemd_version(scene.host.say(Program.SYSTEMCTL, "--version"))


def clock(scene: Scene) -> Finding:
    """The clock is kept right, and was not put lately: records of that moment may be refused."""
    try:
        entries = scene.host.say(
            Program.JOURNALCTL,
            "--no-pager",
            "--quiet",
            "--output=cat",
            "--since=-24h",
            f"MESSAGE_ID={_TIME_CHANGED}",
            "_PID=1",
        ).splitlines()
    except Unanswered:
        entries = []
    if entries:
        return warning(
            f"the clock was put {len(entries)} times within a day; presses of such a moment are refused",
            "see what puts it: journalctl --since=-24h _PID=1; a time service moves it gently",
        )
    if not scene.host.clock_is_synchronized():
        return warning(
            "nothing keeps the clock right: hours (`only`) and times in the ledger may be wrong",
            "install a time service; run: apt-get install --yes systemd-timesyncd",
        )
    return ok("a time service keeps it right")


def _mounts(scene: Scene) -> list[Mount]:
    return mounts(scene.host.read("/proc/self/mountinfo") or "")


CHECKS = {
    "inotify": inotify,
    "file system": file_system,
    "attributes": attributes,
    "space": space,
    "cgroups": cgroups,
    "job limits": job_limits,
    "clock": clock,
}
