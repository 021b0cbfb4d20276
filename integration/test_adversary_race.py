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
    wait_for_state(menu, before)
    started, told = menu.story("started"), menu.story("pressed")
    assert len(started) <= len(told) <= pressed
    assert {fact["FUI_USER"] for fact in started} <= {"alice"}
    jobs = [fact["FUI_JOB"] for fact in started]
    assert len(set(jobs)) == len(jobs)
    proofs = [fact["FUI_RECORD"] for fact in told]
    assert len(set(proofs)) == len(proofs)
    assert set(proofs) <= deletions(menu, "alice")


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
    wait_for_state(menu, before)


SWAP = """
import contextlib, ctypes, os, pathlib, random, sys, time
os.chdir(sys.argv[1])
for name in ("one", "two", "three"):
    pathlib.Path(f"{name}.txt").write_text(name)
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    with contextlib.suppress(OSError):
        files = [(name, os.stat(name).st_uid == os.getuid()) for name in os.listdir()]
        flags = [name for name, mine in files if not mine and not name.startswith("Quick")]
        flag = random.choice(flags or [""])
        mine = random.choice([name for name, mine in files if mine] or [""])
        for _ in range(2):
            ctypes.CDLL(None).renameat2(-100, os.fsencode(flag), -100, os.fsencode(mine), 2)
            time.sleep(random.random() * 0.002)
"""


def test_what_changes_places_with_flags_all_the_time_is_not_lost(menu: Menu) -> None:
    """Bob puts his files into the places of flags and takes them back, while FUI writes those anew.

    Not into that of the flag that alice presses, for she would delete them.
    """
    before = state(menu)
    hammer = menu.machine.spawn([*PYTHON, "-c", SWAP, f"{SHARE}/Probe", str(SECONDS)], user="bob")
    with Library(menu.machine.smb_port, "alice") as alice:
        press_what_can_be(menu, alice, "Probe", time.monotonic() + SECONDS)
    said, _ = hammer.communicate(timeout=30)
    assert hammer.returncode == 0, said
    uid, _ = menu.machine.ids("bob")
    kept = [path for path in menu.folder("Probe").iterdir() if path.stat().st_uid == uid]
    assert {path.read_text("utf-8") for path in kept} == {"one", "two", "three"}
    clear(menu.machine, "Probe")
    menu.wait_until_ready()
    wait_for_state(menu, before)


def deletions(menu: Menu, user: str) -> set[str]:
    """Name the entries of Samba's in which it says that a user deleted something."""
    uid, _ = menu.machine.ids(user)
    entries = menu.machine.journal("SYSLOG_IDENTIFIER=smbd_audit", f"_UID={uid}")
    return {entry["__CURSOR"] for entry in entries if "|unlinkat|ok|" in str(entry["MESSAGE"])}


def wait_for_state(menu: Menu, wanted: tuple[object, ...]) -> None:
    """Wait until FUI is what it was; a flag that is written anew at this moment lies in staging."""
    menu.wait_for(lambda: state(menu) == wanted, f"{wanted}, where there is {state(menu)}")


def state(menu: Menu) -> tuple[object, ...]:
    """Tell whether FUI is the one that it was, and what it would leave behind."""
    staging = menu.machine.path(f"{SHARE}/.fui")
    left = sorted(Path(path).name for path in staging.iterdir())
    main = menu.machine.unit_property("fui", "MainPID")
    return main, menu.machine.unit_property("fui", "NRestarts"), left
