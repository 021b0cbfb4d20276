"""The status file, for which `fui status` takes whatever lies there."""

import io
import json
import os
import tempfile
from datetime import timedelta, timezone
from pathlib import Path

from rich.console import Console

from fui.cli.status import report
from fui.edges.status import plain, read
from fui.model.errors import EdgeError

WORDS = (
    *('"format": 1', '"pid": @PID@, "born": @BORN@', '"fui": "0"', '"since": ', '"share": "/"'),
    *('"actions": 1', '"folders": 1', '"faults": ["', '"missed": 0', '"flags": [{"object": "A"'),
    *('"action": "B"', '"state": "ready"', '"detail": "', '"user": "', '"job": "', '"until": null'),
    *('"why": "', "1e999", "NaN", "-1", "[[[[", "\\ud800", "\\n", "true", "253402300799"),
)
FAR_EAST = timezone(timedelta(hours=14))
_ROOM = tempfile.TemporaryDirectory()
_PATH = Path(_ROOM.name, "status.json")
_BORN = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()[19]


def check(data: bytes) -> None:
    """The input is the file; @PID@ and @BORN@ stand for what says that its daemon lives."""
    data = data.replace(b"@PID@", b"%d" % os.getpid()).replace(b"@BORN@", _BORN)
    _PATH.write_bytes(data)
    try:
        published = read(_PATH)
    except EdgeError as error:
        _told(str(error))
        return
    if published is not None:
        json.dumps(plain(published))
        out = Console(file=io.StringIO(), width=10_000)
        for part in report(published, FAR_EAST, 0.0):
            out.print(part)
        assert out.file.getvalue().encode()


def _told(text: str) -> None:
    assert text.startswith("cannot ")
    assert text.isprintable()
    assert len(text) < 1000
