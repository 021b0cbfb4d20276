"""`fui doctor`: look whether all that FUI depends on is as it should be."""

import argparse

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    arguments.add(
        commands, "doctor", "look whether all that FUI depends on is as it should be", _doctor
    )


def _doctor(options: argparse.Namespace) -> int:
    raise NotImplementedError(options)
