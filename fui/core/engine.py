"""The one function of events and time: `handle(event, now) -> effects`. Composes the stages.

Rules: it returns at once and never asks the world; a question is an effect and its answer an event.
The same events at the same instants give the same effects. Effects are carried out in their order,
and the answers to ShowFlag, RemoveOwn and ListFolder are handled before any other event.

A press goes: FileDeleted -> correlate (who?) -> LookUpAccount -> authorize -> schedule -> StartJob
or a refusal; and in either case the flag is shown again. Only a deletion can be a press: FUI never
deletes in a folder, it renames in and out. Every move is merely a reason to look at the folder.
"""

import math
from dataclasses import replace
from typing import assert_never

from fui.core import audit_line, flag_text, gate, lifecycle, story
from fui.core.correlate import Correlator, Proven, Unproven, Verdict
from fui.core.lifecycle import Trigger
from fui.core.schedule import Schedule, Why, how_it_ended
from fui.core.upkeep import Upkeep
from fui.core.view import Flag, View
from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import Fact, FactKind
from fui.model.instant import Instant
from fui.model.job import Ending, Run
from fui.model.menu import Menu, Subject
from fui.model.press import Gesture, Press
from fui.model.record import NotARecord, Operation, Record
from fui.model.states import NOBODY_PROVEN, FlagState, JobResult, Refusal


class Engine:
    """All decisions of FUI, and all that they need to be remembered."""

    def __init__(self, menu: Menu, instance: str) -> None:
        """Make an engine for a menu.

        Args:
            menu: What there is to press.
            instance: Unique for each start of the daemon; begins the ids of its jobs.
        """
        self._settings = menu.settings
        self._instance = instance
        self._now = Instant(0.0, 0.0)
        self._began = 0.0
        self._effects: list[do.Effect] = []
        self._view = View(menu)
        self._correlator: Correlator[Press] = Correlator(
            self._settings.attribution_timeout, self._settings.late_record_window
        )
        self._schedule = Schedule(self._settings.grace)
        self._asked: dict[int, Press] = {}  # by the number of the question
        self._questions = 0
        self._jobs = 0
        self._told: frozenset[str] = frozenset()  # cursors of presses told before the start
        self._cursor: str | None = None
        self._read_until = -math.inf
        self._cursor_due = False
        self._expecting = False
        self._upkeep = Upkeep(self._settings.reconcile_every)
        self._wakeup: float | None = None
        self._stopping = False

    def handle(self, event: on.Event, now: Instant) -> list[do.Effect]:  # noqa: C901, PLR0912 - an arm for each event
        """Return what is to be done because of an event."""
        self._now = now
        self._effects = []
        match event:
            case on.Started():
                self._start(event)
            case on.FileDeleted(place):
                if flag := self._view.deleted(place.path):
                    flag.pressed = True
                    self._gone(flag, place.path, Gesture.PRESS, Operation.UNLINK)
            case on.FileMoved(source, target):
                self._list(self._view.moved(source, target))
            case on.WatchLost(folder, why):
                if self._upkeep.lost(folder, now.mono):
                    self._tell(Fact(FactKind.LOST, reason=why))
                    self._list((folder,) if folder else self._view.folders)
            case on.FolderListed():
                self._listed(event)
            case on.FlagShown():
                self._shown(event)
            case on.FlagMissing(action):
                self._list((self._view[action].action.folder.path,))
            case on.FileCreated():
                pass
            case on.ShareFailed(folder, error, action):
                if self._upkeep.failed(folder, error, now.mono):
                    self._tell(Fact(FactKind.LOST, action, reason=error))
            case on.EntryRead(entry):
                if entry.sent >= self._read_until:  # else it was found late, by going back
                    self._cursor, self._read_until = entry.cursor, entry.sent
                self._parsed(audit_line.parse(entry, self._settings))
            case on.JournalGap(why):
                self._tell(Fact(FactKind.LOST, reason=why))
            case on.AccountFound() | on.AccountFailed():
                self._answered(event)
            case on.JobStarted(job):
                self._job_started(job)
            case on.JobEnded(job, ending):
                self._job_ended(job, ending)
            case on.Woken():
                self._wakeup = None
            case on.StopRequested():
                self._stop()
            case _:  # pragma: no cover
                assert_never(event)
        self._pass_time()
        self._effects += self._view.draw(self._busy)
        self._plan()
        return self._effects

    # -- beginning and end ----------------------------------------------------------------------

    def _start(self, event: on.Started) -> None:
        self._began = self._now.mono
        self._cursor = event.cursor
        self._told = frozenset(run.cursor for run in event.runs.values())
        self._upkeep.looked(self._now.mono)
        for action, run in event.runs.items():
            flag = self._view[action]
            flag.run = run
            if run.result is None:
                self._end_run(flag, JobResult.INTERRUPTED, Ending(None), "FUI ended while it ran")
        self._list(self._view.folders)

    def _stop(self) -> None:
        self._stopping = True
        for job in self._schedule.jobs:
            if self._schedule.terminate(job, Why.STOPPING, self._now.mono):
                self._do(do.TerminateJob(job.id))

    # -- the share ------------------------------------------------------------------------------

    def _list(self, folders: tuple[str, ...]) -> None:
        for folder in folders:
            self._do(do.ListFolder(folder))

    def _listed(self, event: on.FolderListed) -> None:
        for lost in self._upkeep.seen(event.folder):
            self._do(do.Rewatch(lost))
            self._list((lost,) if lost else self._view.folders)
        found = self._view.listed(event)
        self._effects += found.surplus
        for flag, path in found.moved:
            self._gone(flag, path, Gesture.MOVE, Operation.RENAME)
        for flag, path in found.missing:
            self._correlator.retire(path)
            reason = "it was missing, and no event told why"
            self._tell(Fact(FactKind.RESTORED, flag.action.id, reason=reason))

    def _shown(self, event: on.FlagShown) -> None:
        left, new = self._view.shown(event)
        if left is not None:
            self._correlator.retire(left)
        if new is not None:
            self._correlator.born(new, event.born)
        if event.set_aside:
            reason = f"somebody else's file was in its place and is kept as {event.set_aside}"
            self._tell(Fact(FactKind.RESTORED, event.action, reason=reason))

    # -- who ------------------------------------------------------------------------------------

    def _gone(self, flag: Flag, path: str, gesture: Gesture, operation: Operation) -> None:
        """A flag's generation has ended: find out by whom."""
        named = self._view.named(path)
        shown = named[1] if named else flag.state
        job = self._schedule.running(flag.action.group, flag.action.id)
        press = Press(flag.action, gesture, shown, job if shown is FlagState.RUNNING else "")
        for verdict in self._correlator.ended(path, operation, press, self._now.mono):
            self._verdict(verdict)
        if self._correlator.pending:
            self._expecting = True
            self._do(do.ExpectRecords(self._now.mono))

    def _parsed(self, parsed: Record | NotARecord) -> None:
        if isinstance(parsed, NotARecord):
            self._not_believed(parsed)
            return
        named = self._view.named(parsed.path)
        if named is None:
            return
        self._cursor_due = True
        if parsed.cursor in self._told:
            return
        if parsed.sent >= self._began:
            for verdict in self._correlator.hear(parsed, self._now.mono):
                self._verdict(verdict)
        elif parsed.operation is Operation.UNLINK:
            self._ask(Press(named[0].action, Gesture.MISSED, named[1], record=parsed), parsed)

    def _not_believed(self, parsed: NotARecord) -> None:
        if parsed.suspicious and (count := self._upkeep.suspected(self._now.mono)):
            reason = f"{parsed.why} ({count} so far)"
            self._tell(Fact(FactKind.SUSPICIOUS, reason=reason))

    def _verdict(self, verdict: Verdict[Press]) -> None:
        if isinstance(verdict, Proven):
            self._ask(replace(verdict.subject, record=verdict.record), verdict.record)
        elif isinstance(verdict, Unproven):
            self._refuse(verdict.subject, "", verdict.refusal, verdict.why)
        else:
            self._stray(verdict.record)

    def _stray(self, record: Record) -> None:
        named = self._view.named(record.path)
        assert named is not None  # noqa: S101 - only such a record is heard
        press = Press(named[0].action, Gesture.PRESS, named[1], record=record)
        reason = "an audit record came for which nothing was seen to go; nothing ran"
        self._tell(story.of_press(FactKind.LOST, press, "", reason))

    def _ask(self, press: Press, record: Record) -> None:
        """Ask who this is; and what the rules say of him, if it is about more than the name."""
        access = gate.wanted(press)
        subjects = access.allow + access.deny if press.gesture is Gesture.PRESS else ()
        self._questions += 1
        self._asked[self._questions] = press
        timeout = self._settings.lookup_timeout
        self._do(do.LookUpAccount(self._questions, record.uid, frozenset(subjects), timeout))

    def _answered(self, event: on.AccountFound | on.AccountFailed) -> None:
        press = self._asked.pop(event.question, None)
        if press is None:
            return
        user = event.name if isinstance(event, on.AccountFound) else ""
        if press.gesture is Gesture.MISSED:
            self._tell(story.of_press(FactKind.NOT_RUN, press, user, "FUI was not running"))
        elif isinstance(event, on.AccountFailed):
            refusal = Refusal.NO_ANSWER if event.known else Refusal.UNKNOWN_USER
            self._refuse(press, user, refusal, event.why)
        elif press.gesture is Gesture.MOVE:
            self._refuse(press, user, Refusal.MOVED, press.gesture.value)
        else:
            self._decide(press, user, event.within)

    # -- whether --------------------------------------------------------------------------------

    def _decide(self, press: Press, user: str, within: frozenset[Subject]) -> None:
        assert press.record is not None  # noqa: S101 - only a proven press is asked about
        flag = self._view[press.action.id]
        self._tell(story.of_press(FactKind.PRESSED, press, user))
        if self._stopping:
            self._refuse(press, user, Refusal.STOPPING, "FUI is being stopped")
            return
        confirms = press.record.uid == flag.asked
        outcome = gate.decide(
            press, user, within, state=flag.state, confirms=confirms, busy=self._busy(flag)
        )
        if isinstance(outcome, gate.Refuse):
            self._refuse(press, user, outcome.refusal, outcome.why)
        elif isinstance(outcome, gate.AskAgain):
            self._tell(story.of_press(FactKind.ASKED, press, user))
            self._view.change(flag, Trigger.ASK, self._now.mono)
            self._put_back(flag, f"{user} pressed it, and has to press it once more to run it")
            flag.asked = press.record.uid
        elif isinstance(outcome, gate.Cancel):
            outcome.grant.spend()
            self._cancel(press, user, outcome.job)
        else:
            outcome.grant.spend()
            self._start_job(flag, press.record, user)

    def _cancel(self, press: Press, user: str, job_id: str) -> None:
        job = self._schedule.get(job_id)
        if job is None or not self._schedule.terminate(job, Why.CANCELLED, self._now.mono, user):
            self._refuse(press, user, Refusal.BUSY, "it was ending already")
            return
        self._do(do.TerminateJob(job_id))
        self._tell(story.of_press(FactKind.CANCELLED, press, user))
        self._put_back(self._view[press.action.id], f"{user} cancels it")

    def _put_back(self, flag: Flag, note: str) -> None:
        flag.pressed = False
        flag.note = note
        self._view.touch(flag)

    def _refuse(self, press: Press, user: str, refusal: Refusal, reason: str) -> None:
        flag = self._view[press.action.id]
        if press.gesture is Gesture.MOVE:
            self._tell(story.of_press(FactKind.RESTORED, press, user, press.gesture.value))
            return
        kind = FactKind.UNATTRIBUTED if refusal in NOBODY_PROVEN else FactKind.DENIED
        self._tell(story.of_press(kind, press, user, reason, refusal))
        when = flag_text.moment(self._now.wall, self._settings.zone)
        if refusal not in (Refusal.BUSY, Refusal.STOPPING):
            # While the missing record may still come, the flag has another name than it had then.
            at_least = self._settings.late_record_window if refusal in NOBODY_PROVEN else 0.0
            self._view.change(flag, Trigger.REFUSE, self._now.mono, at_least)
        self._put_back(flag, f"{when}: a press by {user or 'nobody known'} ran nothing: {reason}")

    def _busy(self, flag: Flag) -> str:
        holder = self._schedule.holder(flag.action.group)
        run = self._view[holder.action].run if holder else None
        return f"{holder.action} is running for {run.user}" if holder and run else ""

    # -- jobs -----------------------------------------------------------------------------------

    def _start_job(self, flag: Flag, record: Record, user: str) -> None:
        action = flag.action
        self._jobs += 1
        job = f"{self._instance}-{self._jobs}"
        self._schedule.take(job, action.id, action.group, self._now.mono, action.command.timeout)
        flag.run = Run(job, user, record.uid, record.client, record.cursor, self._now.wall)
        self._do(do.SaveRun(action, flag.run))
        environment = (
            ("FUI_USER", user),
            ("FUI_CLIENT", record.client),
            ("FUI_OBJECT", action.id.object),
            ("FUI_ACTION", action.id.action),
            ("FUI_JOB", job),
        )
        self._do(do.StartJob(job, action.command, environment))
        flag.pressed = False
        self._view.change(flag, Trigger.START, self._now.mono)
        for other in self._view.others(flag):
            self._view.change(other, Trigger.HOLD, self._now.mono)

    def _job_started(self, job_id: str) -> None:
        if job := self._schedule.get(job_id):
            flag = self._view[job.action]
            assert flag.run is not None  # noqa: S101 - a job has a run
            self._tell(story.of_job(FactKind.STARTED, flag.action, flag.run))

    def _job_ended(self, job_id: str, ending: Ending) -> None:
        job = self._schedule.release(job_id)
        if job is None:
            return
        flag = self._view[job.action]
        result, reason = how_it_ended(job, ending, flag.action.command.timeout)
        self._end_run(flag, result, ending, reason)
        self._view.change(flag, lifecycle.ENDS[result], self._now.mono)
        for other in self._view.others(flag):
            self._view.change(other, Trigger.RELEASE, self._now.mono)

    def _end_run(self, flag: Flag, result: JobResult, ending: Ending, reason: str) -> None:
        assert flag.run is not None  # noqa: S101 - only a run that began ends
        flag.run = replace(
            flag.run,
            ended=self._now.wall,
            result=result,
            status=ending.status,
            tail=flag_text.tail(ending.output),
            error=reason,
        )
        self._do(do.SaveRun(flag.action, flag.run))
        self._tell(story.of_job(FactKind.ENDED, flag.action, flag.run, reason))
        if ending.output:
            lost = f"{ending.lost} bytes before this were over the limit" if ending.lost else ""
            self._tell(story.of_job(FactKind.OUTPUT, flag.action, flag.run, lost, ending.output))

    # -- time -----------------------------------------------------------------------------------

    def _pass_time(self) -> None:
        now = self._now.mono
        for verdict in self._correlator.expire(now):
            self._verdict(verdict)
        self._view.expire(now)
        for job in self._schedule.overdue(now):
            if self._schedule.terminate(job, Why.TIMEOUT, now):
                self._do(do.TerminateJob(job.id))
            else:
                self._schedule.kill(job)
                self._do(do.KillJob(job.id))
        if self._upkeep.next_look <= now:
            self._upkeep.looked(now)
            self._cursor_due = True
            self._list(self._view.folders)

    def _plan(self) -> None:
        """Ask for what must come next, and for nothing that was asked for already."""
        if self._expecting and not self._correlator.pending:
            self._expecting = False
            self._do(do.ExpectRecords(None))
        undecided = self._correlator.pending or bool(self._asked)
        leaving = self._stopping and not undecided and not self._schedule.jobs
        if self._cursor is not None and not undecided and (self._cursor_due or leaving):
            self._cursor_due = False
            self._do(do.SaveCursor(self._cursor))
        if leaving:
            self._do(do.Exit())
        dues = (
            self._correlator.next_deadline(),
            self._schedule.next_due(),
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
