"""An Active Directory domain: a controller and a member, in two machines with a cable between them.

Rules: the member is made by what docs/active-directory.md shows, from its top to its end; only what
that page leaves to the administrator (names, addresses, a password) is done here. Each machine has
a network of its own, and the cable is made from one to the other: when they die it is gone.
"""

import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from integration import install
from integration.host import CHECKOUT, MachineError
from integration.inside import PATH
from integration.machine import OFFLINE, Machine
from integration.smb import SHARE, Command

PAGE = CHECKOUT / "docs" / "active-directory.md"
BOX = re.compile(
    r"^```(?P<kind>sh|ini|yaml)(?: (?P<path>/\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
INSTALL = ["apt-get", "install", "--yes"]

REALM, DOMAIN = "FUI.EXAMPLE", "FUIAD"
CONTROLLER, MEMBER = "192.0.2.1", "192.0.2.2"
PASSWORD = "Press-it-1"
GROUPS = {"operators": ("alice",), "web admins": ("operators", "o'neil", "carol")}
USERS = ("alice", "bob", "carol", "o'neil")
PURPOSE = "domain"
OF_A_CONTROLLER = ("samba-ad-dc", "samba-ad-provision", "samba-dsdb-modules", "python3-samba")


@dataclass(frozen=True)
class Box:
    """A box of the page: a file, if it has a path, else commands."""

    path: str
    text: str

    def commands(self) -> list[list[str]]:
        """Read the commands; nothing of a shell is in them."""
        return [] if self.path else [shlex.split(line) for line in self.text.splitlines()]


def boxes() -> list[Box]:
    """Read the page's boxes, in their order."""
    found = BOX.finditer(PAGE.read_text("utf-8"))
    return [Box(box["path"] or "", box["text"]) for box in found]


def packages() -> list[str]:
    """Name what the page has an administrator install, and what a controller needs."""
    said = [argv for box in boxes() for argv in box.commands() if argv[:3] == INSTALL]
    return [*(name for argv in said for name in argv[3:]), *OF_A_CONTROLLER]


class Controller(Machine):
    """The domain's controller, with its users and groups."""

    def __init__(self) -> None:
        """Say what it needs."""
        super().__init__(fui=False, private_network=True, purpose=PURPOSE, packages=packages())

    def provision(self) -> None:
        """Make the domain; its controller is the name server, too."""
        call_it(self, "dc", CONTROLLER)
        self.path("/etc/samba/smb.conf").unlink()
        words = f"--realm={REALM} --domain={DOMAIN} --server-role=dc --dns-backend=SAMBA_INTERNAL"
        own = ("--option=interfaces=lo eth0", "--option=bind interfaces only=yes")
        secret = (f"--adminpass={PASSWORD}", f"--host-ip={CONTROLLER}")
        self.tool("domain", "provision", *words.split(), *secret, *own)
        for user in USERS:
            self.tool("user", "create", user, PASSWORD)
        for group, members in GROUPS.items():
            self.tool("group", "add", group)
            self.tool("group", "addmembers", group, ",".join(members))
        self.run(["install", "/var/lib/samba/private/krb5.conf", "/etc/krb5.conf"])
        self.run(["systemctl", "stop", "smbd"])
        self.run(["systemctl", "start", "samba-ad-dc"])
        ask = ["net", "ads", "search", f"--user=Administrator%{PASSWORD}", "(cn=Users)", "dn"]
        self.wait_for(
            lambda: self.run(ask, check=False).returncode == 0, timeout=30, what="the directory"
        )

    def tool(self, *words: str) -> None:
        """Call samba-tool."""
        self.run(["samba-tool", *words], timeout=300)  # it makes a directory; machines are slow

    @contextmanager
    def outside(self, user: str, group: str) -> Iterator[None]:
        """Have a user out of a group for a while."""
        self.tool("group", "removemembers", group, user)
        try:
            yield
        finally:
            self.tool("group", "addmembers", group, user)


class Member(Machine):
    """The member, on which FUI runs."""

    def __init__(self) -> None:
        """Say what it needs."""
        super().__init__(fui=False, private_network=True, purpose=PURPOSE, packages=packages())

    def follow_the_page(self, settings: str) -> None:
        """Do what the page says, which has Samba joined and FUI running in the end.

        Args:
            settings: The fui.yaml, on which the page has no opinion.
        """
        call_it(self, "member", MEMBER)
        self.do(install.PROGRAM)
        self.write("/etc/fui/fui.yaml", settings)
        for box in boxes():
            if box.path:
                self.write(box.path, box.text)
            for argv in box.commands():
                if argv[:3] != INSTALL:  # that is in the layer
                    self.administer(argv)

    def administer(self, argv: Sequence[str]) -> str:
        """Do as root what an administrator does, who has the domain's password; give what was said."""
        env = {**OFFLINE, "PATH": f"/opt/fui/bin:{PATH}"}
        return self.run(argv, input=f"{PASSWORD}\n", env=env).stdout

    @contextmanager
    def hanging(self, unit: str) -> Iterator[None]:
        """Have a service hang for a while; if it is winbind, so does every command in the machine."""
        switch = self._scope.parent / "system.slice" / unit / "cgroup.freeze"
        switch.write_text("1")
        try:
            yield
        finally:
            switch.write_text("0")


class Remote(Command):
    """Samba's smbclient on the controller, a session for each call."""

    def __init__(self, controller: Controller, user: str) -> None:
        """Act as a user, named in any way that a logon takes."""
        super().__init__(controller, 445, user, PASSWORD)
        self._argv = logon(user)


class Session:
    """A session of smbclient that lasts.

    It takes one line at a time, and keeps what it has to say to itself until it ends (Samba's
    smb_readline selects on a descriptor that it reads through a buffer; its output is a pipe).
    """

    def __init__(self, controller: Controller, user: str) -> None:
        """Log on, and wait until that is done."""
        self._process = controller.spawn(logon(user), stdin=subprocess.PIPE)
        self._say("!echo in")
        assert self._process.stdout is not None
        if "in\n" not in self._process.stdout:
            msg = f"cannot log on as {user}"
            raise MachineError(msg)

    def __enter__(self) -> Self:
        """Act as the user for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """Log off."""
        self._process.kill()
        self._process.communicate()

    def delete(self, path: str) -> None:
        """Have a file deleted; nobody says whether it was."""
        self._say('del "' + path.replace("/", "\\") + '"')

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


def logon(user: str) -> list[str]:
    """Give the command line of a logon to the member's share; a user with a realm uses Kerberos."""
    how = ["--use-kerberos=required"] if "@" in user else []
    host = f"member.{REALM.lower()}"
    return ["smbclient", *how, f"--user={user}%{PASSWORD}", f"//{host}/{SHARE}"]


def call_it(machine: Machine, name: str, address: str) -> None:
    """Give a machine its name, and the controller as its name server."""
    full = f"{name}.{REALM.lower()}"
    machine.run(["hostname", name])
    machine.write("/etc/hosts", f"127.0.0.1 localhost\n{address} {full} {name}\n")
    machine.write("/etc/resolv.conf", f"search {REALM.lower()}\nnameserver {CONTROLLER}\n")
    machine.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")


def cable(one: Machine, other: Machine) -> None:
    """Connect two machines; a cable is gone when one of its ends is."""
    end = f"ip link add eth0 type veth peer name eth0 netns {other.leader}"
    subprocess.run(["nsenter", "--net", f"--target={one.leader}", *end.split()], check=True)
    for machine, address in ((one, CONTROLLER), (other, MEMBER)):
        machine.run(["ip", "address", "add", f"{address}/24", "dev", "eth0"])
        machine.run(["ip", "link", "set", "eth0", "up"])


@contextmanager
def domain(settings: str) -> Iterator[tuple[Controller, Member]]:
    """Have a domain for a while.

    Args:
        settings: The fui.yaml of its member.
    """
    with Controller() as controller, Member() as member:
        cable(controller, member)
        controller.provision()
        member.follow_the_page(settings)
        yield controller, member
