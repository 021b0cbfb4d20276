"""What FUI remembers over restarts: the last run of each action, and how far the journal was dealt with.

Rules:
- One file for each action, so that a press costs the same whatever the menu holds, and one for the
  cursor. The file says itself whose it is; its name is only where to look.
- A file is written whole as `NAME.new`, then the old one is removed and the new one takes its name;
  where FUI died in between, `NAME.new` is read. So the death of FUI loses nothing.
- Nothing waits for the disk: no fsync, and no rename over a file either, for ext4 starts to write
  at that (4 ms measured, against 0.03 ms). A power cut can lose the last runs and the cursor.
- What cannot be read is set aside as `NAME.broken`, with a note, and never keeps FUI from starting.
- What cannot be written is answered with a sentence; FUI goes on without.

It must not know what a run means, nor decide what is still true after a restart.
"""

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fui.model.effects import SaveCursor, SaveRun
from fui.model.errors import EdgeError
from fui.model.events import Started
from fui.model.job import Run
from fui.model.menu import Action, ActionId
from fui.model.states import JobResult

_NAME_MAX = 200
_TYPES: dict[str, tuple[type, ...]] = {
    "job": (str,),
    "user": (str,),
    "uid": (int,),
    "client": (str,),
    "cursor": (str,),
    "started": (float, int),
    "ended": (float, int, type(None)),
    "result": (str, type(None)),
    "status": (int, type(None)),
    "tail": (str,),
    "error": (str,),
}


class _UnreadableError(Exception):
    """A file is not what FUI has written."""


class StateDirectory:
    """The state directory of one FUI."""

    def __init__(self, path: Path) -> None:
        """Make it where it is missing; EdgeError if it cannot be used."""
        self._path = path
        self.notes: list[str] = []
        """What `load` has set aside, for the administrator."""
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
        """Return what is remembered of these actions."""
        runs = {}
        for action in actions:
            run = self._load_run(action.id)
            if run is not None:
                runs[action.id] = run
        cursor = self._load("cursor.json")
        match cursor:
            case None | {"cursor": str()}:
                pass
            case _:
                self._set_aside("cursor.json", "it holds no cursor")
                cursor = None
        return Started(runs, cursor["cursor"] if cursor else None)

    def save_run(self, effect: SaveRun) -> str:
        """Remember the last run of an action; return why it could not be, else nothing."""
        run = effect.run
        content = asdict(run) | {"result": run.result.value if run.result else None}
        object_name, action_name = effect.action.id
        return self._save(
            _run_file(effect.action.id),
            {"object": object_name, "action": action_name, "run": content},
        )

    def save_cursor(self, effect: SaveCursor) -> str:
        """Remember how far the journal was dealt with; return as `save_run`."""
        return self._save("cursor.json", {"cursor": effect.cursor})

    def _load_run(self, action: ActionId) -> Run | None:
        name = _run_file(action)
        match self._load(name):
            case None:
                return None
            case {"object": str(by_object), "action": str(by_action), "run": dict(content)}:
                if (by_object.casefold(), by_action.casefold()) != _folded(action):
                    self._set_aside(name, f"it is about {by_object}/{by_action}")
                    return None
                try:
                    return _run(content)
                except _UnreadableError as error:
                    self._set_aside(name, str(error))
            case _:
                self._set_aside(name, "it holds no run")
        return None

    def _load(self, name: str) -> Any:  # noqa: ANN401 - JSON is whatever it is
        path = self._path / name
        if not os.path.lexists(path):
            with contextlib.suppress(OSError):
                path.with_name(f"{name}.new").rename(path)
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                self._set_aside(name, "it is not a file")
                return None
            return json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            self._set_aside(name, str(error))
            return None

    def _set_aside(self, name: str, why: str) -> None:
        path = self._path / name
        note = f"cannot use {path}: {why}; it was set aside as {name}.broken"
        try:
            path.replace(f"{path}.broken")
        except OSError as error:
            note = f"cannot use {path}: {why}; remove it ({error.strerror})"
        self.notes.append(note)

    def _save(self, name: str, content: dict[str, object]) -> str:
        new = self._path / f"{name}.new"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(new, flags, 0o600), "wb") as file:
                file.write(json.dumps(content).encode("ascii"))
            old = self._path / name
            old.unlink(missing_ok=True)
            new.rename(old)
        except OSError as error:
            return (
                f"cannot save {self._path / name}: {error.strerror}; "
                "see that the state directory is writable and its disk is not full"
            )
        return ""


def _folded(action: ActionId) -> tuple[str, str]:
    return action.object.casefold(), action.action.casefold()


def _run_file(action: ActionId) -> str:
    """Names differ in case only where the configuration was changed, so case does not count."""
    name = "+".join(quote(part, safe="", errors="surrogateescape") for part in _folded(action))
    if len(name) > _NAME_MAX:
        name = hashlib.sha256(name.encode("ascii")).hexdigest()
    return f"run.{name}.json"


def _run(content: dict[str, Any]) -> Run:
    if set(content) != {item.name for item in fields(Run)}:
        raise _UnreadableError("it holds a run of another version")
    for key, value in content.items():
        if not isinstance(value, _TYPES[key]) or isinstance(value, bool):
            raise _UnreadableError(f"its {key} is {value!r}")
    result = content["result"]
    if result is not None and result not in {item.value for item in JobResult}:
        raise _UnreadableError(f"its result is {result!r}")
    return Run(**content | {"result": JobResult(result) if result is not None else None})
