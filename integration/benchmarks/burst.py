"""Part 3: 300 presses at once, of 300 actions in 300 action groups, by 10 people.

Each has an SMB session and a process of his own, and deletes his 30 flags one right after the other;
which are whose is drawn by lot. `settle: 0`, or presses of one user so close to each other would be
none. How to read it: all times begin with the first client's first call. What lies between the last
call's end and the last command's first instruction is what FUI was behind the clients; they, smbd,
journald, FUI and sudo share the processors. Who pressed what, the clients know; for whom it was run,
the ledger says.
"""

import multiprocessing
import random
import sys
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

from integration.benchmarks.figures import Part, Quantiles, Reach
from integration.host import CHECKOUT, MachineError
from integration.machine import Machine
from integration.menu import ETC, SHARE, Menu
from integration.smb import Library

PEOPLE = tuple(f"person{number}" for number in range(10))
GROUPS = 300
OBJECTS = 10
SETTINGS = f"share: {SHARE}\nsettle: 0\n"
SOURCE = CHECKOUT / "integration/benchmarks/stamp.c"
STAMP = "/usr/local/bin/stamp"
STAMPS = "/run/stamps"
PATIENCE = 60.0


@dataclass(frozen=True)
class Pressed:
    """One flag that was deleted.

    Attributes:
        action: Its number.
        user: By whom.
        begin: When that was called, in seconds of CLOCK_MONOTONIC.
        end: When the call came back.
    """

    action: int
    user: str
    begin: float
    end: float


def _object(action: int) -> str:
    return f"Burst {action % OBJECTS}"


def _drop_in(number: int) -> str:
    groups = "\n".join(
        f"    - directory: {{group: controls}}\n"
        f"      allow: {{groups: [wwwadmins]}}\n"
        f"      actions: [{{name: Action {action}, command: {STAMP} {STAMPS}/{action}}}]"
        for action in range(number, GROUPS, OBJECTS)
    )
    return f"object: Burst {number}\naction-groups:\n{groups}\n"


def _press(port: int, user: str, actions: tuple[int, ...], begin: Barrier) -> list[Pressed]:
    """Be one of the clients; all begin together."""
    pressed = []
    with Library(port, user) as client:
        client.list()
        begin.wait(PATIENCE)
        for action in actions:
            called = time.monotonic()
            client.delete(f"{_object(action)}/Action {action} [Ready].txt")
            pressed.append(Pressed(action, user, called, time.monotonic()))
    return pressed


def _prepare(machine: Machine, menu: Menu) -> None:
    machine.write("/tmp/stamp.c", SOURCE.read_bytes())
    machine.run(["gcc", "-O2", "-static", "-o", STAMP, "/tmp/stamp.c"])
    machine.run(["mkdir", STAMPS])
    for user in PEOPLE:
        machine.add_user(user, ("controls", "wwwadmins"))
    machine.write(f"{ETC}/fui.yaml", SETTINGS)
    for number in range(OBJECTS):
        machine.write(f"{ETC}/conf.d/burst-{number}.yaml", _drop_in(number))
    menu.set_up()
    menu.wait_until_ready()


def measure() -> list[Part]:
    """Have all of them press."""
    with Machine() as machine:
        menu = Menu(machine)
        _prepare(machine, menu)
        menu.mark()
        drawn = random.sample(range(GROUPS), GROUPS)
        lots = [tuple(drawn[number :: len(PEOPLE)]) for number in range(len(PEOPLE))]
        with multiprocessing.get_context("spawn").Manager() as manager:
            barrier = manager.Barrier(len(PEOPLE))
            with multiprocessing.get_context("spawn").Pool(len(PEOPLE)) as pool:
                told = pool.starmap(
                    _press,
                    [
                        (machine.smb_port, user, lot, barrier)
                        for user, lot in zip(PEOPLE, lots, strict=True)
                    ],
                    chunksize=1,
                )
        pressed = [one for each in told for one in each]
        stamps = machine.path(STAMPS)
        try:
            machine.wait_for(
                lambda: (
                    len(list(stamps.iterdir())) == GROUPS and len(menu.story("started")) == GROUPS
                ),
                timeout=PATIENCE,
                what="all commands",
            )
        except MachineError as error:
            print(error, file=sys.stderr)
        ran = {
            int(each.name): [float(one) for one in each.read_text().split()]
            for each in stamps.iterdir()
        }
        users = [(fact["FUI_ACTION"], fact["FUI_USER"]) for fact in menu.story("started")]
    return [_part(pressed, ran, users)]


def _part(
    pressed: list[Pressed], ran: dict[int, list[float]], users: list[tuple[str, str]]
) -> Part:
    whose = {f"Action {one.action}": one.user for one in pressed}
    wrong = sum(whose[action] != user for action, user in users)
    once = sum(len(times) == 1 for times in ran.values())
    begin = min(one.begin for one in pressed)
    last_call = max(one.end for one in pressed) - begin
    last_run = max(max(times) for times in ran.values()) - begin
    took = Quantiles.of(ran[one.action][0] - one.begin for one in pressed if one.action in ran)
    calls = Quantiles.of(one.end - one.begin for one in pressed)
    return Part(
        f"{GROUPS} presses by {len(PEOPLE)} people, ms",
        ("median", "p95", "p99", "last"),
        [
            ("the client's call", (*calls.shown(), f"{last_call * 1000:.0f}")),
            ("call to command", (*took.shown(), f"{last_run * 1000:.0f}")),
        ],
        [
            Reach(f"burst: commands that ran once, of {GROUPS}", once, GROUPS, at_least=True),
            Reach(
                f"burst: in the ledger as started, of {GROUPS}", len(users), GROUPS, at_least=True
            ),
            Reach("burst: attributed to somebody else", wrong, 0),
        ],
        [
            "`last` is from the first call of all: until the last call is over, until the last command begins."
        ],
        {"last call": last_call, "last command": last_run, "median": took.median},
    )
