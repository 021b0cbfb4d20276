"""fui(1): the commands and their options from the parser, and what holds for all of them."""

import argparse
import re
from collections.abc import Iterator

from fui import cli
from tests.arguments import commands, operands, options, parts, values
from tests.man.roff import Page

STATUSES = {
    "0": "All is well.",
    "1": "What was asked for is not so, or cannot be had; standard error says why.",
    "2": "The command was not written as it has to be.",
}
FILES = {
    "/etc/fui/fui.yaml": "what holds for the whole share, see *fui.yaml*(5)",
    "/etc/fui/conf.d/*.yaml": "the menu, a file for each object, see *fui.yaml*(5)",
    "/etc/sudoers.d/fui": "what sudo permits the daemon, as `fui sudoers` prints it",
    "/etc/samba/smb.conf.d/fui.conf": "the share, included at the end of smb.conf",
    "/run/fui/status.json": "what the daemon publishes of what is going on",
    "/run/fui/metrics.prom": "the daemon's metrics, where fui.yaml names no other file",
    "/var/lib/fui": "what the daemon remembers: the last runs, and how far it has read the journal",
    "/var/lib/fui-setup": "what `fui setup` made, so that it can be taken back",
}


def page() -> str:
    """Return the page."""
    whole = cli.parser()
    page = Page("fui", 1, "a Samba share as a menu of privileged actions")
    page.section("Synopsis")
    page.text(_synopsis(whole, "fui"))
    page.section("Description")
    page.text(
        "A user of the share presses a flag, which is a file such as `Apache/Restart [Ready].txt`, by"
        " deleting it. Samba's audit tells by way of the journal which uid did it, and FUI runs what is"
        " configured for that flag by *sudo*(8), if that user may press it. The flag's name and its"
        " content show what became of it.",
        "The menu is written in /etc/fui, see *fui.yaml*(5). `fui setup` makes all that it needs on this"
        " machine, and *fui.service*(8) is the daemon that shows it. `fui doctor` tells what is wrong when"
        " it does not work.",
    )
    page.section("Options")
    for option in options(whole):
        page.item(_tag(option), _help(whole, option))
    page.section("Commands")
    for name, command in commands(whole).items():
        page.part(name)
        page.text(_synopsis(command, f"fui {name}"), *(command.description or "").split("\n\n"))
        for said, actions in parts(command):
            if said:
                page.text(f"{said[0].upper()}{said[1:]}")
            for action in actions:
                page.item(_tag(action), _help(command, action))
        if command.epilog:
            page.text(*command.epilog.split("\n\n"))
    page.section("Exit status")
    for status, meaning in STATUSES.items():
        page.item(f"`{status}`", meaning)
    page.section("Files")
    for path, meaning in FILES.items():
        page.item(f"`{path}`", meaning)
    page.section("Examples")
    page.text("From an empty machine to a share with an object that works there:")
    page.example(["fui setup --example"])
    page.text("After a change of the menu: is it right, what does it need, and take it over:")
    page.example(["fui check", "fui setup", "systemctl reload fui"])
    page.text("Who did what, as the journal itself has it:")
    page.example(["journalctl --unit=fui", "journalctl FUI_USER=alice FUI_OBJECT=Apache"])
    page.section("See also")
    page.text("*fui.yaml*(5), *fui.service*(8), *smb.conf*(5), *sudoers*(5), *journalctl*(1)")
    return str(page)


def _synopsis(parser: argparse.ArgumentParser, name: str) -> str:
    return " ".join([f"`{name}`", *_words(parser)])


def _words(parser: argparse.ArgumentParser) -> Iterator[str]:
    for option in options(parser):
        words = [f"`{option.option_strings[-1]}`", *map(_placeholder, values(option))]
        text = " ".join(words)
        yield text if option.required else f"[{text}]"
    if commands(parser):
        yield "*COMMAND* [*argument*...]"
    for operand in operands(parser):
        text = " ".join(map(_placeholder, values(operand)))
        if operand.nargs in ("*", "+", argparse.REMAINDER):
            text = f"{text}..."
        yield f"[{text}]" if operand.nargs in ("?", "*") else text


def _tag(action: argparse.Action) -> str:
    if not action.option_strings:
        return " ".join(map(_placeholder, values(action)))
    first = ", ".join(f"`{each}`" for each in action.option_strings)
    return " ".join([first, *map(_placeholder, values(action))])


def _placeholder(text: str) -> str:
    """Show a value's name, or the words of which it is one."""
    if re.fullmatch(r"[A-Z][A-Z0-9_/-]*", text):
        return f"*{text}*"
    return " | ".join(f"`{each}`" for each in text.split("|"))


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    said = {**vars(action), "prog": parser.prog}
    return (action.help or "") % said
