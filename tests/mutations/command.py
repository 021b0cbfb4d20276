"""python -m tests.mutations: make each fault in a copy of the tree, and see what finds it.

The simulation is asked first, with a few hundred conversations; then the unit tests of the core.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutations.faults import FAULTS, Fault

_ROOT = Path(__file__).parents[2]
_TREE = ("fui", "tests", "pyproject.toml")
_TESTS = (
    "tests/unit/core",
    "tests/property/test_attribution.py",
    "tests/property/test_schedule.py",
)


def main() -> int:
    """Return 0 if each fault was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations")
    parser.add_argument("--seeds", type=int, default=1500, help="conversations that are tried")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", help="faults whose name holds this")
    given = parser.parse_args()
    faults = [fault for fault in FAULTS if given.only in fault.name]
    if found := find(None, given.seeds):
        print(f"nothing is wrong yet, and it is found by {found}")
        return 1
    caught = 0
    with ThreadPoolExecutor(given.processes) as pool:
        for fault, by in zip(
            faults, pool.map(lambda one: find(one, given.seeds), faults), strict=True
        ):
            caught += bool(by)
            said = f"caught by {by}" if by else f"SURVIVES: {fault.breaks}"
            print(f"{fault.file}: {fault.name}: {said}", flush=True)
    print(f"mutations caught: {caught} of {len(faults)}")
    return 0 if caught == len(faults) else 1


def find(fault: Fault | None, seeds: int) -> str:
    """Return what finds a fault in a copy of the tree; empty if nothing does."""
    with tempfile.TemporaryDirectory(prefix="fui-mutation-") as name:
        copy = Path(name)
        for part in _TREE:
            source = _ROOT / part
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, copy / part, ignore=ignored)
            else:
                shutil.copy(source, copy / part)
        if fault is not None:
            make(fault, copy)
        return _by_simulation(copy, seeds) or _by_tests(copy)


def make(fault: Fault, tree: Path) -> None:
    """Make a fault in a tree; ValueError if its text is not there, or more than once."""
    path = tree / "fui" / "core" / f"{fault.file}.py"
    text = path.read_text()
    if text.count(fault.right) != 1:
        raise ValueError(
            f"{fault.name}: {fault.right!r} stands {text.count(fault.right)} times in {path}"
        )
    path.write_text(text.replace(fault.right, fault.wrong))


def _by_simulation(tree: Path, seeds: int) -> str:
    ran = _run(tree, "-m", "tests.simulation", "--first", f"--seeds=0..{seeds}", "--processes=1")
    found = re.search(r"seed \d+ breaks: ([^:\n]+)", ran)
    return f"simulation: {found[1]}" if found else ""


def _by_tests(tree: Path) -> str:
    options = ("-q", "-x", "-p", "no:cacheprovider", "-n", "0")
    ran = _run(tree, "-m", "pytest", *options, *_TESTS)
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", ran, re.MULTILINE)
    return f"unit: {found[1]}" if found else ""


def _run(tree: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
