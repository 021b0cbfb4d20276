"""`fui schema`: the JSON Schema of the configuration, for editors."""

import argparse
import json

from fui.cli import arguments

_FILES = ("drop-in", "fui.yaml")


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "print the JSON Schema of a file of the configuration, for editors"
    arguments.add(commands, "schema", text, _schema).add_argument(
        "file",
        nargs="?",
        choices=_FILES,
        default=_FILES[0],
        help="which (default: %(default)s)",
    )


def _schema(options: argparse.Namespace) -> int:
    from fui.config.json_schema import json_schema

    print(json.dumps(json_schema(options.file), indent=2, ensure_ascii=False))
    return 0
