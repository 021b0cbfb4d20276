"""The world: clocks, people, the share, the journal, jobs, and the daemon that comes and goes.

Rules: everything that takes time is an alarm; `advance` lets time pass and rings them in order, the
engine's own wake-ups among them. What is for the daemon is lost if there is none, and waits if it is
held up. Chance is not drawn here.
"""

import heapq
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from fui.model import effects as do
from fui.model import events as on
from fui.model.instant import Instant
from fui.model.job import Ending
from fui.model.menu import Action, ActionId, Folder, Menu, Subject
from tests.simulation import cast
from tests.simulation.cast import BEGIN, PEOPLE, NameService, Person
from tests.simulation.daemon import Daemon, Died
from tests.simulation.disk import Disk
from tests.simulation.journal import Journal, Line, Word, message
from tests.simulation.machine import Kept, Plan, Process
from tests.simulation.oracle import Oracle
from tests.simulation.truth import RUNNING, Deed, Life, Violation, read_name

_SPINS = 30
"""How often a daemon may be woken at one moment."""

_BOOT = 1e6
"""How much earlier an entry was sent that is of an earlier boot."""

_LATEST = 70.0
"""Seconds after which no record of a name comes any more."""

TICK = 0.001
"""Seconds that everything takes which somebody does."""


def never(folder: str, name: str) -> Life | None:
    """Return a life of a name that FUI never made; None if it would not make it."""
    parsed = read_name(name)
    action = parsed and ActionId(folder.rpartition("/")[2], parsed[0])
    return Life(f"{folder}/{name}", action, parsed[1], math.inf, 0) if parsed and action else None


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """What Samba is about to write."""

    who: Person
    text: str
    deed: Deed | None
    word: Word


class World:
    """One conversation's world."""

    def __init__(self, menus: tuple[Menu, ...], note: Callable[[str], None] | None = None) -> None:
        """Make it.

        Args:
            menus: The first holds at the beginning.
            note: Takes what happens, for people; None: nobody wants to know.
        """
        self.menus = menus
        self.menu = menus[0]
        self.note = note
        self.mono = 1000.0
        self.ahead = BEGIN - self.mono
        self.stepped = 0.0
        self.disk = Disk()
        self.journal = Journal()
        self.kept = Kept()
        self.groups: dict[int, set[Subject]] = {one.uid: set(one.groups) for one in PEOPLE}
        self.plan = Plan()
        self.names = NameService()
        self.processes: dict[str, Process] = {}
        self.actions: dict[ActionId, Action] = {}
        self.oracle = Oracle(self)
        self.daemon: Daemon | None = None
        self.daemons = 0
        self.held_until = 0.0
        self.held_last = 0.0
        """Until when it was held up last."""
        self._held: list[Callable[[], None]] = []
        self._alarms: list[tuple[float, int, Callable[[], None]]] = []
        self._late: list[Late] = []
        self._wrong: dict[str, float] = {}
        """Until when Samba, which was wrong about a name, is not late as well."""
        self._count = 0
        self._use(self.menu)

    @property
    def now(self) -> Instant:
        """The time by both clocks."""
        return Instant(self.mono, self.mono + self.ahead)

    @property
    def wall(self) -> float:
        """The time by the clock on the wall."""
        return self.mono + self.ahead

    def say(self, text: str) -> None:
        """Note what happens."""
        if self.note is not None:
            self.note(f"{self.mono - 1000:10.4f}  {text}")

    # -- time -----------------------------------------------------------------------------------

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Have something happen later."""
        self._count += 1
        heapq.heappush(self._alarms, (self.mono + seconds, self._count, call))

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        end = self.mono + seconds
        spins = 0
        while True:
            alarm = self._alarms[0][0] if self._alarms else end + 1
            wakeup = self._wakeup()
            if min(alarm, wakeup) > end:
                break
            if alarm <= wakeup:
                self.mono = max(self.mono, alarm)
                heapq.heappop(self._alarms)[2]()
                continue
            spins = 0 if wakeup > self.mono else spins + 1
            if spins > _SPINS:
                raise Violation("the engine does not ask to be woken over and over", str(wakeup))
            self.mono = max(self.mono, wakeup)
            assert self.daemon is not None
            self.daemon.wakeup = None
            self._rouse(self.daemon.wake)
        self.mono = end

    def _wakeup(self) -> float:
        if self.daemon is None or self.daemon.wakeup is None or self.held_until > self.mono:
            return float("inf")
        return self.daemon.wakeup

    def step_clock(self, seconds: float) -> None:
        """Somebody puts the clock on the wall."""
        self.ahead += seconds
        self.stepped = self.mono

    # -- the daemon -----------------------------------------------------------------------------

    def start(self) -> None:
        """Start the daemon if there is none."""
        if self.daemon is None:
            if self._late:  # what Samba still had to write is older than the daemon
                for late in list(self._late):
                    self._send(late)
                self.after(TICK, self.start)
                return
            self.daemons += 1
            self.say(f"daemon {self.daemons} starts")
            self.daemon = Daemon(self, self.daemons)
            self._rouse(self.daemon.begin)

    def hold(self, seconds: float) -> None:
        """Hold the daemon up for a while."""
        if self.daemon is not None:
            self.held_until = max(self.held_until, self.mono + seconds)
            self.held_last = self.held_until
            self.after(seconds, self._let_go)

    def _let_go(self) -> None:
        if self.held_until <= self.mono:
            held, self._held = self._held, []
            for call in held:
                self._rouse(call)
            self.look()

    def _rouse(self, call: Callable[[], None]) -> None:
        """Have the daemon do something, as soon as it can."""
        if self.daemon is None:
            return
        if self.held_until > self.mono:
            self._held.append(call)
            return
        try:
            call()
        except Died as death:
            self.bury(death.down)

    def bury(self, down: float) -> None:
        """The daemon is dead, its jobs go on; it comes back after a while."""
        if self.daemon is None:
            return
        self.say(f"daemon {self.daemon.number} is dead")
        self.oracle.died(self.daemon.number)
        self.daemon = None
        self._held = []
        self.held_until = 0.0
        self.after(down + TICK / 4, self.start)  # never at the moment of a record

    def stop(self, down: float, *, jobs_go_on: bool) -> None:
        """The daemon is to end; it comes back some seconds after it has."""
        daemon = self.daemon
        if daemon is not None:
            daemon.down = down
            self._rouse(lambda: daemon.stop(jobs_go_on=jobs_go_on))

    def reboot(self, down: float) -> None:
        """Nothing goes on; what the journal has is of an earlier boot now."""
        self.kept.jobs.clear()
        for process in self.processes.values():
            process.alive = False
        self._late.clear()
        for line in self.journal.lines:
            line.entry = replace(line.entry, sent=line.entry.sent - _BOOT)
        self.bury(down)

    def tell(self, *events: on.Event) -> None:
        """Tell the daemon something."""
        daemon = self.daemon
        if daemon is not None:
            self._rouse(lambda: daemon.heard([(event, None) for event in events]))

    def look(self) -> None:
        """The share rings."""
        if self.daemon is not None and self.disk.inotify:
            self._rouse(self.daemon.look)

    def reload(self, menu: Menu) -> None:
        """The configuration is another one."""

        def take() -> None:
            assert self.daemon is not None
            known = {action.id for action in self.menu.actions}
            self._use(menu)
            self.daemon.reconfigure(menu, [one.id for one in menu.actions if one.id not in known])

        if self.daemon is None:
            self._use(menu)
        else:
            self._rouse(take)

    def _use(self, menu: Menu) -> None:
        self.oracle.configured(self.menu, menu)
        self.menu = menu
        self.actions |= {action.id: action for action in menu.actions}

    # -- deeds ----------------------------------------------------------------------------------

    def did(
        self,
        who: Person,
        path: str,
        operation: str,
        word: Word | None,
        target: str = "",
        *,
        phantom: bool = False,
    ) -> Deed | None:
        """Somebody did something to a name, and Samba writes it if there is a word of it.

        Returns:
            What was done; None if the name never was that of a flag.
        """
        if word is not None and self.mono < self._wrong.get(path, 0.0):
            word = replace(word, sent=0.0)
        if phantom:
            if any(late.deed and late.deed.life.path == path for late in self._late):
                return None
            self._wrong[path] = self.mono + _LATEST
        folder, _, name = path.rpartition("/")
        life = self.disk.lives.get(path) or never(folder, name)
        deed = None
        if life is not None:
            file = self.disk.files(folder).get(name)
            deed = Deed(len(self.oracle.deeds), who, life, self.mono, operation, target)
            deed.genuine = file is not None and file.life is life and not phantom
            deed.phantom = phantom
            execute = self.menu.execute
            deed.executes = execute is not None and target.rpartition("/")[0] == execute.path
            deed.text = (word and word.text) or who.text
            jobs = [job for job, one in self.processes.items() if one.action.id == life.action]
            deed.job = jobs[-1] if jobs and life.word == RUNNING else ""
            self.oracle.deeds.append(deed)
        if word is not None:
            text = message(word.text or who.text, operation, path, target)
            late = Late(who, text, deed, word)
            self._late.append(late)
            self.after(word.sent, lambda: self._send(late))
        return deed

    def _send(self, late: "Late") -> None:
        if late in self._late:
            self._late.remove(late)
            self.write(late.who, late.text, late.deed, late.word)

    def write(self, who: Person, text: str, deed: Deed | None, word: Word, **flaw: Any) -> None:  # noqa: ANN401 - any field of an entry
        """An entry comes into the journal, and is found."""
        line = self.journal.store(who, text, self.mono, self.wall, deed, **flaw)
        self.after(word.read, lambda: self.find(line))
        if word.twice:
            self.after(word.read + 0.05, lambda: self.find(line, again=True))

    def find(self, line: Line, *, again: bool = False) -> None:
        daemon = self.daemon
        if daemon is not None:
            self._rouse(lambda: daemon.find(line, again=again))

    # -- what the daemon asks for ---------------------------------------------------------------

    def look_up(self, question: do.LookUpAccount, daemon: Daemon) -> None:
        """Ask NSS."""
        daemon.asked.add(question.question)
        delay, in_time = self.names.takes(question.timeout)

        def deliver() -> None:
            daemon.asked.discard(question.question)
            daemon.answered.add(question.question)
            daemon.heard([(self._answer(question, in_time), None)])

        def answer() -> None:
            if self.daemon is daemon:
                self._rouse(deliver)

        self.after(delay, answer)

    def _answer(self, question: do.LookUpAccount, in_time: bool) -> on.Event:  # noqa: FBT001
        return cast.answer(question, self.groups) if in_time else cast.no_answer(question)

    def answer_again(self, question: int, person: Person) -> None:
        """Answer a question that nobody asks any more."""
        daemon = self.daemon

        def answer() -> None:
            if daemon is not None and question in daemon.answered:
                rules = (one for each in self.menu.actions for one in each.access.allow)
                daemon.heard([(on.AccountFound(question, person.name, frozenset(rules)), None)])

        self._rouse(answer)

    def belongs(self, person: Person, subject: Subject) -> bool:
        """Whether somebody is, or is in, what a rule names."""
        return cast.belongs(person, subject, self.groups)

    def start_job(self, process: Process) -> None:
        """A job begins, or cannot."""
        self.processes[process.job] = process
        if process.plan.broken:
            self.after(TICK, lambda: self._finish(process))
        else:
            self.after(TICK, lambda: self.tell(on.JobStarted(process.job)))
            self.after(process.plan.lasts, lambda: self._finish(process))

    def adopt(self, jobs: Collection[str]) -> None:
        """Another daemon goes on with these, and ends what else there is."""
        for job, process in self.processes.items():
            if job not in jobs:
                process.alive = False
        for job in jobs:
            self.after(TICK, lambda job=job: self._adopted(job))  # type: ignore[misc]

    def _adopted(self, job: str) -> None:
        process = self.processes.get(job)
        if process is None:
            ending = Ending(None, interrupted="FUI ended while it began")
            self.tell(on.JobEnded(job, ending))
            return
        going = [on.JobAdopted(job)] if process.alive else []
        begun = [] if process.plan.broken else [on.JobStarted(job)]
        ended = [] if process.alive else [on.JobEnded(job, process.ending)]
        self.tell(*going, *begun, *ended)

    def terminate(self, job: str) -> None:
        """TERM."""
        process = self.processes.get(job)
        if process is not None and not process.plan.stubborn:
            process.terminated = True
            self.after(0.05, lambda: self._finish(process))

    def kill(self, job: str) -> None:
        """Every process of a job is killed."""
        process = self.processes.get(job)
        if process is not None:
            process.killed = True
            self.after(0.002, lambda: self._finish(process))

    def _finish(self, process: Process) -> None:
        if process.alive:
            process.alive = False
            process.ended = self.mono
            self.tell(on.JobEnded(process.job, process.ending))

    def furnish(self, menu: Menu, retired: tuple[Action, ...]) -> None:
        """Have the folders of a menu."""
        folders: tuple[Folder, ...] = (*menu.folders, *(each.folder for each in retired))
        self.disk.keep(folders, anew=False)

    # -- peace ----------------------------------------------------------------------------------

    def calm_down(self) -> None:
        """Let everything work, and all that was begun come to its end."""
        if self.daemon is not None:
            self.daemon.fuse = None
        self.disk.failing = False
        self.names = NameService()
        self.plan = replace(self.plan, stubborn=False)
        every = self.menu.settings.reconcile_every
        self.advance(70)
        self.start()
        self.advance(max(2 * every + 10, 130))
