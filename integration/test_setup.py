"""`fui setup`: what it makes, takes back, and survives. Each test leaves its machine as it was."""

from collections.abc import Iterator

import pytest

from integration.fresh import (
    DROP_IN,
    FUI,
    MADE,
    RECORD,
    SHARE,
    SMB_CONF,
    SNIPPET,
    cleaned,
    fresh,
    left_behind,
    pid,
    press,
    sees,
    setup,
)
from integration.machine import Machine
from integration.smb import Library, SmbError

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
    """Boot the machine of this module."""
    with fresh() as machine:
        machine.write("/root/killed.py", KILLED)
        yield machine


@pytest.fixture
def host(bare: Machine) -> Iterator[Machine]:
    """Give it with nothing of FUI's, and see that it can be left so."""
    with cleaned(bare) as machine:
        yield machine


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
