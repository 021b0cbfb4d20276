"""What a job's supervisor has left, or a job that runs as FUI's user in its place."""

import tempfile
from pathlib import Path

from fui.core.flag_text import Content, render
from fui.edges.runner.job import Job
from fui.model.job import History
from fui.model.menu import Command
from tests.fuzz.pieces import pieces
from tests.fuzz.state import ACTION, FAR_EAST

WORDS = (
    *(
        '{"report": "wx"',
        '"written": 1',
        '"progress": [40, "',
        '"status": 0',
        '"lost": 0}\n',
        "wx2",
    ),
    *(
        '{"report": "13"}\n',
        "null",
        "[[[[",
        "\\ud800",
        "\x1e",
        "sudo: a password is required",
        "true",
    ),
)
_ROOM = tempfile.TemporaryDirectory()


def check(data: bytes) -> None:
    """The input has what is seen while it runs, and what is left in the end."""
    room = Path(_ROOM.name)
    for name, content in zip(("seen", "ending"), pieces(data, 2), strict=False):
        room.joinpath(name).write_bytes(content)
    job = Job("j-1", Command(("/bin/true",), "root", "root", 10), None, room, None)
    seen = job.seen()
    assert seen.written >= 0
    if seen.progress is not None:
        assert 0 <= seen.progress.percent <= 100
    render(ACTION, Content("", 0.0, FAR_EAST, history=History(), seen=seen)).encode()
    ending = job.ending("a rule")
    assert ending.status is None or 0 <= ending.status < 2**63
    assert ending.lost >= 0
    ending.output.encode(errors="surrogateescape")
    assert len(ending.error) < 1000
