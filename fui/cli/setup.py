"""`fui setup`: make all that the menu needs, and show it first."""

import argparse
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from fui.cli import arguments
from fui.model.errors import EdgeError

if TYPE_CHECKING:
    from fui.admin.setup.carry_out import Plan
    from fui.admin.setup.record import Record


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "make all that the menu needs, and show it first"
    parser = arguments.add(commands, "setup", text, _setup)
    parser.description = (
        "Make the account, the share, Samba's, sudo's and journald's files and the service, as the"
        " configuration needs them. What changes is shown first. To be run again after each change"
        " of the configuration. Exit status: 0 all is as it shall be; 1 it is not, or cannot be;"
        " with --dry-run, 1 also if something would change."
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true", help="do not ask")
    how.add_argument(
        "--dry-run",
        action="store_true",
        help="only show it; exit status 1 if something would change",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--remove",
        action="store_true",
        help="take back what setup made, and nothing else; the configuration stays",
    )
    what.add_argument(
        "--example",
        action="store_true",
        help="add an object that works on this machine: its web server, or else its status",
    )
    parser.add_argument(
        "--group", metavar="NAME", help="with --example: of its users (default: controls)"
    )
    parser.add_argument(
        "--member",
        metavar="USER",
        action="append",
        help="with --example: who is in that group; repeatable (default: who called sudo)",
    )


def _setup(options: argparse.Namespace) -> int:
    if not options.example and (options.group or options.member):
        print("fui setup: --group and --member go with --example", file=sys.stderr)
        return 2
    if os.geteuid() != 0:
        raise EdgeError("cannot set up as an ordinary user; run it as root: sudo fui setup")
    from fui.admin.setup.record import Record

    record = Record.load()
    return _remove(options, record) if options.remove else _make(options, record)


def _make(options: argparse.Namespace, record: "Record") -> int:
    from fui.admin.setup import left, prepare
    from fui.admin.setup.example import GROUP

    asked = prepare.Asked(
        config=options.config.absolute(),
        default=arguments.DEFAULT_CONFIG,
        example=options.example,
        group=options.group or GROUP,
        members=options.member or _caller(),
    )
    plan, menu = prepare.prepare(asked, record)
    if not _agreed(plan, options):
        return 1
    if not options.dry_run:
        _carry_out(plan, record)
    _say(plan.left)
    if menu is None:
        return 1
    _say([*left.left(menu), left.address(menu)])
    return 0


def _remove(options: argparse.Namespace, record: "Record") -> int:
    from fui.admin.setup.plan import remove

    plan = remove(record)
    if not _agreed(plan, options):
        return 1
    if not options.dry_run:
        _carry_out(plan, record)
    if not options.dry_run:
        record.destroy()
    _say(plan.left)
    return 0


def _agreed(plan: "Plan", options: argparse.Namespace) -> bool:
    """Show the plan; whether it is to be carried out."""
    shown = list(plan.show())
    for text in shown:
        print(text)
    if not shown:
        print("nothing to do")
        return True
    sys.stdout.flush()
    if options.yes:
        return True
    if options.dry_run:
        return False
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise EdgeError("cannot ask, this is no terminal; nothing was changed: fui setup --yes")
    try:
        return input("Apply? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _carry_out(plan: "Plan", record: "Record") -> None:
    """Do it, and say each thing that is done."""
    from fui.admin.setup.carry_out import carry_out

    done = 0
    for text in carry_out(plan, record):
        done += 1
        print(f"[{done}] {text}", flush=True)
    if done:
        print(f"changed: {done}")


def _caller() -> list[str]:
    """Who called sudo, if that is a user of this machine other than root."""
    from fui.admin.setup.accounts import has_user

    name = os.environ.get("SUDO_USER", "root")
    return [name] if name != "root" and has_user(name) else []


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
