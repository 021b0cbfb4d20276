"""Part 4: what an entry of the journal costs, by FUI's reader and parser, and by fail2ban-regex.

Three journals of as many entries, each a copy of a real one that smbd sent, but for its text and
facility: those of another share on a facility of its own, those of another share on FUI's facility,
and deletions of flags. How to read it: microseconds of CPU time for each entry that is in the journal,
whether or not the reader sees it; `reading` says what the stages are. fail2ban-regex reads the same
journal files by the systemd backend, with a filter that finds deletions of flags and with FUI's matches;
what it costs to start is taken off.
"""

import itertools
import json
import struct
from collections.abc import Callable, Iterator, Sequence

from integration.benchmarks.figures import Part, Reach
from integration.benchmarks.presses import PACKAGES
from integration.benchmarks.reading import FACILITY, LAST, flag
from integration.boot import SOURCE
from integration.inside import Entry
from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Library

ENTRIES = 50_000
OTHER = FACILITY + 1
FOLDER = "/var/tmp/records"
REMOTE = "/lib/systemd/systemd-journal-remote"
FILTER = r"""
[Definition]
failregex = ^\S+ smbd_audit\[\d+\]: (?P<user>[^|]+)\|<HOST>\|[^|]*\|unlinkat\|ok\|/srv/controls/.*$
journalmatch = _TRANSPORT=syslog SYSLOG_IDENTIFIER=smbd_audit SYSLOG_FACILITY=%d
"""
OPERATIONS = ("create_file|ok|0x80|file|open|{}", "openat|ok|r|{}", "close|ok|{}", "unlinkat|ok|{}")
"""What the other share logs: every fourth line is a deletion."""

APART, SHARED, MATCHING = (
    "another share's, facility apart",
    "another share's, same facility",
    "presses",
)
LIMITS = {APART: 5, SHARED: 25, MATCHING: 150}
STAGES = ("reader", "parser", "engine")
NOT_SO = (MATCHING, "engine")
"""Records for whose flag nothing is seen to go wait in the engine, thousands of them; no press does."""

REGEX = "fail2ban-regex"
LONG = 600.0
MICRO = 1e6


def _elsewhere(number: int) -> str:
    rest = OPERATIONS[number % len(OPERATIONS)].format(f"/srv/busy/folder/file {number}.txt")
    return f"bob|127.0.0.1|Busy|{rest}"


def _press(number: int) -> str:
    return f"alice|127.0.0.1|Controls|unlinkat|ok|{flag(number)}"


KINDS: dict[str, tuple[int, Callable[[int], str]]] = {
    APART: (OTHER, _elsewhere),
    SHARED: (FACILITY, _elsewhere),
    MATCHING: (FACILITY, _press),
}


def exported(entry: Entry) -> bytes:
    """Write an entry in journalctl's export format; what holds a newline has its length before it."""
    said = b""
    for name, value in entry.items():
        data = bytes(value) if isinstance(value, list) else str(value).encode()
        if b"\n" in data:
            said += name.encode() + b"\n" + struct.pack("<Q", len(data)) + data + b"\n"
        else:
            said += name.encode() + b"=" + data + b"\n"
    return said + b"\n"


def copies(model: Entry, number: int, kind: str) -> Iterator[Entry]:
    """Give so many entries of a kind, a millisecond apart, and the last one."""
    facility, text = KINDS[kind]
    texts = itertools.chain(((facility, text(each)) for each in range(number)), [(FACILITY, LAST)])
    kept = {name: value for name, value in model.items() if name != "__CURSOR"}
    for at, (its, message) in enumerate(texts):
        moved = {
            name: int(kept[name]) + at * 1000
            for name in (
                "__REALTIME_TIMESTAMP",
                "__MONOTONIC_TIMESTAMP",
                "_SOURCE_REALTIME_TIMESTAMP",
            )
        }
        raw = f"<{its * 8 + 5}>Nov 26 09:00:00 smbd_audit[{kept['_PID']}]: {message}\n"
        yield {**kept, **moved, "SYSLOG_FACILITY": its, "MESSAGE": message, "SYSLOG_RAW": raw}


class Records:
    """Journals in a machine."""

    def __init__(self, machine: Machine) -> None:
        """Have smbd send an entry, of which all others are copies."""
        self.machine = machine
        menu = Menu(machine)
        menu.wait_until_ready()
        with Library(machine.smb_port, "alice") as alice:
            alice.delete("Apache/Restart [Ready].txt")
            self._model = machine.wait_for(
                lambda: [
                    e
                    for e in machine.journal("--identifier=smbd_audit")
                    if "|unlinkat|" in e["MESSAGE"]
                ],
                what="an entry",
            )[0]
        machine.write("/etc/fail2ban/filter.d/records.conf", FILTER % FACILITY)

    def make(self, kind: str, number: int) -> str:
        """Make a journal, and give its folder."""
        folder = f"{FOLDER}/{list(KINDS).index(kind)}-{number}"
        self.machine.write(
            f"{folder}.export", b"".join(map(exported, copies(self._model, number, kind)))
        )
        self.machine.run(["mkdir", "-p", folder])
        self.machine.run(
            [REMOTE, f"--output={folder}/system.journal", f"{folder}.export"], timeout=LONG
        )
        self.machine.run(["rm", f"{folder}.export"])
        return folder

    def by_fui(self, folder: str, stages: Sequence[str]) -> dict[str, float]:
        """Give the seconds of CPU time by stage."""
        argv = ["/opt/fui/bin/python3", "-m", "integration.benchmarks.reading", folder, *stages]
        done = self.machine.run(argv, cwd=f"/{SOURCE}", timeout=LONG)
        costs: dict[str, float] = json.loads(done.stdout)
        return costs

    def by_fail2ban(self, folder: str) -> tuple[float, int]:
        """Give the seconds of CPU time of fail2ban-regex, and how many lines it has found."""
        regex = f"fail2ban-regex 'systemd-journal[journalpath={folder}]' records"
        script = f'TIMEFORMAT="%U %S"; time {regex}'
        done = self.machine.run(["bash", "-c", script], timeout=LONG)
        found = next(line for line in done.stdout.splitlines() if line.startswith("Lines: "))
        user, system = done.stderr.split()[-2:]
        return float(user) + float(system), int(found.split(",")[2].split()[0])


def measure(number: int = ENTRIES) -> list[Part]:
    """Measure all kinds, so many entries of each; microseconds."""
    costs: dict[str, dict[str, float]] = {}
    with Machine(purpose="bench", packages=PACKAGES) as machine:
        records = Records(machine)
        empty = records.make(MATCHING, 0)
        start = min(records.by_fail2ban(empty)[0] for _ in range(3))
        for kind in KINDS:
            folder = records.make(kind, number)
            took, found = records.by_fail2ban(folder)
            assert found == (number if kind == MATCHING else 0), (kind, found)
            costs[kind] = records.by_fui(folder, [s for s in STAGES if (kind, s) != NOT_SO])
            costs[kind] |= {REGEX: max(took - start, 0.0)}
    return [_part(costs, number)]


def _part(costs: dict[str, dict[str, float]], number: int) -> Part:
    each = {
        kind: {stage: took / number * MICRO for stage, took in by.items()}
        for kind, by in costs.items()
    }
    return Part(
        f"an entry of {number:,}, us of CPU time",
        [*STAGES, REGEX, "entries/s"],
        [
            (
                kind,
                (
                    *(f"{by[stage]:.2f}" if stage in by else "" for stage in [*STAGES, REGEX]),
                    f"{MICRO / by['parser']:,.0f}",
                ),
            )
            for kind, by in each.items()
        ],
        [
            Reach(f"{kind}: reader and parser, us an entry", each[kind]["parser"], limit)
            for kind, limit in LIMITS.items()
        ],
        ["`parser` and `engine` are with the reader; entries/s are by reader and parser."],
        {f"{kind}: {stage}, us": us for kind, by in each.items() for stage, us in by.items()},
    )
