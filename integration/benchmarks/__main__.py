"""Measure, and print a table for each part: `make bench`."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from integration.benchmarks import flood, stages
from integration.benchmarks.figures import Part, reached
from integration.host import MachineError

PRESSES = 500
RATIO = "ratio to inotifywait with sudo"

# Each is told how many presses are wanted where presses are measured.
PARTS: dict[str, Callable[[int], list[Part]]] = {
    "press": stages.measure,
    "flood": flood.measure,
}


def main() -> int:
    """Run the parts that are wanted; the last line is for a machine to read."""
    parser = argparse.ArgumentParser(prog="integration.benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="NAME[,NAME]", default=",".join(PARTS))
    parser.add_argument("--presses", metavar="N", type=int, default=PRESSES)
    parser.add_argument("--save", metavar="FILE", type=Path)
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if not PARTS.keys() >= set(names):
        parser.error(f"--only takes of {', '.join(PARTS)}")
    parts: list[Part] = []
    try:
        for name in names:
            measured = PARTS[name](arguments.presses)
            print("\n\n".join(map(str, measured)), end="\n\n", flush=True)
            parts += measured
    except MachineError as error:
        print(error)
        return 1
    raw = {name: figure for part in parts for name, figure in part.raw.items()}
    if arguments.save:
        arguments.save.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    print(reached(parts))
    if RATIO in raw:
        print(f"{RATIO}: {raw[RATIO]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
