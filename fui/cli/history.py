"""`fui history`: show who did what, when, and how it ended."""

import argparse

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    arguments.add(commands, "history", "show who did what, when, and how it ended", _history)


def _history(options: argparse.Namespace) -> int:
    raise NotImplementedError(options)
