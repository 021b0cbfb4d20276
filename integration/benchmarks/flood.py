"""A press by stage while another share of the same smbd fills the journal.

Rules: the lines are those of a real client that lists a folder over and over, with every operation of
full_audit logged; it is given its commands at a pace, and what came of it is counted in the journal, by
the sequence numbers that journald gives.
"""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from integration.benchmarks.figures import Part
from integration.benchmarks.presses import PACKAGES, Bench, sequence, stages
from integration.benchmarks.stages import by_stage
from integration.inside import PASSWORD
from integration.machine import Machine

RATE = 5000
"""Lines a second."""

OWN, OTHER = "LOCAL5", "LOCAL6"
FILES = 5
FOLDER = "/srv/busy/folder"
LIST = "ls folder/*\n"
TRIES = 20
SHARE = """
[Busy]
    path = /srv/busy
    valid users = bob
    vfs objects = full_audit
    full_audit:prefix = %u|%I|%S
    full_audit:facility = {facility}
    full_audit:priority = NOTICE
    full_audit:success = all
    full_audit:failure = none
"""


@contextmanager
def flood(machine: Machine, facility: str, rate: float = RATE) -> Iterator[None]:
    """Have another share of smbd log so many lines a second, for a while.

    Args:
        machine: Where.
        facility: The share's syslog facility.
        rate: How many.
    """
    before = machine.read("/etc/samba/smb.conf").decode()
    machine.run(["install", "-d", "-o", "bob", FOLDER])
    machine.run(["touch", *(f"{FOLDER}/{number}" for number in range(FILES))])
    machine.write("/etc/samba/smb.conf", before + SHARE.format(facility=facility))
    machine.run(["smbcontrol", "smbd", "reload-config"])
    argv = ["smbclient", f"--port={machine.smb_port}", f"--user=bob%{PASSWORD}"]
    argv += ["--configfile=/dev/null", "//127.0.0.1/Busy"]
    machine.run(argv, input=LIST)
    begun = sequence(machine)
    machine.run(argv, input=LIST * TRIES)
    pause = (sequence(machine) - begun) / TRIES / rate
    client = machine.spawn(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    over = threading.Event()

    def command() -> None:
        assert client.stdin is not None
        due = time.monotonic()
        while not over.wait(max(due - time.monotonic(), 0)):
            client.stdin.write(LIST)
            client.stdin.flush()
            due += pause

    pace = threading.Thread(target=command)
    pace.start()
    try:
        time.sleep(1)
        yield
    finally:
        over.set()
        pace.join()
        client.kill()
        client.wait()
        machine.write("/etc/samba/smb.conf", before)
        machine.run(["smbcontrol", "smbd", "reload-config"])


def measure(presses: int) -> list[Part]:
    """Measure presses by stage during a flood on FUI's facility, and on another."""
    with Machine(purpose="bench", packages=PACKAGES) as machine:
        bench = Bench(machine)
        return [
            under(bench, "a flood elsewhere", OTHER, presses),
            under(bench, "a flood on FUI's own facility", OWN, presses),
        ]


def under(bench: Bench, name: str, facility: str, presses: int) -> Part:
    """Measure presses by stage during a flood."""
    with flood(bench.machine, facility):
        bench.warm_up()
        since = time.time()
        begun, begin = sequence(bench.machine), time.monotonic()
        with bench.watched() as seen:
            pressed = [bench.by_fui() for _ in range(presses)]
        took = time.monotonic() - begin
        rate = (sequence(bench.machine) - begun) / took
    found = stages(pressed, seen, bench.records(since))
    note = f"{rate:.0f} journal entries a second, over {took:.0f} s, {presses} presses"
    return by_stage(name, found, [note], {"rate": rate})
