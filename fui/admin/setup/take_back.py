"""Steps that undo what the record tells of: that, and nothing else.

Rules: what the administrator changed meanwhile is kept, and told; so is whatever of others is in the
way. A step can be done again. Nothing here needs a configuration or a Samba.
"""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fui.admin.setup import accounts, carried, flags, landing, programs, services
from fui.admin.setup.follow import NOTHING, Follow
from fui.admin.setup.record import Made, digest
from fui.admin.setup.steps import difference, typed
from fui.model.harmless import harmless


@dataclass(frozen=True, slots=True)
class Undo:
    """A step that takes something back.

    Attributes:
        entry: What it undoes.
        title: What it does, in one line.
        shown: What it says of that; empty if nothing is left to be undone.
        action: Does it.
        kept: Why it is left as it is; then it does nothing.
    """

    entry: Made
    title: str = ""
    shown: str = ""
    action: Callable[[], object] = lambda: None
    follow: frozenset[Follow] = NOTHING
    kept: str = ""

    def show(self) -> str:
        """Say what it changes."""
        return self.shown

    def made(self, before: Made | None) -> Made | None:
        """Remember it until it is undone."""
        return before or self.entry

    def do(self) -> None:
        """Undo it."""
        self.action()


def undo(made: Made) -> Undo:
    """Return the step that undoes an entry of the record."""
    return _KINDS[made.kind](made, frozenset(map(Follow, made.follow)))


def in_order(entries: Iterable[Made]) -> list[Made]:
    """Return entries as they are to be undone: the daemon first, accounts last; else the last one first.

    For a folder that was made for the first of several files can go with that one only.
    """
    kinds, ordered = list(_KINDS), list(entries)
    ordered.reverse()
    ordered.sort(key=lambda made: kinds.index(made.kind))
    return ordered


def _file(made: Made, follow: frozenset[Follow]) -> Undo:
    if made.name.startswith("/usr/lib/") and carried.packaged():
        return Undo(made)  # it is a package's by now
    there = landing.read(made.name)
    if there == made.text:
        return Undo(made, action=lambda: landing.remove_empty(made.folders))
    if there is None or digest(there) not in made.digests:
        return Undo(made, kept=f"{made.name}: it was changed since, and stays as it is")

    def restore() -> None:
        if made.text is None:
            landing.remove(made.name)
            landing.remove_empty(made.folders)
        else:
            landing.write(made.name, made.text, None)

    title = f"{'remove' if made.text is None else 'restore'} {made.name}"
    shown = title if made.text is None else difference(made.name, there, made.text)
    return Undo(made, title, shown, restore, follow)


def _line(made: Made, follow: frozenset[Follow]) -> Undo:
    there, added = landing.read(made.name) or "", made.text or ""
    line = added.strip("\n")
    if there.endswith(added):
        after = there.removesuffix(added)
    else:
        rows = there.splitlines(keepends=True)
        after = "".join(row for row in rows if row.strip() != line)
    if after == there:
        return Undo(made)
    return Undo(
        made,
        f"take a line out of {made.name}",
        difference(made.name, there, after),
        lambda: landing.write(made.name, after, None),
        follow,
    )


def _share(made: Made, follow: frozenset[Follow]) -> Undo:
    def clear() -> None:
        programs.attempt((programs.SYSTEMCTL, "stop", services.DAEMON))  # it would make them again
        owner = accounts.uid(accounts.ACCOUNT)
        if owner is not None:
            flags.clear(made.name, owner)
            landing.remove_empty(made.folders)
            flags.give_back(made.name, owner)

    text = f"remove what FUI made in {harmless(made.name)}; what others put there stays"
    return Undo(made, text, text if Path(made.name).exists() else "", clear, follow)


def _command(made: Made, follow: frozenset[Follow], *argv: str) -> Undo:
    return Undo(made, typed(argv), typed(argv), lambda: programs.run(*argv), follow)


def _member(made: Made, follow: frozenset[Follow]) -> Undo:
    user, _, group = made.name.partition(":")
    if user not in accounts.members(group):
        return Undo(made)
    return _command(made, follow, programs.GPASSWD, "--delete", user, group)


def _group(made: Made, follow: frozenset[Follow]) -> Undo:
    if not accounts.has_group(made.name):
        return Undo(made)
    title = typed((programs.GROUPDEL, made.name))

    def remove() -> None:
        if not accounts.members(made.name):
            programs.run(programs.GROUPDEL, made.name)

    return Undo(made, title, f"{title}  (if nobody else is in it)", remove, follow)


def _account(made: Made, follow: frozenset[Follow]) -> Undo:
    if not accounts.has_user(made.name):
        return Undo(made)
    argv = (programs.USERDEL, made.name)

    def remove() -> None:  # its state too, for another user may get its uid
        shutil.rmtree(accounts.STATE, ignore_errors=True)
        programs.run(*argv)

    return Undo(made, typed(argv), f"remove {accounts.STATE}\n{typed(argv)}", remove, follow)


def _service(made: Made, follow: frozenset[Follow]) -> Undo:
    if not services.look(made.name)[made.name].loaded:
        return Undo(made)
    return _command(made, follow, programs.SYSTEMCTL, "disable", "--now", made.name)


def _label(made: Made, follow: frozenset[Follow]) -> Undo:
    if not Path(programs.SEMANAGE).exists():
        return Undo(made)
    return _command(made, follow, programs.SEMANAGE, "fcontext", "--delete", made.name)


_KINDS: dict[str, Callable[[Made, frozenset[Follow]], Undo]] = {
    "service": _service,
    "line": _line,
    "file": _file,
    "label": _label,
    "share": _share,
    "member": _member,
    "account": _account,
    "group": _group,
}
"""In the order in which they are undone: what includes a file before the file."""
