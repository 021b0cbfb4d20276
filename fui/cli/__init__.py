"""The command `fui`: arguments to one call, exit statuses, printing. Nothing else.

Rules: each command has a module here, which adds its arguments and prints what its call gives; what
a command needs is imported when it is called, so that the daemon carries nothing of the others.
Exit status: 0 all is well; 1 what was asked for is not so, or cannot be had; 2 usage.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from fui import __version__
from fui.cli import check, doctor, explain, history, run, schema, setup, status, sudoers
from fui.cli.arguments import DEFAULT_CONFIG
from fui.model.errors import ConfigError, EdgeError

COMMANDS = (setup, check, explain, status, history, doctor, sudoers, schema, run)
"""In the order in which an administrator meets them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = parser().parse_args(arguments)
    call: Callable[[argparse.Namespace], int] = options.call
    try:
        return call(options)
    except ConfigError as error:
        print(error, file=sys.stderr)
    except EdgeError as error:
        print(f"fui: {error}", file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="fui", description="A Samba share as a menu of privileged actions."
    )
    whole.add_argument(
        "--version", action="version", version=f"%(prog)s {__version__}", help="say which FUI it is"
    )
    whole.add_argument(
        "--config",
        type=DEFAULT_CONFIG.__class__,
        default=DEFAULT_CONFIG,
        metavar="DIRECTORY",
        help="where fui.yaml and conf.d/ are (default: %(default)s)",
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return whole
