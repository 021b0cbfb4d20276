"""`fui explain`: say whether a user may press an action, and why.

Exit status: 0 the user may (with `--all`: something), 1 the user may not, 2 usage.
"""

import argparse
from typing import TYPE_CHECKING

from fui.cli import arguments

if TYPE_CHECKING:
    from fui.admin.permission import Answer, Person
    from fui.model.menu import Menu

_INDENT = 4
_WIDTH = 12


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "say whether a user may press an action, and why"
    parser = arguments.add(commands, "explain", text, _explain, __doc__)
    parser.add_argument("user", metavar="USER", help="the user's name, as getent passwd has it")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("action", nargs="?", metavar="OBJECT/ACTION", help="what to press")
    asked.add_argument("--all", action="store_true", help="a line for each action of the menu")


def _explain(options: argparse.Namespace) -> int:
    from fui.admin import permission
    from fui.admin.service import why_not_running
    from fui.config.load import Configuration
    from fui.edges import clock, status

    configuration = Configuration(*arguments.files(options))
    menu = permission.in_time(permission.LOADING, configuration.read, "read the configuration")
    asked = menu.actions if options.all else (permission.find(menu, options.action),)
    who = permission.person(options.user, menu)
    published = status.read(arguments.DEFAULT_STATUS)
    going_on = published.status if published else None
    answers = permission.answers(menu, asked, who, going_on, clock.now().wall)
    if published is None:
        print(why_not_running())
    if menu.problems:
        print("The configuration has faults, so the daemon may go by other rules; see: fui check")
    if options.all:
        _print_all(answers)
    else:
        print(say(answers[0], who, menu))
    return 0 if any(answer.may for answer in answers) else 1


def say(answer: "Answer", who: "Person", menu: "Menu") -> str:
    """Return all that there is to say about one action."""
    from fui.admin.explain import details
    from fui.model.harmless import harmless

    may = "may" if answer.may else "may not"
    lines = [f"{who.name} {may} press {answer.action.id}: {answer.decision.rule}"]
    rows = [*details(answer.action, menu), ("a press now", answer.now)]
    lines += [f"{'':{_INDENT}}{title:{_WIDTH}}{text}" for title, text in rows]
    return "\n".join(map(harmless, lines))


def _print_all(answers: "list[Answer]") -> None:
    from fui.cli.table import cell, console, table

    rows = table(("ACTION", "MAY", "RULE", "A PRESS NOW"))
    for answer in answers:
        may = cell("yes", "green") if answer.may else cell("no", "yellow")
        rule = answer.decision.rule
        now = answer.now if answer.may or rule not in answer.now else ""  # it is said already
        rows.add_row(cell(str(answer.action.id)), may, cell(rule), cell(now))
    console().print(rows)
