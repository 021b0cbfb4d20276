"""The programs that the doctor asks.

Rules: those of `Program` and no others, by absolute paths, never by a shell, each with a time limit
and an environment of its own. What each is asked is the checks' business.
"""

import os
import subprocess
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from fui.admin.doctor.row import Unanswered, Verdict

PATIENCE = 10.0
"""Seconds until a program, or the name service, is said not to answer."""

_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Program(Enum):
    """What is asked, and the package of Debian that has it."""

    JOURNALCTL = ("/usr/bin/journalctl", "systemd")
    SMBCLIENT = ("/usr/bin/smbclient", "smbclient")
    SMBCONTROL = ("/usr/bin/smbcontrol", "samba")
    SMBD = ("/usr/sbin/smbd", "samba")
    SUDO = ("/usr/bin/sudo", "sudo")
    SYSTEMCTL = ("/usr/bin/systemctl", "systemd")
    SYSTEMD_ANALYZE = ("/usr/bin/systemd-analyze", "systemd")
    TESTPARM = ("/usr/bin/testparm", "samba")
    VISUDO = ("/usr/sbin/visudo", "sudo")

    @property
    def path(self) -> str:
        """Where it is."""
        return self.value[0]

    @property
    def remedy(self) -> str:
        """How to get it."""
        return f"run: apt-get install --yes {self.value[1]}"


class Answer(NamedTuple):
    """What a program said."""

    status: int
    out: str
    err: str = ""

    @property
    def last_words(self) -> str:
        """The last line of what it complained about."""
        return next(reversed((self.err or self.out).strip().splitlines()), "")


def run(program: Program, arguments: Sequence[str], patience: float) -> Answer:
    """Run a program to its end.

    Raises:
        Unanswered: It is not there, cannot be run, or took longer than `patience` seconds.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a program of the list, and no shell
            (program.path, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=patience,
            env=_ENVIRONMENT,
        )
    except FileNotFoundError as error:
        text = f"there is no {program.path}"
        raise Unanswered(text, program.remedy, Verdict.WRONG) from error
    except subprocess.TimeoutExpired as error:
        raise Unanswered.silent(program.path, patience) from error
    except OSError as error:
        remedy = "ask again as root" if os.geteuid() else ""
        raise Unanswered(f"cannot run {program.path}: {error.strerror}", remedy) from error
    out, err = (text.decode(errors="surrogateescape") for text in (done.stdout, done.stderr))
    return Answer(done.returncode, out, err)
