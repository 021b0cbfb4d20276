"""A name service that hangs: presses are refused in time, and the loop goes on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integration.conftest import booted
from integration.killing import FAULTS
from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Library
from integration.verdict import Pressed, wait_until_well

ORDER = "/run/nss-hang"
WATCHDOG = "/run/systemd/system/fui.service.d/watchdog.conf"
LIBRARY = "/usr/lib/x86_64-linux-gnu/libnss_hang.so.2"
FLAGS = ("Quick", "Slow", "Hold", "Careful", "Long", "Stubborn", "Show")


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """Boot a machine whose name service can hang, and whose FUI is killed when its loop does."""
    with booted(FAULTS) as machine:
        machine.write("/run/hang.c", FAULTS.joinpath("hang.c").read_bytes())
        machine.run(["gcc", "-shared", "-fPIC", "-o", LIBRARY, "/run/hang.c"])
        names = machine.read("/etc/nsswitch.conf").decode()
        machine.write("/etc/nsswitch.conf", names.replace(": files", ": hang files"))
        machine.write(WATCHDOG, "[Service]\nWatchdogSec=2\n")
        machine.run(["systemctl", "daemon-reload"])
        machine.run(["systemctl", "restart", "fui"])
        yield machine


@pytest.fixture
def alice(machine: Machine) -> Iterator[Library]:
    with Library(machine.smb_port, "alice") as alice:
        yield alice


@contextmanager
def hanging(machine: Machine, which: str = "") -> Iterator[None]:
    """Have every question of FUI's user hang for a while, or those for `groups` only."""
    uid, _ = machine.ids("fui")
    machine.write(ORDER, f"{uid} {which}")
    try:
        yield
    finally:
        machine.path(ORDER).unlink()


@pytest.mark.parametrize("which", ["", "groups"])
def test_presses_are_refused_in_time_and_the_loop_goes_on(
    menu: Menu, alice: Library, which: str
) -> None:
    """More of them than there are threads to ask with; each is refused, and FUI is not killed."""
    machine = menu.machine
    pid = machine.unit_property("fui", "MainPID")
    pressed = []
    with hanging(machine, which):
        for flag in FLAGS:
            alice.delete(f"Steps/{flag} [Ready].txt")
            pressed.append(Pressed("alice", f"Steps/{flag}"))
            time.sleep(0.2)  # presses at once would be none
        menu.wait_for_facts("denied", len(FLAGS))
        assert {fact["FUI_REFUSAL"] for fact in menu.story("denied")} == {"no-answer"}
        time.sleep(3)  # longer than the watchdog waits
        menu.wait_until_ready()
    assert machine.unit_property("fui", "MainPID") == pid
    for fact in menu.story("denied"):
        fact.entry["FUI_USER"] = "alice"  # whose name could not be looked up
    wait_until_well(menu, pressed, alice)
    assert [fact["FUI_ACTION"] for fact in menu.story("started")] == ["Quick"]


def test_a_configuration_is_read_beside_the_loop(menu: Menu, alice: Library) -> None:
    """What is asked for while nobody answers holds when somebody does, and presses work meanwhile."""
    machine = menu.machine
    pid = machine.unit_property("fui", "MainPID")
    with hanging(machine):
        machine.run(["systemctl", "reload", "--no-block", "fui"])
        time.sleep(3)  # longer than the watchdog waits
        assert menu.story("configured") == []
        assert machine.unit_property("fui", "MainPID") == pid
    menu.wait_for_fact("configured")
    assert machine.unit_property("fui", "MainPID") == pid
    wait_until_well(menu, [], alice)


def test_killed_while_it_hangs(menu: Menu, alice: Library) -> None:
    """The next one cannot even read who is who until somebody answers; then it tells of the press."""
    machine = menu.machine
    with hanging(machine):
        alice.delete("Steps/Quick [Ready].txt")
        time.sleep(0.5)
        machine.kill_unit("fui", "KILL")
        time.sleep(2)
    wait_until_well(menu, [Pressed("alice", "Steps/Quick")], alice)
    assert [fact["FUI_ACTION"] for fact in menu.story("started")] == ["Quick"]
