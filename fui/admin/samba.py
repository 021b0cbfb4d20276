"""What Samba's configuration says about the share, and whether attribution can depend on it.

Rules: asks testparm(1), which reads smb.conf as smbd does; a share in which one user acts for many
cannot be attributed and is refused at the start; whatever else is not as it should be there is
said. The doctor looks closer, at the same words. Knows nothing of flags.
"""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fui.config.values import FACILITIES
from fui.model.errors import EdgeError

TESTPARM = "/usr/bin/testparm"
PREFIX = "%u|%I|%S"
"""What has to stand before each audit line: user, client's address, share."""

_TIMEOUT = 10.0
_GENERAL = "global"
_COMMENTS = ("#", ";")
_SPACE = re.compile(r"\s+")
_LIST = re.compile(r"[\s,;]+")
_TCP, _NETBIOS = "445", "139"
_TRUE = frozenset(["yes", "true", "1", "on"])

FORBIDDEN = {
    "force user": "everybody would act as that user",
    "admin users": "they would all act as root",
}
"""What makes one user act for many, and why."""


@dataclass(frozen=True, slots=True)
class Section:
    """A share as testparm shows it, with what [global] says for all of them."""

    name: str
    options: Mapping[str, str]

    def text(self, key: str, default: str = "") -> str:
        """Return what an option says; testparm leaves out what is Samba's default."""
        return self.options.get(_key(key), default).strip()

    def words(self, key: str) -> list[str]:
        """Return what an option lists."""
        return [word for word in _LIST.split(self.text(key)) if word]

    def says(self, key: str, *, default: bool) -> bool:
        """Return an option that is yes or no."""
        text = self.text(key)
        return text.lower() in _TRUE if text else default

    @property
    def path(self) -> str:
        """The real path of what it shows; empty where that depends on the user, or is none."""
        text = self.text("path")
        return os.path.realpath(text) if text and not {"%", "\0"} & set(text) else ""

    def shows(self, path: str) -> bool:
        """Whether a path, real and absolute, can be seen in it."""
        return bool(self.path) and Path(path).is_relative_to(self.path)


@dataclass(frozen=True, slots=True)
class SmbConf:
    """All of smb.conf, with what it includes."""

    sections: tuple[Section, ...]
    general: Section

    @property
    def port(self) -> str:
        """The TCP port on which smbd listens, the first of those that smb.conf names.

        Later versions of testparm show `smb ports` as `server smb transports`, which names ways, ports
        or both: `tcp, nbt:1139, 4450`.
        """
        named = self.general.words("server smb transports") or self.general.words("smb ports")
        return next(filter(None, map(_tcp_port, named)), _TCP)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `testparm -s` writes; a line that is neither share nor option says nothing."""
        general: dict[str, str] = {}
        shares: dict[str, dict[str, str]] = {}
        options = general
        for line in map(str.strip, text.split("\n")):
            key, equals, value = line.partition("=")
            if line.startswith("[") and line.endswith("]"):
                name = line[1:-1]
                options = general if _key(name) == _GENERAL else shares.setdefault(name, {})
            elif equals and not line.startswith(_COMMENTS):
                options[_key(key)] = value.strip()
        sections = (Section(name, general | options) for name, options in shares.items())
        return cls(tuple(sections), Section(_GENERAL, general))


def _tcp_port(transport: str) -> str:
    """Return the port of one of Samba's transports; empty if it is not by TCP, or adds to the default."""
    match transport.lower().partition(":"):
        case "tcp", _, port:
            return port or _TCP
        case "nbt", _, port:
            return port or _NETBIOS
        case port, "", _ if port.isdecimal():
            return port
        case _:
            return ""


def facility_name(number: int) -> str:
    """Return a syslog facility as vfs_full_audit(8) spells it: 21 is LOCAL5."""
    return next(name for name, each in FACILITIES.items() if each == number).upper()


def refuse_unattributable(
    share: str, facility: int, say: Callable[[str], None], testparm: str = TESTPARM
) -> None:
    """Look at each Samba share in which `share` can be seen.

    Args:
        share: The root of FUI's share.
        facility: The syslog facility on which its audit records are expected, as its number.
        say: Takes a sentence for each thing that may be wrong and need not be.
        testparm: Its absolute path.

    Raises:
        EdgeError: Who presses could not be told.
    """
    try:
        run = subprocess.run(  # noqa: S603 - fixed arguments
            [testparm, "-s"],
            capture_output=True,
            check=True,
            timeout=_TIMEOUT,
            encoding="utf-8",
            errors="surrogateescape",
        )
    except (OSError, subprocess.SubprocessError) as error:
        say(f"fui: cannot look at Samba's configuration: {error}; check it with `testparm -s`")
        return
    real = os.path.realpath(share)
    sections = [each for each in SmbConf.parse(run.stdout).sections if each.shows(real)]
    for section in sections:
        for key, why in FORBIDDEN.items():
            if section.text(key):
                raise EdgeError(
                    f"cannot tell who presses in the Samba share [{section.name}]: it has"
                    f" `{key} = {section.text(key)}`, and {why}; take that line out of smb.conf and"
                    " run: smbcontrol all reload-config"
                )
        for complaint in _complaints(section, facility_name(facility)):
            say(f"fui: the Samba share [{section.name}] {complaint}")
    if not sections:
        say(f"fui: no Samba share shows {share}; include smb.conf.d/fui.conf in smb.conf")


def _complaints(section: Section, facility: str) -> list[str]:
    see = "see smb.conf.d/fui.conf, or ask `fui doctor`"
    guests = (
        ["lets guests in; they are all one user: guest ok = no"]
        if section.says("guest ok", default=False)
        else []
    )
    if "full_audit" not in section.words("vfs objects"):
        return [
            *guests,
            f"does not have full_audit in `vfs objects`: no press can be attributed; {see}",
        ]
    expected = {"full_audit:prefix": PREFIX, "full_audit:facility": facility}
    return guests + [
        f"has `{key} = {section.text(key)}`, not `{wanted}`; {see}"
        for key, wanted in expected.items()
        if section.text(key).lower() != wanted.lower()
    ]


def _key(name: str) -> str:
    """Return an option's name as all its spellings have it: Samba does not look at case."""
    return _SPACE.sub(" ", name.strip().lower())
