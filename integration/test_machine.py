"""The machine is what FUI needs: real parts, real identities, and nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration import host, keeper
from integration.conftest import ClientOf
from integration.host import CACHE, CHECKOUT, MachineError, cgroup_mounts
from integration.machine import Machine
from integration.smb import Library, SmbError

FOLDER = "/srv/controls/Proof"
DRIVER = """
import sys
from integration.machine import Machine
with Machine(fui=False) as machine:
    machine.spawn(["sleep", "1000"])
    print(machine.leader, machine.name, flush=True)
    sys.stdin.read()
"""
UNIT = """
[Service]
Type=oneshot
User=fui
Delegate=yes
ExecStart=/usr/local/bin/proof
"""
DELEGATED = """\
#!/bin/sh -eu
job=/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)/job
mkdir $job
sh -c "echo 0 > $job/cgroup.procs; exec setsid sleep 1000" &
until grep -q "populated 1" $job/cgroup.events; do sleep 0.01; done
echo 1 > $job/cgroup.kill
until grep -q "populated 0" $job/cgroup.events; do sleep 0.01; done
rmdir $job
"""


@pytest.fixture(autouse=True)
def folder(machine: Machine) -> Iterator[None]:
    """Make a folder in the share as the daemon would, with nothing known about it."""
    machine.run(["install", "-d", "-o", "fui", "-g", "controls", "-m", "2770", FOLDER])
    yield
    machine.run(["rm", "-r", FOLDER])


def make_flag(machine: Machine, name: str) -> None:
    """Make a file in the folder, as the daemon does."""
    machine.run(
        ["install", "-m0660", "-o", "fui", "-g", "controls", "/dev/null", f"{FOLDER}/{name}"]
    )


def audit(machine: Machine, operation: str, name: str) -> list[dict[str, object]]:
    entries = machine.journal("SYSLOG_IDENTIFIER=smbd_audit")
    return [e for e in entries if f"|{operation}|ok|" in e["MESSAGE"] and name in e["MESSAGE"]]


def test_it_has_booted_and_nothing_failed(machine: Machine) -> None:
    for unit in ("smbd", "apache2", "systemd-journald"):
        assert machine.unit_property(unit, "ActiveState") == "active"
    assert machine.run(["systemctl", "list-units", "--failed", "--quiet"]).stdout == ""
    assert machine.path("/proc/1/comm").read_text() == "systemd\n"


@pytest.mark.parametrize("name", ["Stop [Ready].txt", "o'neil 100% [ü].txt"])
def test_the_journal_knows_who_deleted(machine: Machine, client_of: ClientOf, name: str) -> None:
    make_flag(machine, name)
    alice = client_of("alice")
    assert alice.list("Proof") == [name]
    alice.delete(f"Proof/{name}")
    assert alice.list("Proof") == []
    entry = machine.wait_for(lambda: audit(machine, "unlinkat", name), what="the audit entry")[-1]
    uid, _ = machine.ids("alice")
    assert entry["MESSAGE"] == f"alice|127.0.0.1|Controls|unlinkat|ok|{FOLDER}/{name}"
    assert {key: entry[key] for key in ("_UID", "_GID", "_SYSTEMD_UNIT", "SYSLOG_FACILITY")} == {
        "_UID": str(uid),
        "_GID": "0",
        "_SYSTEMD_UNIT": "smbd.service",
        "SYSLOG_FACILITY": "21",
    }
    assert (entry["_TRANSPORT"], entry["SYSLOG_IDENTIFIER"]) == ("syslog", "smbd_audit")


def test_a_client_can_do_what_a_user_can(machine: Machine, client_of: ClientOf) -> None:
    alice = client_of("alice")
    alice.mkdir("Proof/a folder")
    alice.put("Proof/a folder/one.txt", b"1\r\n\xff")
    assert alice.read("Proof/a folder/one.txt") == b"1\r\n\xff"
    alice.rename("Proof/a folder/one.txt", "Proof/two.txt")
    assert alice.list("Proof") == ["a folder", "two.txt"]
    machine.wait_for(lambda: audit(machine, "renameat", "two.txt"), what="the audit entry")
    with pytest.raises(SmbError) as caught:
        alice.delete("Proof/three.txt")
    assert caught.value.status in {"NO_SUCH_FILE", "OBJECT_NAME_NOT_FOUND"}


def test_a_deletion_waits_for_the_one_who_holds_the_file(
    machine: Machine, client_of: ClientOf
) -> None:
    make_flag(machine, "held.txt")
    with Library(machine.smb_port, "bob") as bob, bob.hold("Proof/held.txt"):
        client_of("alice").delete("Proof/held.txt")
        assert machine.path(f"{FOLDER}/held.txt").exists()
    machine.wait_for(lambda: not machine.path(f"{FOLDER}/held.txt").exists(), what="the deletion")
    entry = machine.wait_for(lambda: audit(machine, "unlinkat", "held.txt"), what="the entry")[-1]
    assert str(entry["MESSAGE"]).startswith("bob|")
    assert entry["_UID"] == str(machine.ids("alice")[0])


@pytest.fixture(scope="module")
def stranger(machine: Machine) -> str:
    machine.add_user("d'arcy")
    return "d'arcy"


def test_a_stranger_is_not_let_in(client_of: ClientOf, stranger: str) -> None:
    with pytest.raises(SmbError) as caught:
        client_of(stranger).list()
    assert caught.value.status == "ACCESS_DENIED"


def test_users_have_journals_of_their_own(machine: Machine) -> None:
    assert list(machine.path("/var/log/journal").glob("*/user-*.journal"))


def test_a_service_may_kill_its_own_cgroups(machine: Machine) -> None:
    machine.write("/usr/local/bin/proof", DELEGATED, mode=0o755)
    machine.write("/run/systemd/system/proof.service", UNIT)
    machine.run(["systemctl", "daemon-reload"])
    machine.run(["systemctl", "start", "proof"])
    assert machine.unit_property("proof", "Result") == "success"


def test_sudo_works(machine: Machine) -> None:
    machine.write("/etc/sudoers.d/proof", "bob ALL=(root) NOPASSWD: /usr/bin/id\n", mode=0o440)
    assert machine.run(["sudo", "-n", "/usr/bin/id", "-u"], user="bob").stdout == "0\n"
    machine.path("/etc/sudoers.d/proof").unlink()


def test_the_web_server_answers_on_the_loopback_only(machine: Machine) -> None:
    sockets = machine.run(["ss", "--no-header", "--listening", "--tcp", "--numeric"]).stdout
    own = [line for line in sockets.splitlines() if f":{machine.web_port} " in line]
    assert [line.split()[3] for line in own] == [f"127.0.0.1:{machine.web_port}"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_machine(machine: Machine, number: signal.Signals) -> None:
    argv = [sys.executable, "-c", DRIVER]
    with subprocess.Popen(
        argv,
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as driver:
        assert driver.stdout is not None
        leader, name = driver.stdout.readline().split()
        os.killpg(driver.pid, number)
        driver.wait()
    machine.wait_for(lambda: not Path("/proc", leader).exists(), what="the end of the machine")
    homes = [mount / name for mount, _ in cgroup_mounts()]
    machine.wait_for(lambda: not any(home.exists() for home in homes), what="the cgroups")
    machine.wait_for(lambda: not processes_with(name), what="the end of its processes")
    assert str(CACHE) not in Path("/proc/self/mounts").read_text()
    assert [*Path("/tmp").glob("nspawn-*"), *Path("/run/systemd/nspawn").glob("*/*")] == []
    assert list(CACHE.joinpath("mnt").iterdir()) == []


def processes_with(word: str) -> list[str]:
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(file.read_text(errors="replace").replace("\0", " "))
        except OSError:
            continue
    return [line for line in lines if word in line]


def test_a_killed_keeper_takes_its_command_along(machine: Machine) -> None:
    name = keeper.fresh_name()
    argv = keeper.command(name, ["sleep", "1000.125"])
    with subprocess.Popen(argv, cwd=CHECKOUT, stdin=subprocess.PIPE) as kept:
        machine.wait_for(
            lambda: "sleep 1000.125 " in processes_with("1000.125"), what="the command"
        )
        kept.kill()
    machine.wait_for(lambda: not processes_with("1000.125"), what="the end of the command")
    keeper.clear_cgroup(name)
    assert not any((mount / name).exists() for mount, _ in cgroup_mounts())


def test_without_root_it_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(MachineError, match=r"^cannot .* without root: run this command with sudo$"):
        host.require()


def test_without_a_tool_it_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(MachineError, match=r"^cannot .*: apt-get install systemd-container$"):
        host.require()
