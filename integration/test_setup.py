"""`fui setup` on a machine of its own: what it makes, takes back, refuses, and survives.

The machine has the program and Samba as Debian configures it, and nothing of FUI's; each test leaves it
so. What is asserted of the outcome is asked of Samba, sudo, systemd and a client, not of files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import CompletedProcess

import pytest

from integration import install
from integration.inside import PASSWORD
from integration.machine import Machine
from integration.smb import Library, SmbError

FUI = install.FUI
SMB_CONF = "/etc/samba/smb.conf"
SNIPPET = "/etc/samba/smb.conf.d/fui.conf"
SHARE = "/srv/controls"
RECORD = "/var/lib/fui-setup"
MADE = (
    SNIPPET,
    RECORD,
    "/etc/sudoers.d/fui",
    "/etc/systemd/system/fui.service",
    "/etc/systemd/system/fui.service.d",
    "/etc/systemd/system/smbd.service.d",
    "/usr/lib/systemd/catalog/fui.catalog",
    "/var/lib/fui",
)
"""What a setup makes, and a removal takes back."""

DROP_IN = """\
object: Odd
action-group:
    directory: {group: Domain Users}
    allow: {groups: ['DOM\\web team'], users: [bob]}
    actions: [{name: Go, command: /bin/true}]
"""
KILLED = """\
import os, signal, sys
from pathlib import Path
from fui.admin.setup import plan, prepare
from fui.admin.setup.carry_out import carry_out
from fui.admin.setup.record import Record

etc, record = Path("/etc/fui"), Record.load()
asked = prepare.Asked(etc, etc, example=True, members=["alice"])
what = plan.remove(record) if sys.argv[1] == "remove" else prepare.prepare(asked, record)[0]
for number, _ in enumerate(carry_out(what, record)):
    if number == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def bare() -> Iterator[Machine]:
    """Boot a machine that has the program, and alice and bob as users of Samba."""
    with Machine(fui=False) as machine:
        machine.do(install.PROGRAM)
        machine.add_user("alice")
        machine.add_user("bob")
        machine.write("/root/killed.py", KILLED)
        yield machine


@pytest.fixture
def host(bare: Machine) -> Iterator[Machine]:
    """Give the machine with nothing of FUI's, and see that a removal leaves it so."""
    before = bare.read(SMB_CONF)
    yield bare
    bare.write(SMB_CONF, before)
    bare.run([FUI, "setup", "--remove", "--yes"])
    bare.run(["rm", "-rf", "/etc/fui", "/etc/samba/smb.conf.d"])
    bare.run(["find", SHARE, "-mindepth", "1", "-delete"])
    assert bare.read(SMB_CONF) == before
    assert left_behind(bare) == []


def setup(machine: Machine, *options: str, status: int = 0, user: str = "root") -> str:
    """Run it, and give what it said."""
    done = run(machine, *options, user=user)
    assert done.returncode == status, f"{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr
    return f"{done.stdout}{done.stderr}"


def run(machine: Machine, *options: str, user: str = "root") -> CompletedProcess[str]:
    return machine.run([FUI, "setup", *options], user=user, check=False)


def left_behind(machine: Machine) -> list[str]:
    """What of FUI's there is on the machine."""
    accounts = [
        f"{name} in {file}"
        for file in ("/etc/passwd", "/etc/group")
        for line in machine.read(file).decode().splitlines()
        if (name := line.partition(":")[0]) in {"fui", "controls"}
    ]
    return [name for name in MADE if machine.path(name).exists()] + accounts


def press(machine: Machine, name: str = "Reload") -> None:
    """Have alice press a flag of the example, and see that it ran."""
    with Library(machine.smb_port, "alice") as alice:
        flag = f"{name} [Ready].txt"
        machine.wait_for(lambda: flag in alice.list("Apache"), what="the flag")
        alice.delete(f"Apache/{flag}")
        done = f"{name} [Done].txt"
        machine.wait_for(lambda: done in alice.list("Apache"), timeout=15, what="the outcome")


def sees(machine: Machine, user: str, share: str, *folder: str) -> str:
    """List what a user sees in a share of any name."""
    argv = ["smbclient", f"--port={machine.smb_port}", f"--user={user}%{PASSWORD}"]
    look = [f"//127.0.0.1/{share}", "--command", f"ls {''.join(f'{each}/*' for each in folder)}"]
    return machine.run([*argv, *look]).stdout


def pid(machine: Machine, unit: str) -> str:
    return machine.unit_property(unit, "MainPID")


def test_from_nothing_to_a_press_and_back(host: Machine) -> None:
    shown = setup(host, "--example", "--member=alice", "--dry-run", status=1)
    assert left_behind(host) == []
    assert not host.path("/etc/fui").exists()
    for text in ("+++ /etc/fui/conf.d/apache.yaml", "+include = ", "run: useradd", "+fui ALL="):
        assert text in shown

    said = setup(host, "--example", "--member=alice", "--yes")
    assert said.startswith(shown)
    assert said.splitlines()[-1].startswith("the share is \\\\")
    assert "smbpasswd" not in said
    press(host)
    assert host.path("/etc/sudoers.d/fui").stat().st_mode & 0o777 == 0o440

    before = pid(host, "fui"), pid(host, "smbd")
    assert setup(host, "--yes").startswith("nothing to do\n")
    assert setup(host, "--dry-run").startswith("nothing to do\n")
    assert "no example was added" in setup(host, "--example", "--member=alice", "--yes")
    assert (pid(host, "fui"), pid(host, "smbd")) == before

    host.write(f"{SHARE}/Apache/mine.txt", "a user's own")
    setup(host, "--remove", "--dry-run", status=1)
    setup(host, "--remove", "--yes")
    assert left_behind(host) == []
    assert host.path("/etc/fui/conf.d/apache.yaml").exists()
    assert [path.name for path in host.path(SHARE).rglob("*")] == ["Apache", "mine.txt"]
    assert setup(host, "--remove", "--yes") == "nothing to do\n"
    with pytest.raises(SmbError):
        Library(host.smb_port, "alice").list()


@pytest.mark.parametrize("what", ["make", "remove"])
def test_a_kill_at_any_step_leaves_a_samba_that_starts(host: Machine, what: str) -> None:
    """Each setup goes on from what the one before left, does one thing, and is killed in the next."""
    if what == "remove":
        setup(host, "--example", "--member=alice", "--yes")
    for kills in range(50):
        argv = ["/opt/fui/bin/python", "/root/killed.py", what, str(min(kills, 1))]
        status = host.run(argv, check=False).returncode
        host.run(["testparm", "-s"])
        host.run(["visudo", "-c"])
        # It is started more often here than systemd likes.
        host.run(["systemctl", "reset-failed", "smbd"], check=False)
        host.run(["systemctl", "restart", "smbd"])
        if status == 0:
            break
        assert status in {-9, 128 + 9}
    assert kills > 10, "it was not killed at each step"
    if what == "make":
        setup(host, "--example", "--member=alice", "--dry-run")
        press(host)
    else:
        assert [name for name in left_behind(host) if name != RECORD] == []


@pytest.mark.parametrize("number", [6, 12, 19])
def test_a_setup_that_was_killed_is_finished_by_the_next(host: Machine, number: int) -> None:
    for what, rest in (
        ("make", ("--example", "--member=alice", "--yes")),
        ("remove", ("--remove", "--yes")),
    ):
        host.run(["/opt/fui/bin/python", "/root/killed.py", what, str(number)], check=False)
        setup(host, *rest)
    assert left_behind(host) == []


def test_what_changes_is_read_again_and_nothing_else_is_disturbed(host: Machine) -> None:
    setup(host, "--example", "--member=alice", "--yes")
    drop_in = "/etc/fui/conf.d/apache.yaml"
    before = pid(host, "fui"), pid(host, "smbd")
    text = host.read(drop_in).decode()
    host.write(drop_in, text.replace("Starts the", "Begins the"))
    assert "run: systemctl reload fui.service\n" in setup(host, "--yes")
    host.write(drop_in, text.replace("#allow: {groups: [webmasters]}", "allow: {users: [bob]}"))
    said = setup(host, "--yes")
    assert "+    valid users = @controls bob\n" in said
    assert "run: smbcontrol all reload-config\n" in said
    assert (pid(host, "fui"), pid(host, "smbd")) == before
    assert "Apache" in sees(host, "bob", "Controls")

    host.write(f"{SHARE}/mine.txt", "a user's own")
    host.write("/etc/fui/fui.yaml", "share: /srv/elsewhere\nshare-name: Elsewhere\n")
    assert "run: systemctl restart fui.service" in setup(host, "--yes")
    assert [path.name for path in host.path(SHARE).iterdir()] == ["mine.txt"]
    assert "Apache" in sees(host, "bob", "Elsewhere")
    setup(host, "--remove", "--yes")
    assert not host.path("/srv/elsewhere").exists()


def test_names_with_blanks_and_backslashes_and_a_smb_conf_that_is_a_link(host: Machine) -> None:
    before = host.read("/etc/group").decode()
    host.write("/etc/group", f"{before}Domain Users:x:7001:alice\nDOM\\web team:x:7002:\n")
    host.run(["mv", SMB_CONF, "/etc/samba/real.conf"])
    host.run(["ln", "-s", "real.conf", SMB_CONF])
    text = host.read("/etc/samba/real.conf").decode().rstrip("\n")
    host.write("/etc/samba/real.conf", text)
    host.write("/etc/fui/fui.yaml", "share: /srv/my share/all of it\nshare-name: My Controls\n")
    host.write("/etc/fui/conf.d/odd.yaml", DROP_IN)
    try:
        said = setup(host, "--yes")
        assert r"nobody is in the group DOM\web team yet" in said
        assert setup(host, "--yes").startswith("nothing to do\n")
        assert host.path("/etc/samba").joinpath("smb.conf").is_symlink()
        assert b'valid users = "@Domain Users" "@DOM\\web team" bob\n' in host.read(SNIPPET)
        for user in ("alice", "bob"):
            assert "Odd" in sees(host, user, "My Controls")
        setup(host, "--remove", "--yes")
        assert host.read("/etc/samba/real.conf").decode() == text
        assert not host.path("/srv/my share/all of it").exists()
    finally:
        host.run(["mv", "/etc/samba/real.conf", SMB_CONF])
        host.write("/etc/group", before)


def test_an_include_that_is_there_is_neither_doubled_nor_taken_out(host: Machine) -> None:
    line = "\tINCLUDE=/etc/samba//smb.conf.d/../smb.conf.d/fui.conf\n"
    text = host.read(SMB_CONF).decode() + line
    host.write(SMB_CONF, text)
    setup(host, "--example", "--member=alice", "--yes")
    press(host)
    assert host.read(SMB_CONF).decode() == text
    setup(host, "--remove", "--yes")
    assert host.read(SMB_CONF).decode() == text


def test_what_an_administrator_changed_since_is_kept_and_told(host: Machine) -> None:
    host.write("/etc/sudoers.d/fui", "# of another time\n", mode=0o440)
    setup(host, "--example", "--yes")
    host.write(SNIPPET, host.read(SNIPPET).decode() + "    hosts allow = 127.\n")
    said = setup(host, "--remove", "--yes")
    assert f"{SNIPPET}: it was changed since, and stays as it is" in said
    assert b"hosts allow" in host.read(SNIPPET)
    assert host.read("/etc/sudoers.d/fui") == b"# of another time\n"
    host.run(["rm", "/etc/sudoers.d/fui"])


@contextmanager
def renamed(machine: Machine, path: str) -> Iterator[None]:
    machine.run(["mv", path, f"{path}.away"])
    try:
        yield
    finally:
        machine.run(["mv", f"{path}.away", path])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/usr/sbin/smbd", "apt-get install samba samba-vfs-modules"),
        ("/usr/sbin/visudo", "apt-get install sudo"),
        ("/usr/bin/sudo", "apt-get install sudo"),
        (SMB_CONF, f"cannot find {SMB_CONF}"),
    ],
)
def test_what_is_missing_is_said_first(host: Machine, path: str, words: str) -> None:
    with renamed(host, path):
        said = setup(host, "--example", "--yes", status=1)
    assert words in said
    assert said.count("\n") == 1
    assert left_behind(host) == []


@pytest.mark.parametrize("content", ["unlink\0rename\0", None])
def test_a_samba_whose_audit_cannot_tell_presses(host: Machine, content: str | None) -> None:
    (module,) = host.path("/usr/lib").glob("*/samba/vfs/full_audit.so")
    name = str(module)[str(module).index("/usr/lib") :]
    with renamed(host, name):
        if content is not None:
            host.write(name, content)
        said = setup(host, "--example", "--yes", status=1)
    assert ("cannot work with this Samba" if content else "cannot read") in said
    assert left_behind(host) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[con TROLS]\npath = /home\n", "choose another name with `share-name`"),
        ("guest ok = banana\n", "testparm refuses it as it is"),
    ],
)
def test_a_smb_conf_in_which_there_is_no_place_is_told_and_not_touched(
    host: Machine, line: str, words: str
) -> None:
    text = host.read(SMB_CONF).decode() + line
    host.write(SMB_CONF, text)
    assert words in setup(host, "--example", "--yes", status=1)
    assert host.read(SMB_CONF).decode() == text
    assert left_behind(host) == []
    assert not host.path("/etc/fui").exists()


def test_settings_of_ones_own_for_the_share_are_in_nobodys_way(host: Machine) -> None:
    setup(host, "--example", "--member=alice", "--yes")
    text = host.read(SMB_CONF).decode()
    host.write(SMB_CONF, f"{text}[Controls]\n    comment = ours\n")
    host.write(
        "/etc/fui/conf.d/more.yaml",
        DROP_IN.replace("Domain Users", "controls").replace("'DOM\\web team'", "controls"),
    )
    assert "valid users = @controls bob" in setup(host, "--yes")
    setup(host, "--remove", "--yes")
    assert host.read(SMB_CONF).decode() == text.replace(f"include = {SNIPPET}\n", "") + (
        "[Controls]\n    comment = ours\n"
    )


def test_a_wrong_configuration_changes_nothing(host: Machine) -> None:
    host.write("/etc/fui/fui.yaml", f"share: {SHARE}\n")
    host.write("/etc/fui/conf.d/odd.yaml", DROP_IN)
    said = setup(host, "--yes", status=1)
    assert "/etc/fui/conf.d/odd.yaml:3:24: cannot find the group 'Domain Users'" in said.replace(
        '"', "'"
    )
    assert left_behind(host) == []


def test_a_share_that_is_somebody_elses_is_not_taken(host: Machine) -> None:
    host.write("/etc/fui/fui.yaml", "share: /home\n")
    host.run(["install", "-d", "/home/somebody"])
    assert "belongs to another user and is not empty" in setup(host, "--example", "--yes", status=1)
    assert left_behind(host) == []


def test_without_a_menu_it_says_how_to_begin(host: Machine) -> None:
    said = setup(host, "--yes", status=1)
    assert "there is no menu yet" in said
    assert "fui setup --example" in said
    assert host.path("/etc/fui/fui.yaml").exists()
    assert host.path("/etc/fui/conf.d").is_dir()
    setup(host, "--example", "--member=alice", "--yes")
    press(host)


def test_nobody_but_root_and_nobody_without_being_asked(host: Machine) -> None:
    assert setup(host, "--yes", status=1, user="bob") == (
        "fui: cannot set up as an ordinary user; run it as root: sudo fui setup\n"
    )
    said = setup(host, "--example", status=1)
    assert said.endswith("cannot ask, this is no terminal; nothing was changed: fui setup --yes\n")
    assert left_behind(host) == []
    for answer in ("n", "", "\4"):
        done = on_a_terminal(host, answer)
        assert "Apply? [y/N]" in done.stdout
        assert done.returncode == 1
        assert left_behind(host) == []
    assert on_a_terminal(host, "y").returncode == 0
    assert pid(host, "fui") != "0"


def on_a_terminal(machine: Machine, answer: str) -> CompletedProcess[str]:
    argv = ["script", "--quiet", "--return", "--command", f"{FUI} setup --example", "/dev/null"]
    return machine.run(argv, input=f"{answer}\n", check=False)


def test_a_read_only_etc_is_told_before_anything_is_made(host: Machine) -> None:
    script = (
        "mount --bind /etc /etc && mount -o remount,bind,ro /etc && exec $0 setup --example --yes"
    )
    done = host.run(["unshare", "--mount", "sh", "-c", script, FUI], check=False)
    assert done.returncode == 1
    assert done.stderr == "fui: cannot write in /etc, it is read-only; make it writable first\n"
    assert left_behind(host) == []


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--group=x",), 2),
        (("--member=alice",), 2),
        (("--yes", "--dry-run"), 2),
        (("--remove", "--example"), 2),
        (("--example", "--member=nobodys", "--yes"), 1),
        (("--example", "--group=not a group", "--yes"), 1),
    ],
)
def test_usage(host: Machine, options: tuple[str, ...], status: int) -> None:
    setup(host, *options, status=status)


def test_who_called_sudo_is_the_first_member(host: Machine) -> None:
    argv = [FUI, "setup", "--example", "--yes"]
    host.run(argv, env={"SUDO_USER": "alice"})
    press(host)


def test_what_a_package_brings_meanwhile_is_left_to_it(host: Machine) -> None:
    setup(host, "--example", "--member=alice", "--yes")
    unit, catalogue = "/usr/lib/systemd/system/fui.service", MADE[6]
    text = host.read("/etc/systemd/system/fui.service")
    host.write(unit, text)
    try:
        said = setup(host, "--yes")
        assert "remove /etc/systemd/system/fui.service\n" in said
        assert host.unit_property("fui", "FragmentPath") in {unit, unit.removeprefix("/usr")}
        assert setup(host, "--yes").startswith("nothing to do\n")
        press(host)
        setup(host, "--remove", "--yes")
        assert host.path(catalogue).exists()
        assert host.read(unit) == text
        assert pid(host, "fui") == "0"
    finally:
        host.run(["rm", "-f", unit, catalogue])
        host.run(["systemctl", "daemon-reload"])
