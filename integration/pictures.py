"""Draw the pictures of docs/users.md: `sudo .venv/bin/python -m integration.pictures`.

Rules: what stands in the drawn windows is what a real client saw in a real share when it did what the
picture says. The window itself is nobody's: no screen of Windows or macOS can be had here.
"""

import sys
import time
from dataclasses import dataclass
from html import escape

from integration.host import CHECKOUT
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.smb import Library

PICTURES = CHECKOUT / "docs" / "pictures"
SETTINGS = f"share: {SHARE}\nexecute-folder: Execute\n"
FOLDER = "Apache"
PATIENCE = 60

ROW, WIDTH, GAP, BAR = 26, 258, 74, 34
HEAD = """\
<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 L8 4 L0 8 z" fill="#555"/></marker>
<style>
text { font: 13px "Segoe UI", "Helvetica Neue", Cantarell, "DejaVu Sans", sans-serif; fill: #222 }
.title { font-weight: 600 } .note { fill: #555 } .frame { fill: #fff; stroke: #9aa0a6 }
.bar { fill: #eceff1 } .marked { fill: #cfe3f7 } .arrow { stroke: #555; fill: none; stroke-width: 1.6 }
.folder { fill: #e0b252 } .file { fill: #fff; stroke: #78838c }
</style>"""


@dataclass(frozen=True)
class Window:
    """What a user saw in a folder.

    Attributes:
        title: The folder.
        names: What was in it.
        marked: What the user took hold of; empty if nothing.
        then: What the user did, or what happened, before the next window.
    """

    title: str
    names: list[str]
    marked: str = ""
    then: str = ""


def picture(*windows: Window) -> str:
    """Draw windows side by side, in SVG."""
    height = BAR + ROW * max(len(window.names) for window in windows) + 12
    width = len(windows) * WIDTH + (len(windows) - 1) * GAP
    size = f'viewBox="-6 -6 {width + 12} {height + 12}" width="{width + 12}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">', HEAD]
    for number, window in enumerate(windows):
        left = number * (WIDTH + GAP)
        parts += _window(window, left, height)
        if number + 1 < len(windows):
            parts += _arrow(window.then, left + WIDTH, BAR + ROW * 1.5)
    return "\n".join([*parts, "</svg>", ""])


def _window(window: Window, left: int, height: int) -> list[str]:
    drawn = [
        f'<rect class="frame" x="{left}" y="0" width="{WIDTH}" height="{height}" rx="7"/>',
        f'<path class="bar" d="M{left + 1} {BAR} V8 q0 -7 7 -7 H{left + WIDTH - 8} q7 0 7 7 V{BAR} z"/>',
        f'<text class="title" x="{left + 14}" y="22">{escape(window.title)}</text>',
    ]
    for place, name in enumerate(window.names):
        top = BAR + 6 + place * ROW
        if name == window.marked:
            drawn.append(
                f'<rect class="marked" x="{left + 5}" y="{top}" width="{WIDTH - 10}" height="{ROW}" rx="4"/>'
            )
        icon = (
            f'<path class="file" d="M{left + 15} {top + 5} h8 l4 4 v12 h-12 z"/>'
            if "." in name
            else f'<path class="folder" d="M{left + 13} {top + 7} h6 l2 2 h8 v12 h-16 z"/>'
        )
        drawn += [icon, f'<text x="{left + 36}" y="{top + 18}">{escape(name)}</text>']
    return drawn


def _arrow(text: str, left: int, top: float) -> list[str]:
    middle = left + GAP / 2
    return [
        f'<path class="arrow" marker-end="url(#tip)" d="M{left + 10} {top} H{left + GAP - 10}"/>',
        *(
            f'<text class="note" text-anchor="middle" x="{middle}" y="{top + 20 + 16 * line}">{escape(word)}</text>'
            for line, word in enumerate(text.split())
        ),
    ]


class Studio:
    """A share, two of its users, and what they see."""

    def __init__(self, machine: Machine) -> None:
        """Give it a menu with an execute folder."""
        machine.write("/etc/fui/fui.yaml", SETTINGS)
        machine.run(["/opt/fui/bin/fui", "setup", "--yes"])
        self.menu = Menu(machine)
        self.alice = Library(machine.smb_port, "alice")
        self.bob = Library(machine.smb_port, "bob")

    def seen(self, wanted: str) -> list[str]:
        """Look as alice until a flag is there, and name what she sees then."""
        end = time.monotonic() + PATIENCE
        while wanted not in (names := self.alice.list(FOLDER)):
            if time.monotonic() > end:
                sys.exit(f"waited in vain for {wanted}, where there is {names}")
        return names

    def draw(self) -> dict[str, str]:
        """Do what the pictures show, one after the other."""
        return {"press": self.press(), "execute": self.execute(), "many": self.many()}

    def press(self) -> str:
        """A flag is deleted."""
        flag = "Restart [Ready].txt"
        ready = Window(FOLDER, self.seen(flag), flag, "delete")
        self.alice.delete(f"{FOLDER}/{flag}")
        running = Window(FOLDER, self.seen("Restart [Running].txt"), then="wait")
        done = Window(FOLDER, self.seen("Restart [Done].txt"))
        return picture(ready, running, done)

    def execute(self) -> str:
        """A flag is dragged into the folder Execute."""
        flag = "Restart [Done].txt"
        before = Window(FOLDER, self.seen(flag), flag, "drag")
        root = Window("Controls", self.alice.list(), "Execute", "look again")
        self.alice.rename(f"{FOLDER}/{flag}", f"Execute/{flag}")
        after = Window(FOLDER, self.seen("Restart [Running].txt"))
        self.seen("Restart [Done].txt")
        return picture(before, root, after)

    def many(self) -> str:
        """The folder is deleted, or all that is in it."""
        before = self.seen("Restart [Done].txt")
        self.alice.deltree(FOLDER)
        return picture(
            Window(FOLDER, before, then="delete all"),
            Window(FOLDER, self.seen("Stop [Denied].txt")),
        )


def main() -> int:
    """Draw them all."""
    with Machine(report=print) as machine:
        for name, drawn in Studio(machine).draw().items():
            PICTURES.joinpath(f"{name}.svg").write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
