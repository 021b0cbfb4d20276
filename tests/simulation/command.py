"""python -m tests.simulation: play many conversations, or one of them again with all that is said."""

import argparse
import itertools
import multiprocessing
import os
import sys
import time
from collections import Counter

from tests.simulation.runner import first_failing, play_seed
from tests.simulation.shrink import tell
from tests.simulation.truth import Violation

_CHUNK = 200


def main() -> int:
    """Return 0 if no invariant was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, help="play this one, and say all that happens")
    parser.add_argument("--seeds", default="0..20000", help="FROM..TO, without the last")
    parser.add_argument(
        "--minutes", type=float, help="go on for so long, whatever --seeds ends with"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument(
        "--first", action="store_true", help="say which is broken first, and no more"
    )
    parser.add_argument("--situations", action="store_true", help="say how often what was reached")
    given = parser.parse_args()
    if given.seed is not None:
        return _one(given.seed)
    first, _, last = given.seeds.partition("..")
    if given.first:
        return _first(int(first), int(last))
    return _many(int(first), int(last), given.minutes, given.processes, given.situations)


def _one(seed: int) -> int:
    script, outcome = play_seed(seed)
    if isinstance(outcome, Violation):
        told, notes = tell(script, outcome)
        print(notes, told, sep="\n\n")
        return 1
    print(*script.steps, sep="\n")
    print(f"seed {seed} breaks nothing")
    return 0


def _first(first: int, last: int) -> int:
    failing = first_failing(range(first, last), Counter())
    if failing is None:
        return 0
    print(f"seed {failing[0].seed} breaks: {failing[1]}")
    return 1


def _chunk(first: int) -> tuple[int, Counter[str], str]:
    seen: Counter[str] = Counter()
    failing = first_failing(range(first, first + _CHUNK), seen)
    return _CHUNK, seen, tell(*failing)[0] if failing else ""


def _many(first: int, last: int, minutes: float | None, processes: int, situations: bool) -> int:  # noqa: FBT001
    begin = time.monotonic()
    starts = itertools.count(first, _CHUNK) if minutes else range(first, last, _CHUNK)
    seen: Counter[str] = Counter()
    played = failures = 0
    with multiprocessing.Pool(processes) as pool:
        for count, reached, told in pool.imap_unordered(_chunk, starts):
            played += count
            seen += reached
            if told:
                failures += 1
                print(told, flush=True)
            elapsed = time.monotonic() - begin
            if failures >= 3 or (minutes and elapsed > minutes * 60):
                pool.terminate()
                break
    elapsed = time.monotonic() - begin
    if situations:
        print(*(f"{count:10}  {what}" for what, count in sorted(seen.items())), sep="\n")
    print(f"{played} conversations, {failures} broken, {played / elapsed:.0f} a second")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
