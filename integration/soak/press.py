"""One long press: clients and killer side by side, and what is left when all are done."""

import random
import threading
import time
from dataclasses import dataclass

from integration.host import MachineError
from integration.machine import Machine
from integration.menu import Menu
from integration.soak import evidence, offer
from integration.soak.clients import Client, Counter, Note
from integration.soak.killer import Killer
from integration.soak.offer import PROGRAM, People
from integration.soak.reckoning import Evidence

CLOSING = 60.0
"""Seconds for the last jobs to end, and the last results to be shown no more."""


@dataclass(frozen=True)
class Wanted:
    """How much is to be pressed."""

    presses: int
    clients: int
    kills: int
    seed: int

    def __str__(self) -> str:
        """Say it, with the seed by which it is done again."""
        return (
            f"{self.presses} presses by {self.clients} clients, FUI killed {self.kills} times,"
            f" seed {self.seed}"
        )


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        evidence: What everybody wrote down.
        complaints: What is not as it should be when all are done.
        kills: How often FUI was killed.
        broken: How many sessions broke off.
        seconds: From the first press to the last.
    """

    evidence: Evidence
    complaints: list[str]
    kills: int
    broken: int
    seconds: float


def press(machine: Machine, wanted: Wanted) -> Outcome:
    """Have people press, and FUI killed meanwhile."""
    rng = random.Random(wanted.seed)
    menu, people = Menu(machine), People.of(wanted.clients)
    offer.install(menu, people)
    begin = time.time()
    counter, stop = Counter(wanted.presses), threading.Event()
    folders = tuple(sorted(menu.objects()))
    clients = [
        Client(machine.smb_port, user, folders, random.Random(rng.random()), counter, stop)
        for user in people.clients(wanted.clients)
    ]
    killer = Killer(machine, random.Random(rng.random()), counter, wanted.presses, wanted.kills)
    threads = [threading.Thread(target=client.run) for client in clients]
    threads.append(threading.Thread(target=killer.run, args=(stop,)))
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:
        stop.set()
    seconds = time.time() - begin
    wrong = [f"a client of {each.user}: {each.error!r}" for each in clients if each.error]
    wrong += [f"the killer: {killer.error!r}"] if killer.error else []
    wrong += _left(menu)
    notes = [note for client in clients for note in client.notes]
    broken = sum(client.broken for client in clients)
    return Outcome(_evidence(menu, people, notes, begin), wrong, killer.kills, broken, seconds)


def _left(menu: Menu) -> list[str]:
    """Wait for the end of all, and say what is not as it was before the first press."""
    wrong = []
    try:
        menu.machine.wait_for(lambda: not _processes(menu), timeout=CLOSING, what="the last job")
        menu.wait_until_ready()
    except MachineError as error:
        wrong.append("; ".join([str(error), *getattr(error, "__notes__", ())]))
    return wrong


def _processes(menu: Menu) -> str:
    return menu.machine.run(["pgrep", "--full", PROGRAM], check=False).stdout


def _evidence(menu: Menu, people: People, notes: list[Note], begin: float) -> Evidence:
    return Evidence(
        notes=notes,
        records=evidence.records(menu, begin),
        facts=evidence.facts(menu, begin),
        lines=evidence.trace(menu),
        uids={user: menu.machine.ids(user)[0] for user in people.all},
        allowed=frozenset(people.allowed),
    )
