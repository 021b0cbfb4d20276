"""`fui sudoers`: what sudo has to permit."""

import argparse
from pathlib import Path

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "print the sudoers rules that the configuration needs"
    arguments.add(commands, "sudoers", text, _sudoers)


def _sudoers(options: argparse.Namespace) -> int:
    from fui.admin import sudoers
    from fui.admin.setup import programs
    from fui.config.load import load

    menu = load(*arguments.files(options))
    said = programs.sudo_version() if Path(programs.SUDO).exists() else ""
    print(sudoers.rules(menu, sudo=sudoers.Sudo.of(said)), end="")
    return 0
