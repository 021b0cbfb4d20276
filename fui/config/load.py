"""The configuration: strict, for whoever writes it, and forgiving, for the daemon that lives by it.

Rules: all files are checked in one run and all faults told at once. `load` has no menu unless all
are right. `Configuration` keeps what was good in a file that is wrong, and never fails once there
was a menu; what is wrong comes with the menu. Decides nothing about what is right.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from fui.config import salvage
from fui.config.agree import Agreement, DropIns, agree
from fui.config.compose import Files, Host, Main, compose, read_files
from fui.config.machine import Machine
from fui.config.memory import Memory
from fui.config.schema import written
from fui.config.tree import Node, same
from fui.model.errors import ConfigError, Problem
from fui.model.menu import Folder, Menu

_FIXED = ("share", "facility")
"""What cannot change while FUI runs: the edges hold on to it."""


def load(main: Path, drop_ins: Path, host: Host | None = None) -> Menu:
    """Return the menu; raise ConfigError with every problem in all files.

    Args:
        main: fui.yaml.
        drop_ins: The directory of the drop-ins.
        host: Who answers for the machine; by default the one this runs on.
    """
    host, memory = host or Machine(), Memory()
    return _strict(read_files(main, drop_ins, host, memory), host, memory)


def _strict(files: Files, host: Host, memory: Memory) -> Menu:
    sources = [source.checked for source in files.drop_ins.values()]
    # Where fui.yaml is of no use its defaults let the rest be checked all the same.
    menu, problems = compose(files.main, sources, host, memory)
    told = problems.union(files.problems, files.main.problems, *(each.problems for each in sources))
    if told:
        raise ConfigError(tuple(sorted(told)))
    return menu


@dataclass(frozen=True, slots=True)
class _InForce:
    """What was good at the last reading."""

    main: Main
    drop_ins: DropIns
    execute: Folder | None


class Configuration:
    """The configuration over time: read again whenever it may have changed."""

    def __init__(self, main: Path, drop_ins: Path, host: Callable[[], Host] = Machine) -> None:
        """Read nothing yet.

        Args:
            main: fui.yaml.
            drop_ins: The directory of the drop-ins.
            host: Makes one who answers for the machine, anew for each reading.
        """
        self._main = main
        self._drop_ins = drop_ins
        self._host = host
        self._in_force: _InForce | None = None
        self._memory = Memory()
        self._said: dict[str, Node | None] = {}

    def read(self) -> Menu:
        """Return the menu that holds from now on, with what is wrong.

        Raises:
            ConfigError: At the first reading only: fui.yaml is wrong, or there is no drop-in.
        """
        host = self._host()
        files = self._read_files(host)
        self._said = _said(files)
        return self._settle(files, host)

    def read_again(self) -> Menu | None:
        """Return the menu of what was read last, for the machine may know more by now.

        A directory service can come up late. None if the files say something else than they did:
        that holds when somebody says so, and not before.
        """
        host = self._host()
        files = self._read_files(host)
        return self._settle(files, host) if _alike(_said(files), self._said) else None

    def _read_files(self, host: Host) -> Files:
        self._memory.forget_the_rest()
        return read_files(self._main, self._drop_ins, host, self._memory)

    def _settle(self, files: Files, host: Host) -> Menu:
        before = self._in_force
        if before is None and (files.problems or files.main.problems):
            return _strict(files, host, self._memory)
        main, problems = (
            (files.main, set()) if before is None else _settled(before.main, files.main)
        )
        problems |= set(files.problems)
        good = before.drop_ins if before else {}
        new = good if files.problems else {n: each.checked for n, each in files.drop_ins.items()}
        old_main = before.main if before else None
        agreement = agree(main, old_main, new, good, host=host, memory=self._memory)
        if before is None and agreement.wrong.keys() == {main.file}:
            return _strict(files, host, self._memory)
        return self._take(files, agreement, problems, host)

    def _take(self, files: Files, agreement: Agreement, problems: set[Problem], host: Host) -> Menu:
        before, menu = self._in_force, agreement.menu
        if before is not None and agreement.wrong.get(agreement.main.file):
            menu = replace(menu, execute=menu.execute or before.execute)
        self._in_force = _InForce(agreement.main, agreement.drop_ins, menu.execute)
        wrong = (
            (remains, agreement.wrong[file])
            for file in sorted(agreement.wrong)
            if (remains := self._remains(file, files, before, host)) is not None
        )
        faults = salvage.faults(wrong, menu, host)
        told = problems.union(*agreement.wrong.values())
        return replace(menu, problems=tuple(sorted(told)), faults=faults)

    def _remains(
        self, file: str, files: Files, before: _InForce | None, host: Host
    ) -> salvage.Remains | None:
        good = before.drop_ins.get(file) if before else None
        if good is not None:
            return salvage.from_good(good, host)
        source = files.drop_ins.get(file)
        return salvage.from_wrong(source.document, file, host) if source else None


def _said(files: Files) -> dict[str, Node | None]:
    """Return what each file says, whatever the machine thinks of it; None where it cannot be read."""
    said: dict[str, Node | None] = {
        file: source.document.root for file, source in files.drop_ins.items()
    }
    return said | {files.main.file: files.main.root}


def _alike(one: dict[str, Node | None], other: dict[str, Node | None]) -> bool:
    if one.keys() != other.keys():
        return False
    pairs = ((one[file], other[file]) for file in one)
    return all(a is b or (a is not None and b is not None and same(a, b)) for a, b in pairs)


def _settled(old: Main, new: Main) -> tuple[Main, set[Problem]]:
    """Return fui.yaml as it can be used while FUI runs, and what is wrong with it."""
    if new.problems or new.model is None or old.model is None:
        return old, set(new.problems)
    fixed = {key: getattr(old.model, key) for key in _FIXED}
    problems = set()
    for key in _FIXED:
        if getattr(new.model, key) != fixed[key]:
            spot = new.spot((written(key),))
            text = f'cannot change "{written(key)}" while FUI runs; run: systemctl restart fui'
            problems.add(Problem(new.file, spot.line, spot.column, text))
    return replace(new, model=new.model.model_copy(update=fixed)), problems
