"""How the doctor is asked, how things are broken for it, and how all is as before afterwards.

Rules: each break is one thing, done as an administrator or an accident would do it. What is said in
`Broken` is all that a test knows of its row.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from integration.install import FUI
from integration.machine import Machine
from integration.menu import Menu
from integration.remedy import FILES, follow, put_into_section

UNITS = "/etc/systemd/system"
SNIPPET = FILES[1]
CHANGED = ("samba", "fui", "sudoers", "sudoers.d", "systemd", "passwd", "group", "gshadow")

Row = dict[str, str]
Do = Callable[[Machine], object]


def ask(machine: Machine, *arguments: str, user: str = "root") -> tuple[int, dict[str, Any]]:
    """Ask the doctor; its exit status and what it says."""
    done = machine.run([FUI, "doctor", "--json", *arguments], user=user, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def row_of(machine: Machine, name: str) -> Row:
    """Ask for one row, which is quicker."""
    row: Row
    (row,) = ask(machine, "--row", name)[1]["rows"]
    return row


@contextmanager
def as_before(menu: Menu) -> Iterator[Machine]:
    """Give a machine in which nothing is wrong; afterwards its files are as they were."""
    machine = menu.machine
    machine.run(["systemctl", "restart", "fui"])
    menu.wait_until_ready()
    sources = " ".join(f"/etc/{name}" for name in CHANGED)
    machine.run(["sh", "-c", f"rm -rf /tmp/etc; mkdir /tmp/etc; cp --archive {sources} /tmp/etc"])
    try:
        yield machine
    finally:
        changed = [name for name in CHANGED if _differs(machine, name)]
        for name in changed:
            machine.run(["rm", "--recursive", "--force", f"/etc/{name}"])
            machine.run(["cp", "--archive", f"/tmp/etc/{name}", f"/etc/{name}"])
        if {"samba", "systemd"} & set(changed):
            machine.run(["systemctl", "daemon-reload"])
            machine.run(["systemctl", "reset-failed", "smbd"])  # none of these restarts is counted
            machine.run(["systemctl", "restart", "systemd-journald", "smbd"])


def _differs(machine: Machine, name: str) -> bool:
    argv = ["diff", "--recursive", "--brief", f"/etc/{name}", f"/tmp/etc/{name}"]
    return machine.run(argv, check=False).returncode != 0


@dataclass(frozen=True)
class Broken:
    """A row, how it is broken, and how its remedy is followed.

    Attributes:
        row: Its name.
        by: Breaks it.
        verdict: What it is then.
        says: Words of what was found.
        person: What a person does where the remedy leaves it to one; else it is followed to the letter.
        undo: Shell that puts back what is not a file of /etc.
    """

    row: str
    by: Do
    verdict: str
    says: str
    person: Do | None = None
    undo: str = ""

    def __str__(self) -> str:
        """Name the test."""
        return f"{self.row}: {self.says}".replace("/", "|")

    def try_out(self, machine: Machine) -> None:
        """See the row well, broken, and well again by what it says."""
        try:
            assert row_of(machine, self.row)["verdict"] == "ok"
            self.by(machine)
            status, told = ask(machine, "--row", self.row)
            (row,) = told["rows"]
            assert row["verdict"] == self.verdict, row
            assert status == (self.verdict == "wrong")
            assert self.says in row["found"]
            assert row["remedy"]
            (self.person or partial(follow, remedy=row["remedy"]))(machine)
            machine.wait_for(
                lambda: row_of(machine, self.row)["verdict"] == "ok", what=f"it to be well; {row}"
            )
        finally:
            if self.undo:
                machine.run(["sh", "-c", self.undo], check=False)


def sh(command: str) -> Do:
    """Break by a shell."""
    return lambda machine: machine.run(["sh", "-c", command])


def line(text: str, section: str = "[Controls]") -> Do:
    """Have smb.conf say this."""

    def put(machine: Machine) -> None:
        put_into_section(machine, section, text)
        machine.run(["smbcontrol", "all", "reload-config"])

    return put


def no_line(beginning: str) -> Do:
    """Have smb.conf not say this."""
    return sh(f"sed --in-place '/^ *{beginning}/d' {SNIPPET}; smbcontrol all reload-config")


def other_share(text: str) -> Do:
    """Have smb.conf have another share."""
    return sh(f"printf '[Other]\\n{text}\\n' >> {FILES[0]}")


def drop_in(unit: str, text: str, then: str = "true") -> Do:
    """Have a unit say something else."""
    folder = f"{UNITS}/{unit}.service.d"
    return sh(
        f"mkdir --parents {folder}; printf '[Service]\\n{text}\\n' > {folder}/test.conf;"
        f" systemctl daemon-reload; {then}"
    )


def no_drop_in(unit: str) -> Do:
    """Take that out again."""
    return sh(
        f"rm {UNITS}/{unit}.service.d/test.conf; systemctl daemon-reload; systemctl restart {unit}"
    )


def setting(text: str) -> Do:
    """Have fui.yaml say something more, and the daemon know it."""
    return sh(f"echo '{text}' >> /etc/fui/fui.yaml; systemctl restart fui")


def away(path: str) -> str:
    """Take a file away; `back` brings it back."""
    return f"mv {path} {path}-away"


def back(path: str) -> str:
    """Bring a file back that is away."""
    return f"test ! -e {path}-away || mv {path}-away {path}"
