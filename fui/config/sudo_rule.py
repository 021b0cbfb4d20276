r"""One line of sudoers: what can be said in it, and how it is spelled.

Rules: a rule permits one argv for one user and group and nothing else; what cannot be said so is
refused, never widened. Checked against sudo's grammar (plugins/sudoers/toke.l, match_command.c)
from 1.9.10 to 1.9.17:

- sudo compares the *joined* arguments, so ("a b",) and ("a", "b") are one to it, and ("",) is
  hard to tell from (): arguments that are empty or hold a blank cannot be told apart in a rule;
- the comparison is fnmatch(3): `*?[]\` need a backslash there, and that backslash another one
  from the lexer unless it stands before `*?[]!^`;
- `, : = #` and blanks end a word for the lexer; a `^` in front makes a regular expression; the
  arguments `""` mean that there are none;
- in the path of the program the lexer leaves no backslash for fnmatch, brackets do the same;
- in names, a capitalised word is an alias, `%` a group, `+` a netgroup: escaped they are names.

Pure: knows neither the configuration nor the machine.
"""

import re

from fui.config.names import broken, shown
from fui.model.menu import Command

INTO_A_SCRIPT = "put the command into a script"

_ARGUMENT = re.compile(r"([\\*?\[\],:=#!])")
_PATH_GLOB = re.compile(r"([*?\[\]])")
_PATH_LEXED = re.compile(r"([,:=# ])")
_NAME = re.compile(r"([^\w.-])", re.ASCII)
_ALIAS = re.compile(r"[A-Z][A-Z0-9_]*")


def argument(text: str) -> str:
    """Return an argument that a rule can name, or refuse it (ValueError)."""
    if not text:
        raise ValueError(f"cannot give an empty argument, sudo does not see it; {INTO_A_SCRIPT}")
    if " " in text:
        raise ValueError(
            f"cannot give the argument {shown(text)}, sudo cannot tell one with a blank from two; "
            f"{INTO_A_SCRIPT}"
        )
    if broken(text):
        raise ValueError(
            f"cannot give the argument {shown(text)}, it holds control characters; {INTO_A_SCRIPT}"
        )
    return text


def program(path: str) -> str:
    """Return the path of a program that a rule can name, or refuse it (ValueError)."""
    if not path.startswith("/") or path.endswith("/"):
        raise ValueError(f"cannot run {shown(path)}; write the absolute path of the program")
    if broken(path) or "\\" in path:
        raise ValueError(
            f"cannot run {shown(path)}, sudoers has no way to write that path; {INTO_A_SCRIPT}"
        )
    steps = path.split("/")
    if ".." in steps:
        raise ValueError(f"cannot run {shown(path)}; write the path without ..")
    if steps[-1] == "sudoedit":
        raise ValueError(
            f"cannot run {shown(path)}, sudo takes that word as its own; {INTO_A_SCRIPT}"
        )
    return path


def spell_program(path: str) -> str:
    """Return the path of a program as sudoers spells it; ValueError if it has no spelling."""
    return _PATH_LEXED.sub(r"\\\1", _PATH_GLOB.sub(r"[\1]", program(path)))


def spell(argv: tuple[str, ...]) -> str:
    """Return a command as sudoers spells it; ValueError if it has no spelling of its own."""
    words = [spell_program(argv[0]), *(_spell_argument(argument(each)) for each in argv[1:])]
    if len(argv) == 1:
        return f'{words[0]} ""'
    if argv[1:] == ('""',):
        return f'{words[0]} ["]"'
    if words[1].startswith("^"):
        words[1] = f"\\{words[1]}"
    return " ".join(words)


def spell_name(name: str) -> str:
    """Return a user's or group's name as sudoers spells it; ValueError if it has no spelling."""
    if not name or name.startswith(("#", "-")) or broken(name):
        raise ValueError(f"cannot name {shown(name)} in sudoers; use an account with a plain name")
    escaped = "".join(_escape(each) for each in name)
    return f"\\{escaped}" if is_alias(name) else escaped


def is_alias(name: str) -> bool:
    """Whether sudo would take a name for that of an alias."""
    return _ALIAS.fullmatch(name) is not None


def rule_for(command: Command, user: str = "fui") -> str:
    """Return the line that lets `user` run exactly this command, or refuse it (ValueError)."""
    run_as = f"{spell_name(command.user)} : {spell_name(command.group)}"
    return f"{spell_name(user)} ALL=({run_as}) NOPASSWD: {spell(command.argv)}"


def _spell_argument(text: str) -> str:
    # A backslash is quoted for fnmatch first, and both halves for the lexer then.
    return _ARGUMENT.sub(lambda match: "\\\\\\\\" if match[1] == "\\" else f"\\{match[1]}", text)


def _escape(each: str) -> str:
    # Never before a letter: `\x41` is a way to write an A. Bytes over 127 are letters to the lexer.
    return f"\\{each}" if each.isascii() and _NAME.match(each) else each
