"""The files of the state directory: whatever stands in them, FUI starts, and can show what it found."""

import tempfile
from collections.abc import Iterable
from datetime import timedelta, timezone
from pathlib import Path

from fui.core.flag_text import Content, render
from fui.edges.state import StateDirectory
from fui.model.effects import SaveCursor, SaveHistory, SaveJob, SaveQueue
from fui.model.events import Started
from fui.model.job import History
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Folder
from tests.fuzz.pieces import pieces

WORDS = (
    *('{"cursor": "', '{"queued": [', '{"folders": ["/', '"runs": [{', '"uses": [[1, 1.5, null]]'),
    *('"object": "Apache"', '"action": "Restart"', '"action": ["Apache", "Restart"]', '"job": "'),
    *('"user": "', '"uid": ', '"client": "', '"started": ', '"ended": ', '"result": "done"'),
    *('"status": ', '"tail": "', '"error": "', "null", "1e999", "NaN", "-1", "\\ud800", "\\udc80"),
    *('"due": 1.5', '"state": "running"', '"because": null', '"by": ""', '"told": true', "\x1e"),
)
FILE = FileSpec(None, None, 0o640)
ACTION = Action(
    ActionId("Apache", "Restart"),
    Folder("/srv/controls/Apache", FILE),
    ("Apache",),
    Command(("/bin/true",), "root", "root", 10),
    Access(()),
    FILE,
)
FAR_EAST = timezone(timedelta(hours=14))


def check(data: bytes) -> None:
    """The input has the runs of an action, the queue, the cursor, the folders and a job."""
    with tempfile.TemporaryDirectory() as root:
        state = StateDirectory(Path(root), Path(root, "jobs"))
        for name, content in zip(_names(state, Path(root)), pieces(data, 5), strict=False):
            Path(root, name).write_bytes(content)
        started, folders = _load(state)
        _save(state, started, folders)
        assert _load(state) == (started, folders)
        assert state.notes == []
    for job in started.jobs:
        assert "/" not in job.id
        render(job.action, Content("", 0.0, FAR_EAST, history=History((job.run,)))).encode()
    for history in started.histories.values():
        render(ACTION, Content("", 0.0, FAR_EAST, history=history)).encode(errors="surrogateescape")


def _names(state: StateDirectory, root: Path) -> Iterable[str]:
    """Give the names that the files have, that of the runs by making it."""
    state.save_history(SaveHistory(ACTION.id, History()))
    (made,) = root.glob("*.json")
    return made.name, "queue.json", "cursor.json", "folders.json", "jobs/j-1.json"


def _load(state: StateDirectory) -> tuple[Started, tuple[str, ...]]:
    found = state.load([ACTION]), state.folders()
    for note in state.notes:
        assert note.startswith("cannot ")
        assert note.isprintable()
        assert len(note) < 1000
    state.notes.clear()
    return found


def _save(state: StateDirectory, started: Started, folders: tuple[str, ...]) -> None:
    for action, history in started.histories.items():
        assert not state.save_history(SaveHistory(action, history))
    assert not state.save_queue(SaveQueue(started.queued))
    if started.cursor is not None:
        assert not state.save_cursor(SaveCursor(started.cursor))
    assert not state.save_folders(folders)
    for job in started.jobs:
        assert not state.save_job(SaveJob(job))
