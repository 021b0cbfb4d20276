"""What else runs a command when a file is deleted, each with a folder of its own in the share.

Rules: a rival is set up as its manual says, and none is slowed down; those that run as root anyway
call no sudo, which is to their advantage. One that reads the journal has work with whatever is
deleted, so it is there only while it is measured; the others wait for nothing but their own folder.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from integration.benchmarks.presses import STAMP, SUDO, Bench
from integration.menu import SHARE

TEXT = "by its text"
"""It could take the name of a line, which is that of who closed the file last."""

LOOP = "inotifywait with sudo"
INOTIFYWAIT = """
inotifywait --quiet --monitor --event delete --format %f {folder} |
while read -r name; do {call}; done
"""
JOURNALCTL = """
journalctl --follow --lines=0 --identifier=smbd_audit --output=cat |
while read -r line; do case $line in *'|unlinkat|ok|{folder}/'*) {call};; esac; done
"""
PATH_UNIT = "[Path]\nPathChanged={folder}\n"
SERVICE_UNIT = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nType=oneshot\nExecStart={command}\n"
FILTER = "[Definition]\nfailregex = \\|unlinkat\\|ok\\|{folder}/<F-ID>\\S+</F-ID>$\n"
ACTION = "[Definition]\nactionban = {command}\n"
# By default it reads the system's journal only, and what smbd logs as a user is in the user's.
JAIL = """
[sshd]
enabled = false
[press]
enabled = true
backend = systemd[journalflags=1]
journalmatch = SYSLOG_IDENTIFIER=smbd_audit
filter = press
action = press
maxretry = 1
"""


@dataclass(frozen=True)
class Rival:
    """One of them.

    Attributes:
        name: What it is.
        folder: Its folder in the share.
        start: Has it run for a while, in its folder.
        each: Of how many presses of FUI's it has one.
        knows: Whether it knows who it was.
    """

    name: str
    folder: str
    start: Callable[[Bench, str], AbstractContextManager[None]]
    each: int
    knows: str = "no"

    @property
    def reads_journal(self) -> bool:
        """Whether it is woken up by what others do."""
        return self.knows == TEXT

    @contextmanager
    def running(self, bench: Bench, presses: int) -> Iterator[None]:
        """Have it run for a while.

        Args:
            bench: Where.
            presses: How many files it is given; to make one while it runs would wake some of them.
        """
        path = f"{SHARE}/{self.folder}"
        machine = bench.machine
        machine.run(["install", "-d", "-o", "fui", "-g", "controls", "-m", "2770", path])
        rule = f"fui ALL=(root : root) NOPASSWD: {STAMP} /run/stamp-{self.folder}\n"
        machine.write(f"/etc/sudoers.d/{self.folder}", rule, mode=0o440)
        for number in range(presses):
            file = machine.path(f"{path}/{number}.txt")
            file.touch()
            file.chmod(0o660)
            os.chown(file, bench.fui, -1)
        with self.start(bench, self.folder):
            yield


def texts(name: str) -> dict[str, str]:
    """Give what the texts above have to be filled in with."""
    command = f"{STAMP} /run/stamp-{name}"
    call = f"{SUDO} -n -u root -g root -- {command}"
    return {"folder": f"{SHARE}/{name}", "command": command, "call": call}


def shell_loop(script: str) -> Callable[[Bench, str], AbstractContextManager[None]]:
    """Have a loop of the shell run as fui."""

    @contextmanager
    def start(bench: Bench, name: str) -> Iterator[None]:
        text = script.format(**texts(name))
        shell = bench.machine.spawn(["bash", "-c", text], user="fui")
        try:
            yield
        finally:
            shell.kill()
            shell.wait()

    return start


@contextmanager
def unit(bench: Bench, name: str) -> Iterator[None]:
    """Start a unit, and stop it."""
    bench.machine.run(["systemctl", "daemon-reload"])
    bench.machine.run(["systemctl", "start", name])
    try:
        yield
    finally:
        bench.machine.run(["systemctl", "stop", name])


@contextmanager
def incron(bench: Bench, name: str) -> Iterator[None]:
    """Have incron run sudo, as fui."""
    bench.machine.write("/etc/incron.allow", "fui\n")
    bench.machine.write("/tmp/incron.table", "{folder} IN_DELETE {call}\n".format(**texts(name)))
    bench.machine.run(["incrontab", "--user=fui", "/tmp/incron.table"])
    with unit(bench, "incron.service"):
        yield


@contextmanager
def path_unit(bench: Bench, name: str) -> Iterator[None]:
    """Have systemd run the command, as root."""
    for suffix, text in (("path", PATH_UNIT), ("service", SERVICE_UNIT)):
        bench.machine.write(f"/etc/systemd/system/press.{suffix}", text.format(**texts(name)))
    with unit(bench, "press.path"):
        yield


@contextmanager
def fail2ban(bench: Bench, name: str) -> Iterator[None]:
    """Have fail2ban run the command, as root, for each file anew, so that none is banned already."""
    machine = bench.machine
    files = {"filter.d": FILTER.format(**texts(name)), "action.d": ACTION.format(**texts(name))}
    for folder, text in (files | {"jail.d": JAIL}).items():
        machine.write(f"/etc/fail2ban/{folder}/press.conf", text)
    with unit(bench, "fail2ban.service"):
        status = ["fail2ban-client", "status", "press"]
        machine.wait_for(
            lambda: machine.run(status, check=False).returncode == 0,
            timeout=30,
            what="fail2ban's jail",
        )
        yield


RIVALS = (
    Rival(LOOP, "Loop", shell_loop(INOTIFYWAIT), each=1),
    Rival("incron with sudo", "Incron", incron, each=5),
    Rival("systemd path unit", "Path", path_unit, each=5),
    Rival("journalctl -f with sudo", "Follow", shell_loop(JOURNALCTL), 5, knows=TEXT),
    Rival("fail2ban", "Ban", fail2ban, 25, knows=TEXT),
)
