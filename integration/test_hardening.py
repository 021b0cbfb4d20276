"""What the daemon may, which reads what strangers wrote, and what its jobs may, which is everything."""

import re

from integration.host import CHECKOUT
from integration.inside import Inside
from integration.menu import Menu
from integration.smb import Client

IN_FORCE = {
    "User": "fui",
    "SupplementaryGroups": "systemd-journal",
    "NotifyAccess": "main",
    "OOMPolicy": "continue",
    "RemoveIPC": "yes",
    "KeyringMode": "private",
    "AmbientCapabilities": "",
    "StateDirectoryMode": "0700",
    "Delegate": "yes",
}
FREE = {
    "NoNewPrivileges": "no",
    "UMask": "0022",
    "PrivateTmp": "no",
    "PrivateMounts": "no",
    "ProtectSystem": "no",
    "SystemCallFilter": "",
}
"""What a job of root would trip over."""
EVERYTHING = """\
object: Everything
action-group:
    directory: {group: controls}
    allow: {groups: [wwwadmins]}
    actions:
        - {name: Try, command: /usr/local/bin/everything}
"""
OWN = ("/run/fui/", "/sys/fs/cgroup/", "/var/lib/fui/", "/srv/controls", "/dev/null", "anon_inode:")
"""Where the daemon may have something open to write in, beside pipes and sockets."""


def main_pid(machine: Inside) -> str:
    return machine.unit_property("fui", "MainPID")


def processes(machine: Inside) -> list[str]:
    """Every process of the daemon; there is no job now."""
    found = machine.run(["pgrep", "--uid", "fui"]).stdout.split()
    assert main_pid(machine) in found
    return found


def status(machine: Inside, pid: str) -> dict[str, str]:
    lines = machine.run(["cat", f"/proc/{pid}/status"]).stdout.splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_the_unit_is_as_it_is_meant(menu: Menu) -> None:
    wanted = IN_FORCE | FREE
    names = ",".join(wanted)
    lines = menu.machine.run(["systemctl", "show", f"--property={names}", "fui"]).stdout
    said = dict(line.split("=", 1) for line in lines.splitlines())
    assert {name: said.get(name, "").strip("~") for name in wanted} == wanted


def test_the_daemon_holds_no_privilege_beyond_its_user(menu: Menu) -> None:
    machine = menu.machine
    uid, gid = machine.ids("fui")
    groups = machine.run(["id", "--groups", "fui"]).stdout.split()
    names = machine.run(["id", "--groups", "--name", "fui"]).stdout.split()
    assert set(names) == {"fui", "systemd-journal", "controls"}
    for pid in processes(machine):
        said = status(machine, pid)
        assert said["Uid"].split() == [str(uid)] * 4
        assert said["Gid"].split() == [str(gid)] * 4
        assert set(said["Groups"].split()) == set(groups)
        # CapInh is what a program could take that has such a capability itself; systemd 257 leaves it.
        for kind in ("CapPrm", "CapEff", "CapAmb"):
            assert int(said[kind], 16) == 0, f"{kind} of process {pid}, {said['Name']}"


def test_the_daemon_has_nothing_open_that_is_not_its_own(menu: Menu) -> None:
    """A descriptor could say more than the rights of the user who holds it."""
    machine = menu.machine
    for pid in processes(machine):
        listed = machine.run(["ls", "-l", f"/proc/{pid}/fd"]).stdout.splitlines()
        found = [re.fullmatch(r"l(...)\S+ .* (\d+) -> (.*)", line) for line in listed]
        writable = [each[3] for each in found if each and each[1][1] == "w"]
        assert writable
        for target in writable:
            assert target.startswith((*OWN, "pipe:", "socket:")), f"{target} in process {pid}"


def test_the_daemon_listens_nowhere(menu: Menu) -> None:
    machine = menu.machine
    sockets = {
        link.removeprefix("socket:[").removesuffix("]")
        for pid in processes(machine)
        for link in machine.run(["find", f"/proc/{pid}/fd", "-printf", "%l\n"]).stdout.split()
        if link.startswith("socket:")
    }
    assert sockets  # to journald and systemd
    listed = [
        line.split()
        for family in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6", "packet", "netlink")
        for line in machine.run(["cat", f"/proc/net/{family}"]).stdout.splitlines()
    ]
    inodes = {word for line in listed for word in line}
    assert sockets.isdisjoint(inodes)
    for line in machine.run(["cat", "/proc/net/unix"]).stdout.splitlines()[1:]:
        _, _, _, flags, kind, _, inode, *name = line.split()
        if inode in sockets:
            assert not int(flags, 16) & 1 << 16  # SO_ACCEPTCON
            assert not name, f"{kind} {name}"


def said(menu: Menu) -> str:
    menu.wait_for_names("Everything", "Try [Failed]")
    return menu.text("Everything", "Try [Failed]")


def test_a_job_of_root_can_do_what_root_can(menu: Menu, alice: Client) -> None:
    program = CHECKOUT.joinpath("integration/everything.py").read_text("utf-8")
    menu.machine.write("/usr/local/bin/everything", f"#!/usr/bin/python3\n{program}", mode=0o755)
    with menu.configured("conf.d/everything.yaml", EVERYTHING):
        menu.set_up()
        menu.wait_for_names("Everything", "Try [Ready]")
        alice.delete("Everything/Try [Ready].txt")
        assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done", said(menu)
