"""Photograph GNOME's Files on the share, for docs/users.md: `sudo .venv/bin/python -m integration.screens`.

Rules: a real Files under a real X server that has no screen, keys and clicks by xdotool, and the share by
gvfs over SMB. Where it has to be clicked is known for this size of the screen and Debian 12's Files.
The machine stands on Debian 12, whatever the host is.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integration.inside import PASSWORD
from integration.machine import Machine
from integration.menu import Menu
from integration.pictures import FOLDER, PICTURES

PACKAGES = (
    *("nautilus", "gvfs", "gvfs-backends", "dbus", "dconf-gsettings-backend", "at-spi2-core"),
    *("xvfb", "openbox", "xdotool", "imagemagick"),
    *("adwaita-icon-theme", "fonts-cantarell", "fonts-dejavu-core", "librsvg2-common"),
)
HOME = "/home/alice"
ENVIRONMENT = {
    "DISPLAY": ":7",
    "DBUS_SESSION_BUS_ADDRESS": f"unix:path={HOME}/bus",
    "XDG_RUNTIME_DIR": HOME,
    "HOME": HOME,
    "GSK_RENDERER": "cairo",
}
FIRST, THIRD = "357 130", "743 130"
"""Where the first and the third file of a folder are."""
LOOKS = 1.5
"""Seconds that Files takes to show what was asked for."""


class Desk:
    """The desk of a user of the machine, at which one file manager is open."""

    def __init__(self, machine: Machine) -> None:
        """Sit down."""
        self._machine = machine

    def spawn(self, *argv: str) -> None:
        """Start what lasts as long as the machine."""
        env = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
        self._machine.spawn(["env", *env, *argv], user="alice")

    def run(self, *argv: str, told: str = "") -> None:
        """Run a command to its end."""
        self._machine.run(argv, user="alice", env=ENVIRONMENT, input=told)

    @contextmanager
    def files(self, user: str) -> Iterator[None]:
        """Have a folder of the share open in Files, as one of its users."""
        share = f"smb://{user}@127.0.0.1:{self._machine.smb_port}/Controls"
        self.run("gio", "mount", share, told=f"FUI\n{PASSWORD}\n")
        self.spawn("nautilus", "--new-window", f"{share}/{FOLDER}")
        time.sleep(6)
        yield
        self.keys("ctrl+w")

    def keys(self, *names: str) -> None:
        """Press keys, and wait until that shows."""
        self.run("xdotool", "key", *names)
        time.sleep(LOOKS)

    def select(self, place: str) -> None:
        """Click on a file."""
        self.run("xdotool", "mousemove", *place.split(), "click", "1")
        time.sleep(0.5)

    def photograph(self, name: str) -> None:
        """Take a picture of the screen, for the documents."""
        picture = f"{HOME}/{name}.png"
        self.run("import", "-window", "root", "-strip", picture)
        Path(PICTURES / f"{name}.png").write_bytes(self._machine.read(picture))


def photograph(machine: Machine) -> None:
    """Take the pictures of the page, one after the other."""
    desk, menu = Desk(machine), Menu(machine)
    machine.run(["install", "-d", "-o", "alice", "-m", "0700", HOME])
    machine.run(["install", "-d", "-m", "1777", "/tmp/.X11-unix"])
    desk.spawn("Xvfb", ":7", "-screen", "0", "860x520x24", "-nolisten", "tcp")
    desk.spawn(
        "dbus-daemon", "--session", f"--address=unix:path={HOME}/bus", "--nofork", "--nopidfile"
    )
    time.sleep(2)
    desk.spawn("openbox")
    desk.run("dbus-update-activation-environment", *ENVIRONMENT)
    with desk.files("alice"):
        desk.select(FIRST)
        desk.keys("Delete")
        desk.photograph("gnome-delete")
        desk.keys("Return")
        menu.wait_for_names(FOLDER, "Restart [Done]")
        desk.photograph("gnome-stale")
        desk.keys("F5")
        desk.photograph("gnome-done")
    with desk.files("bob"):
        desk.select(THIRD)
        desk.keys("Delete")
        desk.keys("Return")
        desk.photograph("gnome-denied")


def main() -> int:
    """Take them all."""
    os.environ["FUI_BASE"] = "bookworm"
    with Machine(purpose="pictures", packages=PACKAGES, report=print) as machine:
        photograph(machine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
