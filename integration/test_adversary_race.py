"""Somebody with a shell is at the files of a folder all the time, while FUI changes them and others press."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from integration.adversary import PYTHON, clear, program
from integration.menu import EXECUTE, SHARE, Menu
from integration.smb import Library, SmbError
from integration.test_adversary_local import VICTIM, VICTIMS
from integration.test_adversary_local import victims as victims  # noqa: PLC0414 - a fixture

SECONDS = 6
SEEDS = int(os.environ.get("FUI_TRIES", "10")) // 10


def press_what_can_be(menu: Menu, client: Library, folder: str, until: float) -> int:
    """Press a flag again and again as long as there is time; give how many deletions succeeded."""
    pressed = 0
    while time.monotonic() < until:
        for name in menu.names(folder):
            if name in {"Quick [Ready]", "Quick [Done]", "Quick [Denied]"}:
                with suppress(SmbError):
                    client.delete(f"{folder}/{name}.txt")
                    pressed += 1
                break
        time.sleep(0.3)
    return pressed


@pytest.mark.usefixtures("victims")
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
@pytest.mark.parametrize("folder", ["Twin", EXECUTE])
def test_nothing_is_lost_and_nothing_runs_that_was_not_pressed(
    menu: Menu, folder: str, seed: int
) -> None:
    """What runs was pressed over SMB; FUI lives, the menu is whole, and nothing else was changed."""
    before = state(menu)
    other = EXECUTE if folder == "Twin" else "Twin"
    argv = [*PYTHON, program("hammer"), str(SECONDS), str(seed), f"{SHARE}/{folder}"]
    argv += [f"{SHARE}/{other}", f"{VICTIM}/file"]
    hammer = menu.machine.spawn(argv, user="bob")
    with Library(menu.machine.smb_port, "alice") as alice:
        until = time.monotonic() + SECONDS
        pressed = press_what_can_be(menu, alice, "Twin", until)
        pressed += press_what_can_be(menu, alice, "Probe", until + 1)
    said, _ = hammer.communicate(timeout=30)
    assert hammer.returncode == 0, said
    clear(menu.machine, folder, other)
    menu.wait_until_ready()
    assert state(menu) == before
    started = menu.story("started")
    assert len(started) <= pressed
    assert {fact["FUI_USER"] for fact in started} <= {"alice"}
    jobs = [fact["FUI_JOB"] for fact in started]
    assert len(set(jobs)) == len(jobs)


@pytest.mark.usefixtures("victims")
def test_a_folder_that_becomes_a_link_and_back_all_the_time(menu: Menu) -> None:
    """Root is at it; FUI's hands stay in its own folder, whatever the path says."""
    before = state(menu)
    script = (
        "import ctypes, os, time\n"
        f"os.symlink({VICTIMS!r}, '/srv/controls/link')\n"
        "end = time.monotonic() + 4\n"
        "turns = 0\n"
        "while time.monotonic() < end or turns % 2:\n"
        "    ctypes.CDLL(None).renameat2(-100, b'/srv/controls/Twin', -100, b'/srv/controls/link', 2)\n"
        "    turns += 1\n"
        "    time.sleep(0.003)\n"
        "os.unlink('/srv/controls/link')\n"
    )
    hammer = menu.machine.spawn([*PYTHON, "-c", script])
    with Library(menu.machine.smb_port, "alice") as alice:
        press_what_can_be(menu, alice, "Twin", time.monotonic() + 4)
    said, _ = hammer.communicate(timeout=30)
    assert hammer.returncode == 0, said
    menu.reload()
    menu.wait_until_ready()
    assert state(menu) == before


def state(menu: Menu) -> tuple[object, ...]:
    """Tell whether FUI is the one that it was, and what it would leave behind."""
    staging = menu.machine.path(f"{SHARE}/.fui")
    left = sorted(Path(path).name for path in staging.iterdir())
    main = menu.machine.unit_property("fui", "MainPID")
    return main, menu.machine.unit_property("fui", "NRestarts"), left
