"""`fui status`: show what runs, waits and is held up."""

import argparse

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    arguments.add(commands, "status", "show what runs, waits and is held up", _status)


def _status(options: argparse.Namespace) -> int:
    raise NotImplementedError(options)
