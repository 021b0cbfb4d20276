"""FUI as its users and its administrator see it: flags in folders, and the journal's story.

Rules: looks and waits, and never asks the daemon. Times are generous, for machines are slow;
what is asserted is what came, not when.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fui.edges.ledger.fields import MESSAGE_IDS
from integration.host import CHECKOUT
from integration.inside import Entry
from integration.machine import Machine

SHARE = "/srv/controls"
PATIENCE = 15.0
PROBE = CHECKOUT / "integration/etc/probe"
KINDS = {message_id: kind.value for kind, message_id in MESSAGE_IDS.items()}

SPEAK = """#!/bin/sh
printf 'user=%s client=%s object=%s action=%s job=%s\\n' \\
    "$FUI_USER" "$FUI_CLIENT" "$FUI_OBJECT" "$FUI_ACTION" "$FUI_JOB"
printf '\\033[31mred\\033[0m\\n'
echo "as $(id -un):$(id -gn), HOME=$HOME"
exit 3
"""
STUBBORN = """#!/bin/sh
trap '' TERM
setsid sh -c 'trap "" TERM; echo $$ > /run/stubborn; while :; do sleep 1; done' &
while :; do sleep 1; done
"""


@dataclass(frozen=True)
class Told:
    """One fact of the ledger."""

    kind: str
    entry: Entry

    def __getitem__(self, field: str) -> str:
        """Give a field of the journal entry; empty if it has none."""
        return str(self.entry.get(field, ""))


class Menu:
    """The menu on a machine."""

    def __init__(self, machine: Machine) -> None:
        """Look at the menu of a machine that has FUI."""
        self.machine = machine
        self._since = 0.0

    def install_probe(self) -> None:
        """Give the machine the menu of the tests."""
        self.machine.write("/usr/local/bin/speak", SPEAK, mode=0o755)
        self.machine.write("/usr/local/bin/stubborn", STUBBORN, mode=0o755)
        self.machine.write("/etc/fui/fui.yaml", PROBE.joinpath("fui.yaml").read_text("utf-8"))
        probe = PROBE.joinpath("probe.yaml").read_text("utf-8")
        self.machine.write("/etc/fui/conf.d/probe.yaml", probe)
        self.write_sudoers()
        self.machine.run(["systemctl", "restart", "fui"])

    def write_sudoers(self) -> None:
        """Make the sudoers file that the configuration needs."""
        rules = self.machine.run(["/opt/fui/bin/fui", "sudoers"]).stdout
        self.machine.write("/etc/sudoers.d/fui", rules, mode=0o440)

    # -- the share ------------------------------------------------------------------------------

    def folder(self, name: str) -> Path:
        """Find an object's folder on the host."""
        return self.machine.path(f"{SHARE}/{name}")

    def names(self, folder: str) -> list[str]:
        """Name what is in an object's folder, without the extension of flags."""
        return sorted(path.name.removesuffix(".txt") for path in self.folder(folder).iterdir())

    def wait_for_names(self, folder: str, *wanted: str, timeout: float = PATIENCE) -> None:
        """Wait until all these names are in a folder."""
        self.machine.wait_for(
            lambda: set(wanted) <= set(self.names(folder)),
            timeout=timeout,
            what=f"{wanted} in {folder}, where there is {self.names(folder)}",
        )

    def text(self, folder: str, flag: str) -> str:
        """Read a flag."""
        return self.folder(folder).joinpath(f"{flag}.txt").read_text("utf-8")

    def wait_until_ready(self) -> None:
        """Wait until every flag of the machine is ready and nothing else is there."""
        self.machine.wait_for(self._all_ready, timeout=60, what="every flag to be ready")

    def _all_ready(self) -> bool:
        if self.machine.unit_property("fui", "ActiveState") != "active":
            return False
        names = [name for folder in ("Apache", "Probe") for name in self.names(folder)]
        return len(names) == 11 and all(name.endswith("[Ready]") for name in names)

    # -- the story ------------------------------------------------------------------------------

    def mark(self) -> None:
        """Have the story begin here."""
        self._since = time.time()

    def story(self, *kinds: str) -> list[Told]:
        """Give the facts that FUI told since the mark."""
        entries = self.machine.journal("--unit=fui", f"--since=@{self._since:.6f}")
        told = [Told(KINDS[e["MESSAGE_ID"]], e) for e in entries if e.get("MESSAGE_ID") in KINDS]
        return [fact for fact in told if not kinds or fact.kind in kinds]

    def wait_for_fact(self, kind: str, timeout: float = PATIENCE) -> Told:
        """Wait until a fact of this kind is told."""
        return self.machine.wait_for(
            lambda: self.story(kind), timeout=timeout, what=f"the fact {kind!r}"
        )[0]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Have FUI stopped for a while."""
        self.machine.run(["systemctl", "stop", "fui"])
        yield
        self.machine.run(["systemctl", "start", "fui"])

    def wait_for(self, predicate: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        self.machine.wait_for(predicate, timeout=PATIENCE, what=what)
