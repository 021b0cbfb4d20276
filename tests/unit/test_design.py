"""DESIGN.md says what is so, as far as a program can tell."""

import re
from pathlib import Path

from tests.diagram import draw

ROOT = Path(__file__).parents[2]
DESIGN = ROOT.joinpath("DESIGN.md").read_text("utf-8")


def test_the_diagram_is_drawn_from_the_table() -> None:
    assert f"```mermaid\n{draw()}```\n" in DESIGN


def test_every_room_is_on_the_map() -> None:
    named = set(re.findall(r"[\w./]+", DESIGN))
    for path in ROOT.glob("fui/**/*.py"):
        room = path.relative_to(ROOT / "fui")
        if path.name != "__init__.py":
            assert {path.stem, path.name, f"fui/{room}"} & named, f"DESIGN.md does not name {room}"


def test_no_module_is_over_400_lines() -> None:
    for path in [*ROOT.glob("fui/**/*.py"), *ROOT.glob("integration/**/*.py")]:
        lines = len(path.read_text("utf-8").splitlines())
        assert lines <= 400, f"{path.name} has {lines} lines"
