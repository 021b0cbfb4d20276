"""`fui check`: is the configuration right, and what will the menu be?"""

import argparse

from fui.cli import arguments


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "check the configuration and say all that is wrong with it"
    arguments.add(commands, "check", text, _check).add_argument(
        "--explain", action="store_true", help="print the menu as it will be, too"
    )


def _check(options: argparse.Namespace) -> int:
    from fui.admin.explain import explain
    from fui.config.load import load

    menu = load(*arguments.files(options))
    actions, folders = len(menu.actions), len(menu.folders)
    print(f"the configuration is right: {actions} actions in {folders} folders")
    if options.explain:
        print(f"\n{explain(menu)}", end="")
    return 0
