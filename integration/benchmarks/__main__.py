"""Measure, and print a table for each part: `make bench`."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from integration.benchmarks import (
    burst,
    client,
    flood,
    idle,
    many_flags,
    picture,
    records,
    stages,
)
from integration.benchmarks.figures import Part, reached
from integration.host import MachineError

RATIO = "ratio to inotifywait with sudo"

PARTS: dict[str, Callable[[argparse.Namespace], list[Part]]] = {
    "press": lambda given: stages.measure(given.presses),
    "flood": lambda given: flood.measure(given.presses),
    "burst": lambda _: burst.measure(),
    "records": lambda given: records.measure(given.entries),
    "flags": lambda _: many_flags.measure(),
    "client": lambda given: client.measure(max(given.presses // 10, 2)),
    "idle": lambda given: idle.measure(given.minutes),
}


def main() -> int:
    """Run the parts that are wanted; the last line is for a machine to read."""
    parser = argparse.ArgumentParser(prog="integration.benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="PART[,PART]", default=",".join(PARTS))
    parser.add_argument("--presses", metavar="N", type=int, default=500)
    parser.add_argument("--entries", metavar="N", type=int, default=records.ENTRIES)
    parser.add_argument("--minutes", metavar="N", type=float, default=10, help="of being idle")
    parser.add_argument(
        "--save",
        metavar="FILE",
        type=Path,
        help="keep the figures there, beside those of other parts",
    )
    parser.add_argument("--draw", metavar="FILE", type=Path, help="draw what was kept there")
    given = parser.parse_args()
    if given.draw:
        print(picture.draw(json.loads(given.draw.read_text("utf-8"))))
        return 0
    names = given.only.split(",")
    if not PARTS.keys() >= set(names):
        parser.error(f"--only takes of {', '.join(PARTS)}")
    parts: list[Part] = []
    try:
        for name in names:
            measured = PARTS[name](given)
            print("\n\n".join(map(str, measured)), end="\n\n", flush=True)
            parts += measured
    except MachineError as error:
        print(error)
        return 1
    raw = {name: figure for part in parts for name, figure in part.raw.items()}
    if given.save:
        before = json.loads(given.save.read_text("utf-8")) if given.save.exists() else {}
        given.save.write_text(json.dumps(before | raw, indent=1) + "\n", encoding="utf-8")
    print(reached(parts))
    if RATIO in raw:
        print(f"{RATIO}: {raw[RATIO]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
