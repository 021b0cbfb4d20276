"""`fui explain`: say whether a user may press an action, and why."""

import argparse

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    arguments.add(commands, "explain", "say whether a user may press an action, and why", _explain)


def _explain(options: argparse.Namespace) -> int:
    raise NotImplementedError(options)
