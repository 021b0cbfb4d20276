"""What is lost is counted, by the ledger, the status and the metrics alike; and nobody can add to it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from fui.edges.journal.reader import DROPPED
from integration.install import FUI
from integration.menu import SHARE, Menu
from integration.smb import Client, Library

UNIT = "/etc/systemd/system/smbd.service.d/zz-few.conf"
FEW = "[Service]\nLogRateLimitIntervalSec=5s\nLogRateLimitBurst=2\n"  # journald makes it 12 at most
FLAG = "Probe/Quick [Ready].txt"


def losses(menu: Menu) -> dict[str, int]:
    """What the status says, to somebody who may read nothing else."""
    said: dict[str, Any] = json.loads(
        menu.machine.run([FUI, "status", "--json"], user="bob").stdout
    )
    found: dict[str, int] = said["losses"]
    return found


def metric(menu: Menu, kind: str) -> float:
    text = menu.machine.read("/run/fui/metrics.prom").decode()
    name = f'fui_losses_total{{kind="{kind}"}} '
    return float(text.partition(name)[2].partition("\n")[0])


def wait_for_loss(menu: Menu, kind: str, number: int) -> None:
    """Wait until so many are lost, and all say so."""
    menu.wait_for(lambda: losses(menu).get(kind, 0) == number, f"{number} {kind} in the status")
    menu.wait_for(lambda: metric(menu, kind) == number, f"{number} {kind} in the metrics")


@contextmanager
def few_messages(menu: Menu) -> Iterator[None]:
    """Have journald keep only a few messages of smbd in a second."""
    menu.machine.write(UNIT, FEW)
    try:
        restart_samba(menu)
        yield
    finally:
        menu.machine.run(["rm", UNIT])
        restart_samba(menu)


def restart_samba(menu: Menu) -> None:
    menu.machine.run(["systemctl", "daemon-reload"])
    menu.machine.run(["systemctl", "restart", "smbd"])

    def listens() -> bool:
        with Library(menu.machine.smb_port, "bob") as bob:
            try:
                bob.list()
            except ValueError:  # the library's word for a connection that is refused
                return False
        return True

    menu.wait_for(listens, "smbd to listen")


def make_noise(client: Client) -> None:
    """Have smbd write a record that is about no flag."""
    client.put("Probe/noise.txt", b"")
    client.delete("Probe/noise.txt")


@pytest.fixture
def alice(menu: Menu) -> Iterator[Client]:
    with Library(menu.machine.smb_port, "alice") as alice:
        yield alice


def test_what_journald_drops_of_another_s_noise(anew: Menu) -> None:
    """The press that goes with it fails closed; the number is journald's."""
    with few_messages(anew):
        port = anew.machine.smb_port
        with Library(port, "bob") as bob, Library(port, "alice") as alice:
            alice.list("Probe")
            for _ in range(30):
                make_noise(bob)
            alice.delete(FLAG)
            fact = anew.wait_for_fact("unattributed")
            assert fact["FUI_LOSS"] == "event-without-record"
            while not anew.story("lost"):  # it comes with the first record that is kept again
                make_noise(bob)
                time.sleep(0.5)
            (told,) = anew.story("lost")
    assert told["FUI_LOSS"] == "suppressed"
    own = anew.machine.journal(f"MESSAGE_ID={DROPPED}", "_TRANSPORT=driver", "-n1")[0]
    assert told["FUI_NUMBER"] == own["N_DROPPED"]
    assert f"journald has dropped {own['N_DROPPED']} messages of smbd.service" in told["MESSAGE"]
    assert anew.story("started") == []
    wait_for_loss(anew, "suppressed", int(own["N_DROPPED"]))
    wait_for_loss(anew, "event-without-record", 1)
    text = anew.machine.run([FUI, "status"], user="bob").stdout
    assert f"suppressed {own['N_DROPPED']}" in text
    with anew.stopped():  # and what was told is not told once more
        pass
    anew.wait_until_ready()
    assert losses(anew) == {}
    assert len(anew.story("lost")) == 1


FORGER = """\
import socket, sys, time
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sender.sendto(sys.argv[1].encode(), "/run/systemd/journal/socket")
time.sleep(0.5)
"""


@pytest.mark.parametrize("forger", ["bob", "root"])
def test_a_forged_report_does_not_count(anew: Menu, alice: Client, forger: str) -> None:
    said = {
        "MESSAGE": "Suppressed 1000 messages from smbd.service",
        "MESSAGE_ID": DROPPED,
        "SYSLOG_IDENTIFIER": "systemd-journald",
        "SYSLOG_FACILITY": "3",
        "N_DROPPED": "1000",
        "OBJECT_SYSTEMD_UNIT": "smbd.service",
        "_TRANSPORT": "driver",
    }
    text = "".join(f"{name}={value}\n" for name, value in said.items())
    anew.machine.run(["/usr/bin/python3", "-c", FORGER, text], user=forger)
    forged = anew.machine.journal(f"MESSAGE_ID={DROPPED}", "N_DROPPED=1000")
    assert {entry["_TRANSPORT"] for entry in forged} == {"journal"}
    alice.delete(FLAG)  # what was said before was read before
    anew.wait_for_fact("ended")
    assert losses(anew) == {}
    assert anew.story("lost") == []


def test_what_does_not_fit_together(anew: Menu) -> None:
    """One of each kind that a local user can bring about; none of them runs anything."""
    machine = anew.machine
    line = f"alice|192.0.2.7|Controls|unlinkat|ok|{SHARE}/{FLAG}"
    forge = ["sh", "-c", f"logger --tag smbd_audit --priority local5.notice '{line}'; sleep 0.5"]
    machine.run(forge, user="bob")
    machine.run(forge, user="bob")
    machine.run(["rm", f"{SHARE}/{FLAG}"])
    wait_for_loss(anew, "disbelieved", 2)
    wait_for_loss(anew, "event-without-record", 1)
    assert [fact["FUI_LOSS"] for fact in anew.story("suspicious")] == ["disbelieved"]
    assert [fact["FUI_LOSS"] for fact in anew.story("unattributed")] == ["event-without-record"]
    assert anew.story("started", "pressed") == []


def test_a_record_that_comes_too_late(anew: Menu, alice: Client) -> None:
    """For journald is held up for longer than a press is waited for."""
    anew.machine.kill_unit("systemd-journald", "STOP")
    try:
        alice.delete(FLAG)
        anew.wait_for_names("Probe", "Quick [Denied]")
    finally:
        anew.machine.kill_unit("systemd-journald", "CONT")
    wait_for_loss(anew, "late-record", 1)
    assert "late-record" in {fact["FUI_LOSS"] for fact in anew.story("lost")}
    assert losses(anew)["event-without-record"] == 1
    assert anew.story("started", "pressed") == []
