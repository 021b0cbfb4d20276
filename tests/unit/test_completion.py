"""bash completes what the parser knows."""

import subprocess

import pytest

from fui import cli
from tests.arguments import commands, options
from tests.completion import FILE, draw

ASK = """\
. "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_fui
printf '%s\\n' "${COMPREPLY[@]}"
"""


def completed(*words: str) -> set[str]:
    argv = ["/bin/bash", "-u", "-c", ASK, "bash", str(FILE), "fui", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_the_file_is_what_the_generator_gives() -> None:
    assert FILE.read_text("utf-8") == draw(), "do: python -m tests.completion"


def test_commands_and_options_of_all_are_found() -> None:
    assert completed("") == {*commands(cli.parser()), "--config", "--version", "--help"}
    assert completed("--config", "/etc", "ch") == {"check"}


@pytest.mark.parametrize("name", commands(cli.parser()))
def test_the_options_of_each_command_are_found(name: str) -> None:
    words = {option.option_strings[-1] for option in options(commands(cli.parser())[name])}
    assert {*words, "--help"} <= completed(name, "")
    assert {*words, "--help"} <= completed("--config", "/etc", name, "")


def test_values_are_found() -> None:
    assert completed("--config", "/etc/passw") == set()
    assert "/etc/ssl" in completed("--config", "/etc/ss")
    assert completed("schema", "d") == {"drop-in"}
    assert completed("history", "--user", "roo") == {"root"}
