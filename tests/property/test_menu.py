"""Whatever people do to a menu that has everything: it stays whole, and every press has one outcome."""

import re
from dataclasses import replace
from datetime import UTC
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fui.model import effects as do
from fui.model import events as on
from fui.model.errors import Problem
from fui.model.facts import FactKind
from fui.model.job import Ending, Progress
from fui.model.menu import Access, Action, Fault, FileSpec, Folder, Hours, Limit, Menu, Span
from fui.model.naming import WORDS, Naming
from fui.model.record import Entry
from fui.model.states import FlagState
from tests.playbook import ADMINS, BACKUP, FOLDER, MENU, NAMES, UIDS, WITHIN, Playbook, action

THIRD = Folder("/srv/controls/Third", FileSpec(None, "controls", 0o2770))
EXECUTE = Folder("/srv/controls/Execute", FileSpec(None, "controls", 0o2770))
FOLDERS = {folder.path: folder for folder in (FOLDER, BACKUP, THIRD)}
ADMIN = Access((ADMINS,))
OPEN = tuple(Span(day, 480 + at, 482 + at) for day in range(7) for at in (0, 5, 10))
DAYTIME = Hours(OPEN, UTC, "two of five minutes")

START = action("Start", limit=Limit(1, 60.0, 5.0))
STOP = action("Stop", confirm=30.0, cancel=ADMIN)
RESTART = action("Restart", queue=2, limit=Limit(1, 600.0, per_user=True))
DEPLOY = action("Deploy", groups=("Apache/1", "Backup/1"), queue=2, confirm=5.0, hours=DAYTIME)
RUN = action("Run", BACKUP, groups=("Backup/1", "Apache/1"), queue=1, cancel=ADMIN)
VERIFY = action("Verify", BACKUP, "Backup/1", hide_blocked=True, hours=DAYTIME)
LOOK = action("Look", THIRD, "Third/1")

SETTLED = replace(MENU.settings, settle=0.1)
ALL = Menu(SETTLED, (START, STOP, RESTART, DEPLOY, RUN, VERIFY, LOOK), EXECUTE)
MENUS = [
    ALL,
    replace(ALL, actions=(START, STOP, RUN, VERIFY)),
    replace(ALL, actions=(replace(RESTART, queue=None), DEPLOY, replace(LOOK, queue=3))),
    replace(ALL, actions=(replace(START, folder=THIRD), replace(RUN, folder=THIRD), LOOK)),
    replace(ALL, settings=replace(SETTLED, naming=Naming(WORDS["de"], before=True), settle=0.0)),
    replace(ALL, execute=None, faults=(Fault("Third", THIRD, (Problem("a", 1, 1, "cannot"),)),)),
]
OUTCOMES = (
    FactKind.STARTED,
    FactKind.DENIED,
    FactKind.UNATTRIBUTED,
    FactKind.ASKED,
    FactKind.CANCELLED,
    FactKind.NOT_RUN,
)

Kind = TypeVar("Kind")


class Department(RuleBasedStateMachine):
    """Users, Samba, inotify, NSS and the runner, each in its own time."""

    @initialize()
    def begin(self) -> None:
        self.play = Playbook(ALL)
        self.presses = 0
        self.late: dict[str, Entry] = {}
        self.running: dict[str, Action] = {}
        self.heard = 0

    # -- what people do -------------------------------------------------------------------------

    def flags(self) -> list[str]:
        """Where flags stand, and other files of FUI."""
        return sorted(
            f"{path}/{name}"
            for path, names in self.play.files.items()
            for name in names
            if path != EXECUTE.path
        )

    def one_of_them(self, data: st.DataObject) -> tuple[Folder, str]:
        path, _, name = self.draw(data, self.flags()).rpartition("/")
        return FOLDERS[path], name

    def draw(self, data: st.DataObject, choices: list[Kind]) -> Kind:
        return data.draw(st.sampled_from(choices))

    def tell(self, data: st.DataObject, entry: Entry) -> None:
        """Samba's word, which may come at once, or late, or never."""
        when = self.draw(data, ["now", "now", "now", "late", "never"])
        if when == "now":
            self.play.step(on.EntryRead(entry))
        elif when == "late":
            self.late[entry.cursor] = entry

    @precondition(lambda self: self.flags())
    @rule(data=st.data(), user=st.sampled_from(["alice", "alice", "o'neil", "bob"]))
    def press(self, data: st.DataObject, user: str) -> None:
        """As it mostly is: one flag is deleted, and all that follows does at once."""
        self.play.wait(1.5)
        self.hear()
        folder, name = self.one_of_them(data)
        self.presses += 1
        self.play.gone(name, user, folder)
        self.play.wait(0.11)
        self.play.answer()

    @precondition(lambda self: self.running)
    @rule(data=st.data(), user=st.sampled_from(["alice", "o'neil", "bob"]))
    def press_what_is_busy(self, data: st.DataObject, user: str) -> None:
        """To cancel, to queue, or to leave the queue."""
        words = ("Running", "Queued", "Läuft", "Wartet")
        busy = [path for path in self.flags() if any(word in path for word in words)]
        for path in data.draw(st.lists(st.sampled_from(busy), max_size=1)) if busy else []:
            folder, _, name = path.rpartition("/")
            self.presses += 1
            self.play.gone(name, user, FOLDERS[folder])
            self.play.wait(0.11)
            self.play.answer()

    @precondition(lambda self: self.flags())
    @rule(data=st.data(), user=st.sampled_from(sorted(UIDS)), times=st.integers(1, 3))
    def delete(self, data: st.DataObject, user: str, times: int) -> None:
        for _ in range(times):
            if not self.flags():
                return
            folder, name = self.one_of_them(data)
            entry = self.play.entry(name, user, folder)
            self.play.delete(name, folder)
            self.presses += 1
            self.tell(data, entry)
            self.hear()

    @precondition(lambda self: self.flags() and self.play.menu.execute)
    @rule(data=st.data(), user=st.sampled_from(sorted(UIDS)))
    def execute(self, data: st.DataObject, user: str) -> None:
        folder, name = self.one_of_them(data)
        entry = self.play.entry(name, user, folder)
        message = entry.message.replace("unlinkat", "renameat") + f"|{EXECUTE.path}/{name}"
        self.play.move(name, name, folder, EXECUTE)
        self.presses += 1
        self.tell(data, replace(entry, message=message))

    @precondition(lambda self: self.flags())
    @rule(data=st.data(), user=st.sampled_from(sorted(UIDS)))
    def take_away(self, data: st.DataObject, user: str) -> None:
        folder, name = self.one_of_them(data)
        entry = self.play.entry(name, user, folder)
        message = entry.message.replace("unlinkat", "renameat") + "|/srv/controls/elsewhere"
        self.play.move(name, None, folder)
        self.tell(data, replace(entry, message=message))

    @rule(number=st.integers(0, 4 * len(MENUS)))
    def reload(self, number: int) -> None:
        if number < len(MENUS):
            self.play.step(on.Reconfigured(MENUS[number]))

    # -- what the machine does ------------------------------------------------------------------

    @precondition(lambda self: self.late)
    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        cursor = self.draw(data, sorted(self.late))
        self.play.step(on.EntryRead(self.late.pop(cursor)))

    @precondition(lambda self: self.play.questions)
    @rule(data=st.data(), fails=st.sampled_from([False, False, False, True]))
    def look_up(self, data: st.DataObject, *, fails: bool) -> None:
        asked = self.play.questions.pop(data.draw(st.integers(0, len(self.play.questions) - 1)))
        self.answer(asked, fails=fails)

    def answer(self, asked: do.LookUpAccount, *, fails: bool) -> None:
        within = frozenset(asked.subjects & WITHIN.get(asked.uid, set()))
        if fails:
            self.play.step(on.AccountFailed(asked.question, known=True, why="no answer"))
        else:
            self.play.step(on.AccountFound(asked.question, NAMES[asked.uid], within))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), status=st.sampled_from([0, 1, None]), output=st.sampled_from(["", "x\n"]))
    def end(self, data: st.DataObject, status: int | None, output: str) -> None:
        job = self.draw(data, sorted(self.running))
        del self.running[job]
        self.play.step(on.JobEnded(job, Ending(status, output)))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), percent=st.integers(0, 100))
    def progress(self, data: st.DataObject, percent: int) -> None:
        job = self.draw(data, sorted(self.running))
        self.play.seen[job] = on.JobSeen(job, "out\n", percent, Progress(percent))

    @rule(seconds=st.sampled_from([0.02, 0.11, 1.2, 3.0, 31.0, 90.0]))
    def wait(self, seconds: float) -> None:
        self.play.wait(seconds)

    # -- what is so -----------------------------------------------------------------------------

    @invariant()
    def hear(self) -> None:
        """Jobs start, one of each group, and only for those who may."""
        new, self.heard = self.play.effects[self.heard :], len(self.play.effects)
        for effect in new:
            if isinstance(effect, do.StartJob):
                said = dict(effect.environment)
                assert said["FUI_USER"] in {"alice", "o'neil"}
                started = next(
                    one
                    for one in self.play.menu.actions
                    if (one.id.object, one.id.action) == (said["FUI_OBJECT"], said["FUI_ACTION"])
                )
                held = {group for one in self.running.values() for group in one.groups}
                assert not held & set(started.groups), f"{started.id} runs besides {self.running}"
                self.running[effect.job] = started
                self.play.step(on.JobStarted(effect.job))

    def teardown(self) -> None:
        if not hasattr(self, "play"):
            return
        for _ in range(30):
            self.play.wait(3.0)
            self.hear()
            while self.play.questions:
                self.answer(self.play.questions.pop(0), fails=False)
                self.hear()
            for job in list(self.running):
                del self.running[job]
                self.play.step(on.JobEnded(job, Ending(0)))
                self.hear()
            if not self.running and not self.play.questions:
                break
        self.play.wait(700.0)
        self.every_press_has_one_outcome()
        self.the_share_shows_the_menu()

    def every_press_has_one_outcome(self) -> None:
        outcomes = len(self.play.facts(*OUTCOMES))
        outcomes += 2 * len(self.play.facts(FactKind.LEFT))  # of who leaves, and of who waited
        for fact in self.play.facts(FactKind.MANY):
            many = re.match(r"\d+", fact.reason)
            assert many is not None
            outcomes += int(many[0]) - sum(
                one.reason == fact.reason for one in self.play.facts(FactKind.DENIED)
            )
        assert outcomes == self.presses, self.play.told()

    def the_share_shows_the_menu(self) -> None:
        menu = self.play.menu
        naming = menu.settings.naming
        for folder in menu.folders:
            parsed = [naming.parse(name) for name in self.play.files[folder.path]]
            wanted = [one.id.action for one in menu.actions if one.folder == folder]
            wanted += ["" for fault in menu.faults if fault.folder == folder]
            assert sorted(each[0] for each in parsed if each) == sorted(wanted)
            assert len(parsed) == len(wanted)
            states = {each[1] for each in parsed if each}
            assert states <= {FlagState.READY, FlagState.CLOSED, FlagState.ERROR, FlagState.WAIT}
        assert set(self.play.files) == {folder.path for folder in menu.folders}


TestDepartment = Department.TestCase
TestDepartment.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
