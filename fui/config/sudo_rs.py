r"""One line of sudoers as sudo-rs reads it: less than sudo does, and to the letter.

Rules: those of `sudo_rule`, whose limits hold here as well: a rule permits one argv and nothing else; what
cannot be said so is refused, never widened. Measured with sudo-rs 0.2.15; what is made here 0.2.5 reads in
the same way. It compares each argument by itself, as it is written:

- `\ , : = #` need a backslash, and no other character may have one;
- a file in which an argument holds `*` or `?`, or the first one begins with `^`, is refused whole;
- blanks of any kind part arguments, also those beyond ASCII as U+00A0;
- the argument `""` means that there are none, wherever it stands;
- the path of the program is a pattern in which brackets quote, and a blank in it matches nothing;
- of names only a backslash can be escaped, and a capitalised one is an alias.

Pure: knows neither the configuration nor the machine.
"""

import re

from fui.config.names import shown
from fui.config.sudo_rule import INTO_A_SCRIPT, argument, is_alias, spell_program
from fui.model.menu import Command

_QUOTED = re.compile(r"([\\,:=#])")
_NAME = re.compile(r"[\w.\\-]+", re.ASCII)


def rule_for(command: Command, user: str = "fui") -> str:
    """Return the line that lets `user` run exactly this command, or refuse it (ValueError)."""
    run_as = f"{_spell_name(command.user)} : {_spell_name(command.group)}"
    return f"{_spell_name(user)} ALL=({run_as}) NOPASSWD: {_spell(command.argv)}"


def _spell_name(name: str) -> str:
    """Return a user's or group's name as sudoers spells it; ValueError if it has no spelling."""
    if not _NAME.fullmatch(name) or name.startswith("-") or is_alias(name):
        raise ValueError(
            f"cannot name {shown(name)} to sudo-rs; use an account with a plain name, or sudo itself"
        )
    return name.replace("\\", "\\\\")


def _spell(argv: tuple[str, ...]) -> str:
    if any(map(str.isspace, argv[0])):
        raise ValueError(
            f"cannot run {shown(argv[0])}, sudo-rs has no rule for it; {INTO_A_SCRIPT}"
        )
    for at, text in enumerate(argv[1:]):
        if text == '""' or (at == 0 and text.startswith("^")) or any(map(_misread, argument(text))):
            raise ValueError(
                f"cannot give the argument {shown(text)}, sudo-rs has no rule for it; {INTO_A_SCRIPT}"
            )
    arguments = [_QUOTED.sub(r"\\\1", text) for text in argv[1:]] or ['""']
    return " ".join([spell_program(argv[0]), *arguments])


def _misread(character: str) -> bool:
    return character in "*?" or character.isspace()
