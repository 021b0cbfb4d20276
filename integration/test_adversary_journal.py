"""The journal is full of another share's noise: what is dropped starts nothing, and then all is well again.

journald drops what one unit logs beyond its limit, and smbd with all its shares is one unit. The limit is
set low here, where `journald/smbd-rate-limit.conf` sets it out of reach.
"""

from collections.abc import Iterator

import pytest

from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Client, Library

NOISY = """
[Noise]
    path = /srv/noise
    read only = no
    vfs objects = full_audit
    full_audit:success = all
    full_audit:failure = all
    full_audit:prefix = %u|%I|%S
    full_audit:facility = LOCAL6
"""
SMB_CONF = "/etc/samba/smb.conf"
LIMIT = "/etc/systemd/system/smbd.service.d/zz-low.conf"
INTERVAL = 12


@pytest.fixture
def alice(machine: Machine) -> Iterator[Client]:
    """Give alice's client, of one kind: what is dropped is of no matter to it."""
    with Library(machine.smb_port, "alice") as client:
        yield client


@pytest.fixture
def _low(machine: Machine) -> Iterator[None]:
    """Have a low limit, and another share that logs all that is done in it."""
    before = machine.read(SMB_CONF).decode()
    machine.run(["install", "-d", "-m", "1777", "/srv/noise"])
    machine.write(SMB_CONF, f"{before}{NOISY}")
    limit = f"LogRateLimitIntervalSec={INTERVAL}s\nLogRateLimitBurst=40"
    machine.write(LIMIT, f"[Service]\n{limit}\n")
    restart(machine)
    yield
    machine.write(SMB_CONF, before)
    machine.path(LIMIT).unlink()
    restart(machine)


def restart(machine: Machine) -> None:
    machine.run(["systemctl", "daemon-reload"])
    machine.run(["systemctl", "restart", "smbd"])


def noise(menu: Menu) -> None:
    """Do in the other share what is logged in many lines, until some are dropped."""
    argv = ["smbclient", f"--port={menu.machine.smb_port}", "--user=bob%press-it"]
    argv += ["--configfile=/dev/null", "//127.0.0.1/Noise"]
    menu.machine.run(argv, input="ls\n" * 60 + "!sleep 0.2\n")


def dropped(menu: Menu) -> int:
    """Count what journald says that it dropped of smbd's."""
    told = menu.machine.journal("--unit=systemd-journald", "--grep=Suppressed .* smbd.service")
    return sum(int(entry["N_DROPPED"]) for entry in told)


@pytest.mark.usefixtures("_low")
def test_a_press_that_drowned_runs_nothing_and_the_next_one_runs(menu: Menu, alice: Client) -> None:
    with Library(menu.machine.smb_port, "alice") as mallory:
        mallory.list()
        noise(menu)
        mallory.delete("Probe/Quick [Ready].txt")
        fact = menu.wait_for_fact("unattributed")
        assert (fact["FUI_ACTION"], fact["FUI_REFUSAL"]) == ("Quick", "no-record")
        menu.wait_for_names("Probe", "Quick [Denied]")
        assert "nobody known" in menu.text("Probe", "Quick [Denied]")
    assert menu.story("started", "pressed") == []
    menu.machine.run(["sleep", str(INTERVAL)])
    menu.wait_until_ready()
    alice.delete("Probe/Quick [Ready].txt")
    assert menu.wait_for_fact("ended")["FUI_USER"] == "alice"
    assert dropped(menu) > 0
