"""The command `fui`: arguments to one call, exit statuses, printing. Nothing else.

Exit status: 0 all is well; 1 the configuration is wrong, or the daemon cannot run; 2 usage.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fui.admin import samba, sudoers
from fui.config.load import load
from fui.daemon import Daemon
from fui.model.errors import ConfigError, EdgeError
from fui.model.menu import Menu

DEFAULT_CONFIG = Path("/etc/fui")
DEFAULT_STATE = Path("/var/lib/fui")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    command: Callable[[Menu], int] = options.call
    try:
        return command(load(options.config / "fui.yaml", options.config / "conf.d"))
    except ConfigError as error:
        _say(str(error))
    except EdgeError as error:
        _say(f"fui: {error}")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fui", description="A Samba share as a menu of privileged actions."
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=DEFAULT_CONFIG,
        metavar="DIRECTORY",
        help="where fui.yaml and conf.d/ are (default: %(default)s)",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, call, text in (
        ("run", _run, "be the daemon"),
        ("check", _check, "check the configuration and say all that is wrong with it"),
        ("sudoers", _sudoers, "print the sudoers rules that the configuration needs"),
    ):
        commands.add_parser(name, help=text, description=text).set_defaults(call=call)
    return parser


def _run(menu: Menu) -> int:
    samba.refuse_unattributable(menu.settings.share, _say)
    state = Path(os.environ.get("STATE_DIRECTORY", DEFAULT_STATE))

    async def run() -> None:
        await Daemon(menu, state, sudoers.rule_for, _say).run()

    asyncio.run(run())
    return 0


def _check(menu: Menu) -> int:
    actions, folders = len(menu.actions), len(menu.folders)
    print(f"the configuration is right: {actions} actions in {folders} folders")
    return 0


def _sudoers(menu: Menu) -> int:
    print(sudoers.rules(menu), end="")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
