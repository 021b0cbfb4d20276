"""What the commands have in common: how one is added, and where the configuration is."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

DEFAULT_CONFIG = Path("/etc/fui")
DEFAULT_STATE = Path("/var/lib/fui")
DEFAULT_RUNTIME = Path("/run/fui")
DEFAULT_STATUS = DEFAULT_RUNTIME / "status.json"
"""Where the daemon publishes what is going on."""

Commands = Any  # argparse's own type for it is private
Call = Callable[[argparse.Namespace], int]


def add(
    commands: Commands, name: str, text: str, call: Call, doc: str | None = None
) -> argparse.ArgumentParser:
    """Add a command.

    Args:
        commands: Where.
        name: Its name.
        text: What it does; begins small.
        call: What does it.
        doc: The docstring of its module, of which all but the first paragraph is for the help.
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=(doc or "").partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(call=call)
    return parser


def files(options: argparse.Namespace) -> tuple[Path, Path]:
    """Return where fui.yaml and the drop-ins are."""
    return options.config / "fui.yaml", options.config / "conf.d"
