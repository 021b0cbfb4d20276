"""The invariants that hold after every step, each held against what was really done.

Rules: what the engine says is compared with deeds, lives, processes and menus of the world; a check
that cannot be made for sure, because the truth itself is in doubt there, is not made. What has to be so
in the end is in `calm`.
"""

from collections import Counter
from typing import TYPE_CHECKING

from fui.model import effects as do
from fui.model import events as on
from fui.model.facts import TO_BE_CONTINUED, Fact, FactKind
from fui.model.job import History, Job
from fui.model.menu import Action, ActionId, Menu
from fui.model.states import JobState, Refusal
from fui.model.status import Status
from tests.simulation.machine import Process
from tests.simulation.rules import CLOSE, Rules
from tests.simulation.truth import PRESSABLE, RUNNING, Deed, Violation, require

if TYPE_CHECKING:
    from tests.simulation.daemon import Daemon
    from tests.simulation.world import World

_OUTCOMES = frozenset(
    (
        FactKind.DENIED,
        FactKind.UNATTRIBUTED,
        FactKind.ASKED,
        FactKind.QUEUED,
        FactKind.LEFT,
        FactKind.CANCELLED,
        FactKind.NOT_RUN,
    )
)
_MISSED = "FUI was not running"
_LATE = [["unattributed", "not-run"]]
"""What may be told of one deed: its record came when another daemon had begun."""


class Oracle:
    """Knows what was done, and is told what the daemon does."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.deeds: list[Deed] = []
        self._rules = Rules(world, self.deeds)
        self.seen: Counter[str] = Counter()
        """How often what happened: the situations that were reached."""
        self.lost: Counter[tuple[ActionId, int]] = Counter()
        """Records for which nothing was seen to go, as the ledger tells them."""
        self.doubtful: Counter[ActionId] = Counter()
        """Ends that more than one record could be about, which nobody is told of by name."""
        self.in_ledger: tuple[set[str], set[tuple[FactKind, str]]] = (set(), set())
        """Of which presses the ledger has what came of them, and what it has of which jobs."""
        self.published: Status | None = None
        self.terminated: list[str] = []
        self._by_cursor: dict[str, Deed] = {}
        self._proof: dict[str, Deed] = {}
        self._just_told: list[Deed] = []
        self._path = ""  # of the name that is just heard of
        self._cancelled: list[str] = []
        self._ended: set[str] = set()
        self._just_ended: list[str] = []
        self._ending: set[str] = set()
        self._just_ending: list[str] = []
        self._stopping = 0
        self._jobs_go_on = False

    @property
    def ledger(self) -> tuple[frozenset[str], frozenset[tuple[FactKind, str]]]:
        """Of which presses it has what came of them, and what it has of which jobs."""
        return frozenset(self.in_ledger[0]), frozenset(self.in_ledger[1])

    # -- what comes to the daemon ---------------------------------------------------------------

    def event(self, event: on.Event, deed: Deed | None, daemon: int) -> None:
        """The engine is about to handle an event, which may tell of a deed."""
        self._just_told.clear()
        self._cancelled.clear()
        self.terminated.clear()
        self._just_ended.clear()
        self._just_ending.clear()
        self._path = deed.life.path if deed is not None else ""
        if isinstance(event, on.StopRequested):
            self._stopping, self._jobs_go_on = daemon, event.jobs_go_on
        if deed is None:
            return
        if isinstance(event, on.EntryRead):
            self._by_cursor[deed.cursor] = deed
            if deed.heard is None:
                deed.heard = self._world.mono
            menu = self._world.menu
            known = any(action.id == deed.action for action in menu.actions)
            deed.claimed = known and (menu.execute is not None or not deed.executes)
        elif deed.asks and deed.life.daemon == daemon and not deed.life.over:
            deed.seen, deed.seen_by = self._world.mono, daemon
            deed.life.over, deed.life.seen_by = True, daemon

    def configured(self, before: Menu, menu: Menu) -> None:
        """Another menu holds."""
        old = {action.id: action.limit for action in before.actions}
        for action in menu.actions:
            if action.id not in old or old[action.id] != action.limit:
                self._rules.limited_since[action.id] = self._world.mono
        offered = {action.id for action in menu.actions}
        for deed in self.deeds:
            deed.claimed = deed.claimed and deed.action in offered
        if before.settings != menu.settings:
            self._rules.settled_since = self._world.mono

    def died(self, daemon: int) -> None:
        """A daemon is dead: what it told last may be told again, and its queue is no more."""
        for deed in self.deeds:
            if deed.seen_by == daemon and not deed.life.outcomes:
                deed.orphaned = True
        alive = [each for each in self._world.processes.values() if each.alive]
        self._rules.asked.clear()
        self.seen["a daemon dies"] += 1
        self.seen["a daemon dies while a job runs"] += bool(alive)
        self.seen["a daemon dies while a press waits"] += bool(self._rules.queue)
        self._rules.queue.clear()

    # -- the ledger -----------------------------------------------------------------------------

    def told(self, fact: Fact, daemon: "Daemon") -> None:  # noqa: C901 - an arm for each kind
        """The daemon tells a fact."""
        kind = fact.kind
        if kind not in TO_BE_CONTINUED:
            self.in_ledger[0].update(fact.records)
        if fact.job:
            self.in_ledger[1].add((kind, fact.job))
        self.seen[kind.value] += 1
        if fact.refusal is not None:
            self.seen[f"refused: {fact.refusal.value}"] += 1
        if fact.refusal is Refusal.CONTRADICTION and fact.action is not None:
            self.doubtful[fact.action] += 1
        if kind is FactKind.ENDED:
            self._ends(fact)
        elif kind is FactKind.MANY:
            self._many(fact)
        elif kind is FactKind.LOST and fact.action is not None and fact.uid is not None:
            self.lost[fact.action, fact.uid] += 1
        elif kind in _OUTCOMES and fact.refusal not in (Refusal.SAMBA, Refusal.MOVED):
            deed = self._whose(fact, daemon)
            if deed is not None:
                self._outcome(deed, kind.value)
                self._right(fact, deed)
            elif kind is not FactKind.UNATTRIBUTED or not self._took(fact.action):
                raise Violation("each outcome is that of a press", str(fact))

    def _took(self, action: ActionId | None) -> bool:
        """Say whether a file of somebody's own, of a flag's name, was deleted: each time once.

        A daemon that was held up hears of it when its own flag stands there by now, and takes it for gone.
        """
        for deed in self.deeds:
            if deed.action == action and not deed.genuine and not deed.orphaned:
                deed.orphaned = True
                return True
        return False

    def _whose(self, fact: Fact, daemon: "Daemon") -> Deed | None:
        """Return the deed that a fact must be about."""
        if fact.records:
            return self._by_cursor.get(fact.records[0])
        mine = [deed for deed in self.deeds if deed.action == fact.action and deed.asks]
        if fact.kind is FactKind.UNATTRIBUTED:
            gone = [each for each in mine if each.seen_by == daemon.number]
            window = self._world.menu.settings.attribution_timeout
            if fact.refusal is Refusal.NO_RECORD:  # told when its time is over, the oldest first
                gone.sort(key=lambda deed: _missed(deed, self._world.mono, window))
            else:  # and a contradiction when it is heard: about the name that is heard of
                gone.sort(key=lambda deed: -max(deed.heard or 0.0, deed.seen or 0.0))
                gone.sort(key=lambda deed: deed.life.path != self._path)
            return next((each for each in gone if not each.life.outcomes), None)
        mine = [deed for deed in mine if deed.who.uid == fact.uid and deed.heard is not None]
        called = [deed for deed in mine if deed.waits]
        if fact.kind is FactKind.NOT_RUN:
            if fact.reason != _MISSED:
                return next(iter(called + [deed for deed in mine if deed.again]), None)
            missed = [deed for deed in mine if deed.sent < daemon.began]
            read = [deed for deed in missed if int(deed.cursor[1:]) >= daemon.begins]
            untold = [deed for deed in read if not deed.outcomes and not deed.runs]
            late = [each for each in missed if each.outcomes == ["unattributed"] or each.again]
            return next(iter(untold + late), None)
        return self._pressed(mine, daemon) or next(iter(called), None)

    def _pressed(self, mine: list[Deed], daemon: "Daemon") -> Deed | None:
        """Return the one of somebody's deeds that is decided on, as the first one."""
        new = [deed for deed in mine if not deed.outcomes]
        ended = [
            deed for deed in new if deed.life.seen_by == daemon.number and not deed.life.outcomes
        ]
        ended.sort(key=lambda deed: deed.heard or 0.0)
        # Where Samba said too much of one life, the next one can be told for it.
        mixed = [each for each in new if self._rules.contested(each)]
        return next(iter(ended + mixed), None)

    def _outcome(self, deed: Deed, outcome: str) -> None:
        """A deed comes to an outcome, and to no other one before."""
        if outcome == "not-run" and deed.again and not deed.waits:
            deed.again = False
            return
        self._just_told.append(deed)
        before = list(deed.outcomes)
        deed.outcomes.append(outcome)
        if deed.waits:
            deed.waits = False
            if deed in self._rules.queue:
                self._rules.queue.remove(deed)
        elif before and deed.outcomes not in _LATE:
            raise Violation("each press has exactly one outcome", str(deed))
        elif outcome == "not-run":
            require(not deed.runs, "each press has exactly one outcome", deed)
        else:
            once = not deed.life.outcomes or self._rules.contested(deed)
            require(once, "each press has exactly one outcome", deed)
            deed.life.outcomes.append(outcome)
        if outcome == "queued":
            deed.waits = True

    def _right(self, fact: Fact, deed: Deed) -> None:
        """Hold what was decided against the rules."""
        action = self._world.actions.get(deed.action)
        if action is None:
            return
        runs = deed.job or deed.life.word == RUNNING  # or a daemon died before it could begin
        wanted = action.cancel if runs and action.cancel else action.access
        match fact.refusal:
            case Refusal.DENY_RULE:
                denies = wanted.deny + action.access.deny
                denied = any(self._world.belongs(deed.who, each) for each in denies)
                require(denied, "who is refused by a rule of deny is in it", deed)
            case Refusal.NOT_ALLOWED:
                may = self._rules.may(deed.who, wanted) and self._rules.may(deed.who, action.access)
                require(not may, "who may is let", deed)
            case Refusal.DEFERRED_DELETE:
                require(deed.text != deed.who.text, "only what others closed is deferred", deed)
            case Refusal.UNKNOWN_USER:
                require(not deed.who.name, "who is known is known", deed)
            case _:
                pass
        match fact.kind:
            case FactKind.CANCELLED:
                self._cancels(fact, deed, action)
            case FactKind.QUEUED:
                self._queues(deed, action)
            case FactKind.ASKED:
                self._rules.permitted(deed, action.access)
                require(action.confirm is not None, "only what is to be confirmed is asked", deed)
                self._rules.asked[deed.action] = deed.who.uid
            case FactKind.LEFT:
                self._leaves(deed)
            case _:
                pass

    def _many(self, fact: Fact) -> None:
        """Many at once: their names stand in the reason."""
        count, _, names = fact.reason.partition(" presses at once, none of which ran: ")
        require(int(count) == len(fact.records), "many at once are counted", fact.reason)
        for name, cursor in zip(names.split(", "), fact.records, strict=True):
            deed = self._by_cursor.get(cursor)
            require(deed, "each outcome is that of a press", fact)
            if deed is not None:
                right = str(deed.action) == name and deed.who.uid == fact.uid
                require(right, "each outcome is that of a press", fact)
                self._outcome(deed, "many")

    def _ends(self, fact: Fact) -> None:
        require(fact.job not in self._ended, "a job ends once", fact.job)
        self._ended.add(fact.job)
        self._just_ended.append(fact.job)
        self.seen[f"a job is {fact.result and fact.result.value}"] += 1

    # -- jobs -----------------------------------------------------------------------------------

    def saved(self, action: ActionId, history: History) -> None:
        """A history is kept: if its last run is new, that is what comes of a press."""
        run = history.last
        if run is None or run.result is not None or run.job in self._proof:
            return
        deed = self._by_cursor.get(run.cursor)
        require(deed, "no start without a true record", run)
        if deed is not None:
            require(deed.action == action, "what starts is what was pressed", deed)
            require(deed.who.uid == run.uid, "a run is by who pressed", run)
            require(deed.who.name == run.user, "a run is by who pressed", run)
            deed.runs += 1
            require(deed.runs == 1, "a press starts one job", deed)
            self._proof[run.job] = deed

    def keeps(self, job: Job) -> None:
        """A job is kept as it is by now."""
        groups = Counter(
            one for each in self._world.kept.jobs.values() for one in each.action.groups
        )
        double = [group for group, count in groups.items() if count > 1]
        require(not double, "one job of an action group runs at a time", f"{double}, {job}")
        if job.state is JobState.TERMINATING and job.id not in self._ending:
            self._ending.add(job.id)
            self._just_ending.append(job.id)

    def starts(self, effect: do.StartJob, daemon: "Daemon") -> Process:
        """A job starts; return it."""
        world, job = self._world, effect.job
        deed = self._proof.get(job)
        require(deed, "a run is kept before its job starts", effect)
        assert deed is not None
        require(job not in world.processes, "a job starts once", job)
        require(self._stopping != daemon.number, "nothing starts while FUI is stopped", deed)
        action = next((each for each in world.menu.actions if each.id == deed.action), None)
        require(action, "what starts is in the menu", deed)
        assert action is not None
        require(effect.command == action.command, "what starts is what the menu says", effect)
        self._rules.really_pressed(deed, daemon)
        self._rules.permitted(deed, action.access)
        require(deed.life.word in PRESSABLE, "the flag said that it could be pressed", deed)
        self._rules.alone(deed, action)
        self._rules.in_time(deed, action)
        self._rules.in_turn(deed, action)
        self._rules.not_many(deed)
        self.seen["a press is confirmed"] += action.confirm is not None and not deed.waits
        self.seen["a queued press starts"] += deed.waits
        self.seen["a press by a move starts"] += deed.executes
        self._outcome(deed, "started")
        return Process(job, action, deed, world.plan, world.mono)

    def _queues(self, deed: Deed, action: Action) -> None:
        self._rules.permitted(deed, action.access)
        require(deed.life.word in PRESSABLE, "the flag said that it could be pressed", deed)
        require(action.queue is not None, "only where there is a queue something waits", deed)
        own = self._rules.own(deed.action)
        waiting = [each for each in self._rules.queue if self._rules.own(each.action) == own]
        require(len(waiting) < (action.queue or 0), "a queue is not overfull", deed)
        self._rules.confirmed(deed, action)
        self._rules.not_many(deed)
        self._rules.queue.append(deed)

    def _leaves(self, deed: Deed) -> None:
        waiting = next((each for each in self._rules.queue if each.action == deed.action), None)
        require(waiting, "only who waits can leave the queue", deed)
        if waiting is not None:
            require(waiting.who is deed.who, "only who waits can leave the queue", deed)
            waiting.waits = False
            self._rules.queue.remove(waiting)

    def _cancels(self, fact: Fact, deed: Deed, action: Action) -> None:
        self._cancelled.append(fact.job)
        require(deed.job, "only a flag that says so cancels", deed)
        self._rules.cancelled(deed, fact.job)
        require(action.cancel, "only what can be cancelled is", deed)
        if action.cancel is not None:
            self._rules.permitted(deed, action.cancel)
        self._rules.not_many(deed)

    def handled(self, daemon: "Daemon") -> None:
        """The effects of one event were all carried out."""
        for job in self.terminated:
            require(job in self._ending, "what is ended is kept as such", job)
        for job in self._just_ending:
            process = self._world.processes.get(job)
            timeout = process.action.command.timeout if process else 0.0
            late = process is None or self._world.mono >= process.began + timeout - CLOSE
            stopped = self._stopping == daemon.number and not self._jobs_go_on
            why = late or stopped or job in self._cancelled
            require(why, "a job is ended only when it is cancelled, late, or FUI stops", job)

    def exits(self, daemon: "Daemon") -> None:
        """The daemon says that it may end."""
        require(self._stopping == daemon.number, "FUI ends only when it is asked to", daemon.number)
        alive = [each.job for each in self._world.processes.values() if each.alive]
        self.seen["FUI ends while a job goes on"] += bool(alive)
        require(self._jobs_go_on or not alive, "FUI ends when no job runs", alive)


def _missed(deed: Deed, now: float, window: float) -> tuple[bool, bool, float]:
    """Sort a deed that was seen behind those that are more likely to be told as without a record."""
    seen, heard = deed.seen or 0.0, deed.heard
    # Who was held up reads a record late, and it counts all the same.
    in_time = heard is not None and (heard - seen <= window or heard == now)
    return seen > now - window + CLOSE, in_time, seen
