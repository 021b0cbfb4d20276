"""What the share shows: each flag's state, the name under which it stands, and its text.

Rules: a flag that was deleted stays away until its press is decided; whatever else happens to it,
it comes back. A move is only a reason to look at the folder: what the listing says counts. Knows
nothing of who did something and whether he may; of time it knows when a passing state is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from fui.core import flag_name, flag_text, lifecycle, reconcile
from fui.core.lifecycle import Trigger
from fui.model.effects import RemoveOwn, ShowFlag
from fui.model.events import FlagShown, FolderListed, Place
from fui.model.job import Run
from fui.model.menu import Action, ActionId, Menu
from fui.model.states import FlagState


@dataclass(slots=True)
class Flag:
    """The flag of an action, whether it stands in its folder or not.

    Attributes:
        action: What it stands for.
        state: What its name says when it is shown next.
        name: The name under which it stands; None while it is gone.
        pressed: Deleted, and the press not yet decided: it is not shown until then.
        note: Why the last press started nothing.
        asked: The uid that has to confirm; None when nobody was asked.
        run: The last run, also the one that is under way.
    """

    action: Action
    state: FlagState = FlagState.READY
    name: str | None = None
    pressed: bool = False
    note: str = ""
    asked: int | None = None
    run: Run | None = None


@dataclass(slots=True)
class Found:
    """What a listing of a folder brought to light; the paths are those of flags that are gone."""

    surplus: list[RemoveOwn] = field(default_factory=list)
    moved: list[tuple[Flag, str]] = field(default_factory=list)
    missing: list[tuple[Flag, str]] = field(default_factory=list)


class View:
    """All flags, by action, by action group and by the path under which they stand."""

    def __init__(self, menu: Menu) -> None:
        self._settings = menu.settings
        self._flags = {action.id: Flag(action) for action in menu.actions}
        self._folders: dict[str, dict[str, Flag]] = {}
        self._groups: dict[str, list[Flag]] = {}
        for flag in self._flags.values():
            self._folders.setdefault(flag.action.folder.path, {})[flag.action.id.action] = flag
            self._groups.setdefault(flag.action.group, []).append(flag)
        self._standing: dict[str, Flag] = {}
        self._moved: set[str] = set()
        self._dirty: dict[ActionId, None] = {}
        self._until: dict[ActionId, float] = {}  # when the passing states, which are few, give way

    @property
    def folders(self) -> tuple[str, ...]:
        """The paths of all folders."""
        return tuple(self._folders)

    def __getitem__(self, action: ActionId) -> Flag:
        return self._flags[action]

    def others(self, flag: Flag) -> list[Flag]:
        """Return the other flags of a flag's action group."""
        return [other for other in self._groups[flag.action.group] if other is not flag]

    def named(self, path: str) -> tuple[Flag, FlagState] | None:
        """Return the flag whose name, in that state, a path is; whether it stands there or not."""
        folder, _, name = path.rpartition("/")
        parsed = flag_name.parse(name, self._settings.words)
        flag = self._folders.get(folder, {}).get(parsed[0]) if parsed else None
        return (flag, parsed[1]) if flag and parsed else None

    # -- what becomes of a flag -----------------------------------------------------------------

    def change(self, flag: Flag, trigger: Trigger, now: float, shown_at_least: float = 0.0) -> None:
        """Move a flag to its next state; one that passes is shown at least for some seconds.

        Raises:
            IllegalTransitionError: The table of states holds no such pair.
        """
        was, flag.state = flag.state, lifecycle.after(flag.state, trigger)
        self.touch(flag)
        if trigger is not Trigger.REFUSE:
            flag.note = ""
        elif flag.state is was is FlagState.CONFIRM:
            return  # who was asked still has his time
        shown_for = max(self._settings.result_shown_for, shown_at_least)
        if flag.state is FlagState.CONFIRM:
            shown_for = flag.action.confirm or 0.0
        if flag.state in lifecycle.PASSING:
            self._until[flag.action.id] = now + shown_for
        else:
            self._until.pop(flag.action.id, None)

    def touch(self, flag: Flag) -> None:
        """Have a flag shown anew, with its state and text as they are then."""
        self._dirty[flag.action.id] = None

    def expire(self, now: float) -> None:
        """End the passing states whose time is over."""
        for action in [action for action, until in self._until.items() if until <= now]:
            self.change(self._flags[action], Trigger.EXPIRE, now)

    def next_due(self) -> float | None:
        """Return when the next passing state is over."""
        return min(self._until.values(), default=None)

    def draw(self, busy: Callable[[Flag], str]) -> list[ShowFlag]:
        """Return what shows every flag that changed; a flag that is pressed waits.

        Args:
            busy: Says who holds the action group of a flag.
        """
        shown = [
            ShowFlag(flag.action, flag.name, self._name(flag), self._text(flag, busy))
            for flag in map(self._flags.__getitem__, self._dirty)
            if not flag.pressed
        ]
        self._dirty.clear()
        return shown

    def _name(self, flag: Flag) -> str:
        return flag_name.compose(flag.action.id.action, flag.state, self._settings.words)

    def _text(self, flag: Flag, busy: Callable[[Flag], str]) -> str:
        state = self._settings.words[flag.state]
        if flag.state is FlagState.BLOCKED:
            state = f"{state}; {busy(flag)}"
        return flag_text.render(flag.action, state, flag.note, flag.run, self._settings.zone)

    # -- what happened to it --------------------------------------------------------------------

    def deleted(self, path: str) -> Flag | None:
        """A name is gone; return the flag that stood there."""
        flag = self._standing.pop(path, None)
        if flag is not None:
            flag.name = None
        return flag

    def moved(self, source: Place | None, target: Place | None) -> tuple[str, ...]:
        """A name became another; return the folders that must be looked at because of it."""
        left = self._standing.get(source.path) if source else None
        covered = self._standing.get(target.path) if target else None
        if left is None and covered is None:
            return ()
        if left is None and source and (was := self.named(source.path)) and was[0] is covered:
            return ()  # FUI's own change of a flag's state
        self._moved |= {place.path for place in (source, target) if place}
        return tuple(dict.fromkeys(place.folder for place in (source, target) if place))

    def listed(self, event: FolderListed) -> Found:
        """Hold a folder against what should be in it; what is not right is shown anew."""
        flags = [flag for flag in self._folders.get(event.folder, {}).values() if not flag.pressed]
        expected = {flag.name or self._name(flag): flag for flag in flags}
        difference = reconcile.compare(event.entries, expected)
        found = Found([RemoveOwn(event.folder, name) for name in difference.surplus])
        for name, flag in expected.items():
            path = f"{event.folder}/{name}"
            moved = path in self._moved
            if name in difference.missing and self.deleted(path):
                (found.moved if moved else found.missing).append((flag, path))
            if moved or flag.name != self._name(flag):
                self.touch(flag)
        self._moved = {
            path for path in self._moved if Place(*path.rsplit("/", 1)).folder != event.folder
        }
        return found

    def shown(self, event: FlagShown) -> tuple[str | None, str | None]:
        """A flag stands under a name; return the path it left and the one that is new."""
        flag = self._flags[event.action]
        if flag.name == event.name:
            return None, None
        folder = flag.action.folder.path
        left = None if flag.name is None else f"{folder}/{flag.name}"
        if left is not None:
            del self._standing[left]
        new = f"{folder}/{event.name}"
        self._standing[new] = flag
        flag.name = event.name
        return left, new
