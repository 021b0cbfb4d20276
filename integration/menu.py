"""FUI as its users and its administrator see it: flags in folders, and the journal's story.

Rules: looks and waits, and never asks the daemon. Times are generous, for machines are slow;
what is asserted is what came, not when.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from fui.edges.ledger.fields import MESSAGE_IDS
from integration import install
from integration.host import CHECKOUT, MachineError
from integration.inside import Entry
from integration.machine import Machine

SHARE = "/srv/controls"
PATIENCE = 15.0
PROBE = CHECKOUT / "integration/etc/probe"
ETC = "/etc/fui"
EXECUTE = "Execute"
KINDS = {message_id: kind.value for kind, message_id in MESSAGE_IDS.items()}


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

    def install_probe(self, menu: Path = PROBE) -> None:
        """Give the machine the menu of the tests, or another one with the same programs."""
        for program in PROBE.joinpath("bin").iterdir():
            self.machine.write(f"/usr/local/bin/{program.name}", program.read_bytes(), mode=0o755)
        for file in menu.glob("*.yaml"):
            name = file.name if file.name == "fui.yaml" else f"conf.d/{file.name}"
            self.machine.write(f"{ETC}/{name}", file.read_bytes())
        self.set_up()

    def set_up(self) -> None:
        """Have `fui setup` make what the configuration needs, as after each change of it."""
        self.machine.do(install.SETUP)

    # -- the share ------------------------------------------------------------------------------

    def folder(self, name: str) -> Path:
        """Find an object's folder on the host."""
        return self.machine.path(f"{SHARE}/{name}")

    def names(self, folder: str) -> list[str]:
        """Name what is in an object's folder, without the extension of flags; none if it is gone."""
        try:
            return sorted(path.name.removesuffix(".txt") for path in self.folder(folder).iterdir())
        except FileNotFoundError:
            return []

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
        wanted = {
            name: [f"{each} [Ready]" for each in some] for name, some in self.objects().items()
        }
        wanted |= {EXECUTE: []}
        root = self.machine.path(SHARE)

        def different() -> list[str]:
            there = {path.name for path in root.iterdir() if path.is_dir()} - {".fui"}
            return [
                f"{folder}: {self.names(folder)}"
                for folder in sorted(there | wanted.keys())
                if self.names(folder) != sorted(wanted.get(folder, ()))
            ]

        try:
            self.machine.wait_for(
                lambda: not different(), timeout=30, what="every flag to be ready"
            )
        except MachineError as error:
            error.add_note("\n".join(different()))
            raise
        self.wait_for(
            lambda: self.machine.unit_property("fui", "ActiveState") == "active", "FUI to run"
        )

    def objects(self) -> dict[str, list[str]]:
        """Name the actions of every object that the configuration has."""
        found: dict[str, list[str]] = {}
        for file in self.machine.path(f"{ETC}/conf.d").glob("*.yaml"):
            said = yaml.safe_load(file.read_bytes())
            for group in said.get("action-groups") or [said["action-group"]]:
                found.setdefault(said["object"], []).extend(
                    each["name"] for each in group["actions"]
                )
        return found

    # -- the configuration ----------------------------------------------------------------------

    def reload(self) -> None:
        """Have the configuration read again, and wait until that is done."""
        told = len(self.story("configured"))
        self.machine.run(["systemctl", "reload", "fui"])
        self.wait_for(lambda: len(self.story("configured")) > told, "the configuration to be read")

    def configure(self, name: str, text: str | None) -> None:
        """Write a file of the configuration, or remove it, and have it read."""
        if text is None:
            self.machine.path(f"{ETC}/{name}").unlink()
        else:
            self.machine.write(f"{ETC}/{name}", text)
        self.reload()

    @contextmanager
    def configured(self, name: str, text: str) -> Iterator[None]:
        """Have a file of the configuration be another one for a while; its commands are those of the probe."""
        path = self.machine.path(f"{ETC}/{name}")
        before = path.read_text("utf-8") if path.exists() else None
        try:
            self.configure(name, text)
            yield
        finally:
            if before is not None or path.exists():
                self.configure(name, before)

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

    def wait_for_facts(self, kind: str, number: int) -> list[Told]:
        """Wait until so many facts of this kind are told."""
        self.wait_for(lambda: len(self.story(kind)) >= number, f"{number} facts {kind!r}")
        return self.story(kind)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Have FUI stopped for a while."""
        self.machine.run(["systemctl", "stop", "fui"])
        try:
            yield
        finally:
            self.machine.run(["systemctl", "start", "fui"])

    def wait_for(self, predicate: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        self.machine.wait_for(predicate, timeout=PATIENCE, what=what)
