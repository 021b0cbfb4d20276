"""Part 6: what FUI costs while nobody presses: CPU time, wake-ups, memory.

How to read it: a wake-up is a thread of the unit that slept and sleeps no more, as the kernel counts
it; the watchdog's are those that systemd asks for, two in each `WatchdogSec=`. The daemon stands
beside all processes of its unit, which are it and the one that waits to become sudo. RSS counts what
is shared for each process, PSS by equal parts. Under a flood the daemon reads what it must.
"""

import time

from integration.benchmarks import usage
from integration.benchmarks.figures import Part, Reach
from integration.benchmarks.flood import OTHER, OWN, flood
from integration.benchmarks.presses import sequence
from integration.machine import Machine
from integration.menu import Menu

FLOODS = {"a flood elsewhere": OTHER, "a flood on FUI's facility": OWN}

CALM = 20.0
"""Seconds from the start of FUI until it is idle."""

MEGA, MICRO = 1e6, 1e6
PERCENT = 100


def _all(machine: Machine) -> tuple[usage.Usage, usage.Usage]:
    """Look at the daemon, and at all processes of its unit."""
    main = usage.main_process(machine, "fui")
    return usage.of_process(main), usage.of_all(usage.processes(machine, "fui"))


def during(machine: Machine, seconds: float) -> list[usage.Usage]:
    """Give what is used in so many seconds by the daemon, and by all of its unit; memory at the end."""
    before = _all(machine)
    time.sleep(seconds)
    return [
        usage.Usage(now.cpu - then.cpu, now.wakeups - then.wakeups, now.rss, now.pss)
        for now, then in zip(_all(machine), before, strict=True)
    ]


def watchdogs(machine: Machine, seconds: float) -> float:
    """Give how often systemd's watchdog wakes the daemon in so many seconds."""
    limit = machine.unit_property("fui", "WatchdogUSec")
    assert limit.endswith("s"), limit
    return 2 * seconds / float(limit.removesuffix("s"))


def measure(minutes: float) -> list[Part]:
    """Measure idleness for so long, and each flood for a tenth of it, in one machine."""
    seconds = minutes * 60
    used: dict[str, list[usage.Usage]] = {}
    rates: dict[str, float] = {}
    lasted = dict.fromkeys(FLOODS, seconds / 10) | {"idle": seconds}
    with Machine() as machine:
        Menu(machine).wait_until_ready()
        expected = watchdogs(machine, seconds)
        time.sleep(CALM)
        used["idle"] = during(machine, seconds)
        for name, facility in FLOODS.items():
            with flood(machine, facility):
                before, begin = sequence(machine), time.monotonic()
                used[name] = during(machine, lasted[name])
                rates[name] = (sequence(machine) - before) / (time.monotonic() - begin)
    return [_part(used, rates, lasted, expected)]


def _part(
    used: dict[str, list[usage.Usage]],
    rates: dict[str, float],
    lasted: dict[str, float],
    expected: float,
) -> Part:
    rows: list[tuple[str, tuple[str, ...]]] = []
    raw: dict[str, float] = {}
    for name, both in used.items():
        for what, one in zip(("the daemon", "its unit"), both, strict=True):
            load = one.cpu / lasted[name] * PERCENT
            cells = (
                f"{load:.3f}",
                f"{one.wakeups}",
                f"{one.rss / MEGA:.1f}",
                f"{one.pss / MEGA:.1f}",
            )
            rows.append((f"{name}: {what}", cells))
            raw |= {
                f"{name}, {what}, CPU %": load,
                f"{name}, {what}, wake-ups": one.wakeups,
                f"{name}, {what}, RSS": one.rss,
                f"{name}, {what}, PSS": one.pss,
            }
    daemon, unit = used["idle"]
    return Part(
        f"nobody presses for {lasted['idle'] / 60:g} min",
        ("CPU %", "wake-ups", "RSS MB", "PSS MB"),
        rows,
        [
            Reach("idle: wake-ups but the watchdog's", unit.wakeups - expected, 1),
            Reach("idle: CPU time, %", unit.cpu / lasted["idle"] * PERCENT, 0.05),
            Reach("idle: the daemon's memory (RSS), MB", daemon.rss / MEGA, 45),
        ],
        [
            f"The watchdog's wake-ups are {expected:g}.",
            *(
                f"{name}: {rate:.0f} entries a second, {used[name][1].cpu / lasted[name] / rate * MICRO:.2f} us each."
                for name, rate in rates.items()
            ),
        ],
        raw,
    )
