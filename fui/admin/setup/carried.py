"""What the program carries with it to install: the unit, its drop-ins, the message catalogue.

Rules: a wheel has these files in share/fui below its prefix (pyproject.toml, data-files), which is
/usr for Debian's package and the virtual environment's folder otherwise; an editable installation
has them in the checkout. Changes nothing.
"""

import grp
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import fui
from fui.model.errors import EdgeError
from fui.model.harmless import harmless

_PACKAGED_UNITS = (
    Path("/usr/lib/systemd/system/fui.service"),
    Path("/lib/systemd/system/fui.service"),
)
_EXEC = re.compile(r"^ExecStart=.*$", re.MULTILINE)
_STOP_POST = re.compile(r"^(ExecStopPost=-).*( --give-back)$", re.MULTILINE)


def text(name: str) -> str:
    """Return a file by its path in the source tree, as `systemd/fui.service`.

    Raises:
        EdgeError: This installation of FUI has it not.
    """
    checkout = Path(fui.__file__).parents[1]
    for folder in (Path(sys.prefix, "share/fui"), checkout):
        try:
            return folder.joinpath(name).read_text("utf-8")
        except OSError:
            continue
    raise EdgeError(f"cannot find {name} in {sys.prefix}/share/fui; install FUI again")


def program() -> str:
    """Return the absolute path of the command `fui` of this installation."""
    path = Path(sys.prefix, "bin/fui")
    if not path.exists():
        raise EdgeError(f"cannot find {path}, which the service would run; install FUI again")
    return str(path)


def packaged(units: tuple[Path, ...] = _PACKAGED_UNITS) -> bool:
    """Whether a package has put its files into /usr/lib, where setup leaves them alone."""
    return any(path.exists() for path in units)


def unit(command: str, packaged: tuple[Path, ...] = _PACKAGED_UNITS) -> str:
    """Return the unit that runs a command; empty if a package has put the same in its place."""
    line = f"ExecStart={command}"
    for path in packaged:
        try:
            there = path.read_text("utf-8")
        except OSError:
            continue
        if _EXEC.findall(there) == [line]:
            return ""
    return _EXEC.sub(lambda _: line, text("systemd/fui.service"))


def subgroup(command: str) -> str:
    """Return the drop-in that older versions of systemd need, with the command that the unit runs."""
    return _STOP_POST.sub(rf"\g<1>{command}\g<2>", text("systemd/before-254.conf"))


def groups(names: Iterable[str]) -> str:
    """Return the drop-in that puts the daemon into groups of a directory service.

    usermod(8) can only change /etc/group. By number, for systemd splits a list of names at blanks,
    and does not start a unit while the directory does not answer for one.
    """
    lines = ["# Groups of a directory that FUI gives folders to; for systemd.exec(5).", "[Service]"]
    for name in names:
        lines += [f"# {harmless(name)}", f"SupplementaryGroups={grp.getgrnam(name).gr_gid}"]
    return "\n".join([*lines, ""])
