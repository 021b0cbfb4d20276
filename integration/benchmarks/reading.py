"""Reads journal files as the daemon does, and says what that costs: `reading FOLDER STAGE...`.

Rules: runs in the machine, by FUI's own Python. The last entry in the folder is one of FACILITY's that
says LAST. Prints JSON: the seconds of CPU time for all of the folder by stage, each the least of several
runs, for what comes on top is others' doing. The stages are `reader`, from file to Entry on the daemon's
loop; `parser`, the same and who did it, for which a flag was seen to go before each record of it; and
`engine`, the reader and all that the core does with an entry.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable

from fui.core.attribution import Attribution
from fui.core.engine import Engine
from fui.edges import clock
from fui.edges.journal import Journal
from fui.edges.journal.reader import beginning
from fui.model import events as on
from fui.model.menu import NOBODY, Action, ActionId, Command, FileSpec, Folder, Menu, Settings
from fui.model.press import Gesture, Press
from fui.model.states import FlagState

FACILITY = 21
SHARE = "/srv/controls"
FLAGS = 1000
LAST = "the last one"
RUNS = 3
LONG_AGO = -2.0
"""Before any entry, by CLOCK_MONOTONIC, whatever boot it is of."""


def flag(number: int) -> str:
    """Give the path of one of the flags."""
    return f"{SHARE}/Object/Action {number % FLAGS} [Ready].txt"


def _menu() -> Menu:
    folder = Folder(f"{SHARE}/Object", FileSpec(user=None, group=None, mode=0o2770))
    spec, command = FileSpec(user=None, group=None, mode=0o640), Command((), "", "", 1.0)
    actions = tuple(
        Action(
            ActionId("Object", f"Action {number}"),
            folder,
            (f"Object/{number}",),
            command,
            NOBODY,
            spec,
        )
        for number in range(FLAGS)
    )
    return Menu(Settings(SHARE, settle=0.0), actions)


MENU = _menu()
NAMED = {flag(number): (action, FlagState.READY) for number, action in enumerate(MENU.actions)}


def ignore() -> Callable[[on.EntryRead], object]:
    """Do nothing with an entry."""
    return lambda _event: None


def attribute() -> Callable[[on.EntryRead], object]:
    """Find out who did it, where the flag has gone that a record names."""
    who = Attribution(MENU, NAMED.get)

    def take(event: on.EntryRead) -> object:
        path = event.entry.message.rpartition("|")[2]
        now = clock.now().mono
        if found := NAMED.get(path):
            who.renamed(None, path, LONG_AGO)
            who.gone(Press(found[0], Gesture.PRESS, found[1], at=now), path)
        return who.read(event.entry, now)

    return take


def engine() -> Callable[[on.EntryRead], object]:
    """Have the whole core take it."""
    core = Engine(MENU, "bench")
    return lambda event: core.handle(event, clock.now())


STAGES = {"reader": ignore, "parser": attribute, "engine": engine}


async def read(folder: str, take: Callable[[on.EntryRead], object]) -> float:
    """Read all of a folder; give the CPU time."""
    done = asyncio.get_running_loop().create_future()

    def post(events: list[on.Event]) -> None:
        for event in events:
            assert isinstance(event, on.EntryRead), event
            take(event)
            if event.entry.message == LAST:
                done.set_result(time.process_time())

    journal = Journal(FACILITY, clock.now, post, folder)
    begin = time.process_time()
    journal.open(beginning(0.0))
    try:
        return float(await done) - begin
    finally:
        journal.close()


def main() -> None:
    """Measure what the command line says."""
    folder, *stages = sys.argv[1:]
    print(
        json.dumps(
            {
                each: min(asyncio.run(read(folder, STAGES[each]())) for _ in range(RUNS))
                for each in stages
            }
        )
    )


if __name__ == "__main__":
    main()
