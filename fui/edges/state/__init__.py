"""What FUI remembers over restarts: runs, the queue, the journal's cursor, and the folders it made.

Rules:
- One file for each action, so that a press costs the same whatever the menu holds, and one for each
  of the others. The file says itself whose it is; its name is only where to look.
- What cannot be read is set aside, with a note, and never keeps FUI from starting.
- What cannot be written is answered with a sentence; FUI goes on without.

It must not know what a run means, nor decide what is still true after a restart.

The package is one edge: `files` reads and writes files, `content` says what may stand in them.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from fui.edges.state import content
from fui.edges.state.files import Files
from fui.model.effects import SaveCursor, SaveHistory, SaveQueue
from fui.model.errors import EdgeError
from fui.model.events import Started
from fui.model.job import History
from fui.model.menu import Action, ActionId

__all__ = ["StateDirectory"]

_NAME_MAX = 200
_CURSOR = "cursor.json"
_QUEUE = "queue.json"
_FOLDERS = "folders.json"


class StateDirectory:
    """The state directory of one FUI."""

    def __init__(self, path: Path) -> None:
        """Make it where it is missing; EdgeError if it cannot be used."""
        self.notes: list[str] = []
        """What was set aside, for the administrator; whoever tells it may empty it."""
        self._files = Files(path, self.notes.append)
        try:
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise EdgeError(
                f"cannot make the state directory {path}: {error.strerror}; "
                "set StateDirectory=fui in fui.service"
            ) from error
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise EdgeError(
                f"cannot use the state directory {path}: no permission; make FUI's user its owner"
            )

    def load(self, actions: Iterable[Action]) -> Started:
        """Return what is remembered of these actions, the journal's cursor, and the queue."""
        return Started(
            self.histories(actions),
            self._files.read(_CURSOR, content.cursor),
            self._files.read(_QUEUE, content.queue) or (),
        )

    def histories(self, actions: Iterable[Action]) -> dict[ActionId, History]:
        """Return what is remembered of the runs of these actions, where there is anything."""
        found = {}
        for action in actions:
            history = self._files.read(_history_file(action.id), content.history_of(action.id))
            if history is not None:
                found[action.id] = history
        return found

    def folders(self) -> tuple[str, ...]:
        """Return the folders that FUI made, as last saved; none if that is not known."""
        return self._files.read(_FOLDERS, content.folders) or ()

    def save_history(self, effect: SaveHistory) -> str:
        """Remember the runs of an action; return why it could not be, else nothing."""
        plain = content.plain_history(effect.action, effect.history)
        return self._files.write(_history_file(effect.action), plain)

    def save_queue(self, effect: SaveQueue) -> str:
        """Remember which presses wait; return as `save_history`."""
        return self._files.write(_QUEUE, content.plain_queue(effect.queued))

    def save_cursor(self, effect: SaveCursor) -> str:
        """Remember how far the journal was dealt with; return as `save_history`."""
        return self._files.write(_CURSOR, {"cursor": effect.cursor})

    def save_folders(self, paths: tuple[str, ...]) -> str:
        """Remember the folders that FUI made, by their absolute paths; return as `save_history`."""
        return self._files.write(_FOLDERS, {"folders": paths})


def _history_file(action: ActionId) -> str:
    """Names differ in case only where the configuration was changed, so case does not count."""
    name = "+".join(quote(part.casefold(), safe="", errors="surrogateescape") for part in action)
    if len(name) > _NAME_MAX:
        name = hashlib.sha256(name.encode("ascii")).hexdigest()
    return f"history.{name}.json"
