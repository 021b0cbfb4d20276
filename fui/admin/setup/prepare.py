"""From what was asked for to a plan: reads the configuration, looks at the machine, changes nothing.

Rules: whatever is in the way is told before anything is changed, the lack of a program first.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fui.admin.setup import candidate, plan, programs, services
from fui.admin.setup import example as examples
from fui.admin.setup.accounts import has_user
from fui.admin.setup.carry_out import Plan, needed
from fui.admin.setup.here import Here
from fui.admin.setup.record import Record
from fui.config.values import account
from fui.model.errors import EdgeError
from fui.model.harmless import harmless
from fui.model.menu import Menu

_NO_MENU = (
    "there is no menu yet: write a drop-in for each object, {drop_ins}/NAME.yaml, and run setup again;"
    " or begin with one that works on this machine: fui setup --example"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for.

    Attributes:
        config: Where the configuration is.
        default: Where it is if the command line does not say so.
        example: Whether an example is added.
        group: Of the users of the example.
        members: Who is put into it.
    """

    config: Path
    default: Path
    example: bool = False
    group: str = examples.GROUP
    members: Sequence[str] = field(default_factory=tuple)


def prepare(asked: Asked, record: Record) -> tuple[Plan, Menu | None]:
    """Return the plan, and the menu that there is when it is done; None if there is none then.

    Raises:
        ConfigError: The configuration is wrong.
        EdgeError: The machine lacks something, or something is in the way.
    """
    programs.required(programs.SMBD, programs.SUDO, programs.SYSTEMCTL)
    if not os.access("/etc", os.W_OK):
        raise EdgeError("cannot write in /etc, it is read-only; make it writable first")
    wanted = _wanted(asked)
    if not candidate.has_menu(asked.config) and not asked.example:
        steps = needed(tuple(plan.configuration(wanted)))
        left = _NO_MENU.format(drop_ins=harmless(str(asked.config / candidate.DROP_INS)))
        return Plan(steps, lambda _: [], left=(left,)), None
    found = candidate.read(asked.config, wanted.added, {wanted.group})
    here = Here.look(asked.config, asked.default, found.menu.settings.samba_units)
    return plan.make(wanted, found, here, record), found.menu


def _wanted(asked: Asked) -> plan.Wanted:
    added = (
        {} if (asked.config / candidate.MAIN).exists() else {candidate.MAIN: candidate.MAIN_TEXT}
    )
    if not asked.example:
        return plan.Wanted(asked.config, added)
    group = _group(asked.group)
    for user in asked.members:
        if not has_user(user):
            raise EdgeError(f"cannot put {harmless(user)} into {group}: there is no such user")
    one = examples.example(services.look(*examples.UNITS), group)
    obstacle = examples.obstacle(one, _objects(asked.config, added, group), _files(asked.config))
    if not obstacle:
        added[one.path] = one.text
    left = (obstacle,) if obstacle else ()
    return plan.Wanted(asked.config, added, group, tuple(asked.members), left)


def _group(name: str) -> str:
    try:
        return account(name)
    except ValueError as error:
        raise EdgeError(str(error)) from error


def _objects(config: Path, added: dict[str, str], group: str) -> set[str]:
    if not candidate.has_menu(config):
        return set()
    menu = candidate.read(config, added, {group}).menu
    return {action.id.object for action in menu.actions}


def _files(config: Path) -> set[str]:
    try:
        return {
            f"{candidate.DROP_INS}/{each.name}" for each in (config / candidate.DROP_INS).iterdir()
        }
    except OSError:
        return set()
