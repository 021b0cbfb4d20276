"""From the client's delete call to the command's first instruction: `make bench`.

FUI, which knows who pressed, beside inotifywait in a shell loop with the same sudo, which does not:
all in one machine, in one run, in turn, over the same SMB session; FUI once with `settle: 0`, and
once as it is by default, where a press waits for 100 ms whether its user presses more. How to read
it: the ratio of the medians is what holds on any machine; the times are this machine's. A press
waits for nothing but the command: what the flags show is made after it has started.
"""

import random
import statistics
import sys
import time

from integration.host import CHECKOUT, MachineError
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.smb import Library

ROUNDS = 10
PRESSES = 20
"""Of each kind in a round."""

WARM_UP = 10
AT_ONCE = "FUI, settle: 0"
BY_DEFAULT = "FUI by default"
LOOP_SUDO = "inotifywait with sudo"
# The loop's file has no NT ACL, so Samba must not go by them alone.
SHARED = f"share: {SHARE}\nenforce-in-samba: false\n"
SETTINGS = {AT_ONCE: f"{SHARED}settle: 0\n", BY_DEFAULT: SHARED}
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
        machine.write("/etc/fui/fui.yaml", SHARED)
        self.menu.set_up()
        machine.write("/etc/sudoers.d/loop", RULE, mode=0o440)
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

    def configure(self, settings: str) -> None:
        """Have FUI go by other settings."""
        self.machine.write("/etc/fui/fui.yaml", settings)
        self.menu.mark()
        self.machine.run(["systemctl", "reload", "fui"])
        self.menu.wait_for_fact("configured")


def measure(bench: Bench) -> dict[str, list[float]]:
    """Press FUI's flag and the shell loop's file in turn; return the seconds of each, sorted.

    The first few do not count.
    """
    taken: dict[str, list[float]] = {LOOP_SUDO: [], AT_ONCE: [], BY_DEFAULT: []}
    for number in range(ROUNDS):
        for name, settings in SETTINGS.items():
            bench.configure(settings)
            warm_up = 0 if number else WARM_UP
            both = [(bench.by_loop(), bench.by_fui()) for _ in range(warm_up + PRESSES)]
            loop, fui = zip(*both[warm_up:], strict=True)
            taken[LOOP_SUDO] += loop
            taken[name] += fui
    return {name: sorted(seconds) for name, seconds in taken.items()}


def table(taken: dict[str, list[float]]) -> str:
    """Show the figures, in milliseconds."""
    rows = [f"{'milliseconds':28} {'median':>8} {'p95':>8} {'p99':>8}   knows the user"]
    for name, seconds in taken.items():
        cuts = statistics.quantiles(seconds, n=100)
        figures = (statistics.median(seconds), cuts[94], cuts[98])
        knows = "yes" if name in SETTINGS else "no"
        rows.append(f"{name:28} {' '.join(f'{one * 1000:8.2f}' for one in figures)}   {knows}")
    return "\n".join(rows)


def main() -> int:
    """Run the benchmark and print its table."""
    try:
        with Machine() as machine:
            bench = Bench(machine)
            taken = measure(bench)
            bench.loop.kill()
    except MachineError as error:
        print(error)
        return 1
    print(
        "from the delete call to the command's first instruction, "
        f"{ROUNDS * PRESSES} presses of each kind of FUI, in turn with the loop's"
    )
    print(table(taken))
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    print(f"ratio to inotifywait with sudo: {medians[AT_ONCE] / medians[LOOP_SUDO]:.2f}")
    slower = (medians[BY_DEFAULT] - medians[AT_ONCE]) * 1000
    print(f"by default slower than at once: {slower:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
