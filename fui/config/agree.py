"""Which version of each file is in force: the new one, or else what was good before in it.

Rules: a file that is wrong by itself, or where it meets others, is withdrawn: first the new version
for the good one, then that too; so there are no more rounds than versions, and what is left is
right. Of files that clash the one that changed is at fault. Says what is wrong with each file, and
nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fui.config.compose import Host, Main, compose
from fui.config.explain import Checked, Model
from fui.config.memory import Memory
from fui.config.schema import DropIn
from fui.config.tree import same
from fui.model.errors import Problem
from fui.model.menu import Menu

DropIns = Mapping[str, Checked[DropIn]]


@dataclass(slots=True)
class Agreement:
    """The versions that are in force.

    Attributes:
        main: fui.yaml.
        drop_ins: The drop-ins, by their names.
        wrong: What is wrong with each file whose new version is not in force as a whole.
        menu: What they make together.
    """

    main: Main
    drop_ins: dict[str, Checked[DropIn]]
    wrong: dict[str, set[Problem]]
    menu: Menu


def agree(
    main: Main, old_main: Main | None, new: DropIns, good: DropIns, *, host: Host, memory: Memory
) -> Agreement:
    """Find the versions that are right together.

    Where nothing but fui.yaml is wrong, and was so before, the menu has no execute folder.

    Args:
        main: fui.yaml, right by itself.
        old_main: The same as it was in force before; None at first.
        new: The drop-ins as they are now.
        good: Those that were in force before.
        host: Who answers for the machine.
        memory: What is known of earlier readings.
    """
    changed = {file for file, source in new.items() if not _same(source, good.get(file))}
    if old_main is not None and not _same(main, old_main):
        changed.add(main.file)
    return _Rounds(host, memory, old_main or main, good, changed, main, dict(new)).run()


def _same(one: Checked[Model], other: Checked[Model] | None) -> bool:
    if one.root is None or other is None or other.root is None:
        return False
    return same(one.root, other.root)


@dataclass(slots=True)
class _Rounds:
    host: Host
    memory: Memory
    old_main: Main
    good: DropIns
    changed: set[str]
    """The files whose version in `main` or `chosen` is another than the one before."""
    main: Main
    chosen: dict[str, Checked[DropIn]]
    wrong: dict[str, set[Problem]] = field(default_factory=dict)
    complete: bool = True

    def run(self) -> Agreement:
        for file, source in list(self.chosen.items()):
            if not source.whole:
                self._withdraw(file, set(source.problems))
        while True:
            menu, problems = self._compose(self.main, self.chosen)
            if not problems or not self._give_way(problems):
                return Agreement(self.main, self.chosen, self.wrong, menu)

    def _compose(self, main: Main, chosen: DropIns) -> tuple[Menu, set[Problem]]:
        sources = list(chosen.values())
        return compose(main, sources, self.host, self.memory, complete=self.complete)

    def _give_way(self, problems: set[Problem]) -> bool:
        """Withdraw what is at fault; False if that is fui.yaml as it was in force before."""
        settled = {file: each for file, each in self.chosen.items() if file not in self.changed}
        problems = self._compose(self.main, settled | self.chosen)[1] or problems
        by_file: dict[str, set[Problem]] = {}
        for problem in problems:
            by_file.setdefault(problem.file, set()).add(problem)
        at_fault = by_file.keys() & self.chosen.keys()
        guilty = by_file.keys() & self.changed
        if not guilty and at_fault:
            guilty = self._cause(problems) or at_fault
        for file in sorted(guilty):
            self._withdraw(file, by_file.get(file, problems))
        if not guilty:
            self.wrong.setdefault(self.main.file, set()).update(problems)
        return bool(guilty)

    def _cause(self, problems: set[Problem]) -> set[str]:
        """Find a file that changed, and thereby made others wrong that did not."""
        for file in sorted(self.changed):
            main, chosen = self._without(file)
            if problems.isdisjoint(self._compose(main, chosen)[1]):
                return {file}
        return set()

    def _withdraw(self, file: str, problems: set[Problem]) -> None:
        self.wrong.setdefault(file, set()).update(problems)
        self.main, self.chosen = self._without(file)
        self.changed.discard(file)
        self.complete = self.complete and (file in self.chosen or file == self.main.file)

    def _without(self, file: str) -> tuple[Main, dict[str, Checked[DropIn]]]:
        """Everything, but of one file the version before, if there is one that is not tried yet."""
        if file == self.main.file:
            return self.old_main, self.chosen
        if file in self.changed and file in self.good:
            return self.main, {**self.chosen, file: self.good[file]}
        return self.main, {name: each for name, each in self.chosen.items() if name != file}
