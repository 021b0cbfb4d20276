"""What the share shows: each flag's state, the name under which it stands, and its text.

Rules: a flag that was deleted stays away until its press is decided; whatever else happens to it,
it comes back. A move is only a reason to look at the folder, unless it goes into the execute
folder; for the rest what the listing says counts. An action that is taken out of the menu keeps its
flag until its job has ended. Knows nothing of who did something and whether he may; of time it
knows when a passing state is over.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from fui.core import flag_text, lifecycle, reconcile
from fui.core.flag import Flag
from fui.core.lifecycle import Trigger
from fui.model.effects import HideFlag, RemoveOwn, ShowFlag
from fui.model.events import FlagShown, FolderListed, Place
from fui.model.instant import Instant
from fui.model.menu import NOBODY, Action, ActionId, Command, Fault, FileSpec, Menu
from fui.model.states import FlagState

_FAULT_FILE = FileSpec(None, None, 0o640)


@dataclass(slots=True)
class Found:
    """What a listing of a folder brought to light; the paths are those of flags that are gone."""

    surplus: list[RemoveOwn] = field(default_factory=list)
    moved: list[tuple[Flag, str]] = field(default_factory=list)
    missing: list[tuple[Flag, str]] = field(default_factory=list)


class View:
    """All flags, by action, by action group and by the path under which they stand."""

    def __init__(self, menu: Menu) -> None:
        self._flags: dict[ActionId, Flag] = {}
        self._standing: dict[str, Flag] = {}
        self._moved: set[str] = set()
        self._dirty: dict[ActionId, None] = {}
        self._until: dict[ActionId, float] = {}  # when the passing states, which are few, give way
        self._menu = menu
        self.reload(menu)

    def reload(self, menu: Menu) -> list[Flag]:
        """Show another menu from now on; return the flags that are new in it.

        A flag whose action is still there keeps its state, and is shown anew only if something of
        it has changed. One whose folder has changed is another flag.
        """
        renamed, self._menu = _in_every_flag(self._menu) != _in_every_flag(menu), menu
        wanted = {action.id: action for action in (*menu.actions, *map(_notice, menu.faults))}
        new = []
        for action in wanted.values():
            flag = self._flags.get(action.id)
            if flag is None or flag.action.folder.path != action.folder.path:
                flag = self._new(action, flag)
                new.append(flag)
            elif renamed or flag.action != action or flag.removed:
                flag.action, flag.removed = action, False
                self.touch(flag)
        for flag in self._flags.values():
            if flag.action.id not in wanted and not flag.removed:
                flag.removed = True
                self.touch(flag)
        self._index()
        return new

    def _new(self, action: Action, old: Flag | None) -> Flag:
        flag = Flag(action, FlagState.READY if action.command.argv else FlagState.ERROR)
        if old is not None:  # what is left in its old folder goes with the folder, or at a look
            self._standing = {at: one for at, one in self._standing.items() if one is not old}
            flag = replace(old, action=action, name=None, removed=False)
        self._flags[action.id] = flag
        self.touch(flag)
        return flag

    def adopt(self, action: Action) -> Flag:
        """Return the flag of an action that has a job; where the menu has it no more, a new one."""
        flag = self._flags.get(action.id)
        if flag is None:
            flag = self._flags[action.id] = Flag(action, removed=True)
            self._index()
        return flag

    def _index(self) -> None:
        self._folders: dict[str, dict[str, Flag]] = {each.path: {} for each in self._menu.folders}
        self._groups: dict[str, list[Flag]] = {}
        self._retired: dict[ActionId, Action] = {}
        for flag in self._flags.values():
            if flag.removed:
                self._retired[flag.action.id] = flag.action
            self._folders.setdefault(flag.action.folder.path, {})[flag.action.id.action] = flag
            for group in flag.action.groups:
                self._groups.setdefault(group, []).append(flag)

    @property
    def folders(self) -> tuple[str, ...]:
        """The paths of all folders."""
        return tuple(self._folders)

    @property
    def retired(self) -> tuple[Action, ...]:
        """The actions that are in the menu no more, and whose flags still are."""
        return tuple(self._retired.values())

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags."""
        return tuple(self._flags.values())

    def __getitem__(self, action: ActionId) -> Flag:
        return self._flags[action]

    def get(self, action: ActionId) -> Flag | None:
        """Return the flag of an action; None if it is in the menu no more."""
        return self._flags.get(action)

    def members(self, groups: Iterable[str]) -> list[Flag]:
        """Return the flags of all actions of some action groups, each once."""
        found = [flag for group in groups for flag in self._groups.get(group, [])]
        return list({flag.action.id: flag for flag in found}.values())

    def named(self, path: str) -> tuple[Action, FlagState] | None:
        """Return the action whose flag, in that state, has a path; whether it stands there or not."""
        read = self._read(path)
        return (read[0].action, read[1]) if read is not None else None

    def _read(self, path: str) -> tuple[Flag, FlagState] | None:
        folder, _, name = path.rpartition("/")
        parsed = self._menu.settings.naming.parse(name)
        flag = self._folders.get(folder, {}).get(parsed[0]) if parsed else None
        return (flag, parsed[1]) if flag and parsed else None

    # -- what becomes of a flag -----------------------------------------------------------------

    def change(
        self,
        flag: Flag,
        trigger: Trigger,
        now: float,
        *,
        at_least: float = 0.0,
        until: float | None = None,
    ) -> None:
        """Move a flag to its next state.

        Args:
            flag: Which.
            trigger: What happened to it.
            now: The time.
            at_least: Seconds for which the state is shown at the least, if it passes.
            until: When it passes, where that is known.

        Raises:
            IllegalTransitionError: The table of states holds no such pair.
        """
        was, flag.state = flag.state, lifecycle.after(flag.state, trigger)
        self.touch(flag)
        if trigger is not Trigger.REFUSE:
            flag.note = flag.detail = ""
        elif flag.state is was and was is not FlagState.DENIED:
            return  # it is what it was, and for as long
        shown_for = max(self._menu.settings.result_shown_for, at_least)
        if flag.state is FlagState.CONFIRM:
            shown_for = flag.action.confirm or 0.0
        self._until.pop(flag.action.id, None)
        if flag.state in lifecycle.PASSING:
            self._until[flag.action.id] = now + shown_for if until is None else until

    def touch(self, flag: Flag) -> None:
        """Have a flag shown anew, with its state and text as they are then."""
        self._dirty[flag.action.id] = None

    @property
    def touched(self) -> list[Flag]:
        """The flags that are to be shown anew."""
        return [self._flags[action] for action in self._dirty]

    def look_again(self, flag: Flag, at: float) -> None:
        """Have a flag whose state does not pass by itself touched at a time."""
        self._until[flag.action.id] = at

    def until(self, flag: Flag) -> float | None:
        """Return when the state of a flag passes by itself; None if it does not."""
        return self._until.get(flag.action.id) if flag.state in lifecycle.PASSING else None

    def expire(self, now: float) -> None:
        """End the passing states whose time is over."""
        for action in [action for action, until in self._until.items() if until <= now]:
            flag = self._flags[action]
            del self._until[action]
            if flag.state in lifecycle.PASSING:
                self.change(flag, Trigger.EXPIRE, now)
            self.touch(flag)

    def next_due(self) -> float | None:
        """Return when the next passing state is over."""
        return min(self._until.values(), default=None)

    def draw(self, why: Callable[[Flag, float], str], now: Instant) -> list[ShowFlag | HideFlag]:
        """Return what shows every flag that changed.

        A flag that is pressed waits until that is decided, one that is being drawn until it is: for
        it is not known yet under which name it stands.

        Args:
            why: Says what there is to say about a flag's state at a time on the wall.
            now: The time.
        """
        drawn: list[ShowFlag | HideFlag] = []
        for flag in self.touched:
            if flag.drawing:
                continue
            del self._dirty[flag.action.id]
            if flag.pressed:
                continue
            if not flag.hidden:
                text = self._text(flag, why(flag, now.wall), now)
                drawn.append(
                    ShowFlag(flag.action, flag.name, self._name(flag), text, flag.may_press)
                )
            elif flag.name is not None:
                drawn.append(HideFlag(flag.action, flag.name))
            elif flag.removed:
                self._forget(flag)
        for effect in drawn:
            self._flags[effect.action.id].drawing = True
        return drawn

    def _name(self, flag: Flag) -> str:
        return self._menu.settings.naming.compose(flag.action.id.action, flag.state, flag.detail)

    def _text(self, flag: Flag, why: str, now: Instant) -> str:
        if flag.state is FlagState.ERROR:
            return flag_text.render_fault(flag.action.id.object, flag.action.description)
        word = self._menu.settings.naming.words[flag.state] or flag.state.value.capitalize()
        content = flag_text.Content(
            state="; ".join(filter(None, (" ".join(filter(None, (word, flag.detail))), why))),
            now=now.wall,
            zone=self._menu.settings.zone,
            note=flag.note,
            history=flag.history,
            seen=flag.seen,
            execute=self._menu.execute.path.rpartition("/")[2] if self._menu.execute else "",
        )
        return flag_text.render(flag.action, content)

    def _forget(self, flag: Flag) -> None:
        """Nothing is left of an action that is in the menu no more."""
        del self._flags[flag.action.id]
        self._retired.pop(flag.action.id)
        self._until.pop(flag.action.id, None)
        path = flag.action.folder.path
        del self._folders[path][flag.action.id.action]
        if not self._folders[path] and path not in {each.path for each in self._menu.folders}:
            del self._folders[path]
        for group in flag.action.groups:
            self._groups[group].remove(flag)

    # -- what happened to it --------------------------------------------------------------------

    def deleted(self, path: str) -> Flag | None:
        """A name is gone; return the flag that stood there."""
        flag = self._standing.pop(path, None)
        if flag is not None:
            flag.name = None
        return flag

    def executed(self, source: Place | None, target: Place | None) -> Flag | None:
        """A name became another; return the flag if it was moved into the execute folder."""
        if source is None or target is None or self._menu.execute is None:
            return None
        return self.deleted(source.path) if target.folder == self._menu.execute.path else None

    def moved(self, source: Place | None, target: Place | None) -> tuple[str, ...]:
        """A name became another; return the folders that must be looked at because of it."""
        left = self._standing.get(source.path) if source else None
        covered = self._standing.get(target.path) if target else None
        if left is None and covered is None:
            return ()
        if left is None and source and (was := self._read(source.path)) and was[0] is covered:
            return ()  # FUI's own change of a flag's state
        self._moved |= {place.path for place in (source, target) if place}
        return tuple(dict.fromkeys(place.folder for place in (source, target) if place))

    def listed(self, event: FolderListed) -> Found:
        """Hold a folder against what should be in it; what is not right is shown anew."""
        flags = [flag for flag in self._folders.get(event.folder, {}).values() if not flag.pressed]
        expected = {flag.name or self._name(flag): flag for flag in flags if not flag.hidden}
        leaving = {flag.name: flag for flag in flags if flag.hidden}
        difference = reconcile.compare(event.entries, expected)
        found = Found()
        for name in difference.surplus:
            if flag := leaving.get(name):
                self.touch(flag)  # it could not be taken out
            else:
                found.surplus.append(RemoveOwn(event.folder, name))
        for name, flag in expected.items():
            path = f"{event.folder}/{name}"
            moved = path in self._moved
            if name in difference.missing and self.deleted(path):
                (found.moved if moved else found.missing).append((flag, path))
            if moved or flag.stale or flag.name != self._name(flag):
                self.touch(flag)
        self._moved = {
            path for path in self._moved if Place(*path.rsplit("/", 1)).folder != event.folder
        }
        return found

    def shown(self, event: FlagShown) -> tuple[str | None, str | None]:
        """A flag stands under a name; return the path it left and the one that is new."""
        flag = self._answered(event.action)
        if flag.name == event.name:
            return None, None
        folder = flag.action.folder.path
        left = self._leave(flag)
        new = f"{folder}/{event.name}"
        self._standing[new] = flag
        flag.name = event.name
        return left, new

    def hid(self, action: ActionId) -> str | None:
        """A flag was taken out of its folder; return the path it left."""
        flag = self._answered(action)
        left = self._leave(flag)
        flag.name = None
        if flag.removed:
            self._forget(flag)
        return left

    def undrawn(self, action: ActionId) -> Flag:
        """A flag could not be shown or hidden; at the next look it is tried again."""
        flag = self._answered(action)
        flag.stale = True
        return flag

    def _answered(self, action: ActionId) -> Flag:
        flag = self._flags[action]
        flag.drawing = flag.stale = False
        return flag

    def _leave(self, flag: Flag) -> str | None:
        left = None if flag.name is None else f"{flag.action.folder.path}/{flag.name}"
        if left is not None:
            del self._standing[left]
        return left


def _in_every_flag(menu: Menu) -> tuple[object, ...]:
    """Return what the name, the text or the rights of every flag depend on, beside its action."""
    return menu.settings.naming, menu.settings.zone, menu.settings.enforce_in_samba, menu.execute


def _notice(fault: Fault) -> Action:
    """Return what stands for a fault: an action without a name, which nobody may press."""
    return Action(
        ActionId(fault.object, ""),
        fault.folder,
        (),
        Command((), "", "", 0.0),
        NOBODY,
        _FAULT_FILE,
        description="\n".join(map(str, fault.problems)),
    )
