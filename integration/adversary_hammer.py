"""Do for some seconds, as fast as possible, all that a local user can do to the files of a folder.

Rules: runs in the machine, knows nothing of FUI, and needs nothing but Python. `python3 -I
adversary_hammer.py SECONDS SEED FOLDER OTHER VICTIM` takes a file of FOLDER at random and removes it,
renames it, exchanges it with another one, moves it to OTHER, links it or puts a link to VICTIM, a pipe or
a folder into its place. It prints how often each of these was done.
"""

import contextlib
import ctypes
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2

seconds, seed = float(sys.argv[1]), int(sys.argv[2])
folder, other, victim = (Path(argument) for argument in sys.argv[3:])
chance = random.Random(seed)
libc = ctypes.CDLL(None)


def exchange(one: Path, two: Path) -> None:
    """Let two files change places."""
    libc.renameat2(AT_FDCWD, bytes(one), AT_FDCWD, bytes(two), RENAME_EXCHANGE)


def instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Put something into the place of a file."""

    def put(place: Path) -> None:
        place.unlink()
        make(place)

    return put


def sweep(_: Path) -> None:
    """Remove what was moved away, and what was set aside."""
    for each in (*other.iterdir(), *folder.glob("* (kept *")):
        each.unlink()


def any_name() -> Path:
    """Choose a name in the folder, of a file or of none."""
    names = [*folder.iterdir(), folder / f"new {chance.randrange(4)}"]
    return chance.choice(names)


DEEDS: dict[str, Callable[[Path], object]] = {
    "rename": lambda place: place.rename(any_name()),
    "there and back": lambda place: place.rename(folder / "away").rename(place),
    "exchange": lambda place: exchange(place, any_name()),
    "move": lambda place: place.rename(other / place.name),
    "hard link": lambda place: any_name().hardlink_to(place),
    "link": instead(lambda place: place.symlink_to(victim)),
    "pipe": instead(os.mkfifo),
    "folder": instead(Path.mkdir),
    "file": instead(Path.touch),
    "sweep": sweep,
}

done: Counter[str] = Counter()
end = time.monotonic() + seconds
while time.monotonic() < end:
    deed = chance.choice(list(DEEDS))
    with contextlib.suppress(OSError):
        places = list(folder.iterdir())
        if places:
            DEEDS[deed](chance.choice(places))
            done[deed] += 1
    time.sleep(chance.random() * 0.004)
print(dict(done))
