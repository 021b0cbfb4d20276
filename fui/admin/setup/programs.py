"""The programs that setup runs: each by its absolute path, with fixed words, never by a shell.

Rules: what fails is told with what the program said; a program that is missing is told with the
package that has it. Knows nothing of why they are run.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from fui.model.errors import EdgeError
from fui.model.harmless import harmless

APPARMOR_PARSER = "/usr/sbin/apparmor_parser"
GPASSWD = "/usr/bin/gpasswd"
GROUPADD = "/usr/sbin/groupadd"
GROUPDEL = "/usr/sbin/groupdel"
JOURNALCTL = "/usr/bin/journalctl"
PDBEDIT = "/usr/bin/pdbedit"
RESTORECON = "/usr/sbin/restorecon"
SEMANAGE = "/usr/sbin/semanage"
SMBCONTROL = "/usr/bin/smbcontrol"
SMBD = "/usr/sbin/smbd"
SUDO = "/usr/bin/sudo"
SYSTEMCTL = "/usr/bin/systemctl"
TESTPARM = "/usr/bin/testparm"
USERADD = "/usr/sbin/useradd"
USERDEL = "/usr/sbin/userdel"
VISUDO = "/usr/sbin/visudo"

_PACKAGES = {
    SMBD: "samba samba-vfs-modules",
    TESTPARM: "samba samba-vfs-modules",
    SUDO: "sudo",
    VISUDO: "sudo",
    USERADD: "passwd",
    JOURNALCTL: "systemd",
    SYSTEMCTL: "systemd",
}
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
_TIMEOUT = 120.0
_TOLD = 600
"""Characters of what a program said that are told; the end says most."""


def required(*programs: str) -> None:
    """Raise EdgeError if one is missing."""
    for program in programs:
        if not Path(program).exists():
            package = _PACKAGES.get(program, Path(program).name)
            raise EdgeError(f"cannot find {program}; run: apt-get install {package}")


def run(*argv: str) -> str:
    """Run a program to its end and return what it wrote to its standard output.

    Raises:
        EdgeError: It is missing, failed, or did not end in two minutes.
    """
    done = attempt(argv)
    if done.returncode != 0:
        said = harmless((done.stderr or done.stdout).strip()[-_TOLD:], keep="\n")
        shown = harmless(" ".join(argv))
        raise EdgeError(f"cannot run {shown}: exit status {done.returncode}: {said}")
    return done.stdout


def attempt(argv: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a program whose exit status is an answer; EdgeError if it cannot be run at all."""
    required(argv[0])
    try:
        return subprocess.run(  # noqa: S603 - absolute paths from above, and no shell
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env=_ENVIRONMENT,
            errors="surrogateescape",
            text=True,
            timeout=_TIMEOUT,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EdgeError(f"cannot run {argv[0]}: {error}") from error


def sudo_version() -> str:
    """Return what sudo says of itself; early versions of sudo-rs say it to standard error."""
    done = attempt((SUDO, "-V"))
    return done.stdout or done.stderr
