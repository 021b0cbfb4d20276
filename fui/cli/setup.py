"""`fui setup`: make all that the menu needs, and show it first."""

import argparse

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    arguments.add(commands, "setup", "make all that the menu needs, and show it first", _setup)


def _setup(options: argparse.Namespace) -> int:
    raise NotImplementedError(options)
