"""The steps of a plan: small changes, each of which shows itself, and knows how it is done.

Rules: `show` and `made` only look; `do` can be done again, for a setup may be killed at any moment.
How a change is taken back is said by its entry in the record (`take_back`), not by the step.
"""

import difflib
import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fui.admin.setup import accounts, landing, programs
from fui.admin.setup.follow import NOTHING, Follow
from fui.admin.setup.record import Made, digest
from fui.model.errors import EdgeError
from fui.model.harmless import harmless

_ROOT_MODE = 0o755


class Step(Protocol):
    """One small change."""

    @property
    def follow(self) -> frozenset[Follow]:
        """What has to follow it."""

    @property
    def title(self) -> str:
        """What it does, in one line."""

    def show(self) -> str:
        """Show what it changes, by its title or as a diff; nothing if all is as it shall be."""

    def made(self, before: Made | None) -> Made | None:
        """Return what to remember; `before` is what was remembered of an earlier time."""

    def do(self) -> None:
        """Change it; EdgeError says why it cannot be."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with this text.

    Attributes:
        kept: Whether it stays when everything else is taken back: the administrator's own.
        brief: Whether a new one is only named, for nobody needs to read it to agree.
    """

    path: str
    text: str
    follow: frozenset[Follow] = NOTHING
    mode: int = 0o644
    check: landing.Check | None = None
    kept: bool = False
    brief: bool = False

    @property
    def title(self) -> str:
        """Name it."""
        return f"write {harmless(self.path)}"

    def show(self) -> str:
        """Show the difference."""
        there = landing.read(self.path)
        if self.brief and there is None:
            return f"{self.title} ({len(self.text.splitlines())} lines)"
        return difference(self.path, there, self.text)

    def made(self, before: Made | None) -> Made | None:
        """Remember what stood there before setup came."""
        if self.kept:
            return None
        there = landing.read(self.path)
        digests: tuple[str, ...] = (digest(self.text),)
        if before is None:
            folders = landing.missing_folders(self.path)
            return Made("file", self.path, there, digests, folders)
        if there is not None and digest(there) in before.digests:
            digests = (*digests, digest(there))
        return Made("file", self.path, before.text, digests, before.folders)

    def do(self) -> None:
        """Write it."""
        landing.make_folders(self.path)
        landing.write(self.path, self.text, self.mode, self.check)


@dataclass(frozen=True, slots=True)
class Line:
    """A line at the end of a file that is somebody else's.

    Attributes:
        there: Whether a text has it already, however it is spelled.
    """

    path: str
    line: str
    there: Callable[[str], bool]
    follow: frozenset[Follow] = NOTHING

    @property
    def title(self) -> str:
        """Name the file."""
        return f"add a line to {harmless(self.path)}"

    def show(self) -> str:
        """Show the difference."""
        return difference(self.path, text := landing.read(self.path), self.after(text or ""))

    def made(self, before: Made | None) -> Made | None:
        """Remember what was added."""
        text = landing.read(self.path) or ""
        return before or Made("line", self.path, self.after(text)[len(text) :])

    def do(self) -> None:
        """Add it."""
        landing.make_folders(self.path)
        landing.write(self.path, self.after(landing.read(self.path) or ""), None)

    def after(self, text: str) -> str:
        """Return the text with the line."""
        if self.there(text):
            return text
        return f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{self.line}\n"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the administrator's own, which stays."""

    path: str
    follow: frozenset[Follow] = NOTHING

    @property
    def title(self) -> str:
        """Name it."""
        return f"make the directory {harmless(self.path)}"

    def show(self) -> str:
        """Say that it is made."""
        return "" if Path(self.path).is_dir() else self.title

    def made(self, before: Made | None) -> Made | None:
        """Remember nothing."""
        return before

    def do(self) -> None:
        """Make it."""
        try:
            Path(self.path).mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError as error:
            raise EdgeError(f"cannot make {harmless(self.path)}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class ShareRoot:
    """The root of the share, which belongs to the daemon."""

    path: str
    user: str
    follow: frozenset[Follow] = NOTHING

    @property
    def title(self) -> str:
        """Say what it will be."""
        what = "take over the empty" if Path(self.path).exists() else "make the"
        return f"{what} directory {harmless(self.path)}, owner {self.user}, mode 0755"

    def show(self) -> str:
        """Say that it is made or taken over; EdgeError if it is somebody else's."""
        try:
            status = os.lstat(self.path)
        except FileNotFoundError:
            return self.title
        if status.st_uid == accounts.uid(self.user):
            return ""
        if any(Path(self.path).iterdir()):
            raise EdgeError(
                f"cannot use {harmless(self.path)} as the share: it belongs to another user and is"
                f" not empty; name another directory with `share` in fui.yaml, or give it to FUI:"
                f" chown {self.user} {harmless(self.path)}"
            )
        return self.title

    def made(self, before: Made | None) -> Made | None:
        """Remember which folders were made."""
        root = Path(self.path)
        made = () if root.exists() else (self.path, *landing.missing_folders(self.path))
        return before or Made("share", self.path, folders=made)

    def do(self) -> None:
        """Make it."""
        try:
            account = pwd.getpwnam(self.user)
            Path(self.path).mkdir(mode=_ROOT_MODE, parents=True, exist_ok=True)
            Path(self.path).chmod(_ROOT_MODE)
            os.chown(self.path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        except (OSError, KeyError) as error:
            raise EdgeError(f"cannot make {harmless(self.path)}: {error}") from error


@dataclass(frozen=True, slots=True)
class Run:
    """A change that one command makes.

    Attributes:
        argv: The command.
        so: Whether it is so already.
        entry: What to remember of it.
    """

    argv: tuple[str, ...]
    so: Callable[[], bool]
    entry: Made | None = None
    follow: frozenset[Follow] = NOTHING

    @property
    def title(self) -> str:
        """Show the command."""
        return typed(self.argv)

    def show(self) -> str:
        """Show the command."""
        return "" if self.so() else self.title

    def made(self, before: Made | None) -> Made | None:
        """Remember it."""
        return before or self.entry

    def do(self) -> None:
        """Run it."""
        programs.run(*self.argv)


def typed(argv: tuple[str, ...]) -> str:
    """Show a command."""
    return f"run: {harmless(' '.join([Path(argv[0]).name, *argv[1:]]))}"


def difference(path: str, before: str | None, after: str | None) -> str:
    """Show what changes in a file; None where there is none."""
    if before == after:
        return ""
    lines = difflib.unified_diff(
        (before or "").splitlines(),
        (after or "").splitlines(),
        path if before is not None else "/dev/null",
        path if after is not None else "/dev/null",
        lineterm="",
    )
    shown = "\n".join(harmless(line, keep="\t") for line in lines)
    return shown or f"{harmless(path)}: only the end of its last line, or an empty file"
