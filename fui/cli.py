"""The command `fui`: arguments to one call, exit statuses, printing. Nothing else.

Exit status: 0 all is well; 1 the configuration is wrong, or the daemon cannot run; 2 usage.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fui.admin import samba, sudoers
from fui.admin.explain import explain
from fui.config.json_schema import FILES, json_schema
from fui.config.load import Configuration, load
from fui.daemon import Daemon
from fui.model.errors import ConfigError, EdgeError
from fui.model.menu import Menu

DEFAULT_CONFIG = Path("/etc/fui")
DEFAULT_STATE = Path("/var/lib/fui")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.call
    try:
        return command(options)
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
    added = {}
    for name, call, text in (
        ("run", lambda options: _run(Configuration(*_files(options))), "be the daemon"),
        ("check", _check, "check the configuration and say all that is wrong with it"),
        ("sudoers", _sudoers, "print the sudoers rules that the configuration needs"),
        ("schema", _schema, "print the JSON Schema of a file of the configuration, for editors"),
    ):
        added[name] = commands.add_parser(name, help=text, description=text)
        added[name].set_defaults(call=call)
    added["check"].add_argument(
        "--explain", action="store_true", help="print the menu as it will be, too"
    )
    added["schema"].add_argument(
        "file",
        nargs="?",
        choices=list(FILES),
        default="drop-in",
        help="which (default: %(default)s)",
    )
    return parser


def _files(options: argparse.Namespace) -> tuple[Path, Path]:
    return options.config / "fui.yaml", options.config / "conf.d"


def _run(configuration: Configuration) -> int:
    menu = configuration.read()
    samba.refuse_unattributable(menu.settings.share, _say)
    state = Path(os.environ.get("STATE_DIRECTORY", DEFAULT_STATE))

    async def run() -> None:
        await Daemon(menu, configuration.read, state, sudoers.rule_for, _say).run()

    asyncio.run(run())
    return 0


def _check(options: argparse.Namespace) -> int:
    menu: Menu = load(*_files(options))
    actions, folders = len(menu.actions), len(menu.folders)
    print(f"the configuration is right: {actions} actions in {folders} folders")
    if options.explain:
        print(f"\n{explain(menu)}", end="")
    return 0


def _sudoers(options: argparse.Namespace) -> int:
    print(sudoers.rules(load(*_files(options))), end="")
    return 0


def _schema(options: argparse.Namespace) -> int:
    print(json.dumps(json_schema(options.file), indent=2, ensure_ascii=False))
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
