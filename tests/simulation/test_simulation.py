"""Many conversations, none of which breaks an invariant; and what else is claimed of the simulation."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fui.core import gate
from fui.core.authorize import Granted
from tests.simulation.runner import play, play_seed
from tests.simulation.script import draw
from tests.simulation.shrink import shrink, tell
from tests.simulation.truth import Violation

ROOT = Path(__file__).parents[2]
SEEDS, CHUNK = 20_000, 2_500

REACHED = (
    "FUI ends while a job goes on",
    "a daemon dies while a job runs",
    "a daemon dies while a press waits",
    "a job is cancelled",
    "a job is done",
    "a job is failed",
    "a job is interrupted",
    "a job is not-started",
    "a job is timed-out",
    "a press by a move starts",
    "a press is confirmed",
    "a queued press starts",
    "adopted",
    "asked",
    "cancelled",
    "configured",
    "left",
    "lost",
    "many",
    "misconfigured",
    "not-run",
    "queued",
    "refused: busy",
    "refused: closed",
    "refused: contradiction",
    "refused: deferred-delete",
    "refused: deny-rule",
    "refused: limit",
    "refused: no-answer",
    "refused: no-record",
    "refused: not-allowed",
    "refused: not-confirmed",
    "refused: queue-full",
    "refused: refused-by-samba",
    "refused: removed",
    "refused: stopping",
    "refused: unknown-user",
    "restored",
    "started",
    "suspicious",
)
"""What happens in the first thousand conversations, else nothing is proven of it."""


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the simulation in a process of its own, where no coverage is measured."""
    environment = {name: each for name, each in os.environ.items() if not name.startswith("COV")}
    return subprocess.run(
        [sys.executable, "-m", "tests.simulation", *arguments, "--processes=1"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_no_conversation_breaks_an_invariant(first: int) -> None:
    done = command(f"--seeds={first}..{first + CHUNK}")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_can_happen_does() -> None:
    done = command("--seeds=0..1000", "--situations")
    reached = set(re.findall(r"^ +[1-9][0-9]*  (.+)$", done.stdout, re.MULTILINE))
    assert not set(REACHED) - reached


def test_a_conversation_is_always_the_same() -> None:
    script = draw(7)
    told: list[list[str]] = [[], []]
    for notes in told:
        play(script.menus, script.steps, notes.append)
    assert told[0] == told[1]
    assert len(told[0]) > 100
    assert draw(7) == script


def test_one_that_breaks_an_invariant_is_told_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "authorize", lambda *_: Granted("everybody may"))
    outcomes = (play_seed(seed) for seed in range(50))
    script, violation = next((one, each) for one, each in outcomes if isinstance(each, Violation))
    steps = shrink(script, violation.invariant)
    assert 1 <= len(steps) < len(script.steps) / 2
    told, notes = tell(script, violation)
    assert f"python -m tests.simulation --seed {script.seed}" in told
    assert f"{len(steps)} of {len(script.steps)} steps are enough" in told
    assert "StartJob" in notes
