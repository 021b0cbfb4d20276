"""Writes completions/fui, what bash completes, from the parser: `python -m tests.completion`.

Rules: options, commands and words of which a value is one come from the parser; what else a value
may be is told by its name or that of its option, as ACTIONS has it; another completes to nothing.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from fui import cli
from tests.arguments import commands, operands, options, values

FILE = Path(__file__).parents[1] / "completions/fui"
ACTIONS = {"DIRECTORY": "directory", "FILE": "file", "GROUP": "group", "USER": "user"}
"""How bash finds the values of a name, see compgen in bash(1)."""

_FRAME = """\
# What bash completes of fui's command line. Made by `python -m tests.completion`; change it there.

_fui()
{{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} command='' index
    for ((index = 1; index < COMP_CWORD; index++)); do
        case ${{COMP_WORDS[index]}} in
            {taking}) ((index++)) ;;
            -*) ;;
            *) command=${{COMP_WORDS[index]}} && break ;;
        esac
    done
    local words='' more=()
    case $command:$before in
{places}
    esac
    mapfile -t COMPREPLY < <(compgen "${{more[@]}}" -W "$words" -- "$word")
}}

complete -o filenames -F _fui fui
"""


def draw() -> str:
    """Return the file."""
    whole = cli.parser()
    return _FRAME.format(
        taking="|".join(word for option in _taking(whole) for word in option.option_strings),
        places="\n".join(f"        {place}" for place in _places(whole)),
    )


def _places(whole: argparse.ArgumentParser) -> Iterator[str]:
    """Tell what may stand after an option that takes a value, and in any other place."""
    for name, parser in {"": whole, **commands(whole)}.items():
        for option in _taking(parser):
            after = "|".join(f"{name}:{word}" for word in option.option_strings)
            yield f"{after}) {_found([], [option])} ;;"
        words = [*(option.option_strings[-1] for option in options(parser)), "--help"]
        yield f"{name}:*) {_found([*words, *commands(parser)], operands(parser))} ;;"


def _found(words: list[str], of: list[argparse.Action]) -> str:
    """Tell bash which words there are, and which more it finds by itself."""
    words = [*words, *(str(choice) for action in of for choice in action.choices or ())]
    open_ended = [action for action in of if action.choices is None]
    names = [name for action in open_ended for name in (*values(action), action.dest.upper())]
    more = dict.fromkeys(ACTIONS[name] for name in names if name in ACTIONS)
    parts = [f"words='{' '.join(words)}'"] if words else []
    if more:
        parts.append(f"more=({' '.join(f'-A {each}' for each in more)})")
    return " ".join(parts) or ":"


def _taking(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [option for option in options(parser) if values(option)]


if __name__ == "__main__":
    FILE.write_text(draw(), encoding="utf-8")
