"""A place for configuration files, and a machine that has everything except what is said."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

from fui.config.compose import read_files
from fui.config.explain import Checked, check
from fui.config.load import load
from fui.config.machine import Machine
from fui.config.memory import Memory
from fui.config.schema import DropIn, MainFile
from fui.config.unwrap import unwrapped
from fui.config.yaml_text import Document, read
from fui.model.errors import ConfigError
from fui.model.menu import Action, Menu

APACHE = """\
object: Apache
action-group:
    directory: {group: wwwadmins}
    actions:
        - {name: Start, command: /sbin/service httpd start}
"""


@dataclass
class AnyHost:
    """Has every user, group, program and directory but `missing`; asked is what it was asked."""

    missing: Iterable[str] = ()
    in_the_way: Iterable[str] = ()
    attributed: Iterable[str] = ()
    primary: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def _ask(self, what: str, name: str) -> str:
        self.asked.append((what, name))
        return f"cannot find the {what} {name}" if name in self.missing else ""

    def user(self, name: str) -> str:
        return self._ask("user", name)

    def group(self, name: str) -> str:
        return self._ask("group", name)

    def program(self, path: str) -> str:
        return self._ask("program", path)

    def directory(self, path: str) -> str:
        return self._ask("directory", path)

    def attributes(self, path: str) -> bool:
        return path in self.attributed

    def folder(self, path: str) -> str:
        return f"cannot use {path}" if path in self.in_the_way else ""

    def primary_group(self, user: str) -> str:
        return self.primary.get(user, user)

    def timezone(self, name: str) -> str:
        return self._ask("timezone", name)

    def zone(self, name: str = "") -> tzinfo:
        return Machine().zone(name) if name else UTC  # that has every name, and some are none


class Etc:
    """/etc/fui in a temporary directory."""

    def __init__(self, root: Path, main: str | None = "") -> None:
        self.main = root / "fui.yaml"
        self.drop_ins = root / "conf.d"
        self.drop_ins.mkdir()
        if main is not None:
            self.main.write_text(main)

    def write(self, **texts: str) -> "Etc":
        for name, text in texts.items():
            (self.drop_ins / f"{name}.yaml").write_text(text)
        return self

    def load(self, host: AnyHost | None = None) -> Menu:
        return load(self.main, self.drop_ins, host or AnyHost())

    def faults(self, host: AnyHost | None = None) -> list[str]:
        """What is wrong, with the names of files instead of their paths."""
        try:
            self.load(host)
        except ConfigError as error:
            root = str(self.main.parent)
            return [str(each).replace(f"{root}/", "") for each in error.problems]
        return []


def drop_in(text: str, file: str = "a.yaml", host: AnyHost | None = None) -> Checked[DropIn]:
    """A drop-in after its schema."""
    document = read(text.encode(), file)
    assert document.root is not None
    document = Document(unwrapped(document.root), document.problems)
    return check(DropIn, document, file, host or AnyHost())


def only(actions: Iterable[Action]) -> Action:
    (action,) = actions
    return action


def main_file(text: str, host: AnyHost | None = None) -> Checked[MainFile]:
    """fui.yaml after all that is asked of it alone."""
    with TemporaryDirectory() as root:
        path = Path(root, "fui.yaml")
        path.write_text(text)
        checked = read_files(path, Path(root), host or AnyHost(), Memory()).main
    problems = (replace(each, file="fui.yaml") for each in checked.problems)
    return replace(checked, file="fui.yaml", problems=tuple(problems))
