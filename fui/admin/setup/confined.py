"""What a confined smbd needs to come at the share: a label for SELinux, a rule for AppArmor.

Rules: only where the one or the other is in force for smbd. Debian confines smbd by neither; Red Hat
does by SELinux, openSUSE and Ubuntu's apparmor-profiles by AppArmor.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from fui.admin.setup import landing
from fui.admin.setup.follow import APPARMOR_PROFILE, Follow
from fui.admin.setup.programs import RESTORECON, SEMANAGE
from fui.admin.setup.record import Made
from fui.admin.setup.steps import Line, Run, Step

LABEL = "samba_share_t"
"""samba_selinux(8): what smbd may share, and write."""

_SELINUX = Path("/sys/fs/selinux/enforce")
_LOADED = "/sys/kernel/security/apparmor/profiles"
_LOCAL = "/etc/apparmor.d/local/usr.sbin.smbd"


def steps(share: str) -> Iterator[Step]:
    """Return the steps that smbd needs on this machine."""
    if _SELINUX.exists() and Path(SEMANAGE).exists():
        pattern = label_pattern(share)
        yield Run(
            (SEMANAGE, "fcontext", "--add", "--type", LABEL, pattern),
            lambda: labelled(share),
            Made("label", pattern),
        )
        yield Run((RESTORECON, "-R", share), lambda: labelled(share))
    if confines_smbd(landing.read(_LOADED) if Path(_LOADED).exists() else None):
        rule = apparmor_rule(share)
        if Path(APPARMOR_PROFILE).exists():
            yield Line(_LOCAL, rule, lambda text: rule in text, frozenset({Follow.APPARMOR}))


def left(share: str) -> Iterator[str]:
    """Say what an administrator has to do where the tools for it are not there."""
    if _SELINUX.exists() and not Path(SEMANAGE).exists() and not labelled(share):
        yield (
            "SELinux keeps smbd out of the share until it is labelled; install policycoreutils-python-utils"
            f" and run setup again, or: chcon -R -t {LABEL} '{share}'"
        )


def label_pattern(share: str) -> str:
    """Return the regular expression that semanage-fcontext(8) wants for a folder and all in it."""
    return f"{re.escape(share)}(/.*)?"


def labelled(share: str) -> bool:
    """Whether the share has its label."""
    try:
        label = os.getxattr(share, "security.selinux")
    except OSError:
        return False
    return f":{LABEL}:".encode() in label


def confines_smbd(profiles: str | None) -> bool:
    """Whether the kernel's list of AppArmor profiles, `NAME (MODE)`, has one for smbd in force."""
    rows = (profiles or "").splitlines()
    return any(row.startswith(("smbd ", "/usr/sbin/smbd ")) and "enforce" in row for row in rows)


def apparmor_rule(share: str) -> str:
    """Return the rule for the share, of apparmor.d(5); in quotes a path may have blanks."""
    return f'"{share}/{{,**}}" rwkl,'
