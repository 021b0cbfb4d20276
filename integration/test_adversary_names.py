r"""Names that no client makes, but somebody with a shell: nothing is escaped in Samba's line, and none is taken for another.

Bob makes what looks in Samba's line like something else, alice touches it over SMB, where she sees it
under a short name; meanwhile bob removes or moves the real flag by hand. Were the line misread, alice
would have pressed.
"""

import contextlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integration.adversary import clear
from integration.adversary_client import Rude
from integration.machine import Machine
from integration.menu import ETC, EXECUTE, SHARE, Menu
from integration.smb import Client, Library, SmbError

FLAG = f"{SHARE}/Probe/Quick [Ready].txt"
QUICK = "Probe/Quick [Ready].txt"
SMB_CONF = "/etc/samba/smb.conf.d/fui.conf"


@pytest.fixture
def alice(machine: Machine) -> Iterator[Library]:
    """Give alice's session; smbclient could not spell the names."""
    with Library(machine.smb_port, "alice") as client:
        client.list()
        yield client


@pytest.fixture(autouse=True)
def _tidy(machine: Machine) -> Iterator[None]:
    """Leave nothing behind."""
    yield
    clear(machine, "Probe", EXECUTE)


def make(menu: Menu, path: str) -> None:
    """Have bob make a file, and the folders above it, that others of the group may change."""
    script = 'umask 0002; mkdir -p "${1%/*}" && echo mine > "$1"'
    menu.machine.run(["sh", "-c", script, "-", path], user="bob")


def seen(client: Client, folder: str, levels: int) -> str:
    """Find how a client names what is so many levels below the one strange name in a folder."""
    path = folder
    for level in range(levels):
        strange = [name for name in client.list(path) if level or "~" in name]
        assert len(strange) == 1, strange
        path = f"{path}/{strange[0]}"
    return path


HEADS = {
    "a line": "x|unlinkat|ok|",
    "two lines": "x\nalice|192.0.2.7|Controls|unlinkat|ok|",
    "an escape": "x\x1b[2K\x1b[1Galice|192.0.2.7|Controls|unlinkat|ok|",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_name_that_looks_like_another_line(menu: Menu, alice: Library, head: str) -> None:
    make(menu, f"{SHARE}/Probe/{HEADS[head]}{FLAG}")
    junk = seen(alice, "Probe", 5)
    menu.machine.run(["rm", FLAG], user="bob")
    alice.delete(junk)
    menu.wait_for_fact("unattributed")
    clear(menu.machine, "Probe")
    assert menu.story("pressed", "started") == []
    assert HEADS[head].encode() in said(menu)


def said(menu: Menu) -> bytes:
    """Give what Samba said of deletions since the mark."""
    entries = menu.machine.journal("SYSLOG_IDENTIFIER=smbd_audit", "--lines=20")
    texts = [entry["MESSAGE"] for entry in entries]
    return b"\n".join(t.encode() if isinstance(t, str) else bytes(t) for t in texts)


def test_a_name_that_looks_like_another_target(menu: Menu, alice: Library) -> None:
    """`Quick [Ready].txt|` is a folder; what is below it seems to be where the flag was moved to."""
    make(menu, f"{FLAG}|{SHARE}/{EXECUTE}/Quick [Ready].txt")
    junk = seen(alice, "Probe", 5)
    menu.machine.run(["mv", FLAG, f"{SHARE}/{EXECUTE}/"], user="bob")
    alice.rename(junk, "Probe/notes.txt")
    menu.wait_for_fact("unattributed")
    clear(menu.machine, "Probe")
    assert menu.story("pressed", "started") == []
    assert f"{FLAG}|{SHARE}/{EXECUTE}/Quick [Ready].txt|{SHARE}".encode() in said(menu)


STRANGE = [
    b"n" * 255,
    b"n" * 251 + b".txt",
    b"invalid \xff\xfe.txt",
    b"half \xed\xa0\x80 a character.txt",
    "turned \u202etxt.exe".encode(),
    b"new\nline.txt",
    b"return\r.txt",
    b"\x1b]0;owned\x07.txt",
    b"Quick [Ready].txt|",
    b"quick [ready].txt",
    b"QUICK [READY].TXT",
    b"Quick [Ready].txt ",
    b" Quick [Ready].txt",
    b"Quick  [Ready].txt",
    b"Quick [Ready].txt.",
    "Quick [Ready\u0301].txt".encode(),
    "Qui\u200bck [Ready].txt".encode(),
    b"Quick [Blocked].txt",
    b"Quick [].txt",
    b"-rf",
    b"%s%n",
    b"$(id)",
    b"~",
    b".fui",
]


def test_strange_names_beside_the_flags(menu: Menu, alice: Library) -> None:
    """They stay as they are, and the flags among them are buttons as ever."""
    program = (
        "import json, os, sys; os.chdir(sys.argv[1]); os.umask(2)\n"
        "for name in json.loads(sys.argv[2]): os.close(os.open(bytes(name), os.O_CREAT | os.O_EXCL))"
    )
    names = json.dumps([list(name) for name in STRANGE])
    menu.machine.run(["python3", "-I", "-c", program, f"{SHARE}/Probe", names], user="bob")
    alice.delete(QUICK)
    menu.wait_for_fact("ended")
    menu.wait_for_names("Probe", "Quick [Done]")
    menu.reload()
    menu.wait_for_names("Probe", "Quick [Ready]", "Slow [Ready]")
    there = {bytes(path).rpartition(b"/")[2] for path in menu.folder("Probe").iterdir()}
    assert set(STRANGE) <= there
    assert menu.machine.run(["/opt/fui/bin/fui", "status"]).returncode == 0
    clear(menu.machine, "Probe")
    assert [fact.kind for fact in menu.story()] == ["pressed", "started", "ended", "configured"]


@pytest.mark.parametrize(
    "name", [b"invalid \xff [Ready].txt", b"n" * 255, b"new\nline", b"\x1b[2J"]
)
def test_a_flag_that_gets_a_strange_name_is_back(menu: Menu, name: bytes) -> None:
    program = "import json, os, sys; os.rename(sys.argv[1], bytes(json.loads(sys.argv[2])))"
    target = json.dumps(list(f"{SHARE}/Probe/".encode() + name))
    menu.machine.run(["python3", "-I", "-c", program, FLAG, target], user="bob")
    assert menu.wait_for_fact("restored")["FUI_USER"] == ""
    menu.wait_until_ready()
    assert menu.story("started", "pressed") == []


def test_a_twin_in_other_letters(menu: Menu, alice: Library) -> None:
    """Samba finds a file in other letters, and logs it as it is on disk: so a twin is no flag."""
    make(menu, f"{SHARE}/Probe/QUICK [READY].txt")
    alice.delete("Probe/QUICK [READY].txt")
    menu.machine.run(["sleep", "0.5"])
    assert menu.story() == []
    alice.delete("Probe/QUICK [READY].TXT")
    assert menu.wait_for_fact("ended")["FUI_ACTION"] == "Quick"


STREAMS = [":new", ":a|b", ":x\nalice|1|C|unlinkat|ok|y", ":\x1b[2J", "::$DATA", ":x:$DATA", ":"]


@contextmanager
def streams(menu: Menu) -> Iterator[None]:
    """Have the share keep streams, in attributes; the audit comes first."""
    before = menu.machine.read(SMB_CONF).decode()
    lines = "\n    vfs objects = full_audit streams_xattr\n    streams_xattr:prefix = user.s.\n"
    menu.machine.write(SMB_CONF, f"{before}{lines}")
    menu.machine.run(["smbcontrol", "smbd", "reload-config"])
    try:
        yield
    finally:
        menu.machine.write(SMB_CONF, before)
        menu.machine.run(["smbcontrol", "smbd", "reload-config"])


@pytest.mark.parametrize("kept", [False, True], ids=["no streams", "streams"])
def test_streams_of_a_flag_are_no_flags(menu: Menu, kept: bool) -> None:  # noqa: FBT001
    """Where Samba keeps none, none can be opened; else their lines come, and name no flag."""
    inode = menu.folder("Probe").joinpath("Quick [Ready].txt").stat().st_ino
    opened = []
    with streams(menu) if kept else contextlib.nullcontext():
        with Rude(menu.machine.smb_port, "alice") as alice:
            for name in STREAMS:
                with contextlib.suppress(SmbError):
                    handle = alice.open(f"{QUICK}{name}", new=name != "::$DATA")
                    opened.append(name)
                    if name not in {":", "::$DATA"}:
                        alice.mark(handle)
                    handle.close()
        menu.machine.run(["sleep", "3"])  # longer than a record waits for its end
    assert opened == ([name for name in STREAMS if name != ":"] if kept else [])
    assert not kept or f"|unlinkat|ok|{FLAG}:new".encode() in said(menu)
    assert menu.folder("Probe").joinpath("Quick [Ready].txt").stat().st_ino == inode
    assert menu.story() == []


@pytest.mark.parametrize(
    "share", ["Con|trols", "Controls\n", "Controls\x1b[2J", "Controls|unlinkat|ok"]
)
def test_a_share_of_that_name_is_none(menu: Menu, share: str) -> None:
    with pytest.raises(SmbError):
        Rude(menu.machine.smb_port, "alice", share=share)
    assert menu.story() == []


@pytest.mark.parametrize("user", ["alice|x", "alice\nbob", "alice\x1b[2J", "root", "../alice"])
def test_a_user_of_that_name_comes_not_in(menu: Menu, user: str) -> None:
    with pytest.raises(SmbError):
        Rude(menu.machine.smb_port, user)
    assert menu.machine.path(ETC).exists()
    assert menu.story() == []
