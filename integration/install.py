"""What an administrator does to install FUI, word for word as README says it.

Rules: plain commands, run as root in the checkout, in this order; no step knows that the
machine is a throwaway one. README shows each step as `str` gives it.
"""

import shlex
from dataclasses import dataclass

PACKAGES = (
    "samba",
    "samba-vfs-modules",
    "sudo",
    "python3-venv",
    "python3-dev",
    "gcc",
    "pkg-config",
    "libsystemd-dev",
)


@dataclass(frozen=True)
class Step:
    """One command, and the command whose output it is fed with, if any."""

    argv: tuple[str, ...]
    fed_by: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Show the step as a shell takes it."""
        return " | ".join(shlex.join(argv) for argv in (self.fed_by, self.argv) if argv)


def _steps(*lines: str) -> tuple[Step, ...]:
    """Read steps as README shows them; a pipe is the only thing of a shell in them."""
    sides = [[tuple(shlex.split(side)) for side in line.split(" | ")] for line in lines]
    return tuple(Step(side[-1], side[0] if len(side) > 1 else ()) for side in sides)


PREPARE = _steps(
    f"apt-get install --yes {' '.join(PACKAGES)}",
    "python3 -m venv /opt/fui",
)
ACCOUNT = _steps(
    "groupadd --force controls",
    "useradd --system --user-group --home-dir /var/lib/fui --shell /usr/sbin/nologin fui",
    "usermod --append --groups controls,systemd-journal fui",
)
SHARE = _steps(
    "install -d -o fui -g fui -m 0755 /srv/controls",
    "install -D -m 0644 smb.conf.d/fui.conf /etc/samba/smb.conf.d/fui.conf",
    "echo 'include = /etc/samba/smb.conf.d/fui.conf' | tee --append /etc/samba/smb.conf",
    "install -D -m 0644 journald/smbd-rate-limit.conf /etc/systemd/system/smbd.service.d/fui.conf",
    "systemctl daemon-reload",
    "systemctl restart smbd",
)
PROGRAM = _steps("/opt/fui/bin/pip install .")
MENU = _steps(
    "install -D -m 0644 integration/etc/fui.yaml /etc/fui/fui.yaml",
    "install -D -m 0644 integration/etc/conf.d/apache.yaml /etc/fui/conf.d/apache.yaml",
    "/opt/fui/bin/fui check",
    "/opt/fui/bin/fui sudoers | visudo -cf -",
    "/opt/fui/bin/fui sudoers | install -m 0440 /dev/stdin /etc/sudoers.d/fui",
)
UNIT = _steps(
    "install -D -m 0644 systemd/fui.service /etc/systemd/system/fui.service",
)
UNIT_BEFORE_253 = _steps(
    "install -D -m 0644 systemd/before-253.conf /etc/systemd/system/fui.service.d/reload.conf",
)
"""Only where `systemctl --version` says less than 253."""
SERVICE = _steps(
    "install -D -m 0644 journald/fui.catalog /usr/lib/systemd/catalog/fui.catalog",
    "journalctl --update-catalog",
    "systemctl daemon-reload",
    "systemctl enable --now fui",
)
ALL = (*PREPARE, *ACCOUNT, *SHARE, *PROGRAM, *MENU, *UNIT, *UNIT_BEFORE_253, *SERVICE)
