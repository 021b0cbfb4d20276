"""From the menu and the machine to the steps of a setup, or of its removal.

Rules: each step stands where a kill before or after it leaves a machine that works: what is named by
another file is there before it. What the record has and the menu needs no more is taken back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import fui
from fui.admin import smb_conf
from fui.admin import sudoers as sudo
from fui.admin.setup import carried, confined, programs, samba_here, services, take_back
from fui.admin.setup.accounts import ACCOUNT, JOURNAL_GROUP, STATE, has_group, has_user, is_member
from fui.admin.setup.candidate import DROP_INS, Candidate
from fui.admin.setup.carry_out import Plan, needed
from fui.admin.setup.follow import Follow, following
from fui.admin.setup.here import Here
from fui.admin.setup.record import Made, Record
from fui.admin.setup.services import DAEMON, Service
from fui.admin.setup.steps import File, Folder, Line, Run, ShareRoot, Step
from fui.model.menu import Menu

SUDOERS = "/etc/sudoers.d/fui"
UNIT = "/etc/systemd/system/fui.service"
CATALOGUE = "/usr/lib/systemd/catalog/fui.catalog"
NOTIFY_RELOAD = 253
"""The first systemd that knows Type=notify-reload."""
SUBGROUPS = 254
"""The first systemd with DelegateSubgroup=, by which the daemon begins in a leaf; before, see `fui run`."""

_RETIRED = frozenset({"file", "line", "share", "label"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        config: Where the configuration is.
        added: Its new files, by their paths in that folder.
        group: A group that is made if there is none; empty: none.
        members: Users who are put into it.
        left: What is not done, and why.
    """

    config: Path
    added: dict[str, str]
    group: str = ""
    members: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def make(wanted: Wanted, candidate: Candidate, here: Here, record: Record) -> Plan:
    """Return the plan of a setup; EdgeError if it would leave something broken behind."""
    menu = candidate.menu
    smbd = services.of_samba(menu.settings.samba_units, here.units)
    steps = [
        *_people(wanted),
        *configuration(wanted),
        *_account(menu, here),
        ShareRoot(menu.settings.share, ACCOUNT),
        *confined.steps(menu.settings.share),
        _sudoers(menu, here.sudo),
        *_samba(menu, here),
        *_journal(smbd),
        *_unit(here),
    ]
    settings = menu.settings
    started = f"{settings.share} {settings.facility} {fui.__version__}"
    applied = (started, candidate.digest)
    undone = [take_back.undo(made) for made in take_back.in_order(_retired(steps, record))]
    pending = record.pending | _to_be_read(record.applied, applied)
    return Plan(
        (*needed(undone), *needed(steps)),
        partial(following, smbd=smbd, fui=here.daemon, wanted=True),
        frozenset(pending),
        (Made("service", DAEMON), Made("share", settings.share)),
        applied,
        tuple(each for each in undone if not each.show()),
        (
            *wanted.left,
            *(each.kept for each in undone if each.kept),
            *confined.left(settings.share),
        ),
    )


def remove(record: Record) -> Plan:
    """Return the plan that takes back everything that the record has."""
    undone = [take_back.undo(made) for made in take_back.in_order(record.made.values())]
    smbd = Service("smbd.service", active=_runs_smbd())
    return Plan(
        needed(undone),
        partial(following, smbd=smbd, fui=Service(DAEMON), wanted=False),
        frozenset(record.pending),
        undone=tuple(each for each in undone if not each.show()),
        left=tuple(each.kept for each in undone if each.kept),
    )


def _people(wanted: Wanted) -> Iterator[Step]:
    group = wanted.group
    if group:
        yield Run((programs.GROUPADD, group), partial(has_group, group), entry=Made("group", group))
    for user in wanted.members:
        yield _member(user, group)


def configuration(wanted: Wanted) -> Iterator[Step]:
    """Return the steps that make the files of the configuration."""
    yield Folder(str(wanted.config / DROP_INS))
    for name, text in wanted.added.items():
        yield File(str(wanted.config / name), text, kept=True)


def _account(menu: Menu, here: Here) -> Iterator[Step]:
    argv = (programs.USERADD, "--system", "--user-group", "--home-dir", STATE)
    yield Run(
        (*argv, "--shell", "/usr/sbin/nologin", ACCOUNT),
        partial(has_user, ACCOUNT),
        Made("account", ACCOUNT),
        frozenset({Follow.FUI_RESTART}),
    )
    specs = [folder.spec for folder in menu.folders] + [action.file for action in menu.actions]
    named = {spec.group for spec in specs if spec.group is not None} | {JOURNAL_GROUP}
    for group in sorted(named):
        if group in here.local_groups or not has_group(group):  # it is made here, then
            yield _member(ACCOUNT, group, frozenset({Follow.FUI_RESTART}))
    distant = sorted(group for group in named - here.local_groups if has_group(group))
    if distant:
        text = carried.groups(distant)
        yield File(f"{UNIT}.d/groups.conf", text, frozenset({Follow.UNITS, Follow.FUI_RESTART}))


def _member(user: str, group: str, follow: frozenset[Follow] = frozenset()) -> Run:
    argv = (programs.GPASSWD, "--add", user, group)
    return Run(argv, partial(is_member, user, group), Made("member", f"{user}:{group}"), follow)


def _sudoers(menu: Menu, read_by: sudo.Sudo) -> Step:
    return File(
        SUDOERS,
        sudo.rules(menu, ACCOUNT, read_by),
        mode=0o440,
        check=lambda path: programs.run(programs.VISUDO, "--check", f"--file={path}"),
    )


def _samba(menu: Menu, here: Here) -> tuple[Step, ...]:
    samba, share = here.samba, smb_conf.Share.of(menu)
    reload = frozenset({Follow.SMBD_RELOAD})
    snippet = File(samba.snippet, smb_conf.render(share, samba.operations), reload)
    line = smb_conf.include_line(samba.snippet)
    included = Line(samba.smb_conf, line, partial(smb_conf.includes, snippet=samba.snippet), reload)
    if snippet.show() or included.show():
        samba_here.refuse_foreign(samba, share)
        samba_here.refuse_broken(samba, included.after(samba.text()), snippet.text)
    return snippet, included


def _journal(smbd: Service) -> Iterator[Step]:
    yield File(
        f"/etc/systemd/system/{smbd.unit}.d/fui.conf",
        carried.text("journald/smbd-rate-limit.conf"),
        frozenset({Follow.UNITS, Follow.SMBD_RESTART}),
    )
    if not carried.packaged():
        catalogue = carried.text("journald/fui.catalog")
        yield File(CATALOGUE, catalogue, frozenset({Follow.CATALOGUE}), brief=True)


def _unit(here: Here) -> Iterator[Step]:
    text = carried.unit(here.command)
    if text:
        yield File(UNIT, text, frozenset({Follow.UNITS, Follow.FUI_RESTART}))
    if here.systemd < NOTIFY_RELOAD:
        reload = carried.text("systemd/before-253.conf")
        yield File(f"{UNIT}.d/reload.conf", reload, frozenset({Follow.UNITS}))
    if here.systemd < SUBGROUPS:
        subgroup = carried.subgroup(here.command)
        yield File(f"{UNIT}.d/subgroup.conf", subgroup, frozenset({Follow.UNITS}))
    yield Run((programs.SYSTEMCTL, "enable", DAEMON), lambda: here.daemon.enabled)


def _retired(steps: Iterable[Step], record: Record) -> list[Made]:
    """What was made at another time and is not needed any more."""
    planned = {made.key for step in steps if (made := step.made(None)) is not None}
    return [
        made
        for made in record.made.values()
        if made.key not in planned
        and (
            made.kind in _RETIRED or (made.kind, made.name.partition(":")[0]) == ("member", ACCOUNT)
        )
    ]


def _to_be_read(before: tuple[str, str], now: tuple[str, str]) -> set[Follow]:
    """What the daemon has to read again."""
    if before[0] != now[0]:
        return {Follow.FUI_RESTART}
    return {Follow.FUI_RELOAD} if before[1] != now[1] else set()


def _runs_smbd() -> bool:
    return (
        Path(programs.SMBCONTROL).exists()
        and not programs.attempt((programs.SMBCONTROL, "smbd", "ping")).returncode
    )
