"""The daemon: events to the engine and effects to the world, by the rules of `fui/daemon.py`.

Rules: as there; and it can die after any effect, also between two of one call.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fui.core.engine import Engine
from fui.model import effects as do
from fui.model import events as on
from fui.model.menu import ActionId, Menu
from tests.simulation.journal import Line
from tests.simulation.truth import Deed, Violation, require

if TYPE_CHECKING:
    from tests.simulation.world import World

_LOOKS = 20
_RINGS = 0.0002
_ENDLESS = 20_000
"""Events of one daemon; a hundred times as many as there ever are."""


class Died(Exception):  # noqa: N818 - nothing is wrong
    """The daemon is dead, and will be for some seconds."""

    def __init__(self, down: float) -> None:
        super().__init__()
        self.down = down


class Look:
    """A listing that is to be made when its turn comes."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.left = _LOOKS


Item = tuple[on.Event | Look, Deed | None]


class Daemon:
    """One life of it."""

    def __init__(self, world: "World", number: int) -> None:
        self.world = world
        self.number = number
        self.engine = Engine(world.menu, f"d{number}")
        self.queue: deque[Item] = deque()
        self.wakeup: float | None = None
        self.fuse: int | None = None
        """How many effects it still carries out; None: any number."""
        self.down = 1.0
        self.answered: set[int] = set()
        self.asked: set[int] = set()
        """The questions that NSS has not answered yet."""
        self._leaving = False
        self._pumping = False
        self._handled = 0
        self.began = world.mono
        self.begins = 0
        """The index of the first entry that it reads."""
        self._found: set[str] = set()

    def begin(self) -> None:
        """Start, and read what came into the journal meanwhile."""
        world, kept = self.world, self.world.kept
        menu = world.menu
        world.disk.keep(
            (*menu.folders, *(job.action.folder for job in kept.jobs.values())), anew=True
        )
        jobs = tuple(sorted(kept.jobs.values(), key=lambda job: job.run.started))
        actions = {action.id for action in menu.actions} | {job.action.id for job in jobs}
        histories = {one: each for one, each in kept.histories.items() if one in actions}
        self.begins = world.journal.since(kept.cursor)
        started = on.Started(histories, kept.cursor, kept.queued, jobs, *world.oracle.ledger)
        if kept.cursor is None:
            kept.cursor = world.journal.end
        self.post([(started, None)])
        self.post([(on.Watching(world.mono), None)])
        for line in world.journal.lines[self.begins :]:
            self.find(line)

    def look(self) -> None:
        """The share rings: inotify has something."""
        self.post(self.world.disk.read())

    def heard(self, events: Iterable[Item]) -> None:
        """Something else comes; what inotify has comes first."""
        self.post([*self.world.disk.read(), *events])

    def wake(self) -> None:
        """The time has come that the engine asked for."""
        self.heard([(on.Woken(self.world.mono), None)])

    def find(self, line: Line, *, again: bool = False) -> None:
        """An entry is found."""
        cursor = line.entry.cursor
        if line.index >= self.begins and (again or cursor not in self._found):
            self._found.add(cursor)
            self.heard([(on.EntryRead(line.entry), line.deed)])

    def reconfigure(self, menu: Menu, new: Iterable[ActionId]) -> None:
        """Another menu holds."""
        histories = self.world.kept.histories
        found = {action: histories[action] for action in new if action in histories}
        self.heard([(on.Reconfigured(menu, found), None)])

    def stop(self, *, jobs_go_on: bool) -> None:
        """SIGTERM; or SIGUSR1, with which the jobs go on."""
        self.post([(on.StopRequested(jobs_go_on), None)])

    # -- the loop -------------------------------------------------------------------------------

    def post(self, items: Iterable[Item]) -> None:
        """Have the engine handle what happened."""
        self.queue.extend(items)
        if self._pumping:
            return
        self._pumping = True
        while self.queue:
            self._take(*self.queue.popleft())
        self._pumping = False
        if self.world.disk.inotify:  # its own renames ring as well
            self.world.after(_RINGS, self.world.look)

    def _take(self, event: on.Event | Look, deed: Deed | None) -> None:
        world = self.world
        if isinstance(event, Look):
            self._list(event)
            return
        oracle = world.oracle
        oracle.event(event, deed, self.number)
        self._handled += 1
        require(self._handled < _ENDLESS, "the engine comes to rest", event)
        if world.note is not None:
            world.say(f"  > {event}")
        answers: list[Item] = []
        for effect in self._effects_of(event):
            if world.note is not None and not isinstance(effect, do.Publish):
                world.say(f"    < {brief(effect)}")
            if answer := self._carry_out(effect):
                answers.append((answer, None))
            if self.fuse is not None:
                self.fuse -= 1
                if self.fuse < 0:
                    raise Died(self.down)
        oracle.handled(self)
        if self._leaving:
            raise Died(self.down)
        self.queue.extendleft(reversed(answers))

    def _effects_of(self, event: on.Event) -> Iterator[do.Effect]:
        try:
            yield from self.engine.handle(event, self.world.now)
        except Exception as error:
            raise Violation("the engine never raises", repr(error)) from error

    def _list(self, look: Look) -> None:
        listed = self.world.disk.list(look.folder)
        happened = self.world.disk.read()
        if happened and look.left:
            look.left -= 1
            self.queue.extendleft([(look, None), *reversed(happened)])
        else:
            self.queue.extendleft([(listed, None), *reversed(happened)])

    def _carry_out(self, effect: do.Effect) -> on.Event | None:  # noqa: C901, PLR0912 - an arm for each
        world = self.world
        match effect:
            case do.ShowFlag():
                return world.disk.show(effect, world.mono, self.number)
            case do.HideFlag():
                return world.disk.hide(effect)
            case do.RemoveOwn():
                return world.disk.remove(effect)
            case do.ListFolder(folder):
                self.queue.append((Look(folder), None))
            case do.RequestWakeup(at):
                self.wakeup = at
            case do.Publish(status):
                world.oracle.published = status
            case do.Tell(fact):
                world.oracle.told(fact, self)
            case do.LookUpAccount():
                world.look_up(effect, self)
            case do.SaveHistory(action, history):
                world.kept.histories[action] = history
                world.oracle.saved(action, history)
            case do.StartJob():
                world.start_job(world.oracle.starts(effect, self))
            case do.SaveJob(saved):
                world.kept.jobs[saved.id] = saved
                world.oracle.keeps(saved)
            case do.ForgetJob(job):
                world.kept.jobs.pop(job, None)
            case do.AdoptJobs(jobs):
                world.adopt([job for job, _ in jobs])
            case do.TerminateJob(job):
                world.oracle.terminated.append(job)
                world.terminate(job)
            case do.KillJob(job):
                world.kill(job)
            case do.LookAtJob(job):
                process = world.processes.get(job)
                return process.seen(world.mono) if process else None
            case do.SaveQueue(queued):
                world.kept.queued = queued
            case do.SaveCursor(cursor):
                world.kept.cursor = cursor
            case do.Furnish(menu, retired):
                world.furnish(menu, retired)
            case do.Rewatch(folder):
                if folder is None:
                    world.disk.unwatched.clear()
                else:
                    world.disk.unwatched.discard(folder)
            case do.Exit():
                world.oracle.exits(self)
                self._leaving = True
            case _:  # ExpectRecords: entries are found when the world says so
                pass
        return None


def brief(effect: do.Effect) -> str:
    """Return an effect in a line that is short enough to be read."""
    match effect:
        case do.ShowFlag(action, old, name):
            return f"ShowFlag {action.id}: {old} -> {name}"
        case do.HideFlag(action, name):
            return f"HideFlag {action.id}: {name}"
        case do.Furnish():
            return "Furnish"
        case do.SaveHistory(action, history):
            return f"SaveHistory {action}: {history.last}"
        case do.Tell(fact):
            who = f" by {fact.user or fact.uid}" if fact.uid is not None else ""
            why = f": {fact.reason}" if fact.reason else ""
            return f"Tell {fact.kind.value} {fact.action or ''}{who}{why}"
        case _:
            return str(effect)
