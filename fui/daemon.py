"""The one loop: an edge's event goes to the engine, the engine's effects go to the edges.

Rules: one event at a time, in order; the answer of an edge that answers at once is handled before
anything else. A folder's listing is told only when every file event from before it has been told,
and so is an audit record: inotify has a deletion before Samba logs it, so what seems to be missing
when the record is there is really missing; and before time decides something, for a press that was
made before must count. The configuration is read in a thread of its own, for the name service can
hang. Decides nothing; an error that nobody foresaw ends the daemon, and systemd starts it again.
"""

import asyncio
import contextlib
import gc
import os
import secrets
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, assert_never

from fui.config.load import Configuration
from fui.core.engine import Engine
from fui.edges import clock, descriptors, notify
from fui.edges.accounts import Accounts
from fui.edges.flag_watch import FlagWatch
from fui.edges.journal import Journal
from fui.edges.ledger import Ledger
from fui.edges.ledger.reading import told_since
from fui.edges.metrics import Metrics
from fui.edges.runner.runner import Runner
from fui.edges.share import Share
from fui.edges.state import StateDirectory
from fui.edges.status import StatusFile
from fui.model import effects as do
from fui.model import events as on
from fui.model.menu import Action, Command, Menu

_LOOKS = 20
"""How often a folder is listed anew because something happened in it meanwhile."""


_SWITCH = 0.0005
"""Seconds after which a thread that has an answer gets its turn, though the loop is reading."""

_STATUS = "status.json"
_JOBS = "jobs"


@dataclass(slots=True)
class _Look:
    """A listing that is to be made when its turn comes."""

    folder: str
    left: int = _LOOKS


class Daemon:
    """FUI as it runs: `asyncio.run(Daemon(…).run())`."""

    def __init__(
        self,
        menu: Menu,
        configuration: Configuration,
        state: Path,
        runtime: Path,
        *,
        missing_rule: Callable[[Command], str],
        say: Callable[[str], None],
    ) -> None:
        """Prepare the share and take hold of everything that is needed.

        Args:
            menu: What there is to press.
            configuration: Of which that is the last reading; it is read in a thread.
            state: The directory in which FUI remembers.
            runtime: The directory of what is so while it runs: what is going on, and its jobs.
            missing_rule: Gives the sudoers line that a command needs.
            say: Takes a sentence for the administrator, at start.

        Raises:
            EdgeError: The share, the journal or the state directory cannot be used.
        """
        files = descriptors.raise_limit()
        sys.setswitchinterval(_SWITCH)
        self._menu = menu
        self._configuration = configuration
        self._configuring: threading.Thread | None = None
        self._configure_again = False
        self._say = say
        self._engine = Engine(menu, secrets.token_hex(4))
        self._queue: deque[on.Event | _Look] = deque()
        self._pumping = False
        self._ended: asyncio.Future[None] | None = None
        self._wakeup: asyncio.TimerHandle | None = None
        self._state_path = state
        self._state = StateDirectory(state, runtime / _JOBS)
        self._status_file = StatusFile(runtime / _STATUS, clock.now().wall, say)
        self._metrics = Metrics(menu, clock.now().wall, say)
        self._share = Share(menu)
        self._prepared = self._share.prepare(self._state.folders())
        self._watch = FlagWatch(())
        self._watching = False
        self._ledger = Ledger()
        self._journal = Journal(menu.settings.facility, clock.now, self._heard)
        self._accounts = Accounts(self._post)
        self._runner = Runner(self._post, runtime / _JOBS, missing_rule, files=files)

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT, and then until the last job has ended; until SIGUSR1, and no longer.

        Raises:
            EdgeError: The journal cannot be read.
        """
        loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        loop.set_exception_handler(self._die)
        for lack in filter(None, (self._runner.degraded, self._runner.unlimited)):
            self._say(lack)
        self._metrics.open()
        started = self._state.load(self._menu.actions)
        self._say_notes()
        begin = self._journal.open(started.cursor)
        presses, jobs = told_since(self._journal.since, os.geteuid())
        started = replace(started, told_presses=presses, told_jobs=jobs)
        loop.add_reader(self._watch.fileno(), lambda: self._post(self._watch.read()))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, on.StopRequested())
        loop.add_signal_handler(signal.SIGUSR1, self._stop, on.StopRequested(jobs_go_on=True))
        loop.add_signal_handler(signal.SIGHUP, self._read_configuration)
        kept = self._state.save_folders(tuple(folder.path for folder in self._share.kept))
        unsaved = self._unsaved(kept or self._state.save_cursor(do.SaveCursor(begin)))
        self._post([started, *self._prepared, *unsaved])
        self._begin_to_watch()
        gc.freeze()  # what is there by now stays; to look through it for cycles takes 10 ms and more
        notify.ready(self._status())
        self._read_again_later()
        self._feed_watchdog(notify.watchdog_interval())
        try:
            await self._ended
        finally:
            self._status_file.close()
            self._metrics.close()
            self._journal.close()
            self._runner.close()
            self._watch.close()
            self._share.close()

    def _begin_to_watch(self) -> None:
        """See what becomes of the flags, which stand now."""
        since = clock.now().mono
        self._watching = True
        self._post([on.Watching(since), *self._watch.use(self._share.kept)])

    def _say_notes(self) -> None:
        """Say what of the state directory could not be used."""
        for note in self._state.notes:
            self._say(note)
        self._state.notes.clear()

    def _stop(self, request: on.StopRequested) -> None:
        notify.stopping()
        self._post([request])

    def _status(self) -> str:
        """Say what is offered, for `systemctl status`."""
        menu = self._menu
        text = (
            f"{len(menu.actions)} actions in {len(menu.folders)} folders of {menu.settings.share}"
        )
        faults = len(menu.problems)
        return f"{text}; {faults} faults in the configuration, see the journal" if faults else text

    # -- the configuration ----------------------------------------------------------------------

    def _read_configuration(self) -> None:
        """SIGHUP: read the configuration beside the loop, and once more if asked for meanwhile."""
        notify.reloading(clock.now().mono)
        if self._configuring is not None:
            self._configure_again = True
        else:
            self._read_beside(self._configuration.read)

    def _read_again_later(self) -> None:
        """Look now and then whether the machine has by now what the configuration names."""
        if self._menu.problems:
            loop = asyncio.get_running_loop()
            loop.call_later(self._menu.settings.reconcile_every, self._read_again)

    def _read_again(self) -> None:
        def read() -> Menu | None:
            menu = self._configuration.read_again()
            return None if menu == self._menu else menu

        if self._configuring is None:
            self._read_beside(read)

    def _read_beside(self, configure: Callable[[], Menu | None]) -> None:
        loop = asyncio.get_running_loop()

        def read() -> None:
            try:
                outcome: Menu | Exception | None = configure()
            except Exception as error:  # noqa: BLE001 - the loop raises it
                outcome = error
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know
                loop.call_soon_threadsafe(self._configured, outcome)

        self._configuring = threading.Thread(target=read, name="configuration", daemon=True)
        self._configuring.start()

    def _configured(self, outcome: Menu | Exception | None) -> None:
        if isinstance(outcome, Exception):
            raise outcome
        self._configuring = None
        if self._configure_again:
            self._configure_again = False
            self._read_configuration()
            return
        if outcome is not None:
            self._take_menu(outcome)
        self._read_again_later()

    def _take_menu(self, menu: Menu) -> None:
        known = {action.id for action in self._menu.actions}
        new = [action for action in menu.actions if action.id not in known]
        self._menu = menu
        self._metrics.configure(menu)
        histories = self._state.histories(new)
        self._say_notes()
        self._post([*self._watch.read(), on.Reconfigured(menu, histories)])
        gc.freeze()
        notify.ready(self._status())

    def _feed_watchdog(self, interval: float | None) -> None:
        if interval is not None:
            notify.watchdog()
            loop = asyncio.get_running_loop()
            loop.call_later(interval, self._feed_watchdog, interval)

    def _die(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if self._ended is not None and not self._ended.done():
            error = context.get("exception") or RuntimeError(context["message"])
            self._ended.set_exception(error)

    # -- events in ------------------------------------------------------------------------------

    def _heard(self, events: list[on.Event]) -> None:
        """The journal has something, or time: what inotify has comes first."""
        self._post([*self._watch.read(), *events])

    def _post(self, events: list[on.Event]) -> None:
        self._queue.extend(events)
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._queue:
                self._take(self._queue.popleft())
        finally:
            self._pumping = False

    def _take(self, item: on.Event | _Look) -> None:
        if isinstance(item, _Look):
            self._look(item)
            return
        answers: list[on.Event] = []
        for effect in self._engine.handle(item, clock.now()):
            answers += self._carry_out(effect)
        self._queue.extendleft(reversed(answers))

    def _look(self, look: _Look) -> None:
        listed = self._share.list(look.folder)
        happened = [*self._watch.read(), *self._watch.look(look.folder)]
        if happened and look.left:
            look.left -= 1
            self._queue.extendleft([look, *reversed(happened)])
        else:
            self._queue.extendleft([listed, *reversed(happened)])

    # -- effects out ----------------------------------------------------------------------------

    def _carry_out(self, effect: do.Effect) -> list[on.Event]:  # noqa: C901, PLR0911, PLR0912 - one arm an effect
        match effect:
            case do.ShowFlag():
                return [self._share.show(effect, clock.now().mono)]
            case do.HideFlag():
                return [self._share.hide(effect)]
            case do.Furnish(menu, retired):
                return self._furnish(menu, retired)
            case do.RemoveOwn():
                failed = self._share.remove(effect)
                return [failed] if failed else []
            case do.ListFolder(folder):
                self._queue.append(_Look(folder))
            case do.Rewatch(folder):
                happened = self._watch.read()  # what is dropped with a watch is told by nobody
                return [*happened, *self._watch.rewatch(folder)]
            case do.ExpectRecords(since):
                self._journal.expect(since)
            case do.LookUpAccount():
                self._accounts.look_up(effect)
            case do.StartJob():
                self._runner.start(effect)
            case do.AdoptJobs():
                self._runner.adopt(effect)
            case do.TerminateJob(job):
                self._runner.terminate(job)
            case do.KillJob(job):
                self._runner.kill(job)
            case do.LookAtJob(job):
                seen = self._runner.look(job)
                return [seen] if seen else []
            case do.SaveHistory():
                return self._unsaved(self._state.save_history(effect))
            case do.SaveJob():
                return self._unsaved(self._state.save_job(effect))
            case do.ForgetJob(job):
                self._state.forget_job(job)
                self._runner.forget(job)
            case do.SaveQueue():
                return self._unsaved(self._state.save_queue(effect))
            case do.SaveCursor():
                return self._unsaved(self._state.save_cursor(effect))
            case do.Tell(fact):
                self._metrics.tell(fact)
                missed = self._ledger.tell(fact)
                return [on.LedgerMissed(missed)] if missed else []
            case do.Publish(status):
                self._status_file.publish(status)
                self._metrics.publish(status)
            case do.RequestWakeup(at):
                self._wake_at(at)
            case do.Exit():
                if self._ended is not None and not self._ended.done():
                    self._ended.set_result(None)
            case _:
                assert_never(effect)
        return []

    def _furnish(self, menu: Menu, retired: tuple[Action, ...]) -> list[on.Event]:
        """Make, watch and remember other folders than before."""
        failed = self._share.furnish(menu, retired)
        failed += self._watch.use(self._share.kept) if self._watching else []
        paths = tuple(folder.path for folder in self._share.kept)
        return [*failed, *self._unsaved(self._state.save_folders(paths))]

    def _unsaved(self, error: str) -> list[on.Event]:
        return [on.ShareFailed(str(self._state_path), error)] if error else []

    def _wake_at(self, at: float) -> None:
        if self._wakeup is not None:
            self._wakeup.cancel()
        loop = asyncio.get_running_loop()
        self._wakeup = loop.call_at(at, lambda: self._heard([on.Woken(clock.now().mono)]))
