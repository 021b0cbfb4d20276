"""The man pages are what the program says, whole, and in roff that nobody complains of."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fui import cli
from fui.config.json_schema import FILES, json_schema
from fui.config.load import load
from tests.arguments import commands, operands, options, values
from tests.man import FOLDER, PAGES
from tests.man.configuration import DROP_IN_EXAMPLE, MAIN_EXAMPLE
from tests.man.roff import Page
from tests.unit.config.etc import AnyHost, Etc


def keys(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from keys(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from keys(part)


def bold(word: str) -> str:
    escaped = word.replace("-", r"\-")
    return rf"\fB{escaped}\fP"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_generator_gives(name: str) -> None:
    made = PAGES[name]()
    assert FOLDER.joinpath(name).read_text("utf-8") == made, "do: python -m tests.man"


@pytest.mark.parametrize("which", FILES)
def test_every_key_is_in_its_page(which: str) -> None:
    page = PAGES["fui.yaml.5"]()
    for key in keys(json_schema(which)):
        assert bold(key) in page


def test_every_command_option_and_operand_is_in_its_page() -> None:
    page = PAGES["fui.1"]()
    for name, parser in commands(cli.parser()).items():
        assert f'.SS "{name}"' in page
        for option in options(parser):
            for word in option.option_strings:
                assert bold(word) in page
            assert option.help, f"fui {name} does not say what {option.option_strings} does"
        for operand in operands(parser):
            assert operand.help, f"fui {name} does not say what {values(operand)} is"


def test_the_examples_are_right(tmp_path: Path) -> None:
    etc = Etc(tmp_path, MAIN_EXAMPLE).write(apache=DROP_IN_EXAMPLE)
    menu = load(etc.main, etc.drop_ins, AnyHost())
    assert [str(action.id) for action in menu.actions] == ["Apache/Restart", "Apache/Stop"]
    shown = re.sub(
        r"\\(.)", lambda found: {"e": "\\"}.get(found[1], found[1]), PAGES["fui.yaml.5"]()
    )
    assert MAIN_EXAMPLE in shown
    assert DROP_IN_EXAMPLE in shown


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "argv",
    [
        ["mandoc", "-T", "lint", "-W", "style"],
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"],
    ],
)
def test_the_roff_is_clean(name: str, argv: list[str]) -> None:
    if shutil.which(argv[0]) is None:
        pytest.skip(f"no {argv[0]} here")
    done = subprocess.run(
        [*argv, FOLDER / name],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == ""
    assert argv[0] == "man" or done.stdout == ""


def test_what_roff_would_take_for_its_own_is_guarded() -> None:
    page = Page("one", 1, "it's a test")
    page.section("Two")
    page.text(".x begins like a request, 'y' too, and \\; `--a-b` and *C*")
    page.example([".z", "it's ~"])
    assert str(page).split(".SH TWO\n")[1].splitlines() == [
        r"\&.x begins like a request, \(aqy\(aq too, and \e; \fB\-\-a\-b\fP and \fIC\fP",
        ".PP",
        ".RS 4",
        ".EX",
        r"\&.z",
        r"it\(aqs \(ti",
        ".EE",
        ".RE",
    ]
