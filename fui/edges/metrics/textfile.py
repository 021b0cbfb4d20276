"""The metrics in a file, for node_exporter's textfile collector.

Rules: written whole under another name and renamed, for everybody to read. What stands under that other
name goes first and is never written to, be it a link. The file goes when the daemon ends, for counts that
stand still would look like a quiet daemon. What cannot be written is said once, until it can be again.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class Textfile:
    """One file; nothing is written yet."""

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        self._new = path.with_name(f"{path.name}.new")  # node_exporter reads what ends in .prom
        self._say = say
        self._failed = False

    def write(self, text: bytes) -> None:
        """Have the file say this."""
        try:
            self._new.unlink(missing_ok=True)
            with os.fdopen(os.open(self._new, _FLAGS, 0o644), "wb") as file:
                os.fchmod(file.fileno(), 0o644)  # whatever the umask is
                file.write(text)
            self._new.rename(self._path)
        except OSError as error:
            if not self._failed:
                self._failed = True
                self._say(
                    f"fui: cannot write the metrics to {self._path}: {error.strerror}; let FUI's user"
                    ' write there, or name another textfile (or "") under metrics in fui.yaml'
                )
        else:
            self._failed = False

    def close(self) -> None:
        """Take the file away."""
        with contextlib.suppress(OSError):
            self._path.unlink()
