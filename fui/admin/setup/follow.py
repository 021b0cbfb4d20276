"""What has to follow a change before it holds: services that read their files again.

Rules: pure. What follows is remembered until it is done, so a setup that was killed between a change
and what follows it is finished by the next. A restart is a reload too; what does not run is started.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum

from fui.admin.setup.programs import APPARMOR_PARSER, JOURNALCTL, SMBCONTROL, SYSTEMCTL
from fui.admin.setup.services import Service

APPARMOR_PROFILE = "/etc/apparmor.d/usr.sbin.smbd"


class Follow(Enum):
    """One thing that has to be read again."""

    UNITS = "units"
    CATALOGUE = "catalogue"
    APPARMOR = "apparmor"
    SMBD_RELOAD = "smbd-reload"
    SMBD_RESTART = "smbd-restart"
    FUI_RELOAD = "fui-reload"
    FUI_RESTART = "fui-restart"


NOTHING: frozenset[Follow] = frozenset()
_SMBD = frozenset({Follow.SMBD_RELOAD, Follow.SMBD_RESTART})
_FUI = frozenset({Follow.FUI_RELOAD, Follow.FUI_RESTART})


@dataclass(frozen=True, slots=True)
class Command:
    """A command that follows.

    Attributes:
        argv: With an absolute path.
        settles: What need not follow any more when it is done.
        note: What to know of it; may be empty.
    """

    argv: tuple[str, ...]
    settles: frozenset[Follow] = NOTHING
    note: str = ""

    def __str__(self) -> str:
        """Show it as it is typed."""
        words = " ".join(self.argv).removeprefix("/usr/bin/").removeprefix("/usr/sbin/")
        return f"run: {words}" + (f"  ({self.note})" if self.note else "")


def following(
    pending: AbstractSet[Follow], smbd: Service, fui: Service, *, wanted: bool
) -> list[Command]:
    """Return the commands that have to follow, in their order.

    Args:
        pending: What has to be read again.
        smbd: The service that runs smbd.
        fui: The daemon.
        wanted: Whether both shall run in the end; else what does not run stays so, nothing is
            restarted, and the daemon is left alone.
    """
    commands = []
    for follow, argv in {
        Follow.UNITS: (SYSTEMCTL, "daemon-reload"),
        Follow.CATALOGUE: (JOURNALCTL, "--update-catalog"),
        Follow.APPARMOR: (APPARMOR_PARSER, "--replace", APPARMOR_PROFILE),
    }.items():
        if follow in pending:
            commands.append(Command(argv, frozenset({follow})))
    commands += _smbd(pending, smbd, wanted=wanted)
    if wanted:
        commands += _fui(pending, fui)
    return commands


def _smbd(pending: AbstractSet[Follow], smbd: Service, *, wanted: bool) -> list[Command]:
    if not smbd.active:
        return [Command((SYSTEMCTL, "enable", "--now", smbd.unit), _SMBD)] if wanted else []
    if wanted and Follow.SMBD_RESTART in pending:
        note = "connections of all its shares are made anew"
        return [Command((SYSTEMCTL, "restart", smbd.unit), _SMBD, note)]
    if pending & _SMBD:
        return [Command((SMBCONTROL, "all", "reload-config"), _SMBD)]
    return []


def _fui(pending: AbstractSet[Follow], fui: Service) -> list[Command]:
    if not fui.active:
        return [Command((SYSTEMCTL, "start", fui.unit), _FUI)]
    if Follow.FUI_RESTART in pending:
        return [Command((SYSTEMCTL, "restart", fui.unit), _FUI, "jobs that run go on")]
    if Follow.FUI_RELOAD in pending:
        return [Command((SYSTEMCTL, "reload", fui.unit), _FUI)]
    return []
