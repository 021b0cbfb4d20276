"""Put something else into the place of every file of a folder, as a local user can; runs in the machine.

Rules: knows nothing of FUI, and needs nothing but Python. `python3 -I adversary_plant.py FOLDER VICTIM
VICTIM_FOLDER` removes each file of FOLDER and makes one of KINDS in its place, in turn. It prints, as JSON,
the inode of each thing that it made, by its kind and the name that it took.
"""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

folder, victim, victim_folder = (Path(argument) for argument in sys.argv[1:])


def a_socket(place: Path) -> None:
    """Make a socket; the path of one may not be long, so it is made in its folder."""
    os.chdir(place.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(place.name)


def a_folder(place: Path) -> None:
    """Make a folder with something in it."""
    place.mkdir()
    place.joinpath("mine").write_text("mine", encoding="utf-8")


KINDS: dict[str, Callable[[Path], object]] = {
    "link to a file": lambda place: place.symlink_to(victim),
    "link to a folder": lambda place: place.symlink_to(victim_folder),
    "link to nothing": lambda place: place.symlink_to(place.parent / "nothing"),
    "link to itself": lambda place: place.symlink_to(place.name),
    "link to staging": lambda place: place.symlink_to("../.fui"),
    "pipe": os.mkfifo,
    "socket": a_socket,
    "folder": a_folder,
    "hard link": lambda place: place.hardlink_to(place.parent / "mine.txt"),
    "file without rights": lambda place: place.touch(mode=0),
}

places = sorted(folder.iterdir())
folder.joinpath("mine.txt").write_text("mine", encoding="utf-8")
made = {}
for number, place in enumerate(places):
    kind = list(KINDS)[number % len(KINDS)]
    place.unlink()
    KINDS[kind](place)
    made[f"{kind}: {place.name}"] = place.lstat().st_ino
print(json.dumps(made))
