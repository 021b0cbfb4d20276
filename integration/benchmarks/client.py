"""What a client sees: how soon it is told that a flag has changed, and how long a big folder takes to list.

Rules: `told` is from the rename of a flag in the share, as inotify tells of it, until the client has the
notification that it asked for (CHANGE_NOTIFY, [MS-SMB2] 2.2.35); whether a file manager shows it then
is its own business. The plain files are as many, of the same names and sizes.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from smbclient._pool import get_smb_tree
from smbprotocol.change_notify import CompletionFilter, FileAction, FileSystemWatcher
from smbprotocol.open import (
    CreateDisposition,
    CreateOptions,
    DirectoryAccessMask,
    ImpersonationLevel,
    Open,
    ShareAccess,
)

from integration.benchmarks.figures import QUANTILES, Part, Quantiles
from integration.benchmarks.presses import OBJECT, Bench, Seen
from integration.inside import PASSWORD
from integration.machine import Machine
from integration.menu import SHARE
from integration.smb import SERVER
from integration.smb import SHARE as SHARE_NAME

NEW = (FileAction.FILE_ACTION_ADDED, FileAction.FILE_ACTION_RENAMED_NEW_NAME)
FLAGS = 1000
LISTINGS = 30
OBJECTS = {"1,000 flags": "Many", "1,000 plain files": "Plain"}
ACTION = "\n        - {{name: Action {0}, command: /bin/true {0}}}"


def measure(presses: int) -> list[Part]:
    """Measure the changes of so many presses, and listings."""
    with Machine() as machine:
        bench = Bench(machine)
        told = changes(bench, presses)
        listed = listings(bench)
    taken = {"told of a change": Quantiles.of(told)} | {
        f"a listing of {what}": Quantiles.of(times) for what, times in listed.items()
    }
    return [
        Part(
            "the client: milliseconds",
            (*QUANTILES, "number"),
            [(what, (*some.shown(), str(some.number))) for what, some in taken.items()],
            raw={
                f"client: {what}: {which}": getattr(some, which)
                for what, some in taken.items()
                for which in QUANTILES
            },
        )
    ]


def changes(bench: Bench, presses: int) -> list[float]:
    """Give the seconds from each rename of a flag until a client was told of the name."""
    with notified(bench) as told, bench.watched() as seen:
        for _ in range(presses):
            bench.by_fui()
    return list(_between(seen, told))


def _between(seen: Seen, told: Seen) -> Iterator[float]:
    for name, times in told.times.items():
        for when in times:
            before = [come for come in seen.times[f"come {name}"] if come <= when]
            if before:
                yield when - before[-1]


@contextmanager
def notified(bench: Bench) -> Iterator[Seen]:
    """Have another client be told of each name in the folder; what it was told is there at the end."""
    told = Seen({})
    over = threading.Event()
    cache: dict[str, object] = {}
    tree, _ = get_smb_tree(
        f"\\\\{SERVER}\\{SHARE_NAME}\\{OBJECT}",
        username="alice",
        password=PASSWORD,
        port=bench.machine.smb_port,
        connection_cache=cache,
    )
    folder = Open(tree, OBJECT)
    folder.create(
        ImpersonationLevel.Impersonation,
        DirectoryAccessMask.FILE_LIST_DIRECTORY,
        0,
        ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE | ShareAccess.FILE_SHARE_DELETE,
        CreateDisposition.FILE_OPEN,
        CreateOptions.FILE_DIRECTORY_FILE,
    )

    def listen() -> None:
        while not over.is_set():
            watcher = FileSystemWatcher(folder)
            watcher.start(CompletionFilter.FILE_NOTIFY_CHANGE_FILE_NAME)
            watcher.wait()
            now = time.monotonic()
            for each in watcher.result or ():
                if each["action"].get_value() in NEW:
                    name = each["file_name"].get_value()
                    told.times.setdefault(f"{SHARE}/{OBJECT}/{name}", []).append(now)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        over.set()


def listings(bench: Bench) -> dict[str, list[float]]:
    """List a folder of flags and one of plain files, in turn; return the seconds of each."""
    machine = bench.machine
    actions = "".join(ACTION.format(number) for number in range(FLAGS))
    machine.write(
        "/etc/fui/conf.d/many.yaml",
        "object: Many\naction-group:\n    directory: {group: controls}\n    command: {timeout: 9s}\n"
        f"    allow: {{groups: [wwwadmins]}}\n    actions:{actions}\n",
    )
    bench.menu.set_up()
    machine.wait_for(lambda: len(bench.menu.names("Many")) == FLAGS, timeout=60, what="the flags")
    machine.run(["cp", "--recursive", f"{SHARE}/Many", f"{SHARE}/Plain"])
    machine.run(["chown", "--recursive", "alice:controls", f"{SHARE}/Plain"])
    taken: dict[str, list[float]] = {what: [] for what in OBJECTS}
    for _ in range(LISTINGS):
        for what, folder in OBJECTS.items():
            begin = time.monotonic()
            assert len(bench.alice.list(folder)) == FLAGS
            taken[what].append(time.monotonic() - begin)
    return taken
