"""The one function of events and time: `handle(event, now)` gives effects. Composes the stages.

Rules: it returns at once and never asks the world; a question is an effect and its answer an event.
The same events at the same instants give the same effects. Effects are carried out in their order,
and the answers to what concerns the share are handled before any other event.

A press goes: FileDeleted -> attribution (who?) -> LookUpAccount -> gate (what comes of it?) ->
schedule, queue, or a refusal; and in any case the flag is shown again. Only a deletion, or a move
into the execute folder, can be a press; FUI never deletes in a folder, it renames in and out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from fui.core import gate, story
from fui.core.attribution import (
    Attributed,
    Attribution,
    Disbelieved,
    Finding,
    Many,
    Prevented,
    Stray,
    Suppressed,
    Unattributed,
)
from fui.core.consequences import Consequences
from fui.core.flag import Flag
from fui.core.losses import Losses
from fui.core.queue import Waiting
from fui.core.status import Board
from fui.core.upkeep import Upkeep
from fui.core.view import View
from fui.core.work import Work
from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import Fact, FactKind
from fui.model.instant import Instant
from fui.model.job import JobId
from fui.model.menu import Action, Menu, Subject
from fui.model.press import Gesture, Press
from fui.model.states import NOBODY_PROVEN, FlagState, Loss, Refusal

_Kept = tuple[str, str | None]
"""A folder that FUI keeps, and a user whose files are FUI's in it."""


def _kept(actions: Iterable[Action]) -> frozenset[_Kept]:
    return frozenset((action.folder.path, action.file.user) for action in actions)


class Engine:
    """All decisions of FUI, and all that they need to be remembered."""

    def __init__(self, menu: Menu, instance: str) -> None:
        """Make an engine for a menu.

        Args:
            menu: What there is to press.
            instance: Unique for each start of the daemon; begins the ids of its jobs.
        """
        self._menu = menu
        self._now = Instant(0.0, 0.0)
        self._effects: list[do.Effect] = []
        self._view = View(menu)
        self._who = Attribution(menu, self._view.named)
        self._work = Work(self._view, menu.settings, instance)
        self._then = Consequences(self._view, self._work, menu.settings)
        self._board = Board(menu, self._view, self._work)
        self._upkeep = Upkeep(menu.settings.reconcile_every)
        self._losses = Losses()
        self._asked: dict[int, tuple[Press | Many | Waiting, frozenset[Subject]]] = {}
        self._questions = 0
        self._kept = _kept(menu.actions)
        self._retired: frozenset[_Kept] = frozenset()
        self._expecting = False
        self._jobs_go_on = False
        self._wakeup: float | None = None

    def handle(self, event: on.Event, now: Instant) -> Iterator[do.Effect]:
        """Yield what is to be done because of an event; take all of it before the next one.

        What is to be shown is put together when all else was taken: a job has started by then.
        """
        self._now = now
        self._effects = []
        self._heed(event)
        self._pass_time()
        yield from self._effects
        taken = len(self._effects)
        self._show()
        self._plan()
        yield from self._effects[taken:]

    def _heed(self, event: on.Event) -> None:  # noqa: C901, PLR0912, PLR0915 - an arm for each event
        now = self._now
        match event:
            case on.Started():
                self._start(event)
            case on.Watching(since):
                self._who.watching(since)
                self._list(self._view.folders)
            case on.Reconfigured():
                self._reconfigure(event)
            case on.FileDeleted(place):
                if flag := self._view.deleted(place.path):
                    self._gone(flag, place.path, Gesture.PRESS)
            case on.FileMoved(source, target):
                self._moved(source, target)
            case on.FileCreated():
                pass
            case on.WatchLost(folder, why, overflow):
                self._losses.add(Loss.WATCH)
                if overflow:
                    self._upkeep.overflow(now.mono)
                news, at_once = self._upkeep.lost(folder, now.mono)
                if news:
                    self._tell(Fact(FactKind.LOST, reason=why, loss=Loss.WATCH))
                if at_once:
                    self._list((folder,) if folder else self._view.folders)
            case on.FolderListed():
                self._listed(event)
            case on.FlagShown():
                self._shown(event)
            case on.FlagHidden(action):
                self._who.renamed(self._view.hid(action), None, now.mono)
            case on.FlagMissing(action):
                self._list((self._view.undrawn(action).action.folder.path,))
            case on.ShareFailed(folder, error, action):
                if action is not None:
                    self._view.undrawn(action)
                self._losses.add(Loss.SHARE)
                if self._upkeep.failed(folder, error, now.mono):
                    self._tell(Fact(FactKind.LOST, action, reason=error, loss=Loss.SHARE))
            case on.EntryRead(entry):
                self._found(self._who.read(entry, now.mono))
            case on.EntriesDropped(notice):
                self._found(self._who.read_notice(notice))
            case on.LedgerMissed(number):
                self._losses.add(Loss.LEDGER, number)
            case on.JournalGap(why):
                self._losses.add(Loss.JOURNAL)
                self._tell(Fact(FactKind.LOST, reason=why, loss=Loss.JOURNAL))
            case on.AccountFound() | on.AccountFailed():
                self._answered(event)
            case on.JobStarted(job):
                self._effects += self._work.started(job)
            case on.JobAdopted(job):
                self._effects += self._work.adopted(job)
            case on.JobSeen():
                self._work.seen(event, now)
            case on.JobEnded(job, ending):
                self._effects += self._work.ended(job, ending, now)
            case on.Woken(at):
                self._wakeup = None
                self._found(self._who.judge(at, now.mono))
            case on.StopRequested(jobs_go_on):
                self._then.stopping = True
                self._jobs_go_on = jobs_go_on
                self._effects += self._work.stop(now, jobs_go_on=jobs_go_on)
            case _:  # pragma: no cover
                assert_never(event)

    # -- beginning, change and end --------------------------------------------------------------

    def _start(self, event: on.Started) -> None:
        self._who.begin(self._now.mono, event)
        self._upkeep.looked(self._now.mono)
        self._effects += self._work.begin(event, self._now)
        if self._view.retired:
            self._furnish()
        self._tell_problems()
        self._list(self._view.folders)

    def _reconfigure(self, event: on.Reconfigured) -> None:
        before, self._menu = self._menu, event.menu
        self._kept = _kept(event.menu.actions)
        for flag in self._view.reload(event.menu):
            history = event.histories.get(flag.action.id, flag.history)
            self._effects += self._work.remember(flag, history, self._now)
        self._who.configure(event.menu)
        self._work.configure(event.menu.settings)
        self._then.settings = event.menu.settings
        self._board.configure(event.menu)
        self._upkeep.every = event.menu.settings.reconcile_every
        self._upkeep.looked(self._now.mono)
        self._furnish()
        self._list(self._view.folders)
        self._tell(story.of_menu(before, event.menu))
        self._tell_problems()
        self._effects += self._work.reconfigured(self._now)

    def _furnish(self) -> None:
        retired = self._view.retired
        self._retired = _kept(retired) - self._kept
        self._do(do.Furnish(self._menu, retired))

    def _tell_problems(self) -> None:
        for problem in self._menu.problems:
            self._tell(Fact(FactKind.MISCONFIGURED, reason=str(problem)))

    # -- the share ------------------------------------------------------------------------------

    def _list(self, folders: Iterable[str]) -> None:
        for folder in folders:
            self._do(do.ListFolder(folder))

    def _moved(self, source: on.Place | None, target: on.Place | None) -> None:
        flag = self._view.executed(source, target)
        if flag is None or source is None or target is None:
            self._list(self._view.moved(source, target))
        else:
            self._gone(flag, source.path, Gesture.EXECUTE, target.path)
            self._list((target.folder,))  # where it is too much

    def _listed(self, event: on.FolderListed) -> None:
        for lost in self._upkeep.seen(event.folder):
            self._do(do.Rewatch(lost))
            self._list((lost,) if lost else self._view.folders)
        found = self._view.listed(event)
        self._effects += found.surplus
        for flag, path in found.moved:
            self._gone(flag, path, Gesture.MOVE)
        for flag, path in found.missing:
            if self._upkeep.overflowed(self._menu.settings.late_record_window, self._now.mono):
                self._who.lost(path, self._now.mono)
            else:
                self._who.renamed(path, None, self._now.mono)
            reason = "it was missing, and no event told why"
            self._tell(Fact(FactKind.RESTORED, flag.action.id, reason=reason))

    def _shown(self, event: on.FlagShown) -> None:
        self._who.renamed(*self._view.shown(event), event.born)
        if event.set_aside:
            reason = f"somebody else's file was in its place and is kept as {event.set_aside}"
            self._tell(Fact(FactKind.RESTORED, event.action, reason=reason))

    # -- who ------------------------------------------------------------------------------------

    def _gone(self, flag: Flag, path: str, gesture: Gesture, target: str = "") -> None:
        """A flag's name has ended: find out by whom."""
        named = self._view.named(path)
        shown = named[1] if named else flag.state
        job = self._job(flag.action, shown)
        press = Press(flag.action, gesture, shown, job, at=self._now.mono)
        flag.pressed = flag.pressed or press.presses
        self._found(self._who.gone(press, path, target))
        if self._who.expecting:
            self._expecting = True
            self._do(do.ExpectRecords(self._now.mono))

    def _job(self, action: Action, shown: FlagState) -> JobId:
        """Return the job of an action whose flag says that it runs; empty if it does not."""
        return self._work.running(action) if shown is FlagState.RUNNING else ""

    def _found(self, findings: list[Finding]) -> None:
        for finding in findings:
            match finding:
                case Attributed(press):
                    self._ask(press)
                case Prevented(press):
                    self._ask(replace(press, job=self._job(press.action, press.shown)))
                case Many():
                    self._ask(finding)
                case Unattributed(press, refusal, why):
                    self._losses.add(NOBODY_PROVEN[refusal])
                    self._effects += self._then.refuse(press, "", refusal, why, self._now)
                case Stray(press, late):
                    self._losses.add(Loss.LATE if late else Loss.STRAY)
                    self._tell(story.of_stray(press, late=late))
                case Suppressed(unit, number):
                    self._losses.add(Loss.SUPPRESSED, number)
                    self._tell(story.of_suppressed(unit, number))
                case Disbelieved(why):
                    self._losses.add(Loss.DISBELIEVED)
                    if self._upkeep.suspected(self._now.mono):
                        reason = f"{why} ({self._losses.counts[Loss.DISBELIEVED]} so far)"
                        self._tell(Fact(FactKind.SUSPICIOUS, reason=reason, loss=Loss.DISBELIEVED))
                case _:  # pragma: no cover
                    assert_never(finding)

    def _ask(self, about: Press | Many | Waiting) -> None:
        """Ask who this is; and what the rules say of him, if it is about more than the name."""
        press = about.presses[0] if isinstance(about, Many) else about
        press = press.press if isinstance(press, Waiting) else press
        assert press.record is not None  # noqa: S101 - only what is proven is asked about
        subjects = frozenset() if isinstance(about, Many) else self._subjects(press)
        self._questions += 1
        self._asked[self._questions] = about, subjects
        timeout = self._menu.settings.lookup_timeout
        uid, text_user = press.record.uid, press.record.text_user
        self._do(do.LookUpAccount(self._questions, uid, text_user, subjects, timeout))

    def _subjects(self, press: Press) -> frozenset[Subject]:
        """Return whom the rules name, as they are by now."""
        access = gate.wanted(replace(press, action=self._then.current(press) or press.action))
        ruled = press.presses or press.gesture is Gesture.REFUSED
        return frozenset(access.allow + access.deny if ruled else ())

    def _answered(self, event: on.AccountFound | on.AccountFailed) -> None:
        about, subjects = self._asked.pop(event.question, (None, frozenset()))
        user = event.name if isinstance(event, on.AccountFound) else ""
        if about is None:
            return
        if isinstance(about, Many):
            self._effects += self._then.refuse_many(about.presses, user, self._now)
            return
        press = about.press if isinstance(about, Waiting) else about
        if not self._subjects(press) <= subjects:
            self._ask(about)  # the rules are others since it was asked
            return
        if isinstance(about, Waiting) and not self._work.take_turn(about, self._now):
            return
        if press.gesture is Gesture.MISSED:
            self._tell(story.of_press(FactKind.NOT_RUN, press, user, "FUI was not running"))
        elif press.gesture is Gesture.REFUSED:
            within = event.within if isinstance(event, on.AccountFound) else frozenset()
            self._effects += self._then.refused_by_samba(press, user, within)
        elif isinstance(event, on.AccountFailed):
            refusal = Refusal.NO_ANSWER if event.known else Refusal.UNKNOWN_USER
            self._effects += self._then.refuse(press, user, refusal, event.why, self._now)
        elif press.gesture is Gesture.MOVE:
            self._tell(story.of_press(FactKind.RESTORED, press, user, press.gesture.value))
        else:
            turn = isinstance(about, Waiting)
            self._effects += self._then.decide(press, user, event.within, self._now, turn=turn)

    # -- time -----------------------------------------------------------------------------------

    def _pass_time(self) -> None:
        now = self._now.mono
        self._found(self._who.expire(now))
        self._view.expire(now)
        self._effects += self._work.pass_time(self._now)
        if self._upkeep.next_look <= now:
            self._upkeep.looked(now)
            self._who.cursor_counts = True
            self._work.rests.review(self._now)
            self._list(self._view.folders)
        if not self._then.stopping:
            for waiting in self._work.call():
                self._ask(waiting)

    def _show(self) -> None:
        """Have everything that has changed shown as it is by now."""
        self._effects += self._work.keep()
        touched = self._view.touched
        for flag in touched:
            if flag.state is FlagState.READY and not flag.removed:
                self._work.rests.show(flag, self._now)
        self._effects += self._view.draw(self._work.why, self._now)
        if _kept(self._view.retired) - self._kept != self._retired:
            self._furnish()
        losses = self._losses.counts
        self._effects += self._board.publish(touched, self._effects, losses, self._now)

    def _plan(self) -> None:
        """Ask for what must come next, and for nothing that was asked for already."""
        if self._expecting and not self._who.expecting:
            self._expecting = False
            self._do(do.ExpectRecords(None))
        undecided = self._who.undecided or bool(self._asked)
        idle = self._work.idle or self._jobs_go_on
        leaving = self._then.stopping and not undecided and idle
        cursor = self._who.cursor
        if cursor is not None and not undecided and (self._who.cursor_counts or leaving):
            self._who.cursor_counts = False
            self._do(do.SaveCursor(cursor))
        if leaving:
            self._do(do.Exit())
        dues = (
            self._who.next_due(),
            self._work.next_due(),
            self._view.next_due(),
            self._upkeep.next_look,
        )
        at = min(due for due in dues if due is not None)
        if at != self._wakeup:
            self._wakeup = at
            self._do(do.RequestWakeup(at))

    def _do(self, effect: do.Effect) -> None:
        self._effects.append(effect)

    def _tell(self, fact: Fact) -> None:
        self._do(do.Tell(fact))
