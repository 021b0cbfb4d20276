"""SELinux and AppArmor: do they let smbd, sudo and FUI do what the share needs.

Rules: looks whether one is in force, and for what it denied lately; the remedy is the rule to add.
Sources: selinux(8), samba_selinux(8), apparmor(7); the denials as the kernel's audit writes them to
the journal (`avc: denied`, `apparmor="DENIED"`).
"""

import re
from collections.abc import Callable

from fui.admin.doctor.programs import Program
from fui.admin.doctor.row import Finding, Unanswered, ok, warning, wrong
from fui.admin.doctor.scene import Scene
from fui.admin.setup.confined import apparmor_rule

_ENFORCE = "/sys/fs/selinux/enforce"
_ENABLED = "/sys/module/apparmor/parameters/enabled"
_PROFILES = "/sys/kernel/security/apparmor/profiles"
_LOCAL = "/etc/apparmor.d/local/usr.sbin.smbd"

_AVC = re.compile(r'avc:\s+denied .* comm="(?P<comm>[^"]*)"(?: (?:path|name)="(?P<what>[^"]*)")?')
_APPARMOR = re.compile(r'apparmor="DENIED".* profile="(?P<comm>[^"]*)"(?: name="(?P<what>[^"]*)")?')
_CONCERNED = ("smbd", "fui", "sudo")


def selinux(scene: Scene) -> Finding:
    """It lets smbd into the share."""
    enforce = scene.host.read(_ENFORCE)
    if enforce is None:
        return ok("not in use")
    denied = _denied(scene, _AVC, lambda comm: comm.startswith(_CONCERNED))
    share = scene.settings.share
    remedy = (
        f"run: semanage fcontext --add --type samba_share_t '{share}(/.*)?' &&"
        f" restorecon -R {share}"
    )
    return _judged("SELinux", denied, remedy, enforcing=enforce.strip() == "1")


def apparmor(scene: Scene) -> Finding:
    """It lets smbd into the share."""
    if (scene.host.read(_ENABLED) or "").strip() != "Y":
        return ok("not in use")
    denied = _denied(scene, _APPARMOR, lambda profile: any(w in profile for w in _CONCERNED))
    remedy = (
        f"run: echo '{apparmor_rule(scene.settings.share)}' >> {_LOCAL} &&"
        " apparmor_parser --replace /etc/apparmor.d/usr.sbin.smbd"
    )
    try:
        profiles = scene.host.read(_PROFILES) or ""
    except Unanswered:
        profiles = ""
    enforcing = any("smbd" in line and "(enforce)" in line for line in profiles.splitlines())
    return _judged("AppArmor", denied, remedy, enforcing=enforcing)


def _judged(name: str, denied: list[str], remedy: str, *, enforcing: bool) -> Finding:
    if not denied:
        return ok(f"{name} {'enforces, and' if enforcing else 'lets smbd be, and'} denied nothing")
    text = f"{name} denied {len(denied)} times within a day, the last: {denied[-1]}"
    return wrong(text, remedy) if enforcing else warning(text, remedy)


def _denied(scene: Scene, pattern: re.Pattern[str], concerned: Callable[[str], bool]) -> list[str]:
    """Return what was denied within a day, as `smbd: /srv/controls/Apache`."""
    options = ("--no-pager", "--quiet", "--output=cat", "--since=-24h")
    sources = ("_TRANSPORT=audit", "+", "_TRANSPORT=kernel")
    answer = scene.host.ask(Program.JOURNALCTL, *options, *sources)
    found = filter(None, map(pattern.search, answer.out.splitlines()))
    return [f"{each['comm']}: {each['what'] or '?'}" for each in found if concerned(each["comm"])]


CHECKS = {"SELinux": selinux, "AppArmor": apparmor}
