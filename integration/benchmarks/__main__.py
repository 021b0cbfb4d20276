"""Measure, and print the tables: `make bench`."""

import argparse
import sys

from integration.benchmarks import stages
from integration.benchmarks.figures import reached
from integration.host import MachineError

RATIO = "ratio to inotifywait with sudo"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--presses", type=int, default=500)
    arguments = parser.parse_args()
    try:
        parts = stages.measure(arguments.presses)
    except MachineError as error:
        print(error)
        return 1
    for part in parts:
        print(part, end="\n\n")
    print(reached(parts))
    raw = {name: figure for part in parts for name, figure in part.raw.items()}
    print(f"{RATIO}: {raw[RATIO]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
