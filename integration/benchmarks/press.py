"""From the client's delete call to the command's first instruction: `make bench`.

FUI, which knows who pressed, beside inotifywait in a shell loop with the same sudo, which does not:
both in one machine, in one run, in turn, over the same SMB session. How to read it: the ratio of
the medians is what holds on any machine; the times are this machine's. A press waits for nothing
but the command: what the flags show is made after it has started.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable

from integration.host import CHECKOUT, MachineError
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.smb import Library

PRESSES = 200
WARM_UP = 10
SOURCE = CHECKOUT / "integration/benchmarks/stamp.c"
STAMP = "/usr/local/bin/stamp"
LOOP = f"{SHARE}/Loop"
DROP_IN = f"""
object: Bench
action-group:
    directory: {{group: controls}}
    allow: {{groups: [wwwadmins]}}
    actions:
        - name: Stamp
          command: {STAMP} /run/stamp-fui
"""
SHELL_LOOP = f"""
inotifywait --quiet --monitor --event delete --format %f {LOOP} |
while read -r name; do sudo -n -u root -g root -- {STAMP} /run/stamp-loop; done
"""
RULE = f"fui ALL=(root : root) NOPASSWD: {STAMP} /run/stamp-loop\n"


class Bench:
    """Presses of two kinds in one machine."""

    def __init__(self, machine: Machine) -> None:
        """Prepare the machine."""
        self.machine = machine
        self.menu = Menu(machine)
        self.alice = Library(machine.smb_port, "alice")
        machine.write("/tmp/stamp.c", SOURCE.read_bytes())
        machine.run(["gcc", "-O2", "-static", "-o", STAMP, "/tmp/stamp.c"])
        machine.write("/etc/fui/conf.d/bench.yaml", DROP_IN)
        self.menu.write_sudoers()
        machine.write("/etc/sudoers.d/loop", RULE, mode=0o440)
        machine.run(["systemctl", "restart", "fui"])
        machine.run(["install", "-d", "-o", "fui", "-g", "controls", "-m", "2770", LOOP])
        self.loop = machine.spawn(["bash", "-c", SHELL_LOOP], user="fui")
        self.menu.wait_for_names("Bench", "Stamp [Ready]")

    def by_fui(self) -> float:
        """Press a flag; return the seconds until its command ran."""
        (name,) = self.menu.names("Bench")
        took = self._press("Bench", f"{name}.txt", "/run/stamp-fui")
        self.menu.wait_for_names("Bench", "Stamp [Done]")
        return took

    def by_loop(self) -> float:
        """Delete a file that the shell loop watches; return the seconds until the command ran."""
        name = "file.txt"
        file = f"{LOOP}/{name}"
        self.machine.run(
            ["install", "-m", "0660", "-o", "fui", "-g", "controls", "/dev/null", file]
        )
        return self._press("Loop", name, "/run/stamp-loop")

    def _press(self, folder: str, name: str, stamps: str) -> float:
        stamp = self.machine.path(stamps)
        stamp.unlink(missing_ok=True)
        time.sleep(random.uniform(0.02, 0.06))
        begin = time.monotonic()
        self.alice.delete(f"{folder}/{name}")
        self.machine.wait_for(lambda: stamp.exists() and stamp.stat().st_size, what="the command")
        return float(stamp.read_text()) - begin


def measure(presses: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Press in turn; return the seconds of each kind, sorted, without the first few."""
    taken: dict[str, list[float]] = {name: [] for name in presses}
    for number in range(WARM_UP + PRESSES):
        for name, press in presses.items():
            seconds = press()
            if number >= WARM_UP:
                taken[name].append(seconds)
    return {name: sorted(seconds) for name, seconds in taken.items()}


def table(taken: dict[str, list[float]]) -> str:
    """Show the figures, in milliseconds."""
    rows = [f"{'milliseconds':28} {'median':>8} {'p95':>8} {'p99':>8}   knows the user"]
    for name, seconds in taken.items():
        cuts = statistics.quantiles(seconds, n=100)
        figures = (statistics.median(seconds), cuts[94], cuts[98])
        knows = "yes" if name == "FUI" else "no"
        rows.append(f"{name:28} {' '.join(f'{one * 1000:8.2f}' for one in figures)}   {knows}")
    return "\n".join(rows)


def main() -> int:
    """Run the benchmark and print its table."""
    try:
        with Machine() as machine:
            bench = Bench(machine)
            taken = measure({"inotifywait with sudo": bench.by_loop, "FUI": bench.by_fui})
            bench.loop.kill()
    except MachineError as error:
        print(error)
        return 1
    print(
        f"from the delete call to the command's first instruction, {PRESSES} presses of each kind"
    )
    print(table(taken))
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    print(
        f"ratio to inotifywait with sudo: {medians['FUI'] / medians['inotifywait with sudo']:.2f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
