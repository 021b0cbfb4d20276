"""What the command line knows, asked of argparse: for the man page and the completion.

Rules: only what the parser says. argparse has no public way to be asked, so its private names are
used here and nowhere else.
"""

# ruff: noqa: SLF001

import argparse
from collections.abc import Iterator


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the commands of a parser by their names; none if it has none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what may be written in any place, but for `--help`, which each command has."""
    return [
        action
        for action in parser._actions
        if action.option_strings and not isinstance(action, argparse._HelpAction)
    ]


def operands(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what is known by its place, but for commands."""
    return [
        action
        for action in parser._actions
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
    ]


def parts(parser: argparse.ArgumentParser) -> Iterator[tuple[str, list[argparse.Action]]]:
    """Give operands and options as the help groups them, each group with what is said of it."""
    known = [*operands(parser), *options(parser)]
    for group in parser._action_groups:
        said = f"{group.title}: {group.description}." if group.description else ""
        yield said, [action for action in group._group_actions if action in known]


def values(action: argparse.Action) -> list[str]:
    """Return the names of the values that an option or an operand takes, for a person."""
    if action.nargs == 0:
        return []
    if action.metavar is None and action.choices is not None:
        return ["|".join(map(str, action.choices))]
    given = action.metavar or action.dest.upper()
    return [given] if isinstance(given, str) else list(given)
