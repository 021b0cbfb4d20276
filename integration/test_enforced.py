"""Samba refuses by itself: who may press a flag can delete it, and nobody can do anything else.

The machine has smb.conf.d/fui.conf as it ships, and `enforce-in-samba: true`.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from fui.edges.share.security_descriptor import FULL, Entry, Kind, ntacl, unix_group, unix_user
from integration.conftest import ClientOf
from integration.host import CHECKOUT
from integration.machine import Machine
from integration.menu import ETC, EXECUTE, SHARE, Menu
from integration.smb import Client, Command, Library, SmbError
from integration.test_execute import drag

ATTRIBUTE = "user.NTACL"
QUICK = "Quick [Ready].txt"
SMB_CONF = "/etc/samba/smb.conf.d/fui.conf"
PROXY = "/lib/systemd/systemd-socket-proxyd"

Acls = Callable[..., list[str]]


@pytest.fixture(scope="module", autouse=True)
def _enforced(machine: Machine) -> Iterator[None]:
    """Have smb.conf as it ships, and FUI make NT ACLs."""
    try:
        os.setxattr(machine.path(SHARE), "user.fui", b"")
    except OSError:
        pytest.skip("needs a kernel whose tmpfs has user attributes, Linux 6.6")
    before = machine.read(SMB_CONF)
    menu = Menu(machine)
    said = machine.read(f"{ETC}/fui.yaml").decode()
    machine.write(SMB_CONF, (CHECKOUT / "smb.conf.d/fui.conf").read_bytes())
    machine.run(["smbcontrol", "smbd", "reload-config"])
    with menu.configured("fui.yaml", said.replace("samba: false", "samba: true")):
        yield
    machine.write(SMB_CONF, before)
    machine.run(["smbcontrol", "smbd", "reload-config"])


@pytest.fixture
def acls(machine: Machine) -> Iterator[Acls]:
    """Give smbcacls, which knows no port but 445: it goes to an address that only this machine uses."""
    address = f"127.{machine.smb_port >> 8}.{machine.smb_port & 255}.1"
    argv = ["systemd-socket-activate", f"--listen={address}:445", PROXY]
    with machine.spawn([*argv, f"127.0.0.1:{machine.smb_port}"]) as proxy:
        machine.wait_for(
            lambda: (
                f"{address}:445" in machine.run(["ss", "--tcp", "--listening", "--numeric"]).stdout
            ),
            what="the way to port 445",
        )

        def run(path: str, *more: str, user: str = "alice") -> list[str]:
            argv = ["smbcacls", f"--user={user}%press-it", "--configfile=/dev/null", *more]
            argv += [f"//{address}/Controls", path.replace("/", "\\")]
            done = machine.run(argv, check=False)
            return (done.stdout + done.stderr).splitlines()

        yield run
        proxy.kill()


def refuses(action: Callable[[], object], *status: str) -> None:
    """Have the server refuse something, with one of these reasons; by default that one may not."""
    with pytest.raises(SmbError) as caught:
        action()
    assert caught.value.status in (status or ("ACCESS_DENIED",)), caught.value


def stamps(menu: Menu, *folders: str) -> dict[str, tuple[int, int, int]]:
    """Tell everything in some folders from anything else that was ever there."""
    found = [path for name in folders for path in menu.folder(name).iterdir()]
    stats = {f"{path.parent.name}/{path.name}": path.stat() for path in found}
    return {name: (one.st_ino, one.st_mtime_ns, one.st_size) for name, one in stats.items()}


# ---- what those can do who may -------------------------------------------------------------------


def test_who_may_press_presses(menu: Menu, alice: Client) -> None:
    alice.delete(f"Probe/{QUICK}")
    menu.wait_for_names("Probe", "Quick [Done]")
    drag(alice, "Probe", "Quick [Done].txt")
    menu.wait_for_facts("ended", 2)
    assert alice.list(EXECUTE) == []
    kinds = [fact.kind for fact in menu.story()]
    assert kinds == ["pressed", "started", "ended"] * 2
    assert {fact["FUI_USER"] for fact in menu.story()} == {"alice"}


def test_who_may_cancel_cancels_and_nobody_else(menu: Menu, alice: Client, bob: Client) -> None:
    """Of this one alice may confirm, and bob end it."""
    refuses(lambda: bob.delete("Probe/Careful [Ready].txt"))
    alice.delete("Probe/Careful [Ready].txt")
    menu.wait_for_names("Probe", "Careful [Delete again to confirm]")
    refuses(lambda: bob.delete("Probe/Careful [Delete again to confirm].txt"))
    alice.delete("Probe/Careful [Delete again to confirm].txt")
    menu.wait_for_names("Probe", "Careful [Running]")
    refuses(lambda: alice.delete("Probe/Careful [Running].txt"))
    bob.delete("Probe/Careful [Running].txt")
    menu.wait_for_names("Probe", "Careful [Cancelled]")
    assert menu.wait_for_fact("cancelled")["FUI_USER"] == "bob"


def test_a_user_who_is_named_presses(menu: Menu, client_of: ClientOf) -> None:
    client_of("o'neil").delete("Probe/Speak [Ready].txt")
    assert menu.wait_for_fact("ended")["FUI_USER"] == "o'neil"
    refuses(lambda: client_of("o_neil").delete("Probe/Speak [Failed].txt"))


def test_everybody_reads(menu: Menu, bob: Client) -> None:
    assert QUICK in bob.list("Probe")
    assert menu.text("Probe", "Quick [Ready]").encode() == bob.read(f"Probe/{QUICK}")
    assert b"This share is a menu" in bob.read("README.txt")
    assert bob.list(EXECUTE) == []


def test_a_flag_that_somebody_marked_as_read_only_can_be_pressed(
    machine: Machine, menu: Menu
) -> None:
    """The right to set attributes comes with that to delete, for some clients ask for both."""
    bob, alice = (Command(machine, machine.smb_port, name) for name in ("bob", "alice"))
    refuses(lambda: bob.make_read_only(f"Probe/{QUICK}"))
    alice.make_read_only(f"Probe/{QUICK}")
    alice.delete(f"Probe/{QUICK}")
    menu.wait_for_fact("ended")


def test_a_folder_that_is_deleted_as_a_whole_is_back(menu: Menu, alice: Client) -> None:
    alice.deltree("Many")
    menu.wait_for_fact("many")
    menu.wait_until_ready()
    assert [fact.kind for fact in menu.story()] == ["many"]


def test_who_comes_into_a_group_presses_in_a_new_session(menu: Menu, client_of: ClientOf) -> None:
    refuses(lambda: client_of("bob").delete(f"Probe/{QUICK}"))
    menu.machine.run(["usermod", "--append", "--groups", "wwwadmins", "bob"])
    try:
        client_of("bob").delete(f"Probe/{QUICK}")
        assert menu.wait_for_fact("ended")["FUI_USER"] == "bob"
    finally:
        menu.machine.run(["gpasswd", "--delete", "bob", "wwwadmins"])
    menu.wait_until_ready()
    refuses(lambda: client_of("bob").delete(f"Probe/{QUICK}"))


# ---- what nobody can do --------------------------------------------------------------------------


def test_who_may_not_press_is_refused_and_the_flag_stays(
    menu: Menu, bob: Client, client_of: ClientOf
) -> None:
    mallory = client_of("mallory")
    before = stamps(menu, "Probe", "Twin")
    refuses(lambda: bob.delete(f"Probe/{QUICK}"))
    refuses(lambda: drag(bob, "Twin", QUICK))
    bob.deltree("Twin")
    refuses(lambda: mallory.delete("Probe/Slow [Ready].txt"))
    refuses(lambda: drag(mallory, "Probe", "Slow [Ready].txt"))
    assert stamps(menu, "Probe", "Twin") == before
    assert menu.story("pressed", "started", "restored", "many", "unattributed") == []


ATTEMPTS: dict[str, Callable[[Client], object]] = {
    "put": lambda user: user.put("Probe/new.txt", b"x"),
    "put over a flag": lambda user: user.put(f"Probe/{QUICK}", b"x"),
    "put into the root": lambda user: user.put("new.txt", b"x"),
    "put over README": lambda user: user.put("README.txt", b"x"),
    "delete README": lambda user: user.delete("README.txt"),
    "mkdir": lambda user: user.mkdir("Probe/new"),
    "mkdir in the root": lambda user: user.mkdir("new"),
    "mkdir in Execute": lambda user: user.mkdir(f"{EXECUTE}/new"),
    "rename in place": lambda user: user.rename(f"Probe/{QUICK}", "Probe/new.txt"),
    "rename to another state": lambda user: user.rename(
        f"Probe/{QUICK}", "Probe/Quick [Running].txt"
    ),
    "move to another object": lambda user: user.rename("Many/Task 01 [Ready].txt", "Probe/new.txt"),
    "move to the root": lambda user: user.rename(f"Probe/{QUICK}", QUICK),
    "rename a folder": lambda user: user.rename("Probe", "New"),
    "rmdir": lambda user: user.rmdir("Probe"),
    "rmdir Execute": lambda user: user.rmdir(EXECUTE),
    "link": lambda user: user.link(f"Probe/{QUICK}", "Probe/new.txt"),
    "link into Execute": lambda user: user.link(f"Probe/{QUICK}", f"{EXECUTE}/new.txt"),
    "symlink": lambda user: user.symlink(QUICK, "Probe/new.txt"),
    "stream": lambda user: user.put(f"Probe/{QUICK}:new", b"x"),
    "stream of a folder": lambda user: user.put("Probe:new", b"x"),
    "put into staging": lambda user: user.put(".fui/new.txt", b"x"),
    "list staging": lambda user: user.list(".fui"),
}
OTHER_REASONS = {
    "rmdir": ("ACCESS_DENIED", "DIRECTORY_NOT_EMPTY"),
    "stream": ("OBJECT_NAME_INVALID",),
    "stream of a folder": ("OBJECT_NAME_INVALID",),
    "symlink": ("ACCESS_DENIED", "NOT_SUPPORTED"),
    "put into staging": ("OBJECT_PATH_NOT_FOUND", "OBJECT_NAME_NOT_FOUND"),
    "list staging": ("OBJECT_NAME_NOT_FOUND", "NO_SUCH_FILE"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("user", ["alice", "bob"])
def test_nobody_makes_renames_or_overwrites_anything(
    menu: Menu, client_of: ClientOf, user: str, attempt: str
) -> None:
    before = stamps(menu, "", "Probe", "Many", EXECUTE)
    client = client_of(user)
    refuses(partial(ATTEMPTS[attempt], client), *OTHER_REASONS.get(attempt, ()))
    assert stamps(menu, "", "Probe", "Many", EXECUTE) == before
    assert menu.story("pressed", "restored", "started") == []


@pytest.mark.parametrize("user", ["alice", "bob"])
@pytest.mark.parametrize("path", [f"Probe/{QUICK}", "Probe", EXECUTE, "", "README.txt"])
def test_nobody_changes_rights(menu: Menu, acls: Acls, user: str, path: str) -> None:
    assert menu.names("Probe")
    before = acls(path)
    said = acls(path, f"--add=ACL:{user}:ALLOWED/0/FULL", user=user)
    assert "NT_STATUS_ACCESS_DENIED" in "".join(said)
    assert acls(path) == before


def test_a_notice_of_a_fault_cannot_be_deleted(menu: Menu, alice: Client) -> None:
    text = menu.machine.read(f"{ETC}/conf.d/twin.yaml").decode()
    with menu.configured("conf.d/twin.yaml", f"{text}nonsense: 1\n"):
        menu.wait_for_names("Twin", "[Configuration error]")
        refuses(lambda: alice.delete("Twin/[Configuration error].txt"))
        assert b"nonsense" in alice.read("Twin/[Configuration error].txt")
    menu.wait_until_ready()


# ---- files of users ------------------------------------------------------------------------------


def test_what_a_user_had_there_before_stays_and_is_theirs(
    menu: Menu, alice: Client, bob: Client
) -> None:
    path = f"{SHARE}/Probe/notes.txt"
    menu.machine.run(["sh", "-c", f"umask 0027; echo mine > {path}"], user="alice")
    menu.reload()
    assert bob.read("Probe/notes.txt") == b"mine\n"
    refuses(lambda: bob.delete("Probe/notes.txt"))
    alice.delete("Probe/notes.txt")
    menu.wait_until_ready()


def test_what_is_put_into_execute_is_the_users_own(menu: Menu, alice: Client, bob: Client) -> None:
    """Samba cannot tell a file that is moved there from one that is made there."""
    alice.put(f"{EXECUTE}/notes.txt", b"mine")
    assert bob.read(f"{EXECUTE}/notes.txt") == b"mine"
    alice.delete(f"{EXECUTE}/notes.txt")
    assert menu.story() == []


# ---- the ACL itself ------------------------------------------------------------------------------


def test_what_smbcacls_says_is_what_was_meant(menu: Menu, acls: Acls) -> None:
    head = ["REVISION:1", "CONTROL:SR|PD|DP", r"OWNER:Unix User\fui", r"GROUP:Unix Group\controls"]
    full = r"ACL:Unix User\fui:ALLOWED/0x0/FULL"
    look = r"ACL:Unix Group\controls:ALLOWED/0x0/READ"
    press = r"ACL:Unix Group\wwwadmins:ALLOWED/0x0/0x00130189"
    said = {
        f"Probe/{QUICK}": [full, press, look],
        "Probe/Slow [Ready].txt": [r"ACL:Unix User\mallory:DENIED/0x0/0x00010100", full, press, look],
        "Probe/Speak [Ready].txt": [
            full, press, r"ACL:Unix User\o'neil:ALLOWED/0x0/0x00130189", look,
        ],
        "Probe": [full, look],
        EXECUTE: [full, r"ACL:Unix Group\controls:ALLOWED/0x0/0x001200ab"],
    }  # fmt: skip
    assert {path: acls(path) for path in said} == {path: head + rest for path, rest in said.items()}
    numbers = acls(f"Probe/{QUICK}", "--numeric")
    fui, alice = (menu.machine.ids(name)[0] for name in ("fui", "alice"))
    assert numbers[2] == f"OWNER:S-1-22-1-{fui}"
    assert numbers[4] == f"ACL:S-1-22-1-{fui}:0/0x0/0x001f01ff"
    assert alice != fui


def test_two_locks(menu: Menu, bob: Client) -> None:
    """Somebody opens the one in Samba for bob; the daemon's own check still holds."""
    fui, user = (unix_user(menu.machine.ids(name)[0]) for name in ("fui", "bob"))
    flag = menu.folder("Probe") / QUICK
    opened = ntacl(fui, unix_group(flag.stat().st_gid), [Entry(Kind.ALLOW, user, FULL)])
    os.setxattr(flag, ATTRIBUTE, opened)
    bob.delete(f"Probe/{QUICK}")
    denied = menu.wait_for_fact("denied")
    assert (denied["FUI_USER"], denied["FUI_REFUSAL"]) == ("bob", "not-allowed")
    menu.wait_for_names("Probe", "Quick [Denied]")
    refuses(lambda: bob.delete("Probe/Quick [Denied].txt"))
    assert menu.story("started") == []


def test_what_is_not_enforced_any_more_and_then_again(menu: Menu, bob: Client) -> None:
    def bearers() -> set[str]:
        """Name what bears an NT ACL."""
        paths = [menu.folder(name) for name in ("Probe", "Twin", EXECUTE)]
        paths += [path for folder in paths for path in folder.iterdir()]
        return {path.name for path in paths if ATTRIBUTE in os.listxattr(path)}

    every = bearers()
    assert {"Probe", "Twin", EXECUTE, QUICK} <= every
    said = menu.machine.read(f"{ETC}/fui.yaml").decode()
    with menu.configured("fui.yaml", said.replace("samba: true", "samba: false")):
        menu.wait_for(lambda: not bearers(), "the rights to go")
    menu.wait_for(lambda: bearers() == every, "the rights to be back")
    refuses(lambda: bob.delete(f"Probe/{QUICK}"))


# ---- what is told --------------------------------------------------------------------------------


def test_what_samba_refused_is_told_once(machine: Machine, menu: Menu) -> None:
    """A look at a folder tells nothing, and who tries again is told once."""
    with Library(machine.smb_port, "bob") as library:
        clients: list[Client] = [Command(machine, machine.smb_port, "bob"), library]
        for client in clients:
            client.list("Queue")
            client.read("Queue/One [Ready].txt")
        for client in (*clients, *clients):
            refuses(partial(client.delete, "Queue/One [Ready].txt"))
    menu.wait_for_fact("denied")
    machine.run(["sleep", "0.5"])
    (told,) = menu.story()
    assert (told.kind, told["FUI_REFUSAL"]) == ("denied", "refused-by-samba")
    assert (told["FUI_USER"], told["FUI_CLIENT"]) == ("bob", "127.0.0.1")
    assert (told["FUI_OBJECT"], told["FUI_ACTION"]) == ("Queue", "One")
