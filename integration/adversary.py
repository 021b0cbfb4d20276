"""What the attackers of the tests have in common: forged lines, crafted programs, clients without manners.

Rules: only what an attacker could do, or what root has to prepare for that. What an attack means to FUI
the tests say.
"""

import dataclasses
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from integration.boot import SOURCE
from integration.inside import Inside
from integration.menu import SHARE, Menu

SLICE = "/sys/fs/cgroup/system.slice"
SMBD = f"{SLICE}/smbd.service"
PYTHON = ("/usr/bin/python3", "-I")
FACILITY = 21
"""local5"""


def program(name: str) -> str:
    """Name the file of a program of this folder, as it lies in the machine."""
    return f"/{SOURCE}/integration/adversary_{name}.py"


@dataclass(frozen=True)
class Forgery:
    """One line, and how it comes to journald. By default it is as Samba's own, but for its unit.

    Attributes:
        line: The text.
        via: `syslog`, `native` or `stdout`.
        ids: The uid and gid to have; those of the process by default.
        cgroup: The control group to enter, which root can; it is made.
        facility: By number.
        identifier: Before the text.
        fields: Further ones of a native entry.
    """

    line: str
    via: str = "syslog"
    ids: tuple[int, int] | None = None
    cgroup: str = ""
    facility: int = FACILITY
    identifier: str = "smbd_audit"
    fields: dict[str, str] = field(default_factory=dict)

    def argv(self, *python: str) -> list[str]:
        """Give the command line that sends it, by this Python."""
        return [*(python or PYTHON), program("forge"), json.dumps(dataclasses.asdict(self))]


def audit_line(path: str, user: str = "alice", operation: str = "unlinkat") -> str:
    """Write what Samba would."""
    return f"{user}|192.0.2.7|Controls|{operation}|ok|{path}"


class Forgers:
    """Processes that each send one line when they are told to."""

    def __init__(self, machine: Inside) -> None:
        """Have none yet."""
        self._machine = machine
        self._running: list[subprocess.Popen[str]] = []

    def prepare(self, argv: Sequence[str], user: str = "root") -> None:
        """Start one, and have it say that it is ready."""
        self._running.append(self._machine.spawn(argv, user=user, stdin=subprocess.PIPE))

    def wait(self) -> None:
        """Wait until all are ready."""
        for each in self._running:
            assert each.stdout is not None
            said = each.stdout.readline()
            assert said == "ready\n", said + each.stdout.read()

    def send(self) -> None:
        """Have all send at once, and wait until they are gone."""
        for each in self._running:
            assert each.stdin is not None
            each.stdin.write("now\n")
            each.stdin.flush()
        for each in self._running:
            said, _ = each.communicate(timeout=30)
            assert each.returncode == 0, said


def clear(machine: Inside, *folders: str) -> None:
    """Have folders of the share hold nothing but what FUI made there."""
    paths = [f"{SHARE}/{folder}" for folder in folders]
    machine.run(["find", *paths, "-mindepth", "1", "!", "-user", "fui", "-delete"], check=False)


@contextmanager
def replaced(menu: Menu, name: str, text: str) -> Iterator[None]:
    """Have a command of the menu be another program for a while; its rule of sudo stays."""
    path = f"/usr/local/bin/{name}"
    before = menu.machine.read(path)
    menu.machine.write(path, text, mode=0o755)
    try:
        yield
    finally:
        menu.machine.write(path, before, mode=0o755)
