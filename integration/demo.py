"""The tour: `sudo make demo`. A real machine, two people, one web server, and the journal's story.

Rules: everything shown is what really happened just then; nothing is played back. Off a terminal
it ends with the tour; on one it stays until Enter or Ctrl-C, and tells how to come in.
"""

import contextlib
import os
import sys
import time
import urllib.request
from collections.abc import Callable

from integration.host import MachineError
from integration.inside import PASSWORD
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.smb import Library, SmbError

SMB_PORT = 4450
WEB_PORT = 4480
SETTINGS = f"""\
share: {SHARE}
execute-folder: Execute
result-shown-for: 4s
late-record-window: 4s
"""
REPORTS = """\
object: Reports
action-group:
    directory: {group: controls}
    allow: {groups: [wwwadmins]}
    actions:
        - name: Export
          command: /usr/local/bin/export-report
          cancel: true
        - name: Purge
          command: /usr/bin/rm -f /tmp/report.csv
          confirm: 10s
"""
EXPORT = """\
#!/bin/sh
for percent in 20 40 60 80 100; do
    echo "::progress $percent exporting"
    echo "$percent of 100 rows are written"
    sleep 2
done
"""
FUI = "/opt/fui/bin/fui"
FOLDER = "Apache"
REPORTS_FOLDER = "Reports"
LOOK = 0.01

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ
STATES = {
    "Ready": "32",
    "Running": "33",
    "Blocked": "90",
    "Done": "36",
    "Failed": "31",
    "Denied": "31",
}


def paint(text: str, code: str) -> str:
    """Colour a text, on a terminal."""
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


def chapter(text: str) -> None:
    """Begin a part of the tour."""
    say()
    say(paint(text, "1"))


def flag(name: str) -> str:
    """Show a flag's name, coloured by its state."""
    name = name.removesuffix(".txt")
    state = name.rpartition("[")[2].rstrip("]").partition(" ")[0]
    return paint(name, STATES.get(state, "35"))


class Tour:
    """What is shown, in its order."""

    def __init__(self, machine: Machine) -> None:
        """Prepare the tour on a machine that runs."""
        self.machine = machine
        self.menu = Menu(machine)
        self.alice = Library(machine.smb_port, "alice")
        self.bob = Library(machine.smb_port, "bob")
        self.seen: list[str] = []

    def run(self) -> None:
        """Give the tour."""
        self.menu.mark()
        self.the_share()
        self.alice_restarts()
        self.samba_refuses()
        self.nobody_known()
        self.a_folder_is_deleted()
        self.the_menu_changes()
        self.live_output_and_cancel()
        self.confirmation()
        self.a_wrong_drop_in()
        self.the_story()

    def the_share(self) -> None:
        """Show what alice finds."""
        chapter(r"What alice sees in \\127.0.0.1\Controls, in her file manager:")
        for name in self.alice.list():
            say(f"  {name}")
        self.look(FOLDER)

    def alice_restarts(self) -> None:
        """Press, and watch the folder change while the web server restarts."""
        before = self.web_server()
        chapter(f"alice deletes Restart [Ready].txt. The web server is process {before}.")
        begin = time.monotonic()
        self.alice.delete(f"{FOLDER}/Restart [Ready].txt")
        self.watch(begin, until="Restart [Done].txt")
        say(f"  The web server is process {self.web_server()} now, and answers: {self.answer()}")
        chapter("Inside Restart [Done].txt:")
        for line in self.inside(f"{FOLDER}/Restart [Done].txt"):
            say(f"  | {line}")
        self.watch(begin, until="Restart [Ready].txt")

    def samba_refuses(self) -> None:
        """Let bob try, who may come in but is not in wwwadmins; and alice what is no press."""
        chapter(
            "bob, who is not in the group wwwadmins, deletes Stop [Ready].txt. Samba itself refuses:"
        )
        stop = f"{FOLDER}/Stop [Ready].txt"
        self.refused("bob deletes it", lambda: self.bob.delete(stop))
        self.refused("bob drags it into Execute", lambda: self.bob.rename(stop, "Execute/Stop.txt"))
        chapter("And alice can press, but nothing else:")
        self.refused("alice writes into it", lambda: self.alice.put(stop, b"nonsense"))
        self.refused("alice renames it", lambda: self.alice.rename(stop, f"{FOLDER}/Go.txt"))
        self.refused("alice makes a file", lambda: self.alice.put(f"{FOLDER}/notes.txt", b""))
        self.look(FOLDER)

    def refused(self, what: str, action: Callable[[], None]) -> None:
        """Show how the server answers what cannot be done."""
        try:
            action()
        except SmbError as error:
            say(f"  {what:28} {error.status}")
        else:
            msg = f"cannot go on: {what}, and the server let it happen"
            raise MachineError(msg)

    def nobody_known(self) -> None:
        """Remove a flag behind Samba's back."""
        chapter("Somebody with a shell removes Start [Ready].txt with rm: no proof, no action.")
        begin = time.monotonic()
        self.machine.run(["rm", f"{SHARE}/{FOLDER}/Start [Ready].txt"])
        self.watch(begin, until="Start [Denied].txt")
        self.watch(begin, until="Start [Ready].txt")

    def a_folder_is_deleted(self) -> None:
        """Delete every flag of the folder, as a file manager does with a folder."""
        before = self.web_server()
        chapter(f"alice deletes the whole folder {FOLDER} by mistake: many at once are no press.")
        begin = time.monotonic()
        for name in self.seen:
            self.alice.delete(f"{FOLDER}/{name}")
        self.watch(begin, until="Stop [Denied].txt")
        say(
            f"  Nothing ran: the web server is still process {before}: {self.web_server() == before}"
        )
        self.watch(begin, until="Stop [Ready].txt")

    def the_menu_changes(self) -> None:
        """Add an object while FUI runs."""
        chapter("The administrator adds conf.d/reports.yaml, and runs: fui setup --yes")
        self.machine.write("/usr/local/bin/export-report", EXPORT, mode=0o755)
        self.reload("reports", REPORTS)
        self.menu.wait_for_names(REPORTS_FOLDER, "Export [Ready]")
        self.look(REPORTS_FOLDER)

    def live_output_and_cancel(self) -> None:
        """Drag a flag into the execute folder, watch it run, and end it."""
        chapter("alice drags Export [Ready].txt into the folder Execute, and watches it run.")
        begin = time.monotonic()
        name = "Export [Ready].txt"
        self.alice.rename(f"{REPORTS_FOLDER}/{name}", f"Execute/{name}")
        self.watch(begin, REPORTS_FOLDER, until="Export [Running 40 %].txt")
        for line in self.inside(f"{REPORTS_FOLDER}/Export [Running 40 %].txt"):
            if line.startswith(("Running for", "Progress")) or line.endswith("written"):
                say(f"  | {line}")
        chapter("She may cancel it (cancel: true), and deletes the running flag.")
        name = next(name for name in self.alice.list(REPORTS_FOLDER) if "Running" in name)
        self.alice.delete(f"{REPORTS_FOLDER}/{name}")
        self.watch(begin, REPORTS_FOLDER, until="Export [Cancelled].txt")
        self.watch(begin, REPORTS_FOLDER, until="Export [Ready].txt")

    def confirmation(self) -> None:
        """Press what has to be pressed twice."""
        chapter("Purge is to be confirmed (confirm: 10s): alice has to delete it twice.")
        begin = time.monotonic()
        asks = "Purge [Delete again to confirm].txt"
        self.alice.delete(f"{REPORTS_FOLDER}/Purge [Ready].txt")
        self.watch(begin, REPORTS_FOLDER, until=asks)
        self.alice.delete(f"{REPORTS_FOLDER}/{asks}")
        self.watch(begin, REPORTS_FOLDER, until="Purge [Done].txt")

    def a_wrong_drop_in(self) -> None:
        """Break a drop-in while FUI runs."""
        chapter("The administrator writes `comand:` into reports.yaml, and reloads.")
        begin = time.monotonic()
        self.reload("reports", REPORTS.replace("command: /usr/bin/rm", "comand: /usr/bin/rm"))
        self.watch(begin, REPORTS_FOLDER, until="[Configuration error].txt")
        for line in self.inside(f"{REPORTS_FOLDER}/[Configuration error].txt"):
            say(f"  | {line}")

    def the_story(self) -> None:
        """Show what an administrator reads."""
        chapter("And what the administrator reads, with journalctl -u fui:")
        for fact in self.menu.story():
            for line in fact["MESSAGE"].splitlines():
                say(f"  {line}")

    def stay(self) -> None:
        """Leave the machine to whoever sits at the terminal."""
        chapter("It is yours now. Open this with your file manager, as alice or bob:")
        say(
            f"  smb://127.0.0.1:{self.machine.smb_port}/Controls     (GNOME Files, Finder, Dolphin)"
        )
        say(f"  smbclient --port={self.machine.smb_port} -U alice //127.0.0.1/Controls")
        say(f"  password: {PASSWORD}")
        say("Enter or Ctrl-C ends it, and leaves nothing behind.")
        input()

    def reload(self, name: str, drop_in: str) -> None:
        """Write a drop-in, and have FUI read its configuration again."""
        self.machine.write(f"/etc/fui/conf.d/{name}.yaml", drop_in)
        if self.machine.run([FUI, "check"], check=False).returncode == 0:
            self.menu.set_up()
        else:
            self.machine.run(["systemctl", "reload", "fui"])

    def look(self, folder: str) -> None:
        """Show a folder as alice sees it."""
        self.seen = self.alice.list(folder)
        for name in self.seen:
            say(f"  {folder}/{flag(name)}.txt")

    def inside(self, path: str) -> list[str]:
        """Read a flag as alice does."""
        return self.alice.read(path).decode().splitlines()

    def watch(self, begin: float, folder: str = FOLDER, *, until: str) -> None:
        """Show the folder as alice sees it, each time that it changes, until a flag is there."""
        while until not in self.seen:
            if (names := self.alice.list(folder)) != self.seen:
                self.seen = names
                say(f"  {time.monotonic() - begin:5.2f} s   {'   '.join(map(flag, names))}")
            if time.monotonic() - begin > 60:
                msg = f"waited 60 s in vain for {until}"
                raise MachineError(msg)
            time.sleep(LOOK)

    def web_server(self) -> str:
        """Give the process id of the web server."""
        return self.machine.unit_property("apache2", "MainPID")

    def answer(self) -> str:
        """Ask the web server for its first page."""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.machine.web_port}/", timeout=10
        ) as page:
            return f"{page.status} {page.reason}"


def main() -> int:
    """Boot, give the tour, and stay if somebody is there."""
    started = time.monotonic()
    try:
        with Machine(
            smb_port=SMB_PORT, web_port=WEB_PORT, report=lambda text: say(f"{text} …")
        ) as machine:
            machine.write("/etc/fui/fui.yaml", SETTINGS)
            Menu(machine).set_up()
            say(
                f"a machine with systemd, Samba, sudo, a web server and FUI is up after {time.monotonic() - started:.1f} s"
            )
            tour = Tour(machine)
            tour.run()
            if sys.stdin.isatty() and sys.stdout.isatty():
                with contextlib.suppress(EOFError):
                    tour.stay()
    except MachineError as error:
        say(f"{error}")
        return 1
    except KeyboardInterrupt:
        say()
    return 0


if __name__ == "__main__":
    sys.exit(main())
