"""The configuration as it will be: what is there, with what setup adds, on a machine that setup made.

Rules: it is checked as strictly as `fui check` does, before anything is changed; what setup makes
itself (the share's root, the account, a group) may be missing yet. Nothing that is there is changed.
"""

import hashlib
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fui.admin.setup.accounts import ACCOUNT
from fui.config.files import EXTENSIONS
from fui.config.load import load
from fui.config.machine import Machine
from fui.model.errors import ConfigError
from fui.model.menu import Menu

MAIN = "fui.yaml"
DROP_INS = "conf.d"

MAIN_TEXT = """\
# FUI: what holds for the whole share. The menu itself is in conf.d/, a file for each object.
# Every line may be left out. All of them: man fui.yaml, or: fui schema fui.yaml
# After a change here or in conf.d/: fui setup

# Where the flags are; `fui setup` makes it.
share: /srv/controls

# What clients call it: \\\\this-machine\\Controls
#share-name: Controls

# A flag that is moved into this folder of the share is pressed, too.
#execute-folder: Execute

# How the names of flags say their state: en, de or fr.
#states: {language: en}
"""


class Made(Machine):
    """This machine as it will be when setup is done."""

    def __init__(self, share: str | None, groups: Collection[str]) -> None:
        """Say what setup makes.

        Args:
            share: The root of the share; None while it is not known, then any missing one will do.
            groups: Groups that are made.
        """
        super().__init__()
        self.user = _unless({ACCOUNT}, self.user)  # type: ignore[assignment]
        self.group = _unless({ACCOUNT, *groups}, self.group)  # type: ignore[assignment]
        ask = self.directory

        def directory(path: str) -> str:
            missing = not Path(path).exists() and str(Path(path).resolve()) == path
            return "" if missing and share in {None, path} else ask(path)

        self.directory = directory


def _unless(known: Collection[str], ask: Callable[[str], str]) -> Callable[[str], str]:
    return lambda name: "" if name in known else ask(name)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The configuration.

    Attributes:
        menu: What it means.
        digest: Stands for all that it says.
    """

    menu: Menu
    digest: str


def has_menu(config: Path) -> bool:
    """Whether there is a drop-in."""
    try:
        return any(path.suffix in EXTENSIONS for path in config.joinpath(DROP_INS).iterdir())
    except OSError:
        return False


def read(config: Path, added: Mapping[str, str], groups: Collection[str] = ()) -> Candidate:
    """Return the configuration in a folder with files that are added to it.

    Args:
        config: Where fui.yaml and the drop-ins are.
        added: The text of each new file, by its path in that folder.
        groups: Groups that setup makes.

    Raises:
        ConfigError: It is wrong; the places are those of the real files.
    """
    if not added:
        return _read(config, groups)
    with tempfile.TemporaryDirectory(prefix="fui-setup-") as name:
        folder = Path(name)
        _copy(config, folder)
        for path, text in added.items():
            folder.joinpath(path).write_text(text, "utf-8")
        try:
            return _read(folder, groups)
        except ConfigError as error:
            problems = (
                replace(
                    each,
                    file=each.file.replace(name, str(config)),
                    text=each.text.replace(name, str(config)),
                )
                for each in error.problems
            )
            raise ConfigError(tuple(problems)) from None


def _copy(config: Path, folder: Path) -> None:
    """Have a folder lead to the files of the configuration."""
    drop_ins = folder / DROP_INS
    drop_ins.mkdir()
    if (config / MAIN).exists():
        folder.joinpath(MAIN).symlink_to(config / MAIN)
    if (config / DROP_INS).is_dir():
        drop_ins.chmod((config / DROP_INS).stat().st_mode & 0o7777)
        for path in (config / DROP_INS).iterdir():
            drop_ins.joinpath(path.name).symlink_to(path)


def _read(config: Path, groups: Collection[str]) -> Candidate:
    files = config / MAIN, config / DROP_INS
    share = load(*files, Made(None, groups)).settings.share
    return Candidate(load(*files, Made(share, groups)), _digest(config))


def _digest(config: Path) -> str:
    found = hashlib.sha256()
    for path in (config / MAIN, *sorted(config.joinpath(DROP_INS).iterdir())):
        if path.suffix in EXTENSIONS:
            found.update(repr((path.name, path.read_bytes())).encode())
    return found.hexdigest()
