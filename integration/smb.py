"""Two SMB clients that have nothing in common but what a user can do.

Rules: a path is relative to the share, with `/` between its parts. A client is one user's
session. What the server refuses is an `SmbError` that bears the NT status, in either client.
`Command` is Samba's own smbclient, a session for each call, run in the machine; `Library` is
smbprotocol, one session that lasts, run in this process.
"""

import contextlib
import itertools
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, Self

import smbclient
from smbprotocol.exceptions import (
    SMBException,
    SMBLinkRedirectionError,
    SMBOSError,
    SMBResponseException,
)
from smbprotocol.header import NtStatus

from integration.inside import PASSWORD, Inside

SHARE = "Controls"
SERVER = "127.0.0.1"
FILE_PAUSE = 0.02
"""Seconds that `Library` waits between two files of a folder that it deletes."""
LINGER = 0.05
"""Seconds that a session lasts on: a person's client stays, and journald can see whose entry it is."""
STATUS = re.compile(r"NT_STATUS_\w+")
NAMES = {value: name for name, value in vars(NtStatus).items() if name.startswith("STATUS_")}
ROW = re.compile(r"^  (?P<name>.+?) +(?P<kind>[ADHNRSVrs]+) +\d+  \w{3} \w{3} .{16}$", re.MULTILINE)
_NUMBERS = itertools.count(1)


class SmbError(Exception):
    """The server refused; `status` is its reason without the prefix, as `ACCESS_DENIED`."""

    def __init__(self, status: str, text: str) -> None:
        self.status = status.removeprefix("NT_").removeprefix("STATUS_")
        super().__init__(text)


class Client(Protocol):
    """What a user can do in the share."""

    user: str

    def list(self, folder: str = "") -> list[str]:
        """Name what is in a folder, sorted."""

    def read(self, path: str) -> bytes:
        """Read a file."""

    def put(self, path: str, content: bytes) -> None:
        """Write a file."""

    def delete(self, path: str) -> None:
        """Delete a file."""

    def rename(self, old: str, new: str) -> None:
        """Rename or move a file."""

    def rename_all(self, names: Mapping[str, str]) -> None:
        """Rename or move files one right after the other."""

    def mkdir(self, folder: str) -> None:
        """Make a folder."""

    def rmdir(self, folder: str) -> None:
        """Remove a folder."""

    def link(self, old: str, new: str) -> None:
        """Give a file another name as well."""

    def symlink(self, target: str, new: str) -> None:
        """Make a symbolic link to what its target names, seen from where it is."""

    def deltree(self, *folders: str) -> None:
        """Delete folders with all that is in them, as far as the server lets that happen.

        Each client does it in its own way: smbclient by its `deltree`, the library file after
        file, with a pause of 20 ms between two.
        """

    def close(self) -> None:
        """End the session."""


class Command:
    """Samba's smbclient."""

    def __init__(self, machine: Inside, port: int, user: str, password: str = PASSWORD) -> None:
        """Act as a user; nothing is connected yet."""
        self.user = user
        self._machine = machine
        self._argv = ["smbclient", f"--port={port}", f"--user={user}%{password}"]
        self._argv += ["--configfile=/dev/null", f"//{SERVER}/{SHARE}"]

    def list(self, folder: str = "") -> list[str]:
        """Name what is in a folder, sorted."""
        rows = ROW.finditer(self._do("ls", f"{folder}/*" if folder else "*"))
        return sorted(row["name"] for row in rows if row["name"] not in {".", ".."})

    def read(self, path: str) -> bytes:
        """Read a file."""
        with self._scratch() as file:
            self._do("get", path, local=file)
            return self._machine.read(file)

    def put(self, path: str, content: bytes) -> None:
        """Write a file."""
        with self._scratch() as file:
            self._machine.write(file, content)
            self._do("put", path, local=file, local_first=True)

    def delete(self, path: str) -> None:
        """Delete a file."""
        self._do("del", path)

    def rename(self, old: str, new: str) -> None:
        """Rename or move a file."""
        self._do("rename", old, new)

    def rename_all(self, names: Mapping[str, str]) -> None:
        """Rename or move files in one session."""
        self._say(*(f"rename {_quoted(old)} {_quoted(new)}" for old, new in names.items()))

    def mkdir(self, folder: str) -> None:
        """Make a folder."""
        self._do("mkdir", folder)

    def rmdir(self, folder: str) -> None:
        """Remove a folder."""
        self._do("rmdir", folder)

    def link(self, old: str, new: str) -> None:
        """Give a file another name as well."""
        self._do("hardlink", old, new)

    def symlink(self, target: str, new: str) -> None:
        """Make a symbolic link."""
        self._do("symlink", target, new)

    def make_read_only(self, path: str) -> None:
        """Set the attribute of a file that keeps it from being deleted; the library takes it away again."""
        self._say(f"setmode {_quoted(path)} +r")

    def deltree(self, *folders: str) -> None:
        """Delete folders with all that is in them, in one session; they themselves are not the user's."""
        with _as_far_as_it_may():
            self._say(*(f"deltree {_quoted(folder)}" for folder in folders))

    def close(self) -> None:
        """End the session; there is none between two calls."""

    @contextmanager
    def _scratch(self) -> Iterator[str]:
        file = f"/tmp/smbclient-{next(_NUMBERS)}"
        try:
            yield file
        finally:
            self._machine.path(file).unlink(missing_ok=True)

    def _do(self, verb: str, *paths: str, local: str = "", local_first: bool = False) -> str:
        remote = [_quoted(path) for path in paths]
        words = [verb, *([local, *remote] if local_first else [*remote, local])]
        return self._say(" ".join(words))

    def _say(self, *commands: str) -> str:
        said = "".join(f"{command}\n" for command in (*commands, f"!sleep {LINGER}"))
        done = self._machine.run(self._argv, input=said, check=False)
        refused = STATUS.search(done.stdout + done.stderr)
        if done.returncode != 0 or refused:
            raise SmbError(refused[0] if refused else "", f"{done.stdout}{done.stderr}".strip())
        return done.stdout


def _quoted(path: str) -> str:
    if not {'"', ";", "\n"}.isdisjoint(path):
        msg = f"cannot pass {path!r} to smbclient: it has no way to quote it"
        raise ValueError(msg)
    return '"' + path.replace("/", "\\") + '"'


class Library:
    """The library smbprotocol."""

    def __init__(self, port: int, user: str, password: str = PASSWORD) -> None:
        """Act as a user; the session begins with the first call."""
        self.user = user
        self._session: dict[str, Any] = {
            "username": user,
            "password": password,
            "port": port,
            "connection_cache": {},
        }

    def list(self, folder: str = "") -> list[str]:
        """Name what is in a folder, sorted."""
        with _refusals():
            return sorted(smbclient.listdir(_unc(folder), **self._session))

    def read(self, path: str) -> bytes:
        """Read a file."""
        with self.hold(path) as file:
            content: bytes = file.read()
            return content

    def put(self, path: str, content: bytes) -> None:
        """Write a file."""
        options = {"mode": "wb", "share_access": "rwd", **self._session}
        with _refusals(), smbclient.open_file(_unc(path), **options) as file:
            file.write(content)

    def delete(self, path: str) -> None:
        """Delete a file."""
        with _refusals():
            smbclient.remove(_unc(path), **self._session)

    def rename(self, old: str, new: str) -> None:
        """Rename or move a file."""
        with _refusals():
            smbclient.rename(_unc(old), _unc(new), **self._session)

    def rename_all(self, names: Mapping[str, str]) -> None:
        """Rename or move files in this session."""
        for old, new in names.items():
            self.rename(old, new)

    def mkdir(self, folder: str) -> None:
        """Make a folder."""
        with _refusals():
            smbclient.mkdir(_unc(folder), **self._session)

    def rmdir(self, folder: str) -> None:
        """Remove a folder."""
        with _refusals():
            smbclient.rmdir(_unc(folder), **self._session)

    def link(self, old: str, new: str) -> None:
        """Give a file another name as well."""
        with _refusals():
            smbclient.link(_unc(old), _unc(new), **self._session)

    def symlink(self, target: str, new: str) -> None:
        """Make a symbolic link."""
        with _refusals():
            smbclient.symlink(target, _unc(new), **self._session)

    def deltree(self, *folders: str) -> None:
        """Delete folders with all that is in them, file after file."""
        for folder in folders:
            for name in self.list(folder):
                with _as_far_as_it_may():
                    self.delete(f"{folder}/{name}")
                time.sleep(FILE_PAUSE)
            with contextlib.suppress(SmbError):  # it is not the user's to remove
                self.rmdir(folder)

    @contextmanager
    def hold(self, path: str) -> Iterator[Any]:
        """Hold a file open, letting others read, write and delete it meanwhile.

        smbclient has no such thing: its `open` does not let others delete.
        """
        options = {"mode": "rb", "share_access": "rwd", **self._session}
        with _refusals():
            file = smbclient.open_file(_unc(path), **options)
        try:
            yield file
        finally:
            file.close()

    def close(self) -> None:
        """End the session."""
        time.sleep(LINGER)
        with contextlib.suppress(SMBException, OSError):
            cache = self._session["connection_cache"]
            smbclient.reset_connection_cache(fail_on_error=False, connection_cache=cache)

    def __enter__(self) -> Self:
        """Act as a user for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the session."""
        self.close()


def _unc(path: str) -> str:
    return "\\".join(["", "", SERVER, SHARE, *filter(None, path.split("/"))])


@contextmanager
def _as_far_as_it_may() -> Iterator[None]:
    """Leave alone what is not the user's to delete."""
    try:
        yield
    except SmbError as error:
        if error.status != "ACCESS_DENIED":
            raise


@contextmanager
def _refusals() -> Iterator[None]:
    """Say what the library raises in the words of this module."""
    try:
        yield
    except SMBOSError as error:
        raise SmbError(NAMES.get(error.ntstatus, ""), str(error)) from error
    except SMBResponseException as error:
        raise SmbError(NAMES.get(error.status, ""), str(error)) from error
    except SMBLinkRedirectionError as error:  # Samba from 4.20 on says that it stopped at a link
        raise SmbError("STOPPED_ON_SYMLINK", str(error)) from error
