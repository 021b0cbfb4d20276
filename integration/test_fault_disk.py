"""No room under the share, under the state directory, under the journal; and no share at all.

FUI goes on, says what it cannot do, and puts everything right by itself when there is room again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integration.conftest import booted
from integration.killing import FAULTS
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.smb import Library
from integration.verdict import STATE, Pressed, wait_until_well

JOURNAL = "/var/log/journal"


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with booted(FAULTS) as machine:
        yield machine


@pytest.fixture
def alice(machine: Machine) -> Iterator[Library]:
    with Library(machine.smb_port, "alice") as alice:
        yield alice


@contextmanager
def full(machine: Machine, folder: str) -> Iterator[None]:
    """Have a folder's file system be full for a while."""
    filler = f"{folder}/filler"
    machine.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4k"], check=False)
    assert "No space left" in machine.run(["cp", "/bin/true", f"{folder}/one"], check=False).stderr
    machine.run(["rm", "--force", f"{folder}/one"])
    machine.run(["dd", "if=/dev/zero", f"of={filler}2", "bs=4k"], check=False)
    try:
        yield
    finally:
        machine.run(["rm", "--force", filler, f"{filler}2"])


@contextmanager
def small(machine: Machine, folder: str, size: str, owner: str) -> Iterator[None]:
    """Have a folder lie on a small file system of its own for a while, with what was in it."""
    copy = "/run/copy"
    machine.run(["rm", "--recursive", "--force", copy])
    machine.run(["cp", "--archive", folder, copy])
    mode = machine.run(["stat", "--format=%a", folder]).stdout.strip()
    machine.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode={mode}", "tmpfs", folder])
    machine.run(["chown", owner, folder])
    machine.run(["cp", "--archive", f"{copy}/.", folder])
    try:
        yield
    finally:
        machine.run(["umount", "--lazy", folder])


def test_no_room_for_flags(menu: Menu, alice: Library) -> None:
    machine = menu.machine
    machine.run(["mount", "-o", "remount,size=512k", SHARE])
    with full(machine, SHARE):
        alice.delete("Steps/Quick [Ready].txt")
        machine.run(["dd", "if=/dev/zero", f"of={SHARE}/filler3", "bs=4k"], check=False)
        assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done"
        machine.run(["dd", "if=/dev/zero", f"of={SHARE}/filler4", "bs=4k"], check=False)
        assert "No space left" in menu.wait_for_fact("lost")["MESSAGE"]
        machine.run(["rm", f"{SHARE}/filler3", f"{SHARE}/filler4"])
    machine.run(["mount", "-o", "remount,size=10%", SHARE])
    wait_until_well(menu, [Pressed("alice", "Steps/Quick")], alice)


def test_no_room_for_what_is_remembered(menu: Menu, alice: Library) -> None:
    machine = menu.machine
    with menu.stopped():
        pass
    with small(machine, STATE, "64k", "fui:fui"):
        with full(machine, STATE):
            alice.delete("Steps/Quick [Ready].txt")
            ended = menu.wait_for_fact("ended")
            assert ended["FUI_RESULT"] == "done"
            assert "cannot save" in menu.wait_for_fact("lost")["MESSAGE"]
            menu.wait_until_ready()
        wait_until_well(menu, [Pressed("alice", "Steps/Quick")], alice, "Steps/Speak")
        assert ended["FUI_JOB"] in machine.read(f"{STATE}/history.steps+quick.json").decode()
        machine.run(["cp", "--archive", f"{STATE}/.", "/run/copy"])
    machine.run(["cp", "--archive", "/run/copy/.", STATE])


def test_killed_when_there_is_no_room_for_what_is_remembered(menu: Menu, alice: Library) -> None:
    """The ledger has what the state directory has not."""
    machine = menu.machine
    with small(machine, STATE, "64k", "fui:fui"):
        with full(machine, STATE):
            alice.delete("Steps/Quick [Ready].txt")
            menu.wait_for_fact("ended")
            machine.kill_unit("fui", "KILL")
            menu.wait_until_ready()
        machine.kill_unit("fui", "KILL")
        wait_until_well(menu, [Pressed("alice", "Steps/Quick")], alice)
        machine.run(["cp", "--archive", f"{STATE}/.", "/run/copy"])
    machine.run(["cp", "--archive", "/run/copy/.", STATE])


def use_up(machine: Machine) -> None:
    """Have journald use up the room that its files have taken already, until it goes on in memory."""
    noise = "head --bytes=1M /dev/urandom | base64 --wrap=1000 | logger --tag=noise"
    machine.run(["sh", "-c", f"{noise}; journalctl --sync"])
    assert list(machine.path("/run/log/journal").glob("*/system.journal"))


def test_no_room_for_the_journal(menu: Menu, alice: Library) -> None:
    """Then journald goes on in memory, and back when there is room again; FUI follows it."""
    machine = menu.machine
    with small(machine, JOURNAL, "24M", "root:systemd-journal"):
        with menu.stopped():  # who reads it does not see that another file system is there
            machine.run(["systemctl", "restart", "systemd-journald"])
        menu.wait_until_ready()
        main = machine.unit_property("fui", "MainPID")
        with full(machine, JOURNAL):
            use_up(machine)
            alice.delete("Steps/Quick [Ready].txt")
            assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done"
            menu.wait_until_ready()
        wait_until_well(menu, [Pressed("alice", "Steps/Quick")], alice)
        assert machine.unit_property("fui", "MainPID") == main
    with menu.stopped():
        machine.run(["systemctl", "restart", "systemd-journald"])


@pytest.mark.soak
def test_the_share_is_unmounted_and_mounted_again(menu: Menu) -> None:
    machine = menu.machine
    machine.run(["umount", "--lazy", SHARE])  # FUI and smbd hold it
    assert "cannot" in menu.wait_for_fact("lost")["MESSAGE"]
    machine.run(["mount", "-t", "tmpfs", "-o", "mode=755,uid=fui", "tmpfs", SHARE])
    menu.wait_until_ready()
    machine.run(["sleep", "6"])  # a mount says nothing of itself: it is seen at the next looks
    with Library(machine.smb_port, "alice") as alice:
        wait_until_well(menu, [], alice)
