"""Keep of what fuzzing has found what the corpus lacks: `python -m tests.fuzz.keep`.

An input is kept if it takes a step from one line of FUI to another that no smaller one takes. That is
less than what libFuzzer keeps, which counts how often a step was taken; so the corpus stays small.
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import fui
from tests.fuzz.targets import CORPUS, TARGETS

FOUND = Path(__file__).parents[2] / "build/fuzz"
_OURS = str(Path(fui.__file__).parent)
Step = tuple[str, int, int]


def steps(check: Callable[[bytes], None], data: bytes) -> set[Step]:
    """Return the steps that an input takes."""
    taken: set[Step] = set()
    before: dict[FrameType, int] = {}

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        file = frame.f_code.co_filename
        if not file.startswith(_OURS):
            return None
        if event == "line":
            taken.add((file, before.get(frame, 0), frame.f_lineno))
            before[frame] = frame.f_lineno
        return trace

    sys.settrace(trace)
    try:
        check(data)
    finally:
        sys.settrace(None)
    return taken


def keep(name: str) -> int:
    """Copy into the corpus of a target what it lacks; return how many inputs that is."""
    check, corpus = TARGETS[name].check, CORPUS / name
    known = set().union(*(steps(check, path.read_bytes()) for path in corpus.iterdir()))
    kept = 0
    found = FOUND.joinpath(name)
    for path in sorted(found.iterdir(), key=lambda path: (path.stat().st_size, path.name)):
        data = path.read_bytes()
        new = steps(check, data) - known
        if new:
            known |= new
            kept += 1
            corpus.joinpath(hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)
    return kept


if __name__ == "__main__":
    for name in TARGETS:
        if FOUND.joinpath(name).exists():
            sys.stdout.write(f"{name}: {keep(name)} more\n")
