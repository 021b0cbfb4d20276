"""A machine to set up: it has the program, and Samba as Debian configures it, and nothing of FUI's.

Rules: what is asserted of a setup's outcome is asked of Samba, sudo, systemd and a client, not of files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import CompletedProcess

from integration import install
from integration.inside import PASSWORD
from integration.machine import Machine
from integration.smb import Library

FUI = install.FUI
SMB_CONF = "/etc/samba/smb.conf"
SNIPPET = "/etc/samba/smb.conf.d/fui.conf"
SHARE = "/srv/controls"
RECORD = "/var/lib/fui-setup"
MADE = (
    SNIPPET,
    RECORD,
    "/etc/sudoers.d/fui",
    "/etc/systemd/system/fui.service",
    "/etc/systemd/system/fui.service.d",
    "/etc/systemd/system/smbd.service.d",
    "/usr/lib/systemd/catalog/fui.catalog",
    "/var/lib/fui",
)
"""What a setup makes, and a removal takes back."""

DROP_IN = """\
object: Odd
action-group:
    directory: {group: Domain Users}
    allow: {groups: ['DOM\\web team'], users: [bob]}
    actions: [{name: Go, command: /bin/true}]
"""


@contextmanager
def fresh() -> Iterator[Machine]:
    """Boot a machine that has the program, and alice and bob as users of Samba."""
    with Machine(fui=False) as machine:
        machine.do(install.PROGRAM)
        machine.add_user("alice")
        machine.add_user("bob")
        yield machine


@contextmanager
def cleaned(machine: Machine) -> Iterator[Machine]:
    """Give the machine for a test, and see that a removal leaves nothing of FUI's."""
    before = machine.read(SMB_CONF)
    yield machine
    machine.write(SMB_CONF, before)
    machine.run([FUI, "setup", "--remove", "--yes"])
    machine.run(["rm", "-rf", "/etc/fui", "/etc/samba/smb.conf.d"])
    machine.run(["find", SHARE, "-mindepth", "1", "-delete"])
    assert machine.read(SMB_CONF) == before
    assert left_behind(machine) == []


def setup(machine: Machine, *options: str, status: int = 0, user: str = "root") -> str:
    """Run it, and give what it said."""
    done = run(machine, *options, user=user)
    assert done.returncode == status, f"{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr
    return f"{done.stdout}{done.stderr}"


def run(machine: Machine, *options: str, user: str = "root") -> CompletedProcess[str]:
    return machine.run([FUI, "setup", *options], user=user, check=False)


def left_behind(machine: Machine) -> list[str]:
    """What of FUI's there is on the machine."""
    accounts = [
        f"{name} in {file}"
        for file in ("/etc/passwd", "/etc/group")
        for line in machine.read(file).decode().splitlines()
        if (name := line.partition(":")[0]) in {"fui", "controls"}
    ]
    return [name for name in MADE if machine.path(name).exists()] + accounts


def press(machine: Machine, name: str = "Reload") -> None:
    """Have alice press a flag of the example, and see that it ran."""
    with Library(machine.smb_port, "alice") as alice:
        flag = f"{name} [Ready].txt"
        machine.wait_for(lambda: flag in alice.list("Apache"), what="the flag")
        alice.delete(f"Apache/{flag}")
        done = f"{name} [Done].txt"
        machine.wait_for(lambda: done in alice.list("Apache"), timeout=15, what="the outcome")


def sees(machine: Machine, user: str, share: str, *folder: str) -> str:
    """List what a user sees in a share of any name."""
    argv = ["smbclient", f"--port={machine.smb_port}", f"--user={user}%{PASSWORD}"]
    look = [f"//127.0.0.1/{share}", "--command", f"ls {''.join(f'{each}/*' for each in folder)}"]
    return machine.run([*argv, *look]).stdout


def pid(machine: Machine, unit: str) -> str:
    return machine.unit_property(unit, "MainPID")
