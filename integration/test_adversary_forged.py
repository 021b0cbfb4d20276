"""A line that somebody else than Samba wrote is nobody's, however much in it is right.

All forgers send at the moment at which a flag of theirs was removed, a line that says that alice did it,
who may; and one line among them is right in everything, so that it is seen that the others fail by what
is wrong with them and by nothing else.
"""

import shlex
from collections.abc import Iterator
from dataclasses import replace

import pytest

from integration.adversary import (
    PYTHON,
    SLICE,
    SMBD,
    Forgers,
    Forgery,
    audit_line,
    program,
    replaced,
)
from integration.host import MachineError
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.smb import Client

HONEST = "honest"
NEARLY = ("smbd@smbd.service", "SMBD.service", "fui.service/smbd.service")
"""Control groups, as they are below `system.slice`; journald takes the unit from them."""
CLAIMS = {
    "_TRANSPORT": "syslog",
    "_UID": "0",
    "_GID": "0",
    "_SYSTEMD_UNIT": "smbd.service",
    "_COMM": "smbd",
    "__CURSOR": "s=0",
}


def logging(*argv: str) -> list[str]:
    """Have a program of the system send a line, as soon as one comes on stdin."""
    return ["sh", "-c", f"echo ready; read now; {shlex.join(argv)}; sleep 0.6"]


def forgeries(machine: Machine, lines: Iterator[str]) -> dict[str, tuple[str, list[str]]]:
    """Name who forges how: the user who begins, and the command line."""
    uid, gid = machine.ids("alice")

    def samba() -> Forgery:
        """Give what is right in everything; each of the next ones changes one thing."""
        return Forgery(next(lines), ids=(uid, 0), cgroup=SMBD)

    logger = ("logger", "--tag=smbd_audit", "--priority=local5.notice")
    machine.run(["cp", "--dereference", PYTHON[0], "/tmp/smbd"])
    return {
        HONEST: ("root", samba().argv()),
        # one thing is wrong
        "gid": ("root", replace(samba(), ids=(uid, gid)).argv()),
        "uid": ("root", replace(samba(), ids=(0, 0)).argv()),
        "unit": ("root", replace(samba(), cgroup="").argv()),
        "transport": ("root", replace(samba(), via="native").argv()),
        "output of smbd": ("root", replace(samba(), via="stdout").argv()),
        "facility": ("root", replace(samba(), facility=20).argv()),
        "identifier": ("root", replace(samba(), identifier="smbd_audit2").argv()),
        # names that resemble
        **{
            f"unit {name}": ("root", replace(samba(), cgroup=f"{SLICE}/{name}").argv())
            for name in NEARLY
        },
        "process smbd": ("bob", Forgery(next(lines)).argv("/tmp/smbd", "-I")),
        # every kind of user
        "nobody": ("nobody", Forgery(next(lines)).argv()),
        "alice": ("alice", Forgery(next(lines)).argv()),
        "fui": ("fui", Forgery(next(lines)).argv()),
        "root": ("root", Forgery(next(lines)).argv()),
        "root of a namespace": (
            "bob",
            ["unshare", "--map-root-user", *Forgery(next(lines)).argv()],
        ),
        # every way in, with fields that only journald may set
        "fields": ("bob", Forgery(next(lines), via="native", fields=CLAIMS).argv()),
        "logger": ("bob", logging(*logger, next(lines))),
        "systemd-cat": (
            "bob",
            logging("systemd-cat", "--identifier=smbd_audit", "echo", next(lines)),
        ),
    }


def test_of_all_these_lines_one_is_believed(machine: Machine, menu: Menu) -> None:
    flags = menu.names("Many")
    lines = iter([audit_line(f"{SHARE}/Many/{flag}.txt") for flag in flags])
    ways = forgeries(machine, lines)
    action = {name: flag.removesuffix(" [Ready]") for name, flag in zip(ways, flags, strict=True)}
    forgers = Forgers(machine)
    for user, argv in ways.values():
        forgers.prepare(argv, user)
    forgers.wait()
    for flag in flags:
        menu.folder("Many").joinpath(f"{flag}.txt").unlink()
    forgers.send()
    machine.run(["rmdir", *(f"{SLICE}/{name}" for name in NEARLY)])
    menu.wait_for_facts("unattributed", len(ways) - 1)
    menu.wait_for_fact("ended")
    menu.wait_until_ready()
    told = {
        name: [f.kind for f in menu.story() if f["FUI_ACTION"] == action[name]] for name in ways
    }
    assert told.pop(HONEST) == ["pressed", "started", "ended"]
    assert told == {name: ["unattributed"] for name in told}
    assert menu.story("suspicious")


@pytest.fixture
def user_manager(machine: Machine) -> Iterator[dict[str, str]]:
    """Have alice's own systemd run; give what her programs need to find it."""
    uid, _ = machine.ids("alice")
    env = {"XDG_RUNTIME_DIR": f"/run/user/{uid}", "HOME": "/home/alice"}
    machine.run(["install", "-d", "-o", "alice", "-m", "700", env["XDG_RUNTIME_DIR"]])
    machine.run(["install", "-d", "-o", "alice", "/home/alice/.config/systemd/user"])
    unit = f"user@{uid}.service"
    lines = ["[Service]", "Type=notify", "User=alice", "Delegate=yes"]
    lines += [f"Environment={name}={value}" for name, value in env.items()]
    lines += ["ExecStart=/lib/systemd/systemd --user --unit=basic.target"]
    machine.write(f"/etc/systemd/system/{unit}", "\n".join(lines))
    machine.run(["systemctl", "daemon-reload"])
    machine.run(["systemctl", "start", unit])
    yield env
    machine.run(["systemctl", "stop", unit])
    machine.path(f"/etc/systemd/system/{unit}").unlink()
    machine.run(["rm", "-r", "/home/alice"])


def test_a_unit_of_ones_own_that_is_called_smbd(
    machine: Machine, menu: Menu, user_manager: dict[str, str]
) -> None:
    flag = f"{SHARE}/Probe/Quick [Ready].txt"
    line = audit_line(flag)
    forge = f"#!/bin/sh\nrm '{flag}'\necho | {shlex.join(Forgery(line).argv())}\n"
    machine.write("/home/alice/forge", forge, mode=0o755)
    unit = "[Service]\nType=oneshot\nExecStart=/home/alice/forge\n"
    machine.write("/home/alice/.config/systemd/user/smbd.service", unit)
    machine.run(["systemctl", "--user", "start", "smbd.service"], user="alice", env=user_manager)
    entry = machine.journal("_SYSTEMD_USER_UNIT=smbd.service", f"MESSAGE={line}")[-1]
    assert entry["_SYSTEMD_UNIT"] == f"user@{machine.ids('alice')[0]}.service"
    menu.wait_for_fact("unattributed")
    assert menu.story("pressed", "started") == []


def test_a_job_of_fui_forges_as_root(machine: Machine, menu: Menu, alice: Client) -> None:
    """It is root, in FUI's own unit, and has the ids that smbd would have."""
    uid, _ = machine.ids("alice")
    flag = f"{SHARE}/Probe/Quick [Ready].txt"
    forge = Forgery(audit_line(flag), ids=(uid, 0)).argv()
    with replaced(menu, "grow", f"#!/bin/sh\nrm '{flag}'\necho | {shlex.join(forge)}\n"):
        alice.delete("Live/Grow [Ready].txt")
        assert menu.wait_for_fact("unattributed")["FUI_ACTION"] == "Quick"
        ended = menu.wait_for_fact("ended")
    assert (ended["FUI_ACTION"], ended["FUI_RESULT"]) == ("Grow", "done")
    assert [fact["FUI_ACTION"] for fact in menu.story("pressed")] == ["Grow"]


def test_a_real_line_that_is_sent_again(machine: Machine, menu: Menu, alice: Client) -> None:
    """Somebody has read a line that proved a press, and sends it as it was for the next flag."""
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_fact("ended")
    menu.wait_until_ready()
    (real,) = machine.journal("SYSLOG_IDENTIFIER=smbd_audit", "--lines=1", "--facility=local5")
    forgers = Forgers(machine)
    forgers.prepare(Forgery(real["MESSAGE"]).argv(), "bob")
    forgers.wait()
    machine.run(["rm", f"{SHARE}/Probe/Quick [Ready].txt"], user="bob")
    forgers.send()
    menu.wait_for_fact("unattributed")
    assert len(menu.story("started")) == 1


def test_the_forger_is_there_as_it_is_here(machine: Machine) -> None:
    """The programs of the attackers lie in the copy of the checkout, for all to read."""
    for user in ("nobody", "bob"):
        assert machine.run(["test", "-r", program("forge")], user=user).returncode == 0
    with pytest.raises(MachineError):
        machine.run(["test", "-w", program("forge")], user="bob")
