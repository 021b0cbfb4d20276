"""What a member of the group with a shell puts where FUI's files stand: FUI follows none of it.

Nothing behind a link changes, nothing that is not FUI's is deleted, and it waits for no pipe. Root's part
is what no member can do: the share's root is FUI's own.
"""

import contextlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.adversary import PYTHON, clear, program
from integration.machine import Machine
from integration.menu import ETC, EXECUTE, SHARE, Menu
from integration.smb import Library, SmbError

QUICK = "Quick [Ready].txt"
VICTIM = "/srv/victim"
VICTIMS = f"{VICTIM}/folder"


@pytest.fixture(autouse=True)
def _tidy(machine: Machine) -> Iterator[None]:
    """Leave nothing behind."""
    yield
    clear(machine, "Many", "Probe", "Twin", EXECUTE)


@pytest.fixture
def alice(machine: Machine) -> Iterator[Library]:
    """Give alice's session."""
    with Library(machine.smb_port, "alice") as client:
        client.list()
        yield client


@pytest.fixture
def victims(machine: Machine) -> Iterator[list[Path]]:
    """Give files and a folder that are FUI's user's, so that it could do anything to them."""
    machine.run(["install", "-d", "-o", "fui", "-g", "fui", "-m", "755", VICTIM, VICTIMS])
    machine.write(f"{VICTIM}/file", "untouched")
    machine.write(f"{VICTIMS}/{QUICK}", "untouched too")
    machine.run(["chown", "fui:fui", f"{VICTIM}/file", f"{VICTIMS}/{QUICK}"])
    paths = [f"{VICTIM}/file", VICTIMS, f"{VICTIMS}/{QUICK}", VICTIM, f"{SHARE}/.fui"]
    found = [machine.path(path) for path in paths]
    before = list(map(looks, found[:-1]))
    yield found
    assert list(map(looks, found[:-1])) == before
    machine.run(["rm", "-r", VICTIM])


def looks(path: Path) -> tuple[object, ...]:
    """Tell whether anything was done to a file or a folder; not by its time, for a look is none."""
    status = path.lstat()
    inside: object = None
    if stat.S_ISDIR(status.st_mode):
        inside = sorted(each.name for each in path.iterdir())
    elif stat.S_ISREG(status.st_mode):
        inside = path.read_bytes()
    attributes = os.listxattr(path, follow_symlinks=False)
    return status.st_ino, status.st_mode, status.st_uid, status.st_gid, inside, attributes


def own(menu: Menu, folder: str) -> set[str]:
    """Name the files of FUI's user in a folder."""
    find = ["find", f"{SHARE}/{folder}", "-type", "f", "-user", "fui", "-printf", "%f\\n"]
    return set(menu.machine.run(find, check=False).stdout.splitlines())


# ---- in place of flags -----------------------------------------------------------------------------


@pytest.mark.usefixtures("victims")
def test_something_else_in_the_place_of_every_flag(menu: Menu, alice: Library) -> None:
    """It is set aside or left, never followed and never deleted, and the flags are back."""
    flags = own(menu, "Many")
    argv = [*PYTHON, program("plant"), f"{SHARE}/Many", f"{VICTIM}/file", VICTIMS]
    made: dict[str, int] = json.loads(menu.machine.run(argv, user="bob").stdout)
    assert len(made) == 20
    menu.wait_for_facts("unattributed", len(made))
    menu.wait_for(lambda: own(menu, "Many") == flags, "the flags")
    alice.delete(f"Probe/{QUICK}")
    menu.wait_for_fact("ended")
    there = {path.lstat().st_ino for path in menu.folder("Many").iterdir()}
    assert {kind for kind, inode in made.items() if inode not in there} == set()
    assert len(menu.story("started")) == 1
    clear(menu.machine, "Many")
    menu.wait_until_ready()


@pytest.mark.usefixtures("victims")
@pytest.mark.parametrize("device", [("c", "1", "3"), ("b", "7", "0")], ids=["null", "loop"])
def test_a_device_in_the_place_of_a_flag(menu: Menu, device: tuple[str, ...]) -> None:
    flag = f"{SHARE}/Probe/{QUICK}"
    menu.machine.run(["sh", "-c", 'rm "$1" && mknod "$@"', "-", flag, *device])
    inode = menu.folder("Probe").joinpath(QUICK).lstat().st_ino
    menu.wait_for_fact("restored")
    menu.wait_for_names("Probe", "Quick [Ready]", "Quick [Ready] (kept 1)")
    assert menu.folder("Probe").joinpath("Quick [Ready] (kept 1).txt").lstat().st_ino == inode
    clear(menu.machine, "Probe")


@pytest.mark.usefixtures("victims")
def test_a_flag_that_has_a_second_name_elsewhere(menu: Menu, alice: Library) -> None:
    """What stands in FUI's file is replaced and not overwritten: the second name keeps the old one."""
    menu.machine.run(["ln", f"{SHARE}/Probe/{QUICK}", "/srv/controls/Twin/mine.txt"], user="bob")
    menu.wait_for(lambda: "mine" in menu.names("Twin"), "the second name")
    alice.delete(f"Probe/{QUICK}")
    menu.wait_for_names("Probe", "Quick [Done]")
    assert "[Done]" not in menu.text("Twin", "mine")
    menu.reload()
    menu.wait_for(lambda: "mine" not in menu.names("Twin"), "FUI to take its own file away")
    assert [fact["FUI_OBJECT"] for fact in menu.story("started")] == ["Probe"]


def test_a_second_name_that_is_deleted_is_no_press(menu: Menu, alice: Library) -> None:
    """Bob gives a flag another name where alice tidies up."""
    menu.machine.run(["ln", f"{SHARE}/Twin/{QUICK}", f"{SHARE}/Probe/old notes.txt"], user="bob")
    menu.machine.run(["ln", f"{SHARE}/Twin/{QUICK}", f"{SHARE}/Probe/Quick [Done].txt"], user="bob")
    alice.delete("Probe/old notes.txt")
    alice.delete("Probe/Quick [Done].txt")
    menu.machine.run(["sleep", "1"])
    menu.wait_until_ready()
    assert menu.story("pressed", "started", "denied", "unattributed") == []


@pytest.mark.parametrize("name", ["old", EXECUTE.lower(), "deeper/old"])
def test_a_link_does_not_lead_to_another_objects_flags(
    menu: Menu, alice: Library, name: str
) -> None:
    """Bob puts a link into one object's folder; alice deletes what seems to lie behind it."""
    link = f"{SHARE}/Probe/{name}"
    menu.machine.run(["mkdir", "-p", str(Path(link).parent)], user="bob")
    menu.machine.run(["ln", "-s", f"{SHARE}/Twin", link], user="bob")
    menu.machine.run(["ln", "-s", f"{SHARE}/Twin/{QUICK}", f"{link}.txt"], user="bob")
    for path in (f"Probe/{name}/{QUICK}", f"Probe/{name}.txt"):
        with contextlib.suppress(SmbError):
            alice.delete(path)
    with contextlib.suppress(SmbError):
        alice.rename(f"Probe/{name}/{QUICK}", f"{EXECUTE}/{QUICK}")
    with contextlib.suppress(SmbError):
        alice.rename(f"Probe/{QUICK}", f"Probe/{name}/new.txt")
    menu.machine.run(["sleep", "1"])
    clear(menu.machine, "Probe")
    menu.wait_until_ready()
    assert menu.story("pressed", "started") == []


# ---- in place of folders ---------------------------------------------------------------------------

ASIDE = f"{SHARE}/aside"
INSTEAD = {
    "a link": ["ln", "-s", VICTIMS],
    "a link to staging": ["ln", "-s", f"{SHARE}/.fui"],
    "a pipe": ["mkfifo"],
    "a folder of root's": ["mkdir", "-m", "700"],
}
EXCHANGED = [
    *(("Probe", kind) for kind in ("a link", "a pipe", "a folder of root's")),
    (EXECUTE, "a link"),
    *((".fui", kind) for kind in ("a link to staging", "a folder of root's")),
]
EXCHANGE = """
import ctypes, os, sys
if ctypes.CDLL(None).renameat2(-100, os.fsencode(sys.argv[1]), -100, os.fsencode(sys.argv[2]), 2):
    sys.exit("cannot exchange them")
"""


def exchange(menu: Menu, one: str, other: str) -> None:
    """Let two things change places, at once: FUI would make a folder again that is away."""
    menu.machine.run([*PYTHON, "-c", EXCHANGE, one, other])


@pytest.mark.usefixtures("victims")
@pytest.mark.parametrize(("folder", "kind"), EXCHANGED)
def test_something_else_in_the_place_of_a_folder(
    menu: Menu, alice: Library, folder: str, kind: str
) -> None:
    """It is left as it is, the others go on, and the folder is back when it is away."""
    there = f"{SHARE}/{folder}"
    main = menu.machine.unit_property("fui", "MainPID")
    menu.machine.run(["rm", "-rf", ASIDE])
    menu.machine.run([*INSTEAD[kind], ASIDE])
    before = looks(menu.machine.path(SHARE) / "aside")
    exchange(menu, ASIDE, there)
    try:
        menu.wait_for_fact("lost")
        if folder != ".fui":
            alice.delete(f"Twin/{QUICK}")
            menu.wait_for_fact("ended")
        menu.reload()
        assert looks(menu.machine.path(SHARE) / folder) == before
    finally:
        exchange(menu, ASIDE, there)
        menu.machine.run(["rm", "-r", ASIDE])
        menu.reload()
        menu.wait_until_ready()
    assert {fact["FUI_OBJECT"] for fact in menu.story("started")} <= {"Twin"}
    assert menu.machine.unit_property("fui", "MainPID") == main


def test_a_member_cannot_reach_the_root_or_staging(menu: Menu) -> None:
    before = sorted(menu.machine.path(SHARE).iterdir())
    for argv in (
        ["ls", f"{SHARE}/.fui"],
        ["touch", f"{SHARE}/new"],
        ["mv", f"{SHARE}/.fui", f"{SHARE}/Probe/"],
        ["rm", f"{SHARE}/README.txt"],
        ["chmod", "777", f"{SHARE}/Probe"],
        ["chmod", "666", f"{SHARE}/Probe/{QUICK}"],
        ["ln", "/etc/shadow", f"{SHARE}/Probe/shadow"],
        ["ln", f"{ETC}/fui.yaml", f"{SHARE}/Probe/fui.yaml"],
    ):
        assert menu.machine.run(argv, user="alice", check=False).returncode != 0, argv
    assert sorted(menu.machine.path(SHARE).iterdir()) == before
    assert menu.story() == []


def test_staging_and_a_folder_that_change_places(menu: Menu, alice: Library) -> None:
    """Both are FUI's own: nothing runs, and all is put right."""
    exchange(menu, f"{SHARE}/Twin", f"{SHARE}/.fui")
    menu.machine.run(["sleep", "1"])
    menu.reload()
    menu.wait_until_ready()
    assert menu.story("pressed", "started") == []
    alice.delete(f"Twin/{QUICK}")
    menu.wait_for_fact("ended")


def test_staging_that_is_removed_is_made_again(menu: Menu, alice: Library) -> None:
    """And FUI does not look for it all the time meanwhile."""
    main = menu.machine.unit_property("fui", "MainPID")
    menu.machine.run(["rm", "-r", f"{SHARE}/.fui"])
    menu.wait_for((menu.machine.path(SHARE) / ".fui").exists, "staging")
    alice.delete(f"Twin/{QUICK}")
    menu.wait_for_fact("ended")
    menu.wait_until_ready()
    assert menu.machine.unit_property("fui", "MainPID") == main
