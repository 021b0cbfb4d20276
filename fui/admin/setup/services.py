"""What systemd knows of services: whether they are there, run, and start with the machine.

Rules: asks systemctl(1) once for all of them; the units of smbd have other names on other systems,
and some names mean the same unit. Changes nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fui.admin import service
from fui.admin.setup import programs
from fui.model.errors import EdgeError

DAEMON = service.UNIT

_PROPERTIES = ("Id", "LoadState", "ActiveState", "UnitFileState")


@dataclass(frozen=True, slots=True)
class Service:
    """A service as it is.

    Attributes:
        unit: Its own name, as journald writes it.
        loaded: Whether it is there.
        active: Whether it runs.
        enabled: Whether it starts with the machine.
    """

    unit: str
    loaded: bool = False
    active: bool = False
    enabled: bool = False


def look(*units: str) -> dict[str, Service]:
    """Return each of the units, by the name that it was asked for."""
    options = [f"--property={name}" for name in _PROPERTIES]
    return parse(units, programs.run(programs.SYSTEMCTL, "show", *options, "--", *units))


def parse(units: Sequence[str], text: str) -> dict[str, Service]:
    """Read what `systemctl show` says: a block of lines for each unit, in the order asked for."""
    blocks = [dict(_pair(line) for line in block.splitlines()) for block in text.split("\n\n")]
    return {
        unit: Service(
            block.get("Id", unit),
            block.get("LoadState") == "loaded",
            block.get("ActiveState") in {"active", "reloading"},
            block.get("UnitFileState") in {"enabled", "static", "alias", "generated"},
        )
        for unit, block in zip(units, blocks, strict=True)
    }


def of_samba(units: Sequence[str], known: Mapping[str, Service]) -> Service:
    """Return the service that runs smbd here: of those that FUI believes, one that runs, or is there.

    Raises:
        EdgeError: None of them is there, or it has another name in the journal.
    """
    there = [known[unit] for unit in units if known[unit].loaded]
    if not there:
        raise EdgeError(
            f"cannot find the service that runs smbd, it is none of {', '.join(units)};"
            " name it with `samba-units` in fui.yaml"
        )
    best = next((each for each in there if each.active), there[0])
    if best.unit not in units:
        raise EdgeError(
            f"cannot believe what {best.unit} logs; name it with `samba-units` in fui.yaml"
        )
    return best


def systemd_version(text: str) -> int:
    """Read what `systemctl --version` says first: `systemd 252 (252.39-1~deb12u2)`."""
    found = re.match(r"systemd (\d+)", text)
    if found is None:
        raise EdgeError("cannot tell the version of systemd: `systemctl --version` does not say")
    return int(found[1])


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name, value
