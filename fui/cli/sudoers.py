"""`fui sudoers`: what sudo has to permit."""

import argparse

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "print the sudoers rules that the configuration needs"
    arguments.add(commands, "sudoers", text, _sudoers)


def _sudoers(options: argparse.Namespace) -> int:
    from fui.admin import sudoers
    from fui.config.load import load

    print(sudoers.rules(load(*arguments.files(options))), end="")
    return 0
