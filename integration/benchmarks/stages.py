"""From the client's delete call to the command's first instruction, by stage, beside the loop."""

import time
from collections.abc import Sequence

from integration.benchmarks import rivals
from integration.benchmarks.figures import Part, Quantiles, Reach
from integration.benchmarks.presses import PACKAGES, WARM_UP, Bench, Press, Stages, stages
from integration.machine import Machine

FUI, LOOP = "FUI, settle: 0", "inotifywait with sudo"
NOTHING: dict[str, float] = {}
BETWEEN = "inotify to sudo"
QUANTILES = ("median", "p95", "p99")
STAGES = {
    "client: call to inotify": lambda one: one.gone - one.press.begin,
    "record: inotify to journald": lambda one: one.record - one.gone,
    "decision: journald to sudo": lambda one: one.sudo - one.record,
    "sudo: to the command": lambda one: one.press.end - one.sudo,
    BETWEEN: lambda one: one.sudo - one.gone,
    "whole press": lambda one: one.press.whole,
}


def in_turn(bench: Bench, number: int) -> tuple[list[Press], list[Press]]:
    """Press FUI's flag and delete the loop's file in turn; the first few do not count."""
    both = [(bench.by_file(rivals.LOOP), bench.by_fui()) for _ in range(WARM_UP + number)]
    loop, fui = zip(*both[WARM_UP:], strict=True)
    return list(fui), list(loop)


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


def measure(number: int) -> list[Part]:
    """Measure presses of FUI by stage, beside those of the loop."""
    with Machine(purpose="bench", packages=PACKAGES) as machine:
        bench = Bench(machine)
        since = time.time()
        with rivals.inotifywait(bench), bench.watched(rivals.LOOP) as seen:
            fui, loop = in_turn(bench, number)
        found = stages(fui, seen, bench.records(since))
        part = by_stage("a press", found)
        taken = {FUI: fui, LOOP: loop}
        whole = {name: Quantiles.of(press.whole for press in some) for name, some in taken.items()}
        rows = [(name, some.shown()) for name, some in whole.items()]
        ratio = whole[FUI].median / whole[LOOP].median
        return [
            part,
            Part(
                "whole press: milliseconds",
                QUANTILES,
                rows,
                [Reach("whole press to inotifywait with sudo", ratio, 1.3)],
                raw={"ratio to inotifywait with sudo": ratio},
            ),
        ]
