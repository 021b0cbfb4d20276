"""Furnish a root folder before it boots: its own few services, and none of the host's.

Rules: files only, no process. What the host carries (its units, file systems, shares, sites,
journal) is put out of the way; a machine is the same on every host of one suite.
"""

import os
import shutil
import uuid
from pathlib import Path

HOSTNAME = "fui-machine"
TARGET = "fui-machine.target"

KEPT_UNITS = (
    "systemd-journald.service",
    "systemd-journald.socket",
    "systemd-journald-dev-log.socket",
    "systemd-journal-flush.service",
    "systemd-tmpfiles-setup.service",
)
PUT_AWAY = (
    "etc/systemd",
    "etc/fstab",
    "etc/crypttab",
    "etc/machine-id",
    "etc/resolv.conf",
    "etc/fui",
    "etc/sudoers.d",
    "etc/samba",
    "etc/apache2/sites-enabled",
    "var/log/journal",
    "var/log/samba",
    "var/lib/fui",
)
FORGOTTEN = "var/lib/samba/**/*.tdb"

TARGET_TEXT = """\
[Unit]
Description=The throwaway machine
Requires=basic.target
After=basic.target
Wants=apache2.service
"""
SMB_CONF = """\
[global]
    server role = standalone server
    workgroup = FUI
    interfaces = 127.0.0.1/8
    bind interfaces only = yes
    smb ports = {smb_port}
    disable netbios = yes
    map to guest = never
    load printers = no
    printcap name = /dev/null
    log file = /var/log/samba/log.%m
"""
APACHE_SITE = """\
ServerName localhost
<VirtualHost 127.0.0.1:{web_port}>
    DocumentRoot /var/www/html
</VirtualHost>
"""
JOURNALD = """\
# A host that is busy with several machines must not make journald late: it reads whose an entry is
# from /proc, and smbclient is gone as soon as it has done its work.
[Service]
Nice=-15
"""
NSS = """\
passwd: files
group: files
shadow: files
gshadow: files
hosts: files
"""


def furnish(root: Path, *, persistent: bool) -> None:
    """Make the root folder a machine that boots into `TARGET`.

    Args:
        root: The folder, an overlay that may be written.
        persistent: Whether the journal is kept in /var/log/journal, one file for each user.
    """
    put_away(root)
    root.joinpath("etc/systemd/system").mkdir(parents=True)
    if persistent:
        root.joinpath("var/log/journal").mkdir()
    mask_units(root)
    files = {
        f"etc/systemd/system/{TARGET}": TARGET_TEXT,
        "etc/systemd/system/systemd-journald.service.d/machine.conf": JOURNALD,
        "etc/nsswitch.conf": NSS,
        "etc/hosts": f"127.0.0.1 localhost {HOSTNAME}\n",
        "etc/machine-id": f"{uuid.uuid4().hex}\n",
        "etc/hostname": f"{HOSTNAME}\n",
        "etc/resolv.conf": "",
    }
    for name, text in files.items():
        place(root / name, text)


def services(root: Path, smb_port: int, web_port: int) -> None:
    """Give the services that are installed a configuration of the machine's own.

    Args:
        root: The folder.
        smb_port: Where smbd listens, on 127.0.0.1.
        web_port: Where apache listens, on 127.0.0.1.
    """
    for folder in ("etc/sudoers.d", "etc/samba", "var/log/samba"):
        root.joinpath(folder).mkdir(parents=True)
    files = {
        "etc/samba/smb.conf": SMB_CONF.format(smb_port=smb_port),
        "etc/apache2/ports.conf": f"Listen 127.0.0.1:{web_port}\n",
        "etc/apache2/sites-enabled/fui.conf": APACHE_SITE.format(web_port=web_port),
    }
    for name, text in files.items():
        place(root / name, text)
    if os.environ.get("FUI_SUDO") == "sudo-rs":
        prefer_sudo_rs(root)


def prefer_sudo_rs(root: Path) -> None:
    """Have sudo-rs stand where sudo stands, as Ubuntu does."""
    for path in (root / "usr/bin/sudo", root / "usr/sbin/visudo"):
        path.rename(path.with_name(f"{path.name}.ws"))
        path.symlink_to(f"/usr/lib/cargo/bin/{path.name}")


def put_away(root: Path) -> None:
    """Take out what the host's own services use."""
    for name in PUT_AWAY:
        path = root / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in root.glob(FORGOTTEN):
        path.unlink()


def mask_units(root: Path) -> None:
    """Mask what would be started beside the target's own services."""
    units = root / "usr/lib/systemd/system"
    for wanted in ("sysinit", "basic", "sockets", "timers", "paths", "local-fs", "multi-user"):
        for link in units.joinpath(f"{wanted}.target.wants").glob("*"):
            mask = root / "etc/systemd/system" / link.name
            if link.name not in KEPT_UNITS and not mask.is_symlink():
                mask.symlink_to("/dev/null")


def place(path: Path, text: str) -> None:
    """Write a file, though a symbolic link was there, which would lead out of the root."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
