"""Look for inputs of which something comes that should not.

    python -m tests.fuzz TARGET [OPTION of libFuzzer | FILE ...]
    python -m tests.fuzz --minutes=5

The first tries one target until it is stopped, or a FILE once; the second all of them, each for so long
in a process of its own, and prints what came of each. What is new and useful goes to build/fuzz/TARGET;
an input at which it ends stands in build/fuzz/TARGET-crash-… or -timeout-…, and belongs into
tests/fuzz/corpus/TARGET when its cause is found.
"""

import re
import subprocess
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build/fuzz"
SECONDS_FOR_ONE = 5
NAMES = sorted(path.name for path in ROOT.joinpath("tests/fuzz/corpus").iterdir())


def fuzz(name: str, options: list[str]) -> None:
    """Try one target; does not return."""
    with atheris.instrument_imports(include=["fui", "yaml", "shlex", "json"]):
        from tests.fuzz.targets import CORPUS, TARGETS
    target = TARGETS[name]
    found = BUILD / name
    found.mkdir(parents=True, exist_ok=True)
    words = BUILD / f"{name}.words"
    words.write_text("".join(f'"{_quoted(word)}"\n' for word in target.words if word))
    if all(option.startswith("-") for option in options):
        options += [str(found), str(CORPUS / name)]
    limits = [f"-max_len={target.longest}", f"-timeout={SECONDS_FOR_ONE}", "-rss_limit_mb=1024"]
    files = [f"-dict={words}", f"-artifact_prefix={BUILD}/{name}-", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, *files, *options], target.check)
    atheris.Fuzz()


def fuzz_all(minutes: float) -> int:
    """Try all targets; return how many of them ended at an input."""
    ended = 0
    say(f"{'target':<16}{'tried':>10}{'reached':>10}{'kept':>8}  outcome")
    for name in NAMES:
        argv = [sys.executable, "-m", "tests.fuzz", name, f"-max_total_time={minutes * 60:.0f}"]
        run = subprocess.run(argv, cwd=ROOT, capture_output=True, check=False)
        log = BUILD / f"{name}.log"
        log.write_bytes(run.stdout + run.stderr)
        said = run.stderr.decode(errors="replace")
        tried = _last(r"number_of_executed_units: +(\d+)", said)
        reached, kept = _last(r"\bft: (\d+)", said), _last(r"\bcorp: (\d+)", said)
        outcome = f"ended at an input, see {log}" if run.returncode else "nothing found"
        say(f"{name:<16}{tried:>10}{reached:>10}{kept:>8}  {outcome}")
        ended += run.returncode != 0
    return ended


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _last(pattern: str, text: str) -> str:
    return next(reversed(re.findall(pattern, text)), "-")


def _quoted(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8"))


if __name__ == "__main__":
    first, *others = sys.argv[1:] or ["--minutes=5"]
    if first.startswith("--minutes="):
        sys.exit(min(fuzz_all(float(first.partition("=")[2])), 1))
    fuzz(first, others)
