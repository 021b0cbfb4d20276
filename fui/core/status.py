"""What is going on, put together for everybody who wants to know it.

Rules: only the flags that were touched are looked at, so a change costs the same whatever the menu
holds; what is not simply ready is kept, and told when something in it has changed. Nothing that a
job wrote gets in, but for how far it is. Decides nothing, and changes nothing of what it looks at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from fui.core.flag import Flag
from fui.core.view import View
from fui.core.work import Work
from fui.model.effects import Effect, Publish, Tell
from fui.model.facts import FactKind
from fui.model.instant import Instant
from fui.model.menu import ActionId, Menu
from fui.model.states import FlagState, Loss
from fui.model.status import Standing, Status

_NOTED = frozenset({FlagState.RUNNING, FlagState.DENIED, FlagState.CONFIRM})
"""The states about which the note inside the flag says more than the moment does."""

_RUNS = frozenset({FlagState.RUNNING, FlagState.DONE, FlagState.FAILED, FlagState.CANCELLED})
"""The states that are those of a run, the last one."""


class Board:
    """What is told of a menu."""

    def __init__(self, menu: Menu, view: View, work: Work) -> None:
        self._view = view
        self._work = work
        self._standings: dict[ActionId, Standing] = {}
        self._missed = 0
        self._losses: Mapping[Loss, int] = {}
        self.configure(menu)

    def configure(self, menu: Menu) -> None:
        """Tell of another menu from now on."""
        self._frame = Status(
            menu.settings.share,
            len(menu.actions),
            len(menu.folders),
            tuple(map(str, menu.problems)),
        )
        self._news = True

    def publish(
        self,
        flags: Iterable[Flag],
        effects: Iterable[Effect],
        losses: Mapping[Loss, int],
        now: Instant,
    ) -> list[Effect]:
        """Return what is to be published, if that is not what was published last.

        Args:
            flags: Those of which something may have changed.
            effects: What else is to be done; a press that nothing came of is counted.
            losses: What was lost so far.
            now: The time.
        """
        for flag in flags:
            self._look(flag, now)
        for effect in effects:
            if isinstance(effect, Tell) and effect.fact.kind is FactKind.NOT_RUN:
                self._missed += 1
                self._news = True
        if not self._news and losses is self._losses:
            return []
        self._news = False
        self._losses = losses
        standings = tuple(self._standings.values())
        status = replace(self._frame, missed=self._missed, standings=standings, losses=losses)
        return [Publish(status)]

    def _look(self, flag: Flag, now: Instant) -> None:
        """Take in how things stand with a flag."""
        was, new = self._standings.get(flag.action.id), self._standing(flag, now)
        if was and new and (was.state, was.job) == (new.state, new.job):
            new = replace(new, since=was.since)
        if new == was:
            return
        self._news = True
        if new is None:
            del self._standings[flag.action.id]
        else:
            self._standings[flag.action.id] = new

    def _standing(self, flag: Flag, now: Instant) -> Standing | None:
        """Return how things stand with a flag by now; None if it is simply ready, or no more."""
        state, run, why = flag.state, flag.history.last, self._why(flag, now)
        gone = flag.removed and flag.hidden
        if gone or state is FlagState.ERROR or (state is FlagState.READY and not why):
            return None
        standing = Standing(flag.action.id, state, flag.detail, since=now.wall, why=why)
        if waits := self._work.queued(flag.action):
            return replace(standing, user=waits.user)
        if run is not None and state in _RUNS:
            since = run.started if run.ended is None else run.ended
            standing = replace(standing, user=run.user, job=run.job, since=since)
        return replace(standing, until=self._until(flag, now))

    def _why(self, flag: Flag, now: Instant) -> str:
        run = flag.history.last
        if flag.state in _NOTED:
            return flag.note
        if run is not None and flag.state in _RUNS:
            return run.error or (f"exit status {run.status}" if run.status else "")
        return self._work.why(flag, now.wall)

    def _until(self, flag: Flag, now: Instant) -> float | None:
        run, due = flag.history.last, self._view.until(flag)
        if run is not None and flag.state is FlagState.RUNNING:
            return run.started + flag.action.command.timeout
        return None if due is None else float(round(now.wall + due - now.mono))
