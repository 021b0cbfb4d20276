"""`fui setup`: what it refuses, in a sentence, with nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import CompletedProcess

import pytest

from integration.fresh import (
    DROP_IN,
    FUI,
    SHARE,
    SMB_CONF,
    cleaned,
    fresh,
    left_behind,
    pid,
    press,
    setup,
)
from integration.machine import Machine


@pytest.fixture(scope="module")
def bare() -> Iterator[Machine]:
    """Boot the machine of this module."""
    with fresh() as machine:
        yield machine


@pytest.fixture
def host(bare: Machine) -> Iterator[Machine]:
    """Give it with nothing of FUI's, and see that it can be left so."""
    with cleaned(bare) as machine:
        yield machine


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
