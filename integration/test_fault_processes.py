"""SIGKILL and SIGSTOP of those whom FUI depends on: smbd, journald, sudo, and the job itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from integration.menu import Menu
from integration.smb import Library, SmbError
from integration.verdict import Pressed, wait_until_well

QUICK = "Probe/Quick"


def client(menu: Menu, user: str = "alice") -> Library:
    return Library(menu.machine.smb_port, user)


def wait_until_all_is_well(menu: Menu, pressed: list[Pressed]) -> None:
    """See what the verdict sees, by a session that begins now."""
    with client(menu) as alice:
        wait_until_well(menu, pressed, alice, QUICK)


@contextmanager
def frozen(menu: Menu, unit: str) -> Iterator[None]:
    """Have a unit's main process do nothing for a while."""
    menu.machine.kill_unit(unit, "STOP")
    try:
        yield
    finally:
        menu.machine.kill_unit(unit, "CONT")


def processes(menu: Menu, pattern: str) -> list[str]:
    return menu.machine.run(["pgrep", "--full", pattern], check=False).stdout.split()


def test_smbd_is_killed_as_soon_as_a_flag_is_deleted(menu: Menu) -> None:
    """With its processes the proof may be gone whose the entry is: then it is nobody's."""
    alice = client(menu)
    alice.delete(f"{QUICK} [Ready].txt")
    menu.machine.kill_unit("smbd", "KILL", whom="all")
    with suppress(SmbError):
        alice.close()
    menu.machine.run(["systemctl", "restart", "smbd"])
    wait_until_all_is_well(menu, [Pressed("alice", QUICK)])


def test_smbd_is_killed_while_a_job_runs(menu: Menu) -> None:
    alice = client(menu)
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]")
    menu.machine.kill_unit("smbd", "KILL", whom="all")
    with suppress(SmbError):
        alice.close()
    menu.machine.run(["systemctl", "restart", "smbd"])
    assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done"
    wait_until_all_is_well(menu, [Pressed("alice", "Probe/Slow")])


@pytest.mark.parametrize("first", ["journald", "press"])
def test_journald_is_killed_around_a_press(menu: Menu, first: str) -> None:
    with client(menu) as alice:
        if first == "journald":
            menu.machine.kill_unit("systemd-journald", "KILL")
        alice.delete(f"{QUICK} [Ready].txt")
        if first == "press":
            menu.machine.kill_unit("systemd-journald", "KILL")
        wait_until_well(menu, [Pressed("alice", QUICK)], alice, QUICK)


def test_a_job_is_killed(menu: Menu) -> None:
    with client(menu) as alice:
        alice.delete("Probe/Slow [Ready].txt")
        menu.wait_for_names("Probe", "Slow [Running]")
        menu.wait_for(lambda: processes(menu, "^/usr/bin/sleep 3"), "its process")
        menu.machine.run(["pkill", "-KILL", "--full", "^/usr/bin/sleep 3"])
        assert menu.wait_for_fact("ended")["FUI_RESULT"] == "failed"
        wait_until_well(menu, [Pressed("alice", "Probe/Slow")], alice, QUICK)


def test_sudo_is_killed_and_what_it_started_lives_on(menu: Menu) -> None:
    """The action group is free when that has ended too, and not before."""
    with client(menu) as alice:
        alice.delete("Probe/Slow [Ready].txt")
        menu.wait_for_names("Probe", "Slow [Running]", "Waiting [Blocked]")
        menu.wait_for(lambda: processes(menu, "^/usr/bin/sleep 3"), "its process")
        menu.machine.run(["pkill", "-KILL", "--full", "^/usr/bin/sudo .*/usr/bin/sleep 3"])
        while processes(menu, "^/usr/bin/sleep 3"):
            assert "Waiting [Blocked]" in menu.names("Probe") or not processes(
                menu, "^/usr/bin/sleep 3"
            )
        ended = menu.wait_for_fact("ended")
        assert ended["FUI_RESULT"] == "failed"
        assert float(ended["FUI_DURATION"]) >= 3  # it was not killed with sudo
        wait_until_well(menu, [Pressed("alice", "Probe/Slow")], alice, QUICK)


@pytest.mark.parametrize("seconds", [3, pytest.param(10, marks=pytest.mark.soak)])
def test_journald_stands_still_during_presses(menu: Menu, seconds: int) -> None:
    """A press has no record then and runs nothing; what is told meanwhile is told all the same."""
    pressed = [Pressed("alice", QUICK), Pressed("mallory", "Twin/Quick")]
    with client(menu) as alice, client(menu, "mallory") as mallory:
        alice.list()  # its session has begun
        mallory.list()
        with frozen(menu, "systemd-journald"):
            alice.delete(f"{QUICK} [Ready].txt")
            mallory.delete("Twin/Quick [Ready].txt")
            menu.wait_for_names("Probe", "Quick [Denied]")
            time.sleep(seconds - 2)
        wait_until_well(menu, pressed, alice, QUICK)
    assert [fact["FUI_ACTION"] for fact in menu.story("started")] == ["Quick"]
    assert len(menu.story("unattributed")) == 2


def test_fui_stands_still_during_presses(menu: Menu) -> None:
    """What was pressed meanwhile is handled when it goes on, as if it were now."""
    with client(menu) as alice:
        alice.list()
        with frozen(menu, "fui"):
            alice.delete(f"{QUICK} [Ready].txt")
            time.sleep(3)
        wait_until_well(menu, [Pressed("alice", QUICK)], alice, QUICK)
    assert len(menu.story("started")) == 2
