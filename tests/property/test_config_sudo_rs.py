"""A rule permits its command and no other, held against a model of how sudo-rs reads it.

The model is what sudo-rs 0.2.15 was seen to do: words end at blanks of any kind, a backslash quotes
what it may quote, a `#` begins a comment, arguments are compared one by one as they are written.
"""

import re

from hypothesis import assume, given, settings

from fui.config.sudo_rs import rule_for
from fui.model.menu import Command
from tests.property.test_config_sudoers import argvs, fnmatch

RULE = "fui ALL=(root : root) NOPASSWD: "
WORD = re.compile(r"(?:\\[\\,:=#]|[^\\,:#])+")


def rule(argv: tuple[str, ...]) -> str | None:
    try:
        return rule_for(Command(argv, "root", "root", 1.0))
    except ValueError:
        return None


def permits(line: str, argv: tuple[str, ...]) -> bool:
    path, *words = line.removeprefix(RULE).split()
    assert all(map(WORD.fullmatch, [path, *words])), "a word that sudo-rs cannot read"
    assert not words[0].startswith("^"), "a regular expression"
    assert not {"*", "?"} & set("".join(words)), "a wildcard"
    plain = [re.sub(r"\\(.)", r"\1", word) for word in words]
    if '""' in words:
        assert words == ['""'], "no arguments, and arguments"
        plain = []
    return fnmatch(re.sub(r"\\([,:=#])", r"\1", path), argv[0]) and plain == [*argv[1:]]


@given(argvs)
@settings(max_examples=500)
def test_a_rule_permits_its_own_command(argv: tuple[str, ...]) -> None:
    line = rule(argv)
    assert line is None or permits(line, argv)


@given(argvs, argvs)
@settings(max_examples=500)
def test_a_rule_permits_no_other_command(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assume(one != other)
    line = rule(one)
    assert line is None or not permits(line, other)
