"""What can be done in a running machine, given the process that is its PID 1.

Rules: a command enters every namespace of the machine and a cgroup of its own there, so that
journald, systemd and sudo see nothing unusual; its user is the machine's user of that name. It
dies with the caller. The environment is a plain one: nothing of the host's gets in.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from integration.host import MachineError
from integration.keeper import ENTER

Entry = dict[str, Any]
NAMESPACES = ("--mount", "--uts", "--ipc", "--pid", "--net", "--cgroup", "--root", "--wd")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
POLL = 0.01
MAX_LINKS = 40
PASSWORD = "press-it"
STAND_IN = "stand-in-for-a-name"
ACCOUNTS = tuple(
    f"/etc/{file}" for file in ("passwd", "shadow", "group", "gshadow", "subuid", "subgid")
)
T = TypeVar("T")


class Inside:
    """A running machine, as one who stands in it sees it."""

    def __init__(self, leader: int, cgroup: Path) -> None:
        """Stand in the machine whose PID 1 is known on the host as `leader`."""
        self.leader = leader
        self._scope = cgroup / "driver.scope"
        self._scope.mkdir(exist_ok=True)
        self._root = Path(f"/proc/{leader}/root")

    def command(self, argv: Sequence[str], *, user: str = "root", cwd: str = "/") -> list[str]:
        """Give the command line that runs `argv` in the machine, started on the host."""
        uid, gid = self.ids(user)
        enter = [sys.executable, "-IS", str(ENTER), str(self._scope)]
        nsenter = ["nsenter", f"--target={self.leader}", *NAMESPACES, "--"]
        become = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--init-groups"]
        return [*enter, *nsenter, *become, "--pdeathsig=KILL", "env", f"--chdir={cwd}", *argv]

    def run(
        self,
        argv: Sequence[str],
        *,
        user: str = "root",
        input: str | None = None,  # noqa: A002
        check: bool = True,
        cwd: str = "/",
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end.

        Args:
            argv: The command.
            user: Whom it runs as.
            input: What it reads; nothing by default.
            check: Whether its failure is ours.
            cwd: The folder of the machine that it runs in.
            env: Variables beside the plain ones.
            timeout: Seconds after which it is killed.

        Raises:
            MachineError: It failed, and that is ours.
        """
        done = subprocess.run(
            self.command(argv, user=user, cwd=cwd),
            input=input or "",
            capture_output=True,
            text=True,
            errors="surrogateescape",
            env=self._environment(user, env),
            timeout=timeout,
            check=False,
        )
        if check and done.returncode != 0:
            said = f"{done.stdout}{done.stderr}".strip()
            msg = f"cannot {argv!r} as {user} in the machine: exit {done.returncode}: {said}"
            raise MachineError(msg)
        return done

    def spawn(
        self,
        argv: Sequence[str],
        *,
        user: str = "root",
        stdin: int | IO[Any] = subprocess.DEVNULL,
        stdout: int | IO[Any] = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start a command and go on; killing what is returned kills it."""
        return subprocess.Popen(
            self.command(argv, user=user),
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment(user, None),
        )

    def _environment(self, user: str, more: Mapping[str, str] | None) -> dict[str, str]:
        home = "/root" if user == "root" else f"/home/{user}"
        return {"PATH": PATH, "LANG": "C.UTF-8", "USER": user, "HOME": home, **(more or {})}

    def ids(self, user: str) -> tuple[int, int]:
        """Look up a user's uid and first gid."""
        for line in self.path("/etc/passwd").read_text(encoding="utf-8").splitlines():
            name, _, uid, gid, *_ = line.split(":")
            if name == user:
                return int(uid), int(gid)
        msg = f"cannot find the user {user} in the machine"
        raise MachineError(msg)

    def journal(self, *args: str) -> list[Entry]:
        """Read journal entries, oldest first; the arguments are journalctl's."""
        done = self.run(["journalctl", "--output=json", "--all", "--no-pager", "--quiet", *args])
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait_for(self, predicate: Callable[[], T], *, timeout: float = 5, what: str) -> T:
        """Ask until the answer is true, and give it.

        Args:
            predicate: Asked every few milliseconds.
            timeout: Seconds until asking is in vain.
            what: What is waited for, for the message.

        Raises:
            MachineError: It was in vain.
        """
        deadline = time.monotonic() + timeout
        while not (answer := predicate()):
            if time.monotonic() > deadline:
                msg = f"waited {timeout:g} s in vain for {what}; the last answer was {answer!r}"
                raise MachineError(msg)
            time.sleep(POLL)
        return answer

    def unit_property(self, unit: str, name: str) -> str:
        """Ask systemd for a property of a unit."""
        return self.run(["systemctl", "show", f"--property={name}", "--value", unit]).stdout.strip()

    def systemd_version(self) -> int:
        """Ask which systemd it is."""
        return int(self.run(["systemctl", "--version"]).stdout.split()[1])

    def has_sudo_rs(self) -> bool:
        """Ask whether sudo is sudo-rs."""
        done = self.run(["sudo", "-V"])
        return (done.stdout or done.stderr).startswith("sudo-rs ")

    def kill_unit(self, unit: str, signal: str = "KILL", *, whom: str = "main") -> None:
        """Send a signal to a unit's main process, or to `all` of its processes."""
        self.run(["systemctl", "kill", f"--signal={signal}", f"--kill-whom={whom}", unit])

    def path(self, name: str) -> Path:
        """Find where a file of the machine is on the host.

        Symbolic links in it are followed here and not by the kernel, for which an absolute one
        would lead to the host's file.
        """
        todo, here, hops = list(Path(name).parts[1:]), self._root, 0
        while todo:
            part = todo.pop(0)
            if part == "..":
                here = self._root if here == self._root else here.parent
            elif (here / part).is_symlink() and (hops := hops + 1) < MAX_LINKS:
                target = (here / part).readlink()
                todo[:0] = target.parts[target.is_absolute() :]
                here = self._root if target.is_absolute() else here
            else:
                here /= part
        return here

    def read(self, name: str) -> bytes:
        """Read a file of the machine."""
        return self.path(name).read_bytes()

    def write(self, name: str, content: str | bytes, *, mode: int = 0o644) -> None:
        """Write a file of the machine, as root; its folder is made if need be."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)

    def add_user(self, name: str, groups: Sequence[str] = (), password: str = PASSWORD) -> None:
        """Make a user of the machine and of Samba, of any name; groups that are not there are made.

        useradd(8) of shadow 4.20 refuses names that a directory has nonetheless, so the name is put
        in afterwards.
        """
        for group in groups:
            self.run(["groupadd", "--force", group])
        also = ["--groups", ",".join(groups)] if groups else []
        self.run(["useradd", "--no-create-home", "--shell=/bin/sh", *also, STAND_IN])
        for file in filter(Path.exists, map(self.path, ACCOUNTS)):
            file.write_bytes(file.read_bytes().replace(STAND_IN.encode(), name.encode()))
        self.run(["smbpasswd", "-s", "-a", "--", name], input=f"{password}\n{password}\n")

    def remove_user(self, name: str) -> None:
        """Take such a user away."""
        self.run(["smbpasswd", "-x", "--", name], check=False)
        self.run(["userdel", "--", name])
