"""`fui doctor`: look whether all that FUI depends on is as it should be.

Exit status, for monitoring: 0 nothing is wrong; 1 something is; 2 usage. A warning alone is 0, for
it works; with `--strict` it is 1 as well.

`--json` prints `{"verdict": …, "rows": [{"name", "verdict", "found", "remedy"}, …]}`, where a verdict
is "ok", "warning" or "wrong"; with `--press` there is "stages": [{"name", "seconds"}, …], too.
"""

import argparse
import getpass
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fui.cli import arguments
from fui.model.errors import EdgeError

if TYPE_CHECKING:
    from fui.admin.doctor.press import Pressed, Stage
    from fui.admin.doctor.row import Row
    from fui.admin.doctor.scene import Scene

_LONG = 10_000
_COLOURS = {"ok": "green", "warning": "yellow", "wrong": "bold red"}


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "look whether all that FUI depends on is as it should be"
    parser = arguments.add(commands, "doctor", text, _doctor)
    parser.description = (
        "Look whether all that FUI depends on is as it should be: Samba, the share, journald, the"
        " file system, sudo, the name service, the daemon. A row for each thing says how it is, what"
        " was found and what to do. Only what a press that was broken off has left is changed: it is"
        " taken away. Some questions only root may ask. Exit status: 0 nothing is wrong, though"
        " there may be warnings; 1 something is; with --strict, 1 also for a warning; 2 usage."
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--strict", action="store_true", help="have exit status 1 for warnings, too"
    )
    parser.add_argument(
        "--row",
        action="append",
        metavar="NAME",
        help="look at the row of that name only (may be given several times)",
    )
    press = parser.add_argument_group(
        "a real press",
        "makes an object of its own, deletes its flag over SMB, and takes it away again",
    )
    press.add_argument("--press", action="store_true", help="try one, too; needs --user and root")
    press.add_argument("--user", metavar="NAME", help="who presses; DOMAIN\\NAME in a domain")
    secret = press.add_mutually_exclusive_group()
    secret.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="whose first line is the user's password (default: ask on the terminal)",
    )
    secret.add_argument(
        "-A",
        "--authentication-file",
        type=Path,
        metavar="FILE",
        help="of that user, as smbclient takes it",
    )
    press.add_argument(
        "--server",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="of this machine, where smbd listens (default: %(default)s)",
    )
    parser.set_defaults(usage_error=parser.error)


def _doctor(options: argparse.Namespace) -> int:
    from fui.admin import doctor
    from fui.admin.doctor.host import Host
    from fui.admin.doctor.row import Row
    from fui.admin.doctor.scene import Scene

    if options.press and not options.user:
        options.usage_error("--press needs --user")
    if unknown := set(options.row or ()) - set(doctor.CHECKS):
        names = ", ".join(doctor.CHECKS)
        options.usage_error(f"there is no row {min(unknown)}; there are: {names}")
    scene = Scene(Host(), options.config, _program(), arguments.DEFAULT_STATE)
    checks = {name: doctor.CHECKS[name] for name in options.row} if options.row else doctor.CHECKS
    rows = list(doctor.examine(scene, checks))
    stages: tuple[Stage, ...] | None = None
    if options.press:
        pressed = _press(options, scene)
        stages = pressed.stages
        rows.append(Row.of("press", pressed.finding))
    verdict = doctor.verdict(rows)
    if options.json:
        told: dict[str, object] = {"verdict": verdict.value, "rows": [_plain(row) for row in rows]}
        if stages is not None:
            told["stages"] = [asdict(stage) for stage in stages]
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _print_table(rows, stages or ())
    return int(verdict.value == "wrong" or (options.strict and verdict.value == "warning"))


def _press(options: argparse.Namespace, scene: "Scene") -> "Pressed":
    from fui.admin.doctor.press import Presser, authentication, press

    if options.authentication_file:
        return press(scene, Presser(options.user, options.authentication_file, options.server))
    with authentication(options.user, _password(options)) as file:
        return press(scene, Presser(options.user, file, options.server))


def _password(options: argparse.Namespace) -> str:
    if options.password_file is None:
        if not sys.stdin.isatty():
            options.usage_error("there is no terminal to ask for the password; use --password-file")
        return getpass.getpass(f"Samba password of {options.user}: ")
    try:
        text: str = options.password_file.read_text("utf-8")
    except OSError as error:
        raise EdgeError(f"cannot read {options.password_file}: {error.strerror}") from error
    return text.split("\n", 1)[0]


def _program() -> str:
    """Return how this command is called, for the remedies."""
    own = str(Path(sys.argv[0]).absolute())
    return "fui" if shutil.which("fui") == own else own


def _plain(row: "Row") -> dict[str, str]:
    return {**asdict(row), "verdict": row.verdict.value}


def _print_table(rows: "list[Row]", stages: "tuple[Stage, ...]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "", "found, and what to do"):
        table.add_column(title, overflow="fold")
    for row in rows:
        said = Text(row.found)
        if row.remedy:
            said.append(f"\n→ {row.remedy}", style="bold")
        table.add_row(Text(row.verdict.value, style=_COLOURS[row.verdict.value]), row.name, said)
    # In a pipe or a file a line is as long as it is, for grep.
    console = Console(width=None if sys.stdout.isatty() else _LONG, highlight=False)
    console.print(table)
    for stage in stages:
        console.print(Text(f"{stage.seconds * 1000:8.1f} ms  {stage.name}"))
