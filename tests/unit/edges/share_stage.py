"""A share on a real file system for the tests, and people who get in the way."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fui.edges.share import Share
from fui.edges.share.directory import Directory
from fui.model.effects import HideFlag, ShowFlag
from fui.model.events import FlagHidden, FlagMissing, FlagShown, ShareFailed
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Folder, Menu, Settings

READY, RUNNING = "Restart [Ready].txt", "Restart [Running].txt"
ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="needs root to act as another user")


def _attributes() -> bool:
    """Whether there are user attributes where the tests have their files (tmpfs has them from Linux 6.6)."""
    with tempfile.TemporaryFile() as file:
        try:
            os.setxattr(file.fileno(), "user.fui", b"")
        except OSError:
            return False
    return True


needs_attributes = pytest.mark.skipif(not _attributes(), reason="needs user attributes in $TMPDIR")
STRANGER = 12345
"""A uid that is not FUI's; only root can make files that belong to it."""
PLAIN_FILE, PLAIN_FOLDER = FileSpec(None, None, 0o640), FileSpec(None, None, 0o770)


class Stage:
    """A share with the folders Apache and Mail, one action in each."""

    def __init__(
        self, root: Path, file: FileSpec = PLAIN_FILE, folder: FileSpec = PLAIN_FOLDER
    ) -> None:
        self.root = root
        self.apache, self.mail, self.staging = root / "Apache", root / "Mail", root / ".fui"
        self.action = self.make_action("Apache", file, folder)
        self.menu = Menu(
            Settings(share=str(root)),
            (self.action, self.make_action("Mail", file, folder)),
        )
        self.share = Share(self.menu)

    def make_action(
        self, name: str, file: FileSpec = PLAIN_FILE, folder: FileSpec = PLAIN_FOLDER
    ) -> Action:
        return Action(
            ActionId(name, "Restart"),
            Folder(str(self.root / name), folder),
            (name,),
            Command(("/bin/true",), "root", "root", 10),
            Access(()),
            file,
        )

    def show(
        self, old: str | None, name: str, text: str = "text\n"
    ) -> FlagShown | FlagMissing | ShareFailed:
        return self.share.show(ShowFlag(self.action, old, name, text), 1.5)

    def hide(self, name: str) -> FlagHidden | FlagMissing | ShareFailed:
        return self.share.hide(HideFlag(self.action, name))

    def names(self) -> list[str]:
        return sorted(path.name for path in self.apache.iterdir())

    def put(self, name: str, text: str = "a user's") -> Path:
        """Have a stranger make a file."""
        path = self.apache / name
        path.write_text(text, encoding="utf-8")
        if ROOT:
            os.chown(path, STRANGER, STRANGER)
        return path


def shown(name: str, aside: str = "") -> FlagShown:
    return FlagShown(ActionId("Apache", "Restart"), name, 1.5, aside)


MISSING = FlagMissing(ActionId("Apache", "Restart"))


@contextlib.contextmanager
def acting_as(uid: int, gid: int) -> Iterator[None]:
    """As an ordinary user without further groups; real enough for the kernel."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def make_file(path: Path) -> None:
    path.write_text("a user's", encoding="utf-8")
    os.chown(path, STRANGER, STRANGER)


IN_THE_WAY: dict[str, Callable[[Path], object]] = {
    "directory": Path.mkdir,
    "full directory": lambda path: (path / "below").mkdir(parents=True),
    "symlink": lambda path: path.symlink_to("victim"),
    "symlink to a directory": lambda path: path.symlink_to(path.parent),
    "symlink to a flag": lambda path: path.symlink_to("Stop [Ready].txt"),
    "pipe": os.mkfifo,
}
if ROOT:
    IN_THE_WAY["file"] = make_file


def race(
    monkeypatch: pytest.MonkeyPatch, method: str, do: Callable[[], object], times: int = 1
) -> None:
    """Have somebody act right before FUI's next renames."""
    real = getattr(Directory, method)
    left = iter(range(times))

    def late(self: Directory, *args: object) -> object:
        if next(left, None) is not None:
            do()
        return real(self, *args)

    monkeypatch.setattr(Directory, method, late)
