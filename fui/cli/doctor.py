"""`fui doctor`: look whether all that FUI depends on is as it should be.

Exit status, for monitoring: 0 nothing is wrong; 1 something is; 2 usage. A warning alone is 0, for
it works; with `--strict` it is 1 as well.

`--json` prints `{"verdict": …, "rows": [{"name", "verdict", "found", "remedy"}, …]}`, where a verdict
is "ok", "warning" or "wrong"; with `--press` there is "stages": [{"name", "seconds"}, …], too.
"""

import argparse
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fui.cli import arguments

if TYPE_CHECKING:
    from fui.admin.doctor.row import Row

_COLOURS = {"ok": "green", "warning": "yellow", "wrong": "bold red"}


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    text = "look whether all that FUI depends on is as it should be"
    parser = arguments.add(commands, "doctor", text, _doctor)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--strict", action="store_true", help="have exit status 1 for warnings, too"
    )


def _doctor(options: argparse.Namespace) -> int:
    from fui.admin import doctor
    from fui.admin.doctor.host import Host
    from fui.admin.doctor.scene import Scene

    scene = Scene(Host(), options.config, _program(), arguments.DEFAULT_STATE)
    rows = list(doctor.examine(scene))
    verdict = doctor.verdict(rows)
    if options.json:
        told = {"verdict": verdict.value, "rows": [_plain(row) for row in rows]}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _print_table(rows)
    return int(verdict.value == "wrong" or (options.strict and verdict.value == "warning"))


def _program() -> str:
    """Return how this command is called, for the remedies."""
    own = str(Path(sys.argv[0]).absolute())
    return "fui" if shutil.which("fui") == own else own


def _plain(row: "Row") -> dict[str, str]:
    return {**asdict(row), "verdict": row.verdict.value}


def _print_table(rows: "list[Row]") -> None:
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
    console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
    console.print(table)
