"""Samba itself: the version, its audit module, the process, and what it does for all shares.

Rules: each check answers with one Finding. What smb.conf says of FUI's own share is `share`'s.
Sources: vfs_full_audit(8), smb.conf(5), and vfs_full_audit.c for the names of operations, which are
strings in the module; one that ends another (`connect`, `disconnect`) is stored once, as its end.
"""

import re

from fui.admin.doctor.programs import Program
from fui.admin.doctor.row import Finding, Unanswered, ok, warning, wrong
from fui.admin.doctor.scene import RELOAD_SAMBA, Scene
from fui.admin.samba import FORBIDDEN, Section

NEEDED = ("connect", "unlinkat", "renameat")
"""The operations whose success FUI has to see."""

_OLDEST = (4, 13)
"""From there on a deletion is `unlinkat` and a renaming `renameat`."""

_LEASES = (4, 22)
"""From there on a client may keep the listing of a directory."""

_VERSION = re.compile(r"(\d+)\.(\d+)")
_MODULES = "see to it that `smbd -b` names the folder of modules"


def version(scene: Scene) -> Finding:
    """Samba is there, and not too old."""
    text = scene.host.say(Program.SMBD, "-V").strip()
    number = _number(text)
    if number < _OLDEST:
        return wrong(
            f"{text} audits deletions under another name",
            f"install Samba {'.'.join(map(str, _OLDEST))} or a later one",
        )
    return ok(text)


def audit_module(scene: Scene) -> Finding:
    """full_audit is installed, and knows every operation that smb.conf names for the share."""
    path = f"{scene.build.get('MODULESDIR', '')}/vfs/full_audit.so"
    data = scene.host.read_bytes(path)
    if data is None:
        return wrong(f"there is no {path}", "run: apt-get install --yes samba-vfs-modules")
    try:
        named = [name for list_ in ("success", "failure") for name in audited(scene.section, list_)]
    except Unanswered:
        named = []
    wanted = dict.fromkeys([*NEEDED, *named])
    unknown = [name for name in wanted if name != "all" and f"{name}\0".encode() not in data]
    if unknown:
        names = ", ".join(unknown)
        return wrong(
            f"{path} does not know {names}, and lets nobody into a share that audits it",
            f"take it out of full_audit:success and full_audit:failure; {RELOAD_SAMBA}",
        )
    return ok(f"knows {', '.join(wanted)}")


def audited(section: Section, outcome: str) -> list[str]:
    """Return the operations that a share logs, of those that succeed (`success`) or fail."""
    names = section.words(f"full_audit:{outcome}")
    return [] if names == ["none"] else [name.removeprefix("!") for name in names]


def smbd(scene: Scene) -> Finding:
    """Smbd runs, in a unit whose records are believed. journald takes that from the cgroup too."""
    host = scene.host
    units = set()
    for pid in host.names("/proc") or []:
        if pid.isdigit() and _read(scene, f"/proc/{pid}/comm").startswith("smbd"):
            units.add(_unit_of(_read(scene, f"/proc/{pid}/cgroup")))
    if not units:
        return wrong("no smbd runs", f"run: systemctl start {scene.samba_unit['Id']}")
    strange = sorted(units - set(scene.settings.samba_units))
    if strange:
        listed = ", ".join([*scene.settings.samba_units, *filter(None, strange)])
        where = ", ".join(unit or "no unit" for unit in strange)
        return wrong(
            f"smbd runs in {where}, and records from there are not believed",
            f"write `samba-units: [{listed}]` in {scene.etc}/fui.yaml; run: systemctl reload fui",
        )
    return ok(f"runs in {', '.join(sorted(units))}")


def _read(scene: Scene, path: str) -> str:
    try:
        return scene.host.read(path) or ""
    except Unanswered:  # the process has just ended
        return ""


def _unit_of(cgroups: str) -> str:
    # Lines as `0::/system.slice/smbd.service`, see cgroups(7); what is below a unit is its own affair.
    for line in cgroups.splitlines():
        for step in line.rpartition(":")[2].split("/"):
            if step.endswith(".service"):
                return step
    return ""


def caching(scene: Scene) -> Finding:
    """No client keeps what it has seen: it would show a state that is over."""
    section, lines = scene.section, []
    if section.says("oplocks", default=True):
        lines.append(f"`oplocks = no` in [{section.name}]")
    leases = scene.smb_conf.general.text("smb3 directory leases", "auto").lower()
    if _number(scene.host.say(Program.SMBD, "-V")) >= _LEASES and leases != "no":
        lines.append("`smb3 directory leases = no` in [global]")
    if lines:
        return warning(
            "clients may keep flags that are no longer so",
            f"write {' and '.join(lines)} of smb.conf; {RELOAD_SAMBA}",
        )
    return ok("clients may keep neither flags nor listings")


def links(scene: Scene) -> Finding:
    """No link is followed: who deletes behind one would press another object's flag."""
    if scene.section.says("follow symlinks", default=True):
        return warning(
            "smbd follows links in the share: who deletes behind one presses another object's flag",
            f"write `follow symlinks = no` in [{scene.section.name}] of smb.conf; {RELOAD_SAMBA}",
        )
    return ok("no link in the share is followed")


def logging(scene: Scene) -> Finding:
    """What smbd says of itself does not go where the audit lines go."""
    text = scene.smb_conf.general.text("logging")
    if "syslog" in text or "systemd" in text:
        return warning(
            f"smbd writes all it says of itself to the journal (logging = {text}), and that counts"
            " for the rate limit of the audit records",
            f"write `logging = file` in [global] of smb.conf; {RELOAD_SAMBA}",
        )
    return ok("smbd's own messages do not go to the journal")


def other_shares(scene: Scene) -> Finding:
    """No other share shows the same tree unaudited: nobody would know who deletes there."""
    own, share = scene.section, scene.host.real(scene.settings.share)
    bad: list[str] = []
    forbidden: list[str] = []
    for each in scene.smb_conf.sections:
        if each is own or not (each.shows(share) or each.path.startswith(f"{share}/")):
            continue
        forbidden += [f"[{each.name}] has {key}" for key in FORBIDDEN if each.text(key)]
        audit = ("full_audit:prefix", "full_audit:facility")
        same = all(each.text(key).lower() == own.text(key).lower() for key in audit)
        if "full_audit" not in each.words("vfs objects") or not same:
            bad.append(each.name)
    if forbidden:
        return wrong(
            f"another share shows the same folders: {'; '.join(forbidden)}",
            f"take that share, or those lines, out of smb.conf; {RELOAD_SAMBA}",
        )
    if bad:
        names = ", ".join(f"[{name}]" for name in bad)
        return warning(
            f"{names} shows the same folders without the audit: who deletes there runs nothing",
            f"take {names} out of smb.conf, or have it show something else; {RELOAD_SAMBA}",
        )
    return ok("no other share shows the same folders unaudited")


def _number(text: str) -> tuple[int, ...]:
    match = _VERSION.search(text)
    return tuple(map(int, match.groups())) if match else (0, 0)


CHECKS = {
    "Samba": version,
    "audit module": audit_module,
    "smbd": smbd,
    "caching": caching,
    "links": links,
    "logging": logging,
    "other shares": other_shares,
}
