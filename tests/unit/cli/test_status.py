import io
import json
import re
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from rich.console import Console

from fui.cli import arguments, main, status, table
from fui.cli.status import report
from fui.edges import status as edge
from fui.model.menu import ActionId
from fui.model.states import FlagState, Loss
from fui.model.status import Published, Standing, Status

ZONE = timezone(timedelta(hours=1), "CET")
NOW = 1_800_000_000.0  # 2027-01-15 09:00:00 CET


def shown(*standings: Standing, **status: object) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=200, markup=False, highlight=False, emoji=False)
    published = Published(
        "0.1.0",
        7,
        NOW - 86400,
        Status("/srv/controls", 4, 2, standings=standings, **status),  # type: ignore[arg-type]
    )
    for part in report(published, ZONE, NOW):
        console.print(part)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def standing(action: str, state: FlagState, **other: object) -> Standing:
    return Standing(ActionId("Apache", action), state, **{"since": NOW, **other})  # type: ignore[arg-type]


def test_everything_is_ready() -> None:
    assert shown() == [
        "FUI 0.1.0 runs since 2027-01-14 09:00:00 (pid 7): 4 actions in 2 folders of /srv/controls",
        "everything is ready",
    ]


def test_what_runs_stands_before_what_waits_and_what_is_over() -> None:
    rows = shown(
        standing("Done", FlagState.DONE, user="bob"),
        standing("Held", FlagState.BLOCKED, why="Apache/Run is running for alice"),
        standing("Free", FlagState.READY, why="Apache/Run is running for alice"),
        standing("Later", FlagState.QUEUED, detail="2", user="bob", since=NOW + 1),
        standing("First", FlagState.QUEUED, detail="1", user="alice"),
        standing(
            "Run", FlagState.RUNNING, detail="40 %", user="alice", job="5f3a-1", until=NOW + 86400
        ),
    )[2:]
    assert [row.split()[0] for row in rows] == [
        "ACTION",
        "Apache/Run",
        "Apache/First",
        "Apache/Later",
        "Apache/Held",
        "Apache/Done",
        "Apache/Free",
    ]
    assert rows[0].split() == ["ACTION", "STATE", "WHO", "SINCE", "UNTIL", "JOB", "WHY"]
    assert rows[1].split() == [
        *("Apache/Run", "running", "40", "%", "alice"),
        *("09:00:00", "2027-01-16", "09:00:00", "5f3a-1"),
    ]
    assert rows[4].split(maxsplit=3)[3] == "Apache/Run is running for alice"


def test_faults_and_what_was_missed_are_said() -> None:
    lines = shown(faults=("a.yaml:1:2: cannot [red]find[/red] it",), missed=2)
    assert lines[1].startswith("2 presses came to nothing")
    assert lines[2] == "fault: a.yaml:1:2: cannot [red]find[/red] it"


def test_what_was_lost_is_said_where_something_was() -> None:
    lines = shown(losses={Loss.LATE: 2, Loss.SUPPRESSED: 14})
    assert lines[1] == (
        "lost since then: late-record 2, suppressed 14; see: journalctl -u fui FUI_LOSS=KIND"
    )


def test_the_help_names_every_loss() -> None:
    assert all(f"{loss.value}: " in " ".join(status.__doc__.split()) for loss in Loss)


def test_what_somebody_else_wrote_harms_nobody() -> None:
    rows = shown(standing("Run\x1b[2J [Ready]", FlagState.DENIED, why=":smile: \n\u202e[bold]"))
    assert "Apache/Run\\x1b[2J [Ready]" in rows[3]
    assert rows[3].endswith(r":smile: \x0a\u202e[bold]")


def test_the_console_has_colours_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = table.table(["A"])
    rows.add_row(table.cell("x" * 500, "red"))
    table.console().print(rows)
    assert capsys.readouterr().out.split() == ["A", "x" * 500]


def test_json_while_nobody_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(arguments, "DEFAULT_STATUS", tmp_path / "status.json")
    assert main(["status", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["running"] is False
    assert said["why"].startswith("FUI does not")
    assert main(["status"]) == 1
    assert capsys.readouterr().out.startswith("FUI does not")


def test_json_is_the_file_without_what_only_a_reader_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    published = Published("0.1.0", 7, NOW, Status("/srv/controls", 4, 2))
    monkeypatch.setattr(edge, "read", lambda _path: published)
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "running": True,
        "fui": "0.1.0",
        "pid": 7,
        "since": NOW,
        "share": "/srv/controls",
        "actions": 4,
        "folders": 2,
        "faults": [],
        "missed": 0,
        "losses": {},
        "flags": [],
    }
    assert main(["status"]) == 0
    assert "FUI 0.1.0 runs since" in capsys.readouterr().out


def test_the_help_names_every_key() -> None:
    published = Published(
        "0.1.0", 7, NOW, Status("", 4, 2, standings=(standing("a", FlagState.DONE),))
    )
    said = edge.plain(published)
    flags = said["flags"]
    assert isinstance(flags, list)
    assert said.keys() | flags[0].keys() <= set(re.findall(r"\w+", status.__doc__ or ""))
