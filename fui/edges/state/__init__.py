"""What FUI remembers over restarts: runs, the queue, the journal's cursor, its folders, and its jobs.

Rules:
- One file for each action, so that a press costs the same whatever the menu holds, and one for each
  of the others. The file says itself whose it is; its name is only where to look.
- Jobs that are under way are kept apart, where a boot leaves nothing, for they do not outlive one.
- What cannot be read is set aside, with a note, and never keeps FUI from starting.
- What cannot be written is answered with a sentence; FUI goes on without.

It must not know what a run means, nor decide what is still true after a restart.

The package is one edge: `files` reads and writes files, `content` says what may stand in them.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from fui.edges.state import content
from fui.edges.state.files import Files
from fui.model.effects import SaveCursor, SaveHistory, SaveJob, SaveQueue
from fui.model.errors import EdgeError
from fui.model.events import Started
from fui.model.job import History, Job, JobId
from fui.model.menu import Action, ActionId

__all__ = ["StateDirectory"]

_NAME_MAX = 200
_CURSOR = "cursor.json"
_QUEUE = "queue.json"
_FOLDERS = "folders.json"
_JOB = ".json"


class StateDirectory:
    """The state directory of one FUI, and the one of its jobs."""

    def __init__(self, path: Path, jobs: Path) -> None:
        """Make them where they are missing.

        Args:
            path: The state directory.
            jobs: Where jobs that are under way are kept.

        Raises:
            EdgeError: One cannot be used.
        """
        self.notes: list[str] = []
        """What was set aside, for the administrator; whoever tells it may empty it."""
        self._files = Files(path, self.notes.append)
        self._jobs_path, self._job_files = jobs, Files(jobs, self.notes.append)
        _make("state directory", path, "StateDirectory")
        _make("directory of the jobs", jobs, "RuntimeDirectory")

    def load(self, actions: Iterable[Action]) -> Started:
        """Return what is remembered of these actions and of the jobs, the cursor, and the queue."""
        jobs = self._jobs()
        return Started(
            self.histories([*actions, *(job.action for job in jobs)]),
            self._files.read(_CURSOR, content.cursor),
            self._files.read(_QUEUE, content.queue) or (),
            jobs,
        )

    def _jobs(self) -> tuple[Job, ...]:
        """Return the jobs that were under way; no two of them can be those of one action group."""
        names = {path.name.removesuffix(".new") for path in self._jobs_path.glob(f"*{_JOB}*")}
        files = sorted(name for name in names if name.endswith(_JOB))
        found = [self._job_files.read(name, content.job) for name in files]
        taken: set[object] = set()
        jobs = []
        for job in sorted(filter(None, found), key=lambda job: job.run.started):
            keys = {job.action.id, *job.action.groups}
            if keys & taken:
                self.notes.append(f"cannot go on with job {job.id}: another one holds its groups")
            else:
                taken |= keys
                jobs.append(job)
        return tuple(jobs)

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

    def save_job(self, effect: SaveJob) -> str:
        """Remember a job that is under way; return as `save_history`."""
        return self._job_files.write(f"{effect.job.id}{_JOB}", content.plain_job(effect.job))

    def forget_job(self, job: JobId) -> None:
        """A job is not under way any more."""
        with contextlib.suppress(OSError):
            self._job_files.remove(f"{job}{_JOB}")

    def save_queue(self, effect: SaveQueue) -> str:
        """Remember which presses wait; return as `save_history`."""
        return self._files.write(_QUEUE, content.plain_queue(effect.queued))

    def save_cursor(self, effect: SaveCursor) -> str:
        """Remember how far the journal was dealt with; return as `save_history`."""
        return self._files.write(_CURSOR, {"cursor": effect.cursor})

    def save_folders(self, paths: tuple[str, ...]) -> str:
        """Remember the folders that FUI made, by their absolute paths; return as `save_history`."""
        return self._files.write(_FOLDERS, {"folders": paths})


def _make(what: str, path: Path, setting: str) -> None:
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EdgeError(
            f"cannot make the {what} {path}: {error.strerror}; set {setting}=fui in fui.service"
        ) from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise EdgeError(f"cannot use the {what} {path}: no permission; make FUI's user its owner")


def _history_file(action: ActionId) -> str:
    """Names differ in case only where the configuration was changed, so case does not count."""
    name = "+".join(quote(part.casefold(), safe="", errors="surrogateescape") for part in action)
    if len(name) > _NAME_MAX:
        name = hashlib.sha256(name.encode("ascii")).hexdigest()
    return f"history.{name}.json"
