"""From the client's delete call to the command's first instruction: by stage, and beside rivals.

Rules: all in one machine, in one run, in turn, over the same SMB session. What holds on any machine are
the ratios of the medians; the times are this machine's.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from integration.benchmarks.figures import QUANTILES, Part, Quantiles, Reach
from integration.benchmarks.presses import (
    BY_DEFAULT,
    PACKAGES,
    WARM_UP,
    Bench,
    Press,
    Seen,
    Stages,
    stages,
)
from integration.benchmarks.rivals import LOOP, RIVALS, Rival
from integration.machine import Machine

AT_ONCE, DEFAULT = "FUI, settle: 0", "FUI by default"
KNOWS = {AT_ONCE: "yes", DEFAULT: "yes"} | {rival.name: rival.knows for rival in RIVALS}
"""Whether each knows who pressed."""

DEFAULT_EACH = 5
BETWEEN = "inotify to sudo"
NOTHING: dict[str, float] = {}
STAGES = {
    "client: call to inotify": lambda one: one.gone - one.press.begin,
    "record: inotify to journald": lambda one: one.record - one.gone,
    "decision: journald to sudo": lambda one: one.sudo - one.record,
    "sudo: to the command": lambda one: one.press.end - one.sudo,
    BETWEEN: lambda one: one.sudo - one.gone,
    "whole press": lambda one: one.press.whole,
}
FASTER = {"journalctl -f with sudo": 20, "fail2ban": 30}
"""How many times faster FUI is to be."""

Taken = dict[str, list[Press]]


def by_stage(
    name: str, found: Sequence[Stages], notes: Sequence[str] = (), more: dict[str, float] = NOTHING
) -> Part:
    """Show the stages of presses."""
    taken = {what: Quantiles.of(map(stage, found)) for what, stage in STAGES.items()}
    between = taken[BETWEEN]
    return Part(
        f"{name}: milliseconds",
        QUANTILES,
        [(what, some.shown()) for what, some in taken.items()],
        [
            Reach(f"{name}: {BETWEEN}, median in ms", between.median * 1000, 3),
            Reach(f"{name}: {BETWEEN}, p99 in ms", between.p99 * 1000, 8),
        ],
        notes,
        {f"{name}: {what}": figure for what, figure in more.items()}
        | {
            f"{name}: {what}: {which}": getattr(some, which)
            for what, some in taken.items()
            for which in QUANTILES
        },
    )


def in_turn(bench: Bench, rivals: Sequence[Rival], number: int) -> tuple[Taken, Seen]:
    """Press FUI's flag so often, and delete a file of each rival's in turn; the first few do not count."""
    taken: Taken = {AT_ONCE: [], **{rival.name: [] for rival in rivals}}
    with running(bench, rivals, WARM_UP + number) as seen:
        for turn in range(-WARM_UP, number):
            pressed = {
                rival.name: bench.by_file(rival.folder)
                for rival in rivals
                if turn % rival.each == 0
            }
            pressed[AT_ONCE] = bench.by_fui()
            if turn >= 0:
                for name, press in pressed.items():
                    taken[name].append(press)
    return taken, seen


def alone(bench: Bench, rival: Rival, number: int) -> list[Press]:
    """Delete files of a rival that others' presses would disturb; the first does not count."""
    with running(bench, [rival], 1 + number):
        return [bench.by_file(rival.folder) for _ in range(1 + number)][1:]


@contextmanager
def running(bench: Bench, rivals: Sequence[Rival], files: int) -> Iterator[Seen]:
    """Have rivals and the watcher run for a while."""
    with ExitStack() as stack:
        for rival in rivals:
            stack.enter_context(rival.running(bench, files))
        yield stack.enter_context(bench.watched(*(rival.folder for rival in rivals)))


def measure(number: int) -> list[Part]:
    """Measure so many presses of FUI by stage, and beside rivals, which have fewer where they are slow."""
    aside = [rival for rival in RIVALS if rival.reads_journal]
    beside = [rival for rival in RIVALS if not rival.reads_journal]
    with Machine(purpose="bench", packages=PACKAGES) as machine:
        bench = Bench(machine)
        since = time.time()
        taken, seen = in_turn(bench, beside, number)
        found = stages(taken[AT_ONCE], seen, bench.records(since))
        for rival in aside:
            taken[rival.name] = alone(bench, rival, max(number // rival.each, 2))
        bench.configure(BY_DEFAULT)
        with bench.watched():
            taken[DEFAULT] = [bench.by_fui() for _ in range(max(number // DEFAULT_EACH, 2))]
    return [by_stage("a press", found), compared(taken)]


def compared(taken: Taken) -> Part:
    """Show whole presses side by side."""
    whole = {
        name: Quantiles.of(press.whole for press in presses) for name, presses in taken.items()
    }
    fui = whole[AT_ONCE].median
    ratio = fui / whole[LOOP].median
    rows = [
        (name, (*some.shown(), f"{some.median / fui:.2f}", str(some.number), KNOWS[name]))
        for name, some in sorted(whole.items(), key=lambda item: item[1].median)
    ]
    faster = [
        Reach(f"times faster than {name}", whole[name].median / fui, limit, at_least=True)
        for name, limit in FASTER.items()
    ]
    later = (whole[DEFAULT].median - fui) * 1000
    return Part(
        "a whole press: milliseconds",
        (*QUANTILES, "to FUI's", "presses", "knows the user"),
        rows,
        [Reach("whole press, to that of inotifywait with sudo", ratio, 1.3), *faster],
        [
            f"By default a press waits whether its user presses more: {later:.1f} ms later than at once."
        ],
        {"ratio to inotifywait with sudo": ratio}
        | {
            f"whole press: {name}: {which}": getattr(some, which)
            for name, some in whole.items()
            for which in QUANTILES
        },
    )
