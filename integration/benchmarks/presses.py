"""Presses over SMB in one machine, and when each of their stages was reached.

Rules: nothing of FUI is instrumented. What happens is seen from outside, by CLOCK_MONOTONIC, which a
machine shares with its host: the client takes the time before its call; `watch.c` is woken up by the
same inotify as FUI and as its rivals, by the deletion and by the opening of sudo, which is how a
program begins to be executed; journald stamps each entry when it receives it; and `stamp.c` is the
command. The watcher is there for whoever is pressed, so its cost is the same for all.
"""

import bisect
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from integration.host import CHECKOUT
from integration.machine import Machine
from integration.menu import PATIENCE, SHARE, Menu
from integration.smb import Library

HERE = CHECKOUT / "integration/benchmarks"
WARM_UP = 10
PAUSE = (0.2, 0.25)
"""Seconds before a press. FUI prepares the process of the next job behind the last one, which takes it a
twentieth of a second and a start of Python; who presses sooner waits for that, as `burst` shows."""

PACKAGES = ("fail2ban", "incron", "python3-systemd")
"""What the machine has beyond that of the tests."""

SUDO = "/usr/bin/sudo"
STAMP = "/usr/local/bin/stamp"
WATCH = "/usr/local/bin/watch-presses"
OBJECT = "Bench"
# The rivals' files have no NT ACL, so Samba must not go by them alone.
BY_DEFAULT = f"share: {SHARE}\nenforce-in-samba: false\n"
AT_ONCE = f"{BY_DEFAULT}settle: 0\n"
DROP_IN = f"""
object: {OBJECT}
action-group:
    directory: {{group: controls}}
    allow: {{groups: [wwwadmins]}}
    actions:
        - name: Stamp
          command: {STAMP} /run/stamp-{OBJECT}
"""


@dataclass(frozen=True)
class Press:
    """One press, in seconds of CLOCK_MONOTONIC.

    Attributes:
        path: The file that was deleted.
        begin: Before the client's call.
        end: When the command's first instruction ran.
    """

    path: str
    begin: float
    end: float

    @property
    def whole(self) -> float:
        """How long it took."""
        return self.end - self.begin


@dataclass(frozen=True)
class Seen:
    """What happened in the machine, and when: times by what happened, in order."""

    times: dict[str, list[float]]

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Seen":
        """Read lines of `watch.c`: the time, and what happened."""
        times: dict[str, list[float]] = {}
        for line in lines:
            when, what = line.rstrip("\n").split(" ", 1)
            times.setdefault(what, []).append(float(when))
        return cls(times)

    def first(self, what: str, begin: float, end: float) -> float | None:
        """Give the first time at which something happened from `begin` to `end`; None if it did not."""
        known = self.times.get(what, [])
        at = bisect.bisect_left(known, begin)
        return known[at] if at < len(known) and known[at] <= end else None


@dataclass(frozen=True)
class Stages:
    """When a press had reached what; seconds of CLOCK_MONOTONIC.

    Attributes:
        press: The press.
        gone: When inotify told that the file was gone.
        record: When journald had received the audit entry.
        sudo: When sudo began to be executed.
    """

    press: Press
    gone: float
    record: float
    sudo: float


def stages(presses: Sequence[Press], seen: Seen, records: Seen) -> list[Stages]:
    """Find the stages of presses.

    Args:
        presses: The presses.
        seen: What the watcher told.
        records: The audit entries: the paths of what was deleted, and when journald received them.

    Raises:
        ValueError: One of the presses lacks a stage.
    """
    found = []
    for press in presses:
        gone = seen.first(f"gone {press.path}", press.begin, press.end)
        record = records.first(press.path, press.begin, press.end)
        sudo = seen.first(f"open {SUDO}", gone or press.begin, press.end)
        if gone is None or record is None or sudo is None:
            msg = f"cannot find the stages of {press}: {gone=}, {record=}, {sudo=}"
            raise ValueError(msg)
        found.append(Stages(press, gone, record, sudo))
    return found


def sequence(machine: Machine) -> int:
    """Give the number of the journal's last entry; journald counts them over all of its files."""
    (last,) = machine.journal("--lines=1", "--output-fields=_PID")
    return int(last["__CURSOR"].partition("i=")[2].partition(";")[0], 16)


class Bench:
    """A machine in which is pressed, by one client with one session."""

    def __init__(self, machine: Machine) -> None:
        """Prepare the machine."""
        self.machine = machine
        self.menu = Menu(machine)
        self.alice = Library(machine.smb_port, "alice")
        self.fui, _ = machine.ids("fui")
        for source, program in (("stamp.c", STAMP), ("watch.c", WATCH)):
            machine.write(f"/tmp/{source}", HERE.joinpath(source).read_bytes())
            machine.run(["gcc", "-O2", "-static", "-o", program, f"/tmp/{source}"])
        # Other tests have journald go before all; here it is to be as on any machine.
        machine.run(["sh", "-c", "renice --priority 0 $(pidof systemd-journald)"])
        machine.write("/etc/fui/conf.d/bench.yaml", DROP_IN)
        machine.write("/etc/fui/fui.yaml", AT_ONCE)
        self.menu.set_up()
        self.menu.wait_for_names(OBJECT, "Stamp [Ready]")

    def by_fui(self) -> Press:
        """Press a flag of FUI's, and wait until it shows what came of it."""
        (name,) = self.menu.names(OBJECT)
        press = self.press(OBJECT, f"{name}.txt")
        self.menu.wait_for_names(OBJECT, "Stamp [Done]")
        return press

    def warm_up(self) -> None:
        """Press a few times; the first presses of a daemon are slower."""
        for _ in range(WARM_UP):
            self.by_fui()

    def by_file(self, folder: str) -> Press:
        """Delete one of the files that somebody else watches."""
        file = next(self.machine.path(f"{SHARE}/{folder}").iterdir())
        return self.press(folder, file.name)

    def press(self, folder: str, name: str) -> Press:
        """Delete a file of the share and wait for its command, after a pause of a random length."""
        stamp = self.machine.path(f"/run/stamp-{folder}")
        stamp.unlink(missing_ok=True)
        time.sleep(random.uniform(*PAUSE))
        begin = time.monotonic()
        self.alice.delete(f"{folder}/{name}")
        self.machine.wait_for(
            lambda: stamp.exists() and stamp.stat().st_size,
            timeout=PATIENCE,
            what=f"the command of {folder}",
        )
        return Press(f"{SHARE}/{folder}/{name}", begin, float(stamp.read_text()))

    def configure(self, settings: str) -> None:
        """Have FUI go by other settings."""
        self.machine.write("/etc/fui/fui.yaml", settings)
        self.menu.reload()

    @contextmanager
    def watched(self, *folders: str) -> Iterator[Seen]:
        """Watch sudo, FUI's folder and others of the share; what was seen is there at the end."""
        seen = Seen({})
        file = self.machine.path("/run/watched")
        file.unlink(missing_ok=True)
        paths = [f"{SHARE}/{folder}" for folder in (OBJECT, *folders)]
        argv = ["chrt", "--fifo", "1", WATCH, "/run/watched", SUDO, *paths]
        watcher = self.machine.spawn(argv)
        self.machine.wait_for(file.exists, what="the watcher")
        try:
            yield seen
            seen.times.update(Seen.of(file.read_text().splitlines()).times)
        finally:
            watcher.kill()
            watcher.wait()

    def records(self, since: float) -> Seen:
        """Give the deletions that alice's audit entries tell of, and when journald received them.

        Args:
            since: From when on, in seconds since the epoch.
        """
        uid, _ = self.machine.ids("alice")
        entries = self.machine.journal(
            "--identifier=smbd_audit",
            f"_UID={uid}",
            f"--since=@{since:.6f}",
            "--output-fields=MESSAGE",
        )
        times: dict[str, list[float]] = {}
        for entry in entries:
            _, found, path = str(entry["MESSAGE"]).partition("|unlinkat|ok|")
            if found:
                times.setdefault(path, []).append(int(entry["__MONOTONIC_TIMESTAMP"]) / 1e6)
        return Seen(times)
