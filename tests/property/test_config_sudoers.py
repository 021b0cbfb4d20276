"""A rule permits its command and no other, held against a model of how sudo reads it.

The model follows plugins/sudoers/toke.l and match_command.c of sudo 1.9: what a word is, which
backslashes the lexer takes away, and fnmatch(3) over the joined arguments.
"""

import re

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fui.config.sudo_rule import argument, program, rule_for, spell_name
from fui.model.menu import Command

RULE = re.compile(r"fui ALL=\((?P<user>.*) : (?P<group>.*)\) NOPASSWD: (?P<command>/.*)")
PATH = re.compile(r"/(?:\\[,:= \t#]|[^,:=\\ \t\r\n#])+")
QUOTED = re.compile(r"\\([*?\[\]!^])|\\([:\\,= \t#])|([^#\\:, \t\r\n]+)|([ \t]+)")
WORD = re.compile(r"(?:[^#>!=:,() \t\r\n\\\"]|\\[^\t\n])+")
SPECIAL = "\\*?[]!^$,:=#\"'-a1xü"


def lexed(command: str) -> tuple[str, str | None]:
    """The path and the arguments as the lexer leaves them to fnmatch; None: any arguments."""
    path = PATH.match(command)
    assert path is not None
    rest, args, saw_blank = command[path.end() :], "", False
    at = 0
    while at < len(rest):
        token = QUOTED.match(rest, at)
        assert token is not None, f"sudo cannot read {rest[at:]!r}"
        at = token.end()
        kept, stripped, plain, blank = token.groups()
        if blank:
            saw_blank = True
            continue
        assert args or not (plain or "").startswith("^"), "a regular expression"
        args += " " * bool(args and saw_blank) + (f"\\{kept}" if kept else stripped or plain)
        saw_blank = False
    return re.sub(r"\\([,:= \t#])", r"\1", path[0]), args or None


def fnmatch(pattern: str, text: str) -> bool:
    out, at = "", 0
    while at < len(pattern):
        one, at = pattern[at], at + 1
        if one == "\\":
            assert at < len(pattern)
            out, at = out + re.escape(pattern[at]), at + 1
        elif one == "[" and "]" in pattern[at + 1 :]:
            end = pattern.index("]", at + 1)
            assert end == at + 1, "only brackets around one character are made"
            out, at = out + re.escape(pattern[at]), end + 1
        else:
            out += {"*": ".*", "?": "."}.get(one, re.escape(one))
    return re.fullmatch(out, text, re.DOTALL) is not None


def permits(rule: str, argv: tuple[str, ...]) -> bool:
    match = RULE.fullmatch(rule)
    assert match is not None
    path, args = lexed(match["command"])
    if not fnmatch(path, argv[0]):
        return False
    if args is None:
        return True
    if args == '""':
        return len(argv) == 1
    assert not (args.startswith("^") and args.endswith("$")), "a regular expression"
    return fnmatch(args, " ".join(argv[1:]))


def fit(read: object, text: str) -> bool:
    assert callable(read)
    try:
        read(text)
    except ValueError:
        return False
    return True


args = st.text(st.sampled_from(SPECIAL), min_size=1, max_size=5) | st.text().filter(
    lambda text: fit(argument, text)
)
paths = (
    st.text(st.sampled_from(f"{SPECIAL} /.()".replace("\\", "")), min_size=1, max_size=8)
    .map(lambda text: f"/{text}")
    .filter(lambda text: fit(program, text))
)
argvs = st.builds(lambda path, rest: (path, *rest), paths, st.lists(args, max_size=3))
names = (
    st.text(st.sampled_from(f"{SPECIAL} ABx41%+()@"), min_size=1, max_size=6) | st.text(min_size=1)
).filter(lambda text: fit(spell_name, text))


def rule(argv: tuple[str, ...]) -> str:
    return rule_for(Command(argv, "root", "root", 1.0))


@given(argvs)
@example(("/bin/x", '""'))
@example(("/bin/x", "^a$"))
@settings(max_examples=500)
def test_a_rule_permits_its_own_command(argv: tuple[str, ...]) -> None:
    assert permits(rule(argv), argv)


@given(argvs, argvs)
@settings(max_examples=500)
def test_a_rule_permits_no_other_command(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assume(one != other)
    assert not permits(rule(one), other)


@given(argvs, st.data())
@settings(max_examples=500)
def test_a_rule_permits_no_command_that_is_nearly_the_same(
    argv: tuple[str, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(argv) - 1))
    where = data.draw(st.integers(0, len(argv[at])))
    cut = data.draw(st.integers(0, 1))
    new = data.draw(st.sampled_from(["", *SPECIAL]))
    other = argv[at][:where] + new + argv[at][where + cut :]
    changed = (*argv[:at], other, *argv[at + 1 :])
    assume(changed != argv)
    assert not permits(rule(argv), changed)
    assert not permits(rule(argv), (*argv, "x"))
    assert len(argv) == 1 or not permits(rule(argv), argv[:-1])


@given(names)
@settings(max_examples=500)
def test_a_name_stays_a_name(name: str) -> None:
    spelled = spell_name(name)
    assert WORD.fullmatch(spelled), "sudo does not read this as one word"
    assert not re.fullmatch(r"[A-Z][A-Z0-9_]*", spelled), "sudo reads this as an alias"
    assert spelled[0] not in "%+#", "sudo reads this as a group, netgroup or number"
    assert re.sub(r"\\x([0-9A-Fa-f]{2})", "HEX", spelled) == spelled
    assert re.sub(r"\\(.)", r"\1", spelled) == name
