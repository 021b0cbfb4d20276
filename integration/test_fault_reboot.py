"""The machine boots anew in the middle of a job: it was interrupted, that is told, and it runs once."""

from collections.abc import Iterator

import pytest

from integration.conftest import booted
from integration.killing import FAULTS
from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Library
from integration.verdict import Pressed, wait_until_well

SERVICES = ("fui.service", "smbd.service")


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with booted(FAULTS, in_memory=False) as machine:
        machine.run(["systemctl", "add-wants", "fui-machine.target", *SERVICES])
        yield machine


@pytest.mark.parametrize("orderly", [True, False], ids=["stopped before", "at once"])
def test_a_job_is_told_as_interrupted_and_never_run_again(menu: Menu, *, orderly: bool) -> None:
    machine = menu.machine
    with Library(machine.smb_port, "alice") as alice:
        alice.delete("Steps/Long [Ready].txt")
        menu.wait_for_names("Steps", "Long [Running]")
        job = menu.wait_for_fact("started")["FUI_JOB"]
        machine.reboot(orderly=orderly)
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_JOB"], ended["FUI_RESULT"]) == (job, "interrupted")
    with Library(machine.smb_port, "alice") as alice:
        wait_until_well(menu, [Pressed("alice", "Steps/Long")], alice)
    assert [fact["FUI_ACTION"] for fact in menu.story("started")] == ["Long", "Quick"]
    assert machine.run(["pgrep", "--full", "^/usr/bin/sleep 60"], check=False).stdout == ""


@pytest.mark.parametrize("orderly", [True, False], ids=["stopped before", "at once"])
def test_what_was_pressed_before_the_boot_runs_nothing_after_it(
    menu: Menu, *, orderly: bool
) -> None:
    """A record of another boot bears a time of another clock."""
    machine = menu.machine
    machine.run(["systemctl", "stop", "fui"])
    with Library(machine.smb_port, "alice") as alice:
        alice.delete("Steps/Quick [Ready].txt")
        machine.wait_for(
            lambda: machine.journal("--identifier=smbd_audit", "--grep=Quick .Ready. *"),
            what="the record",
        )
        machine.run(["journalctl", "--sync"])
        machine.reboot(orderly=orderly)
    assert menu.wait_for_fact("not-run")["FUI_USER"] == "alice"
    with Library(machine.smb_port, "alice") as alice:
        wait_until_well(menu, [Pressed("alice", "Steps/Quick")], alice)
    assert [fact["FUI_ACTION"] for fact in menu.story("started")] == ["Quick"]
