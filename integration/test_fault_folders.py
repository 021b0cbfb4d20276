"""Folders that go, that are replaced, and that somebody fills."""

import ctypes
import os
import time
from pathlib import Path
from statistics import median

import pytest

from integration.menu import SHARE, Menu
from integration.smb import Library
from integration.verdict import Pressed, wait_until_well

FOLDER = f"{SHARE}/Probe"
QUICK = "Probe/Quick"
CREATE = """
import os
for number in range({count}):
    os.close(os.open(f"{folder}/mine {{number}}", os.O_CREAT | os.O_WRONLY, 0o660))
"""
CLEAR = """
import os
for name in os.listdir("{folder}"):
    if name.startswith("mine "):
        os.unlink(f"{folder}/" + name)
"""


def exchange(one: Path, other: Path) -> None:
    """Exchange two names at once, by renameat2(2) with RENAME_EXCHANGE."""
    here = -100
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), 2) == 0


def well(menu: Menu, *pressed: Pressed) -> None:
    with Library(menu.machine.smb_port, "alice") as alice:
        wait_until_well(menu, pressed, alice, QUICK)


def test_a_folder_is_deleted(menu: Menu) -> None:
    """Each of its flags is deleted first, by somebody whom no record names."""
    menu.machine.run(["rm", "--recursive", FOLDER])
    well(menu, *(Pressed("", f"Probe/{action}") for action in menu.objects()["Probe"]))


def test_a_folder_is_replaced_by_another_one(menu: Menu) -> None:
    """Its flags are in the other one, for the name counts; the old one is nobody's concern."""
    menu.machine.run(["mv", FOLDER, f"{SHARE}/Old"])
    menu.machine.run(["mkdir", "--parents", FOLDER])
    menu.wait_for(lambda: len(menu.names("Probe")) == len(menu.names("Old")), "the flags")
    menu.machine.run(["rm", "--recursive", f"{SHARE}/Old"])
    well(menu)


def test_folders_are_exchanged(menu: Menu) -> None:
    """Each has the flags of the other then, which are FUI's own: they go, and its own ones come."""
    exchange(menu.folder("Probe"), menu.folder("Twin"))
    well(menu)


def test_the_staging_folder_is_deleted(menu: Menu) -> None:
    menu.machine.run(["rm", "--recursive", f"{SHARE}/.fui"])
    well(menu)


@pytest.mark.parametrize("count", [20_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_a_user_fills_a_folder(menu: Menu, count: int) -> None:
    """Presses in other folders work meanwhile, and what the user has put there stays."""
    machine = menu.machine
    pid = machine.unit_property("fui", "MainPID")
    begun = time.monotonic()
    took: list[float] = []
    for program in (CREATE, CLEAR):
        script = program.format(count=count, folder=FOLDER)
        with (
            machine.spawn(["python3", "-c", script], user="alice") as filling,
            Library(machine.smb_port, "mallory") as mallory,
        ):
            while filling.poll() is None or not took:
                menu.wait_for_names("Twin", "Quick [Ready]")
                pressed = time.monotonic()
                mallory.delete("Twin/Quick [Ready].txt")
                menu.wait_for_names("Twin", "Quick [Done]")
                took.append(time.monotonic() - pressed)
            said = filling.stdout.read() if filling.stdout else ""
        assert filling.returncode == 0, said
        if program is CREATE:
            mine = [name for name in menu.names("Probe") if name.startswith("mine ")]
            assert len(mine) == count
    assert machine.unit_property("fui", "MainPID") == pid
    print(f"{count} files made and deleted in {time.monotonic() - begun:.1f} s;")
    print(
        f"{len(took)} presses beside that: median {median(took):.2f} s, at most {max(took):.2f} s"
    )
    menu.mark()
    well(menu)
