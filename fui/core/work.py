"""The work: jobs that run, presses that wait for them, and what both mean to the flags.

Rules: composes `schedule`, `queue`, `live`, `runs` and `obstacles`, and moves the flags of the view
by the table of states; a group that is taken or freed is shown at once on every flag it concerns.
What is to be done is returned as effects, in order. Decides about nobody's rights.
"""

from collections.abc import Iterable
from dataclasses import replace

from fui.core import flag_text, lifecycle, obstacles, runs, story
from fui.core.flag import Flag
from fui.core.gate import Moment
from fui.core.lifecycle import Trigger
from fui.core.live import Live
from fui.core.queue import Queue, Waiting
from fui.core.rests import Rests
from fui.core.schedule import Schedule, how_it_ended
from fui.core.view import View
from fui.model import effects as do
from fui.model.events import JobSeen, Started
from fui.model.facts import Fact, FactKind
from fui.model.instant import Instant
from fui.model.job import Ending, History, Job, JobId, Queued, Run
from fui.model.menu import Action, Settings
from fui.model.press import Press
from fui.model.states import FlagState, Intervention, JobResult, JobState


class Work:
    """All jobs and all queues of a menu."""

    def __init__(self, view: View, settings: Settings, instance: str) -> None:
        """Make it.

        Args:
            view: The flags.
            settings: Of the menu.
            instance: Begins the ids of the jobs.
        """
        self._view = view
        self._instance = instance
        self._count = 0
        self._schedule = Schedule(settings.grace)
        self._queue = Queue()
        self._live = Live()
        self.rests = Rests(view, settings.zone)
        """What rests by its hours or its limit."""
        self._kept: tuple[Queued, ...] = ()
        self._told: frozenset[tuple[FactKind, JobId]] = frozenset()
        self.configure(settings)

    def configure(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        self._zone = self.rests.zone = settings.zone
        self._schedule.grace = settings.grace

    @property
    def idle(self) -> bool:
        """Whether no job runs."""
        return not self._schedule.jobs

    def running(self, action: Action) -> JobId:
        """Return the job that an action has running; empty if it has none."""
        return self._schedule.running(action.id)

    def queued(self, action: Action) -> Queued | None:
        """Return the press of an action that waits for its turn."""
        waiting = self._queue.get(action.id)
        return waiting.kept if waiting else None

    def begin(self, event: Started, now: Instant) -> list[do.Effect]:
        """The daemon begins: jobs go on, and presses that waited for their turn do not."""
        self._told = event.told_jobs
        effects = self._adopt(event, now)
        for action, history in event.histories.items():
            # Without a flag its job has ended, and it left the menu meanwhile.
            if flag := self._view.get(action):
                effects += self.remember(flag, history, now)
        dealt_with = event.dealt_with
        for queued in event.queued:
            if queued.cursor not in dealt_with:  # else its turn had come
                why = "it waited for its turn when FUI ended"
                effects.append(do.Tell(story.of_queued(queued, why)))
        self._kept = event.queued  # until `keep` finds the queue empty
        return effects

    def _adopt(self, event: Started, now: Instant) -> list[do.Effect]:
        """Go on with the jobs of the last daemon; of those that ended, all was told before it did."""
        effects: list[do.Effect] = []
        for job in event.jobs:
            history = event.histories.get(job.action.id, History())
            known = next((run for run in history.runs if run.job == job.id), None)
            if known is not None and known.result is not None:
                effects.append(do.ForgetJob(job.id))
                continue
            flag = self._view.adopt(job.action)
            flag.history = history if known else runs.begun(history, job.run, job.action.limit)
            self._schedule.take(job)
            self._live.begin(job.id, now.mono)
            self._view.change(flag, Trigger.START, now.mono)
        jobs = self._schedule.jobs
        effects.append(do.AdoptJobs(tuple((job.id, job.action.command) for job in jobs)))
        effects += [do.TerminateJob(job.id) for job in jobs if job.state is JobState.TERMINATING]
        for job in jobs:
            self.regroup(job.action.groups, now)
        return effects

    # -- jobs -----------------------------------------------------------------------------------

    def start(self, flag: Flag, press: Press, user: str, now: Instant) -> list[do.Effect]:
        """Have the action of a flag run; its groups are free."""
        record, action = press.record, flag.action
        assert record is not None  # noqa: S101 - only a proven press is granted
        self._queue.remove(action.id)
        self._count += 1
        job_id = f"{self._instance}-{self._count}"
        run = Run(job_id, user, record.uid, record.client, record.cursor, now.wall)
        job = Job(job_id, action, run, due=now.mono + action.command.timeout)
        self._schedule.take(job)
        self._live.begin(job_id, now.mono)
        flag.history = runs.begun(flag.history, run, action.limit)
        flag.pressed, flag.seen = False, None
        environment = (
            ("FUI_USER", user),
            ("FUI_CLIENT", record.client),
            ("FUI_OBJECT", action.id.object),
            ("FUI_ACTION", action.id.action),
            ("FUI_JOB", job_id),
        )
        self._view.change(flag, Trigger.START, now.mono)
        self.regroup(action.groups, now)
        return [
            do.SaveHistory(action.id, flag.history),
            do.SaveJob(job),
            do.StartJob(job_id, action.command, environment),
        ]

    def started(self, job_id: JobId) -> list[do.Effect]:
        """A job's command was executed."""
        job = self._schedule.get(job_id)
        if job is None or job.told:
            return []
        told = self._schedule.update(replace(job, told=True))
        fact = story.of_job(FactKind.STARTED, job.action, job.run)
        return [*self._tell(fact), do.SaveJob(told)]

    def adopted(self, job_id: JobId) -> list[do.Effect]:
        """A job of the last daemon goes on."""
        job = self._schedule.get(job_id)
        if job is None:
            return []
        return [do.Tell(story.of_job(FactKind.ADOPTED, job.action, job.run))]

    def seen(self, event: JobSeen, now: Instant) -> None:
        """A job was looked at."""
        job, shown = self._schedule.get(event.job), self._live.saw(event, now.mono)
        if job is not None and shown is not None:
            flag = self._view[job.action.id]
            flag.seen = shown
            flag.detail = f"{shown.progress.percent} %" if shown.progress else ""
            self._view.touch(flag)

    def ended(self, job_id: JobId, ending: Ending, now: Instant) -> list[do.Effect]:
        """Nothing is left of a job."""
        job = self._schedule.release(job_id)
        if job is None:
            return []
        self._live.end(job_id)
        flag = self._view[job.action.id]
        result, reason = how_it_ended(job, ending)
        run = replace(job.run, ended=now.wall, result=result, error=reason)
        effects = self._end_run(flag, job.action, run, ending)
        self._view.change(flag, lifecycle.ENDS[result], now.mono)
        self.regroup(job.action.groups, now)
        return [*effects, do.ForgetJob(job_id)]

    def cancel(self, job_id: JobId, user: str, now: Instant) -> list[do.Effect]:
        """Have a job end, because somebody wants it to; nothing if it is ending already."""
        job = self._schedule.get(job_id)
        return self._terminate(job, Intervention.CANCELLED, now, user) if job else []

    def _terminate(
        self, job: Job, why: Intervention, now: Instant, by: str = ""
    ) -> list[do.Effect]:
        """Begin to end a job; nothing if that was begun before."""
        ending = self._schedule.terminate(job, why, now.mono, by)
        return [do.SaveJob(ending), do.TerminateJob(job.id)] if ending else []

    def remember(self, flag: Flag, history: History, now: Instant) -> list[do.Effect]:
        """Take in what was saved of an action's runs; one that did not end was interrupted."""
        flag.history = history
        last = history.last
        if last is None or last.result is not None or self._schedule.running(flag.action.id):
            return []
        why = "FUI ended while it ran"
        run = replace(last, ended=now.wall, result=JobResult.INTERRUPTED, error=why)
        return self._end_run(flag, flag.action, run, Ending(None))

    def stop(self, now: Instant, *, jobs_go_on: bool) -> list[do.Effect]:
        """The daemon ends: so does what waits, and what runs but where another one goes on with it."""
        effects: list[do.Effect] = []
        for waiting in self._queue:
            effects += self._drop(waiting, "FUI was stopped while it waited for its turn", now)
        for job in () if jobs_go_on else self._schedule.jobs:
            effects += self._terminate(job, Intervention.STOPPING, now)
        return effects

    def _end_run(self, flag: Flag, action: Action, run: Run, ending: Ending) -> list[do.Effect]:
        run = replace(run, status=ending.status, tail=flag_text.tail(ending.output))
        flag.history, flag.seen = runs.ended(flag.history, run), None
        effects = self._tell(story.of_job(FactKind.ENDED, action, run, run.error))
        if ending.output:
            lost = f"{ending.lost} bytes before this were over the limit" if ending.lost else ""
            output = story.of_job(FactKind.OUTPUT, action, run, lost, ending.output)
            effects += self._tell(output)
        return [*effects, do.SaveHistory(action.id, flag.history)]

    def _tell(self, fact: Fact) -> list[do.Effect]:
        """Have something of a job told, if the last daemon did not do so before it died."""
        return [] if (fact.kind, fact.job) in self._told else [do.Tell(fact)]

    # -- presses that wait ----------------------------------------------------------------------

    def enqueue(self, flag: Flag, press: Press, user: str, now: Instant) -> str:
        """Have a press wait for its turn; return at which place, in words."""
        self._queue.add(press, user)
        self._view.change(flag, Trigger.QUEUE, now.mono)
        flag.pressed = False
        self.regroup(flag.action.groups, now)
        return obstacles.place(flag.action, self._schedule, self._queue)

    def leave(self, flag: Flag, now: Instant) -> Queued:
        """Take the press of a flag out of its queue, and return it."""
        left = self._queue.remove(flag.action.id)
        assert left is not None  # noqa: S101 - only what waits is taken out
        self._view.change(flag, Trigger.LEAVE, now.mono)
        self.regroup(flag.action.groups, now)
        return left.kept

    def call(self) -> list[Waiting]:
        """Return the presses whose turn comes now; each has to be decided on once more."""
        return self._queue.call(self._schedule.free)

    def take_turn(self, waiting: Waiting, now: Instant) -> bool:
        """Take a press whose turn had come out of its queue, to be decided on.

        False if it has left the queue meanwhile, or if somebody else was quicker to take one of its
        groups: then it keeps its place.
        """
        if self._queue.get(waiting.action.id) is not waiting:
            return False
        waiting.called = self._schedule.free(waiting.action.groups)
        if waiting.called:
            self._queue.remove(waiting.action.id)
            self.regroup(waiting.action.groups, now)  # first, or who waits behind it may block it
            self._view.change(self._view[waiting.action.id], Trigger.LEAVE, now.mono)
        return waiting.called

    def reconfigured(self, now: Instant) -> list[do.Effect]:
        """The menu is another one: what waits for something that is gone waits in vain."""
        effects: list[do.Effect] = []
        for waiting in self._queue:
            flag = self._view.get(waiting.action.id)
            if flag is None or flag.removed:
                why = "its action was taken out of the configuration while it waited"
                effects += self._drop(waiting, why, now)
            else:
                waiting.press = replace(waiting.press, action=flag.action)
        for flag in self._view.flags:
            self._hold(flag, now)
        return effects

    def _drop(self, waiting: Waiting, why: str, now: Instant) -> list[do.Effect]:
        self._queue.remove(waiting.action.id)
        if flag := self._view.get(waiting.action.id):
            self._view.change(flag, Trigger.LEAVE, now.mono)
            self.regroup(flag.action.groups, now)
        return [do.Tell(story.of_queued(waiting.kept, why))]

    # -- what is so by now ----------------------------------------------------------------------

    def moment(self, flag: Flag, uid: int, now: Instant, *, turn: bool) -> Moment:
        """Return what is so when a press by a user is decided on.

        Args:
            flag: What is pressed.
            uid: Who pressed.
            now: The time.
            turn: Whether the press has waited in the queue.
        """
        action, waiting = flag.action, self._queue.get(flag.action.id)
        closed = obstacles.closed(action, now.wall)
        limited = obstacles.limited(action, flag.history, uid, now.wall, self._zone)
        return Moment(
            flag.state,
            confirms=uid == flag.asked,
            queued_by=waiting.kept.uid if waiting else None,
            turn=turn,
            closed=closed.why if closed else "",
            wait=limited.why if limited else "",
            busy="" if turn else self._busy(action),
            full=obstacles.full(action, self._queue),
        )

    def _busy(self, action: Action) -> str:
        return obstacles.busy(action, self._schedule, self._queue)

    def why(self, flag: Flag, wall: float) -> str:
        """Say what there is to say about a flag's state."""
        action = flag.action
        match flag.state:
            case FlagState.QUEUED:
                return obstacles.place(action, self._schedule, self._queue)
            case FlagState.RUNNING | FlagState.ERROR:
                return ""
            case FlagState.CLOSED | FlagState.WAIT:
                rests = filter(None, self.rests.of(flag, wall).values())
                return next((rest.why for rest in rests), "")
            case _:
                return self._busy(action)

    def regroup(self, groups: Iterable[str], now: Instant) -> None:
        """Show on every flag of some groups whether it is blocked by now, and by whom."""
        for flag in self._view.members(groups):
            self._hold(flag, now)
            if flag.state in (FlagState.BLOCKED, FlagState.QUEUED) or flag.action.queue is not None:
                self._view.touch(flag)

    def _hold(self, flag: Flag, now: Instant) -> None:
        blocked = flag.action.queue is None and bool(self._busy(flag.action))
        if flag.state is FlagState.BLOCKED and not blocked:
            self._view.change(flag, Trigger.RELEASE, now.mono)
        elif blocked and (flag.state, Trigger.HOLD) in lifecycle.TRANSITIONS:
            self._view.change(flag, Trigger.HOLD, now.mono)

    # -- time -----------------------------------------------------------------------------------

    def pass_time(self, now: Instant) -> list[do.Effect]:
        """Take the steps that are due against jobs, and look at those that run."""
        effects: list[do.Effect] = []
        for job in self._schedule.overdue(now.mono):
            terminated = self._terminate(job, Intervention.TIMEOUT, now)
            if not terminated:
                self._schedule.kill(job)
            effects += terminated or [do.KillJob(job.id)]
        return effects + [do.LookAtJob(job) for job in self._live.due(now.mono)]

    def keep(self) -> list[do.Effect]:
        """Number the presses that wait, and have them kept if they are not the same any more."""
        for waiting in self._queue:
            flag = self._view[waiting.action.id]
            place = str(self._queue.place(waiting.action.id))
            if flag.detail != place:
                flag.detail = place
                self._view.touch(flag)
        kept = tuple(waiting.kept for waiting in self._queue)
        if kept == self._kept:
            return []
        self._kept = kept
        return [do.SaveQueue(kept)]

    def next_due(self) -> float | None:
        """Return when time next decides something."""
        dues = (self._schedule.next_due(), self._live.next_due())
        return min((due for due in dues if due is not None), default=None)
