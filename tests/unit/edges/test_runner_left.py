"""What a supervisor leaves in a job's directory is checked: a job as FUI's own user could write it too."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fui.edges.runner.job import Job
from fui.model.events import JobSeen
from fui.model.job import Ending, Progress
from fui.model.menu import Command

NOBODY_KNOWS = "its supervisor was ended from outside; nobody can say how it ended"


def job(path: Path, *, seen: bytes = b"", ending: bytes = b"") -> Job:
    path.joinpath("seen").write_bytes(seen)
    path.joinpath("ending").write_bytes(ending)
    return Job("j-1", Command(("/bin/true",), "root", "root", 10), None, path, None)


def test_what_it_says_is_taken(tmp_path: Path) -> None:
    one = job(
        tmp_path,
        seen=b'{"report": "wx", "written": 5, "progress": [40, "half"]}\nhalf\n',
        ending=b'{"report": "wx", "status": 3, "lost": 2}\nout\xff',
    )
    assert one.seen() == JobSeen("j-1", "half\n", 5, Progress(40, "half"))
    assert one.ending("rule") == Ending(3, "out\udcff", 2)


@pytest.mark.parametrize(
    "text", [b"", b"[]\n", b"[" * 100_000, b"\xff\n", b'{"a": %s}' % (b"1" * 5000)]
)
def test_of_what_is_none_nothing_is_known(tmp_path: Path, text: bytes) -> None:
    one = job(tmp_path, seen=text, ending=text)
    assert one.seen() == JobSeen("j-1")
    assert one.ending("rule").interrupted == NOBODY_KNOWS


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("whole")])
def test_what_is_no_file_is_not_waited_for_and_not_followed(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    one = job(tmp_path)
    tmp_path.joinpath("whole").write_bytes(b'{"report": "wx", "status": 0}\n')
    tmp_path.joinpath("ending").unlink()
    make(tmp_path / "ending")
    assert one.ending("rule").interrupted == NOBODY_KNOWS


@pytest.mark.parametrize(
    "progress",
    [b'[101, ""]', b'[-1, ""]', b'[true, ""]', b'["40", ""]', b"[40]", b"[40, 1]", b"40"],
)
def test_progress_is_a_percentage(tmp_path: Path, progress: bytes) -> None:
    assert job(tmp_path, seen=b'{"progress": %s}\n' % progress).seen().progress is None


@pytest.mark.parametrize(
    "number", [b"-1", b"true", b"1.5", b'"1"', b"null", b"9223372036854775808"]
)
def test_numbers_are_counts(tmp_path: Path, number: bytes) -> None:
    one = job(
        tmp_path,
        seen=b'{"written": %s}\n' % number,
        ending=b'{"report": "wx", "status": %s, "lost": %s}\n' % (number, number),
    )
    assert one.seen() == JobSeen("j-1")
    assert one.ending("rule") == Ending(0)


@pytest.mark.parametrize("code", ["\u00b2", "99999999999999999999", "\u0663", "-2", "x"])
def test_what_is_no_error_number_was_somebody_else(tmp_path: Path, code: str) -> None:
    one = job(tmp_path, ending=f'{{"report": "{code}"}}\n'.encode())
    assert one.ending("rule").error == (
        "cannot start the command: its process was ended from outside; try again"
    )
