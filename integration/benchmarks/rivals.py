"""What else runs a command when a file is deleted, each with a folder of its own in the share.

Rules: a rival is there only while it is measured, but for the loop of inotifywait, which waits for
nothing but its own folder. Each has what its manual says; none is slowed down, and those that run as
root call no sudo, which is to their advantage.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from integration.benchmarks.presses import STAMP, SUDO, Bench
from integration.menu import SHARE

LOOP = "Loop"
SUDO_RULE = "fui ALL=(root : root) NOPASSWD: {stamp} /run/stamp-{folder}\n"
CALL = f"{SUDO} -n -u root -g root -- {STAMP} /run/stamp-{{folder}}"
INOTIFYWAIT = """
inotifywait --quiet --monitor --event delete --format %f {share}/{folder} |
while read -r name; do {call}; done
"""


def folder(bench: Bench, name: str) -> None:
    """Make a folder of the share for a rival, and let fui run its command."""
    machine = bench.machine
    machine.run(["install", "-d", "-o", "fui", "-g", "controls", "-m", "2770", f"{SHARE}/{name}"])
    rule = SUDO_RULE.format(stamp=STAMP, folder=name)
    machine.write(f"/etc/sudoers.d/{name}", rule, mode=0o440)


@contextmanager
def shell_loop(bench: Bench, name: str, script: str) -> Iterator[None]:
    """Have a loop of the shell run as fui for a while."""
    folder(bench, name)
    call = CALL.format(folder=name)
    text = script.format(share=SHARE, folder=name, call=call)
    shell = bench.machine.spawn(["bash", "-c", text], user="fui")
    try:
        bench.by_file(name)
        yield
    finally:
        shell.kill()
        shell.wait()


@contextmanager
def inotifywait(bench: Bench) -> Iterator[None]:
    """Have inotifywait watch its folder."""
    with shell_loop(bench, LOOP, INOTIFYWAIT):
        yield
