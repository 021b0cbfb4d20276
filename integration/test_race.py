"""Two users press two actions of one group at the same time: one runs, the other is refused."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from integration.menu import Menu
from integration.smb import Library

TRIES = int(os.environ.get("FUI_TRIES", "10")) * 4
PAIR = ("Left", "Right")
CLOSE = 0.01
"""Seconds: further apart than that is no race. On a quiet host it is less than a millisecond."""


def flag(menu: Menu, action: str) -> str:
    """Name an action's flag when it can be pressed; empty if it cannot."""
    names = [name for name in menu.names("Queue") if name.startswith(action)]
    return names[0] if names and names[0].endswith(("[Ready]", "[Done]")) else ""


def test_one_runs_and_one_is_refused_and_the_names_are_right(menu: Menu) -> None:
    port = menu.machine.smb_port
    barrier = Barrier(2)
    apart: list[float] = []

    def press(client: Library, name: str) -> float:
        barrier.wait()
        begun = time.monotonic()
        client.delete(f"Queue/{name}.txt")
        return begun

    asked: list[dict[str, str]] = []
    with Library(port, "alice") as alice, Library(port, "mallory") as mallory:
        with ThreadPoolExecutor(2) as pool:
            for _ in range(TRIES):
                menu.wait_for(lambda: all(flag(menu, each) for each in PAIR), "both flags")
                actions = random.sample(PAIR, 2)
                asked.append({"alice": actions[0], "mallory": actions[1]})
                begun = list(
                    pool.map(press, (alice, mallory), [flag(menu, each) for each in actions])
                )
                apart.append(abs(begun[0] - begun[1]))
                menu.wait_for(lambda: not all(flag(menu, each) for each in PAIR), "the run")
        menu.wait_for_facts("ended", TRIES)
    assert sorted(apart)[TRIES // 2] < CLOSE
    started, denied = menu.story("started"), menu.story("denied")
    assert (len(started), len(denied)) == (TRIES, TRIES)
    for wanted, won, lost in zip(asked, started, denied, strict=True):
        assert wanted[won["FUI_USER"]] == won["FUI_ACTION"]
        assert wanted[lost["FUI_USER"]] == lost["FUI_ACTION"]
        assert won["FUI_USER"] != lost["FUI_USER"]
        assert f"Queue/{won['FUI_ACTION']} is running for {won['FUI_USER']}" in lost["MESSAGE"]
