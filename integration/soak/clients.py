"""The people at their clients: each presses what he sees, and writes down what he did.

Rules: a client is a thread with one SMB session and a random generator of its own; it looks into a folder,
deletes a flag or moves it into the execute folder, and thinks a little. Now and then it is hasty, and
deletes several at once. What the server says is written down and judged by nobody here.
"""

import contextlib
import random
import threading
import time
from dataclasses import dataclass, field

from smbprotocol.exceptions import SMBException

from integration.menu import EXECUTE
from integration.smb import Library, SmbError

OK = "OK"
BROKEN = "CONNECTION_LOST"
EXTENSION = ".txt"
THINK = (0.02, 0.4)
"""Seconds between two presses of a client; what is pressed sooner than `settle` after another may be none."""
HASTY, MOVES, ANYTHING = 0.02, 0.1, 0.1
"""How often a client presses many at once, moves instead of deleting, and presses what is not to be pressed."""
HASTE = 4
PATIENCE, LOOK = 3.0, 0.15
IDLE = ("[Running", "[Blocked", "[Queued", "[Closed")


@dataclass(frozen=True)
class Note:
    """What a client did.

    Attributes:
        user: Whose session it is.
        path: What was deleted or moved, relative to the share.
        begin: When it was asked for, in seconds since the epoch.
        end: When the server had answered.
        said: `OK`, the NT status, or that there was no answer.
    """

    user: str
    path: str
    begin: float
    end: float
    said: str


class Counter:
    """How many presses there are by now, of all clients."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._lock = threading.Lock()
        self.number = 0

    @property
    def reached(self) -> bool:
        """Whether there are as many as are wanted."""
        return self.number >= self._wanted

    def add(self) -> None:
        """Count one."""
        with self._lock:
            self.number += 1


@dataclass
class Client:
    """One client, from its first press to its last.

    Attributes:
        port: Where smbd listens.
        user: Whose sessions it has.
        folders: What it looks into.
        random: Decides what it does.
        counter: Says when there are enough presses.
        stop: Set when something went wrong elsewhere.
        notes: What it did.
        broken: How many of its sessions broke off.
        error: What ended it before its time.
    """

    port: int
    user: str
    folders: tuple[str, ...]
    random: random.Random
    counter: Counter
    stop: threading.Event
    notes: list[Note] = field(default_factory=list)
    broken: int = 0
    error: BaseException | None = None

    def run(self) -> None:
        """Press until there are enough."""
        try:
            while not self._enough:
                with Library(self.port, self.user) as session, contextlib.suppress(SMBException):
                    self.broken += 1
                    self._go_on(session)
                    self.broken -= 1
        except BaseException as error:  # noqa: BLE001 - it is told with the figures
            self.error = error

    @property
    def _enough(self) -> bool:
        return self.counter.reached or self.stop.is_set()

    def _go_on(self, session: Library) -> None:
        while not self._enough:
            self._look_and_press(session)
            time.sleep(self.random.uniform(*THINK))

    def _look_and_press(self, session: Library) -> None:
        folder = self.random.choice(self.folders)
        names = [name for name in session.list(folder) if name.endswith(EXTENSION)]
        hasty = self.random.random() < HASTY
        if not hasty and self.random.random() >= ANYTHING:
            names = [name for name in names if not any(word in name for word in IDLE)]
        chosen = self.random.sample(names, min(len(names), HASTE if hasty else 1))
        for name in chosen:
            self._press(session, folder, name)
        if chosen:
            self._wait_for(session, folder, chosen[-1].partition(" [")[0])

    def _press(self, session: Library, folder: str, name: str) -> None:
        path, said = f"{folder}/{name}", BROKEN
        begin = time.time()
        try:
            if self.random.random() < MOVES:
                session.rename(path, f"{EXECUTE}/{name}")
            else:
                session.delete(path)
            said = OK
            self.counter.add()
        except SmbError as error:
            said = error.status
        finally:
            self.notes.append(Note(self.user, path, begin, time.time(), said))

    def _wait_for(self, session: Library, folder: str, action: str) -> None:
        """Look until the flag is there again, as people do, or patience is at its end."""
        deadline = time.monotonic() + self.random.uniform(0, PATIENCE)
        while time.monotonic() < deadline:
            if any(name.startswith(f"{action} [") for name in session.list(folder)):
                return
            time.sleep(LOOK)
