"""Part 5: what 100, 1,000 and 10,000 flags cost, and how that grows.

Ten flags are one action group and one object. Each size has a machine of its own, with the same
settings. How to read it: the exponent says how a cost grows with the number of flags, 1.0 is
linear; it is fitted to all sizes, and to the two largest, where what any start costs counts less. By the journal's and the file system's clock are told:
`start`, from systemd's start of the process to READY, with the flags standing as they were left;
`first start`, the same where none stands yet; `reload`, from systemd's word that it reloads to
FUI's that it is configured, where one drop-in was changed, and to the change of that flag. `look`
is the daemon's CPU time for one look at all folders. A press is one of alice's, `settle: 0`; each flag
has a command of its own, and so sudoers as many rules, which sudo reads anew for each press. `sudo alone`
is what it takes from its start to the command's first instruction, without FUI; `with one rule` is a
press where sudoers has been replaced by one rule that permits them all, so that what is FUI's is seen.
"""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from integration.benchmarks import usage
from integration.benchmarks.figures import Part, Quantiles, Reach, exponent
from integration.host import CHECKOUT
from integration.machine import Machine
from integration.menu import ETC, SHARE, Menu
from integration.smb import Library

SIZES = (100, 1_000, 10_000)
ACTIONS = 10
"""In an object."""

PRESSES = 30
RELOADS = 5
STARTS = 3
LOOKS = 3
PERIOD = 5
"""Seconds between two looks while their cost is measured; none may take as long."""

SETTINGS = f"share: {SHARE}\nsettle: 0\n"
SOURCE = CHECKOUT / "integration/benchmarks/stamp.c"
STAMP = "/usr/local/bin/stamp"
STAMPS = "/run/stamps"
SUDOERS = "/etc/sudoers.d/fui"
SUDO = """
import pathlib, subprocess, sys, time
command = sys.argv[1:]
for _ in range(10):
    begin = time.monotonic()
    subprocess.run(["sudo", "-n", "-u", "root", "-g", "root", "--", *command], check=True)
    print(float(pathlib.Path(command[-1]).read_text().split()[-1]) - begin)
"""
RELOADING = "d34d037fff1847e6ae669a370e694725"
"""systemd's SD_MESSAGE_UNIT_RELOADING."""

MICRO, MEGA, MILLI = 1e6, 1e6, 1e-3
LINEAR = 1.1
"""With something for noise."""
LONG = 600.0


class ManyFlags:
    """A machine with so many flags."""

    def __init__(self, machine: Machine, flags: int) -> None:
        """Prepare the machine; FUI is stopped, and no flag stands.

        Args:
            machine: Where.
            flags: How many.
        """
        self.machine = machine
        self.menu = Menu(machine)
        self.objects = flags // ACTIONS
        machine.write("/tmp/stamp.c", SOURCE.read_bytes())
        machine.run(["gcc", "-O2", "-static", "-o", STAMP, "/tmp/stamp.c"])
        machine.run(["systemctl", "stop", "fui"])
        machine.run(["rm", "-rf", f"{SHARE}/Apache", f"{ETC}/conf.d/apache.yaml", STAMPS])
        machine.run(["mkdir", STAMPS])
        machine.write(f"{ETC}/fui.yaml", SETTINGS)
        for number in range(self.objects):
            machine.write(self._file(number), self._drop_in(number))
        begin = time.monotonic()
        machine.run(["/opt/fui/bin/fui", "setup", "--yes"], timeout=LONG)
        self.setup = time.monotonic() - begin
        machine.run(["systemctl", "stop", "fui"], timeout=LONG)

    def quiet(self) -> None:
        """Wait until the daemon has nothing more to do."""
        daemon = usage.main_process(self.machine, "fui")
        before = -1.0
        while (after := usage.cpu_time(daemon)) > before + 0.005:
            before = after
            time.sleep(1)

    def _file(self, number: int) -> str:
        return f"{ETC}/conf.d/object-{number:04}.yaml"

    def _drop_in(self, number: int, description: str = "Says when it ran") -> str:
        actions = "\n".join(
            f"        - name: Action {each}\n"
            f"          description: {description if each == 0 else 'Says when it ran'}\n"
            f"          command: {STAMP} {self._stamps(number, each)}"
            for each in range(ACTIONS)
        )
        return (
            f"object: Object {number:04}\naction-group:\n    directory: {{group: controls}}\n"
            f"    allow: {{groups: [wwwadmins]}}\n    actions:\n{actions}\n"
        )

    def _stamps(self, number: int, action: int) -> str:
        return f"{STAMPS}/{number}-{action}"

    def start(self) -> float:
        """Start FUI, and give the seconds until it was ready."""
        self.machine.run(["systemctl", "start", "fui"], timeout=LONG)
        began, ready = (
            int(self.machine.unit_property("fui", f"{name}TimestampMonotonic"))
            for name in ("InactiveExit", "ActiveEnter")
        )
        return (ready - began) / MICRO

    def restart(self) -> float:
        """Stop FUI and start it again."""
        self.machine.run(["systemctl", "stop", "fui"], timeout=LONG)
        return self.start()

    def forget(self) -> None:
        """Take away all flags and what FUI remembers; it is stopped."""
        self.machine.run(
            ["sh", "-c", f"rm -rf {SHARE}/* {SHARE}/.fui /var/lib/fui/*"], timeout=LONG
        )

    def reload(self, description: str) -> tuple[float, float]:
        """Change one drop-in; give the seconds until FUI is configured, and until its flag stands."""
        number = random.randrange(self.objects)
        flag = self.menu.folder(f"Object {number:04}") / "Action 0 [Ready].txt"
        self.machine.write(self._file(number), self._drop_in(number, description))
        self.menu.mark()
        self.machine.run(["systemctl", "reload", "fui"], timeout=LONG)
        configured = self.menu.wait_for_fact("configured", LONG)
        self.machine.wait_for(
            lambda: description in flag.read_text("utf-8"), timeout=LONG, what="the flag to change"
        )
        since = f"--since=@{self.menu._since:.6f}"  # noqa: SLF001
        (reloading,) = self.machine.journal("UNIT=fui.service", f"MESSAGE_ID={RELOADING}", since)
        began = int(reloading["_SOURCE_REALTIME_TIMESTAMP"]) / MICRO
        told = int(configured.entry["_SOURCE_REALTIME_TIMESTAMP"]) / MICRO
        return told - began, flag.stat().st_ctime - began

    def press(self) -> Iterator[float]:
        """Press one flag after the other; give the seconds from the call until the command ran."""
        self.quiet()
        everywhere = [(o, a) for o in range(self.objects) for a in range(ACTIONS)]
        with Library(self.machine.smb_port, "alice") as alice:
            for number, action in random.sample(everywhere, PRESSES):
                yield self._press(alice, number, action)

    def _press(self, alice: Library, number: int, action: int) -> float:
        folder, name = f"Object {number:04}", f"Action {action}"
        stamp = self.machine.path(self._stamps(number, action))
        stamp.unlink(missing_ok=True)
        self.menu.wait_for_names(folder, f"{name} [Ready]", timeout=LONG)
        time.sleep(random.uniform(0.05, 0.1))
        begin = time.monotonic()
        alice.delete(f"{folder}/{name} [Ready].txt")
        self.machine.wait_for(
            lambda: stamp.exists() and stamp.stat().st_size, timeout=60, what="the command"
        )
        self.menu.wait_for_names(folder, f"{name} [Done]")
        return float(stamp.read_text()) - begin

    @contextmanager
    def one_rule(self) -> Iterator[None]:
        """Have sudo permit by one rule what it permits by many."""
        before = self.machine.read(SUDOERS)
        head = [line for line in before.decode().splitlines() if STAMPS not in line]
        rule = f"fui ALL=(root : root) NOPASSWD: {STAMP}"
        self.machine.write(SUDOERS, "\n".join([*head, rule, ""]), mode=0o440)
        try:
            yield
        finally:
            self.machine.write(SUDOERS, before, mode=0o440)

    def sudo(self) -> float:
        """Give the seconds that sudo takes by itself until the command runs."""
        argv = ["python3", "-c", SUDO, STAMP, self._stamps(self.objects - 1, 0)]
        return median(map(float, self.machine.run(argv, user="fui").stdout.split()))

    def look(self) -> float:
        """Give the seconds of CPU time that a look at all folders takes; FUI is restarted."""
        self.machine.write(f"{ETC}/fui.yaml", f"{SETTINGS}reconcile-every: {PERIOD}s\n")
        self.restart()
        self.quiet()
        daemon = usage.main_process(self.machine, "fui")
        still = usage.cpu_time(daemon)
        time.sleep(PERIOD / 2)
        self.machine.wait_for(
            lambda: usage.cpu_time(daemon) > still + 0.002, timeout=4 * PERIOD, what="a look"
        )
        time.sleep(PERIOD / 2)
        before = usage.cpu_time(daemon)
        time.sleep(PERIOD * LOOKS)
        return (usage.cpu_time(daemon) - before) / LOOKS

    def memory(self) -> tuple[usage.Usage, usage.Usage]:
        """Give what the daemon uses, and what all other processes of its unit do."""
        daemon = usage.main_process(self.machine, "fui")
        others = [each for each in usage.processes(self.machine, "fui") if each != daemon]
        return usage.of_process(daemon), usage.of_all(others)


def figures(flags: int) -> dict[str, float]:
    """Measure one size, in a machine of its own; times in seconds, memory in bytes."""
    with Machine() as machine:
        many = ManyFlags(machine, flags)
        many.forget()
        first = many.start()
        starts = [many.restart() for _ in range(STARTS)]
        configured, stands = zip(
            *(many.reload(f"Says it, version {each}") for each in range(RELOADS)), strict=True
        )
        presses = Quantiles.of(many.press())
        alone = many.sudo()
        with many.one_rule():
            by_one_rule = Quantiles.of(many.press())
        daemon, others = many.memory()
        return {
            "setup": many.setup,
            "first start": first,
            "start": median(starts),
            "reload": median(configured),
            "reload until the flag stands": median(stands),
            "press": presses.median,
            "press, p95": presses.p95,
            "sudo alone": alone,
            "press with one rule": by_one_rule.median,
            "RSS": daemon.rss,
            "PSS": daemon.pss,
            "RSS of its helpers": others.rss,
            "PSS of its helpers": others.pss,
            "look": many.look(),
        }


def measure(sizes: Sequence[int] = SIZES) -> list[Part]:
    """Measure all sizes."""
    by_size = {size: figures(size) for size in sizes}
    return [part(by_size)]


def part(by_size: dict[int, dict[str, float]]) -> Part:
    """Show what was measured, by size."""
    sizes = sorted(by_size)
    small, large = by_size[sizes[0]], by_size[sizes[-1]]
    costs = {what: {size: by_size[size][what] for size in sizes} for what in small}
    grows = {what: exponent(cost) for what, cost in costs.items()}
    at_last = {what: exponent({s: cost[s] for s in sizes[-2:]}) for what, cost in costs.items()}

    def row(what: str) -> tuple[str, tuple[str, ...]]:
        memory = "SS" in what
        cells = [f"{by_size[size][what] / (MEGA if memory else MILLI):.1f}" for size in sizes]
        return f"{what}, {'MB' if memory else 'ms'}", (
            *cells,
            f"{grows[what]:.2f}",
            f"{at_last[what]:.2f}",
        )

    flags = f"{sizes[-1]:,} flags"
    return Part(
        "flags",
        [*(f"{size:,}" for size in sizes), "exponent", "at last"],
        [row(what) for what in costs],
        [
            Reach(f"{flags}: start to ready, s", large["start"], 5),
            Reach(f"{flags}: first start to ready, s", large["first start"], 5),
            Reach(f"{flags}: reload of one drop-in, ms", large["reload"] / MILLI, 300),
            Reach(f"{flags}: press, times of {sizes[0]}", large["press"] / small["press"], 1.2),
            Reach(
                f"{flags}: the same with one rule in sudoers",
                large["press with one rule"] / small["press with one rule"],
                1.2,
            ),
            Reach(f"{flags}: memory (RSS), MB", large["RSS"] / MEGA, 150),
            *(
                Reach(f"{what}: exponent, at last", max(grows[what], at_last[what]), LINEAR)
                for what in ("start", "reload", "look")
            ),
        ],
        raw={f"{size} flags: {what}": by_size[size][what] for what in costs for size in sizes},
    )
