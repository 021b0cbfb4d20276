"""What Samba's configuration says about the share, as far as attribution depends on it.

Rules: asks testparm(1), which reads smb.conf as smbd does; a share in which one user acts for many
cannot be attributed and is refused; whatever else is not as `smb.conf.d/fui.conf` has it is said.
Knows nothing of flags.
"""

import configparser
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from fui.model.errors import EdgeError

TESTPARM = "/usr/bin/testparm"
_TIMEOUT = 10.0

_FORBIDDEN = {
    "force user": "everybody would act as that user",
    "admin users": "they would all act as root",
}

_EXPECTED = {
    "full_audit:prefix": "%u|%I|%S",
    "full_audit:facility": "LOCAL5",
}


def refuse_unattributable(share: str, say: Callable[[str], None], testparm: str = TESTPARM) -> None:
    """Look at each Samba share in which `share` can be seen.

    Args:
        share: The root of FUI's share.
        say: Takes a sentence for each thing that may be wrong and need not be.
        testparm: Its absolute path.

    Raises:
        EdgeError: Who presses could not be told.
    """
    try:
        run = subprocess.run(  # noqa: S603 - fixed arguments
            [testparm, "-s"], capture_output=True, check=True, timeout=_TIMEOUT, text=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        say(f"fui: cannot look at Samba's configuration: {error}; check it with `testparm -s`")
        return
    sections = [section for section in _sections(run.stdout).items() if _shows(section[1], share)]
    for name, section in sections:
        for key, why in _FORBIDDEN.items():
            if section.get(key):
                raise EdgeError(
                    f"cannot tell who presses in the Samba share [{name}]: it has"
                    f" `{key} = {section[key]}`, and {why}; take that line out of smb.conf and"
                    " run: smbcontrol all reload-config"
                )
        if section.get("guest ok", "no").lower() in {"yes", "true", "1"}:
            say(
                f"fui: the Samba share [{name}] lets guests in; they are all one user: guest ok = no"
            )
        for complaint in _audit_complaints(section):
            say(f"fui: the Samba share [{name}] {complaint}; see smb.conf.d/fui.conf")
    if not sections:
        say(f"fui: no Samba share shows {share}; include smb.conf.d/fui.conf in smb.conf")


def _sections(text: str) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.ConfigParser(
        interpolation=None, strict=False, delimiters=("=",), default_section="global"
    )
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


def _shows(section: Mapping[str, str], share: str) -> bool:
    path = section.get("path", "")
    return bool(path) and Path(share).resolve().is_relative_to(Path(path).resolve())


def _audit_complaints(section: Mapping[str, str]) -> list[str]:
    if "full_audit" not in section.get("vfs objects", "").split():
        return ["does not have full_audit in `vfs objects`: no press can be attributed"]
    return [
        f"has `{key} = {section.get(key, '')}`, not `{wanted}`"
        for key, wanted in _EXPECTED.items()
        if section.get(key, "").lower() != wanted.lower()
    ]
