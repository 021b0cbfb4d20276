"""The journal is rotated and vacuumed while many press: no press is lost, and none is told twice."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from integration.menu import Menu
from integration.smb import Library
from integration.verdict import Pressed, wait_until_well

PRESSES = 12
PAUSE = 0.15
"""Seconds; presses of one user that are less than `settle` apart would be many at once."""
WHERE = {"alice": "Probe/Quick", "mallory": "Twin/Quick"}


@contextmanager
def going_on(menu: Menu, *commands: tuple[str, ...]) -> Iterator[list[int]]:
    """Have commands done over and over for a while; the list grows by one each time."""
    done: list[int] = []
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            for command in commands:
                menu.machine.run(command)
            done.append(1)
            over.wait(0.1)

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            yield done
        finally:
            over.set()
            working.result()


def press_all(menu: Menu) -> list[Pressed]:
    """Have each user press an action of his own as often as it can be pressed, and see each run."""

    def press(user: str) -> list[Pressed]:
        folder, _, action = WHERE[user].partition("/")
        with Library(menu.machine.smb_port, user) as client:
            for _ in range(PRESSES):
                flag = pressable(menu, folder, action)
                client.delete(f"{folder}/{flag}.txt")
                time.sleep(PAUSE)
                menu.wait_for_names(folder, f"{action} [Done]")
        return [Pressed(user, WHERE[user])] * PRESSES

    with ThreadPoolExecutor(len(WHERE)) as pool:
        return [each for some in pool.map(press, WHERE) for each in some]


def pressable(menu: Menu, folder: str, action: str) -> str:
    found: list[str] = []

    def look() -> bool:
        names = menu.names(folder)
        found[:] = [name for name in names if name in {f"{action} [Ready]", f"{action} [Done]"}]
        return bool(found)

    menu.wait_for(look, f"{action} in {folder} to be pressable")
    return found[0]


def test_rotated_during_presses(menu: Menu) -> None:
    with going_on(menu, ("journalctl", "--rotate")) as done:
        pressed = press_all(menu)
    assert done
    with Library(menu.machine.smb_port, "alice") as alice:
        wait_until_well(menu, pressed, alice, "Probe/Quick")
    assert len(menu.story("started")) == len(pressed) + 1
    assert menu.story("unattributed", "lost") == []


def test_vacuumed_during_presses(menu: Menu) -> None:
    """The story is vacuumed away as well; but each press was seen to run."""
    rotate, vacuum = ("journalctl", "--rotate"), ("journalctl", "--vacuum-files=1")
    with going_on(menu, rotate, vacuum) as done:
        press_all(menu)
    assert done
    menu.mark()
    with Library(menu.machine.smb_port, "alice") as alice:
        wait_until_well(menu, [], alice, "Probe/Quick")
