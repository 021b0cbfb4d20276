"""The files of the configuration: which there are, and what stands in one.

Rules: a file is read once, up to a limit, and nothing is waited for, even if it is a pipe; what
everybody may write is not believed; what cannot be read is a Problem at its beginning. The only
room of the configuration that opens files; knows nothing of what they mean.
"""

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from fui.config import yaml_text
from fui.config.names import printable
from fui.config.yaml_text import Document
from fui.model.errors import Problem

EXTENSIONS = (".yaml", ".yml")

_OPEN = "cannot believe this, everybody can write it; chmod o-w it"


def name_of(path: Path) -> str:
    """Return a path as a complaint can show it."""
    return printable(os.fsencode(path).decode(errors="backslashreplace"))


def drop_ins(directory: Path) -> tuple[list[Path], list[Problem]]:
    """Return the drop-ins in a directory, sorted by name, and what is wrong with the directory."""
    file = name_of(directory)
    try:
        everybody = directory.stat().st_mode & stat.S_IWOTH
        names = sorted(directory.iterdir())
    except OSError as error:
        text = f"cannot list the drop-ins ({error.strerror}); make a directory with a drop-in in it"
        return [], [Problem(file, 1, 1, text)]
    found = [each for each in names if each.suffix in EXTENSIONS and not each.name.startswith(".")]
    problems = [Problem(file, 1, 1, _OPEN)] if everybody else []
    if not found:
        text = (
            "cannot offer anything, there is no drop-in; write one for each object, as apache.yaml"
        )
        problems.append(Problem(file, 1, 1, text))
    return found, problems


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is found.

    Attributes:
        data: What is in it, up to the limit.
        complaint: Why that cannot be told.
        everybody: Whether everybody can write it.
    """

    data: bytes = b""
    complaint: str = ""
    everybody: bool = False


def content(path: Path, hint: str) -> Content:
    """Return what is in a file; `hint` is what to do when there is none."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return Content(complaint=f"cannot read this file ({error.strerror}); {hint}")
    try:
        mode = os.fstat(opened).st_mode
        if not stat.S_ISREG(mode):
            return Content(complaint="cannot read this, it is no file; take it out of the way")
        with os.fdopen(opened, "rb", closefd=False) as file:
            data = file.read(yaml_text.MAX_BYTES + 1)
    except OSError as error:
        return Content(complaint=f"cannot read this file ({error.strerror}); {hint}")
    finally:
        os.close(opened)
    return Content(data, everybody=bool(mode & stat.S_IWOTH))


def document(found: Content, file: str) -> Document:
    """Return what a file says whose name is `file`."""
    if found.complaint:
        return Document(None, (Problem(file, 1, 1, found.complaint),))
    read = yaml_text.read(found.data, file)
    if not found.everybody:
        return read
    return replace(read, problems=(Problem(file, 1, 1, _OPEN), *read.problems), believed=False)
