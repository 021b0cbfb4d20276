"""A world for the engine: a share, a journal, accounts and a runner made of plain values.

Each step is one event from outside; the playbook answers what the share is asked, as the daemon
does, and keeps every effect, so that a test can assert whole conversations.
"""

from collections import deque
from dataclasses import replace
from typing import TypeVar

from fui.core.engine import Engine
from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import Fact, FactKind
from fui.model.instant import Instant
from fui.model.job import Ending
from fui.model.menu import (
    Access,
    Action,
    ActionId,
    Command,
    FileSpec,
    Folder,
    Menu,
    Settings,
    Subject,
    SubjectKind,
)
from fui.model.record import Entry
from fui.model.status import Status

ADMINS = Subject(SubjectKind.GROUP, "wwwadmins")
MALLORY = Subject(SubjectKind.USER, "mallory")
FOLDER = Folder("/srv/controls/Apache", FileSpec(None, "controls", 0o2770))
BACKUP = Folder("/srv/controls/Backup", FileSpec(None, "controls", 0o2770))
UIDS = {"alice": 1001, "bob": 1002, "o'neil": 1003, "mallory": 1004}
NAMES = {uid: name for name, uid in UIDS.items()}
WITHIN = {1001: {ADMINS}, 1003: {ADMINS}, 1004: {ADMINS, MALLORY}}


def action(name: str, folder: Folder = FOLDER, group: str = "Apache/1", **other: object) -> Action:
    made = Action(
        id=ActionId(folder.path.rsplit("/", 1)[1], name),
        folder=folder,
        groups=(group,),
        command=Command(("/usr/bin/systemctl", name.lower()), "root", "root", 600.0),
        access=Access((ADMINS,), (MALLORY,)),
        file=FileSpec(None, None, 0o640),
    )
    return replace(made, **other)  # type: ignore[arg-type]


MENU = Menu(
    Settings("/srv/controls", settle=0.0),
    (
        action("Start"),
        action("Stop"),
        action("Restart"),
        action("Run", BACKUP, "Backup/1"),
    ),
)

Kind = TypeVar("Kind")


class Playbook:
    """The engine and the world around it; time stands still but for `wait`."""

    def __init__(self, menu: Menu = MENU, **started: object) -> None:
        self.menu = menu
        self.engine = Engine(menu, "5f3a")
        self.now = Instant(100.0, 1_800_000_000.0)
        self.files: dict[str, dict[str, str]] = {f.path: {} for f in menu.folders}
        self.users: dict[str, set[str]] = {f.path: set() for f in menu.folders}
        self.seen: dict[str, on.JobSeen] = {}
        self.effects: list[do.Effect] = []
        self.published: list[Status] = []
        self.questions: list[do.LookUpAccount] = []
        self.wakeup: float | None = None
        self.records = 0
        self.refuse_share = ""
        self.pending: deque[on.Event | do.ListFolder] = deque()
        if started.get("start", True):
            started.pop("start", None)
            self.step(on.Started(**started))  # type: ignore[arg-type]

    # -- events ---------------------------------------------------------------------------------

    def step(self, *events: on.Event) -> list[do.Effect]:
        """Let events happen, answer for the share, and return what else was to be done."""
        self.pending.extend(events)
        new: list[do.Effect] = []
        while self.pending:
            answers: list[on.Event] = []
            event = self.pending.popleft()
            if isinstance(event, do.ListFolder):
                event = self._look(event.folder)
            for effect in self.engine.handle(event, self.now):
                if isinstance(effect, do.Publish):  # apart: it answers nobody
                    self.published.append(effect.status)
                    continue
                new.append(effect)
                if answer := self._answer(effect):
                    answers.append(answer)
            self.pending.extendleft(reversed(answers))
        self.effects += new
        return new

    def wait(self, seconds: float) -> list[do.Effect]:
        """Let time pass, waking the engine whenever it asked for it."""
        end = self.now.mono + seconds
        new: list[do.Effect] = []
        while self.wakeup is not None and self.wakeup <= end:
            self._to(max(self.wakeup, self.now.mono))
            self.wakeup = None
            new += self.step(on.Woken(self.now.mono))
        self._to(end)
        return new

    def _to(self, mono: float) -> None:
        self.now = Instant(mono, self.now.wall + mono - self.now.mono)

    def delete(self, name: str, folder: Folder = FOLDER) -> list[do.Effect]:
        """Somebody deletes a file: inotify's word only."""
        del self.files[folder.path][name]
        self.users[folder.path].discard(name)
        return self.step(on.FileDeleted(on.Place(folder.path, name)))

    def entry(self, name: str, user: str, folder: Folder = FOLDER, **other: object) -> Entry:
        """The journal entry that smbd makes of a deletion."""
        self.records += 1
        text = other.pop("text", f"{user.replace(chr(39), '_')}|192.0.2.7|Controls|unlinkat|ok|")
        entry = Entry(
            cursor=f"c{self.records}",
            sent=self.now.mono,
            wall=self.now.wall,
            uid=UIDS[user],
            gid=0,
            unit="smbd.service",
            transport="syslog",
            identifier="smbd_audit",
            facility=21,
            message=f"{text}{folder.path}/{name}",
        )
        return replace(entry, **other)  # type: ignore[arg-type]

    def record(
        self, name: str, user: str, folder: Folder = FOLDER, **other: object
    ) -> list[do.Effect]:
        """Samba's word for a deletion."""
        return self.step(on.EntryRead(self.entry(name, user, folder, **other)))

    def account(self, name: str) -> list[do.Effect]:
        """NSS answers the last question."""
        question = self.last(do.LookUpAccount)
        self.questions = [one for one in self.questions if one.question != question.question]
        within = frozenset(question.subjects & WITHIN.get(UIDS[name], set()))
        return self.step(on.AccountFound(question.question, name, within))

    def answer(self) -> list[do.Effect]:
        """NSS answers every question that it has not answered, in their order."""
        new: list[do.Effect] = []
        while self.questions:
            asked = self.questions.pop(0)
            within = frozenset(asked.subjects & WITHIN.get(asked.uid, set()))
            new += self.step(on.AccountFound(asked.question, NAMES[asked.uid], within))
        return new

    def gone(self, name: str, user: str, folder: Folder = FOLDER) -> None:
        """A user deletes a file: inotify's word and Samba's."""
        self.delete(name, folder)
        self.record(name, user, folder)

    def press(self, name: str, user: str, folder: Folder = FOLDER) -> list[do.Effect]:
        """The whole way of a press: deletion, record, account."""
        before = len(self.effects)
        self.wait(0.001)
        self.delete(name, folder)
        self.record(name, user, folder)
        self.account(user)
        if any(isinstance(effect, do.StartJob) for effect in self.effects[before:]):
            self.step(on.JobStarted(self.last(do.StartJob).job))
        return self.effects[before:]

    def execute(self, name: str, user: str, folder: Folder = FOLDER) -> list[do.Effect]:
        """The whole way of a press by a move into the execute folder."""
        before = len(self.effects)
        self.wait(0.001)
        assert self.menu.execute is not None
        target = self.menu.execute
        entry = self.entry(name, user, folder)
        message = entry.message.replace("unlinkat", "renameat") + f"|{target.path}/{name}"
        self.move(name, name, folder, target)
        self.step(on.EntryRead(replace(entry, message=message)))
        self.account(user)
        if any(isinstance(effect, do.StartJob) for effect in self.effects[before:]):
            self.step(on.JobStarted(self.last(do.StartJob).job))
        return self.effects[before:]

    def end(self, status: int | None = 0, output: str = "", **other: object) -> list[do.Effect]:
        """The last started job ends."""
        ending = Ending(status, output, **other)  # type: ignore[arg-type]
        return self.step(on.JobEnded(self.last(do.StartJob).job, ending))

    def move(
        self, name: str, to: str | None, folder: Folder = FOLDER, target: Folder | None = None
    ) -> list[do.Effect]:
        """Somebody renames a file, or moves it out of sight."""
        text = self.files[folder.path].pop(name)
        place = None
        if to is not None:
            there = target or folder
            self.files[there.path][to] = text
            place = on.Place(there.path, to)
            if name in self.users[folder.path]:
                self.users[there.path].add(to)
            else:
                self.users[there.path].discard(to)
        self.users[folder.path].discard(name)
        return self.step(on.FileMoved(on.Place(folder.path, name), place))

    # -- the share ------------------------------------------------------------------------------

    def _answer(self, effect: do.Effect) -> on.Event | None:  # noqa: PLR0911 - an arm for each
        match effect:
            case do.ShowFlag():
                return self._show(effect)
            case do.HideFlag(action, name):
                return self._hide(action, name)
            case do.Furnish(menu, retired):
                self._furnish(menu, retired)
                return None
            case do.LookAtJob(job):
                return self.seen.get(job, on.JobSeen(job))
            case do.ListFolder():
                self.pending.append(effect)
                return None
            case do.RemoveOwn(folder, name):
                assert name not in self.users[folder], f"{name} is a user's"
                del self.files[folder][name]
                return None
            case do.RequestWakeup(at):
                self.wakeup = at
                return None
            case do.LookUpAccount():
                self.questions.append(effect)
                return None
            case _:
                return None

    def _look(self, folder: str) -> on.Event:
        if self.refuse_share:
            return on.ShareFailed(folder, self.refuse_share)
        if folder not in self.files:  # it was given up
            return on.FolderListed(folder, ())
        entries = (
            on.DirEntry(name, ours=name not in self.users[folder]) for name in self.files[folder]
        )
        return on.FolderListed(folder, tuple(entries))

    def _hide(self, action: Action, name: str) -> on.Event:
        if name not in self.files[action.folder.path]:
            return on.FlagMissing(action.id)
        del self.files[action.folder.path][name]
        return on.FlagHidden(action.id)

    def _furnish(self, menu: Menu, retired: tuple[Action, ...]) -> None:
        self.menu = menu
        kept = {folder.path for folder in menu.folders} | {one.folder.path for one in retired}
        for path in kept - self.files.keys():
            self.files[path], self.users[path] = {}, set()
        for path in self.files.keys() - kept:
            assert not self.users[path], f"{path} is given up, and holds {self.users[path]}"
            del self.files[path], self.users[path]

    def _show(self, effect: do.ShowFlag) -> on.Event:
        path = effect.action.folder.path
        if self.refuse_share:
            return on.ShareFailed(path, self.refuse_share, effect.action.id)
        folder = self.files[path]
        if effect.old is not None and effect.old != effect.name:
            if effect.old not in folder:
                return on.FlagMissing(effect.action.id)
            del folder[effect.old]
            self.pending.append(
                on.FileMoved(on.Place(path, effect.old), on.Place(path, effect.name))
            )
        aside = ""
        if effect.name in self.users[path]:
            aside = f"{effect.name} (kept 1)"
            folder[aside] = folder.pop(effect.name)
            self.users[path] ^= {effect.name, aside}
        folder[effect.name] = effect.text
        return on.FlagShown(effect.action.id, effect.name, self.now.mono, aside)

    # -- what can be seen -----------------------------------------------------------------------

    def names(self, folder: Folder = FOLDER) -> list[str]:
        """The flags of a folder without their extension, in the order of the menu."""
        return sorted(name.removesuffix(".txt") for name in self.files[folder.path])

    def text(self, name: str, folder: Folder = FOLDER) -> str:
        return self.files[folder.path][f"{name}.txt"]

    def facts(self, *kinds: FactKind) -> list[Fact]:
        told = [effect.fact for effect in self.effects if isinstance(effect, do.Tell)]
        return [fact for fact in told if not kinds or fact.kind in kinds]

    def told(self) -> list[str]:
        """The kinds of all facts, in order."""
        return [fact.kind.value for fact in self.facts()]

    def started(self) -> list[do.StartJob]:
        return [effect for effect in self.effects if isinstance(effect, do.StartJob)]

    def last(self, kind: type[Kind]) -> Kind:
        return next(effect for effect in reversed(self.effects) if isinstance(effect, kind))
