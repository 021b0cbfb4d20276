"""What a command sees of the world: nothing that reached FUI's own environment, and names as data.

The machine's sudo is told here to keep the environment, so that it is FUI alone that lets nothing through.
"""

import re
from collections.abc import Iterator

import pytest

from integration.adversary import replaced
from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Command, Library, SmbError

EVIL = "/tmp/evil"
HOSTILE = {
    "LD_PRELOAD": f"{EVIL}/evil.so",
    "LD_LIBRARY_PATH": EVIL,
    "PYTHONPATH": EVIL,
    "PYTHONSTARTUP": f"{EVIL}/rc",
    "PERL5LIB": EVIL,
    "PATH": EVIL,
    "SUDO_ASKPASS": f"{EVIL}/sudo",
    "SUDO_EDITOR": f"{EVIL}/sudo",
    "BASH_ENV": f"{EVIL}/rc",
    "ENV": f"{EVIL}/rc",
    "HOME": EVIL,
    "TMPDIR": EVIL,
    "FUI_USER": "root",
    "FUI_MORE": "more",
    "IFS": "x",
    "EVIL": "1",
}
TELL = "#!/usr/bin/python3 -I\nprint(open('/proc/self/environ').read().replace('\\0', '\\n'))\n"
PLAIN = {
    "LANG": "C.UTF-8",
    "FUI_USER": "alice",
    "FUI_CLIENT": "127.0.0.1",
    "FUI_OBJECT": "Live",
    "FUI_ACTION": "Grow",
    "LOGNAME": "root",
    "USER": "root",
    "TERM": "unknown",
    "SHELL": "/bin/bash",
    "SUDO_COMMAND": "/usr/local/bin/grow",
    "SUDO_USER": "fui",
}
"""What FUI gives, and what sudo(8) sets by itself; without the numbers, and the PATH of /etc/sudoers."""
SECURE_PATH = re.compile(rb'^Defaults\s+secure_path="([^"]+)"$', re.MULTILINE)
NUMBERS = {"FUI_JOB", "SUDO_UID", "SUDO_GID"}
LATER = {"SUDO_HOME"}
"""What later versions of sudo set as well: the home of FUI's user, as /etc/passwd has it."""
WITH_RESET = {"HOME": "/root", "MAIL": "/var/mail/root"}
UNIT = "/etc/systemd/system/fui.service.d/zz-hostile.conf"
SUDOERS = "/etc/sudoers.d/zz-keep"


@pytest.fixture
def _hostile(machine: Machine) -> Iterator[None]:
    """Have FUI itself run with a hostile environment."""
    for name in ("sudo", "rc", "python3", "true"):
        machine.write(f"{EVIL}/{name}", f"#!/bin/sh\necho was here >> {EVIL}/trace\n", mode=0o755)
    machine.run(["chmod", "777", EVIL])
    setting = " ".join(f"{name}={value}" for name, value in HOSTILE.items())
    machine.write(UNIT, f"[Service]\nEnvironment={setting}\n")
    restart(machine)
    yield
    machine.path(UNIT).unlink()
    restart(machine)
    machine.run(["rm", "-r", EVIL])


def restart(machine: Machine) -> None:
    machine.run(["systemctl", "daemon-reload"])
    machine.run(["systemctl", "restart", "fui"])


def environment(menu: Menu, user: str = "alice") -> dict[str, str]:
    """Press, and give what the command saw but for its PATH, which is sudo's."""
    menu.wait_until_ready()
    menu.mark()
    with (
        replaced(menu, "grow", TELL),
        Library(menu.machine.smb_port, user) as client,
    ):
        client.delete("Live/Grow [Ready].txt")
        assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done"
        menu.wait_for_names("Live", "Grow [Done]")
    output = menu.text("Live", "Grow [Done]").partition("Output\n------\n")[2]
    seen = dict(line.split("=", 1) for line in output.splitlines() if line)
    secure_path = SECURE_PATH.search(menu.machine.read("/etc/sudoers"))
    assert secure_path is not None
    assert seen.pop("PATH") == secure_path[1].decode("ascii")
    if menu.machine.has_sudo_rs():
        seen.setdefault("MAIL", WITH_RESET["MAIL"])  # of which later versions set none
    return seen


def without_numbers(seen: dict[str, str]) -> dict[str, str]:
    assert set(seen) >= NUMBERS
    return {name: value for name, value in seen.items() if name not in NUMBERS | LATER}


@pytest.mark.usefixtures("_hostile")
@pytest.mark.parametrize("reset", [True, False], ids=["as it ships", "env_reset off"])
def test_nothing_of_fuis_environment_reaches_a_command(menu: Menu, reset: bool) -> None:  # noqa: FBT001
    if not reset:
        if menu.machine.has_sudo_rs():
            pytest.skip("sudo-rs always resets the environment")
        menu.machine.write(SUDOERS, "Defaults !env_reset\n", mode=0o440)
    try:
        seen = environment(menu)
    finally:
        menu.machine.path(SUDOERS).unlink(missing_ok=True)
    assert without_numbers(seen) == {**PLAIN, **(WITH_RESET if reset else {})}
    assert not menu.machine.path(f"{EVIL}/trace").exists()


NAMES = ["$(id);`x`%s'", "a && b|c>d"]


@pytest.mark.parametrize("name", NAMES)
def test_a_user_of_any_name_is_data(menu: Menu, name: str) -> None:
    """Linux lets root make such users, and a directory may have them."""
    machine = menu.machine
    machine.add_user(name, ("controls", "wwwadmins"))
    try:
        seen = environment(menu, name)
        assert without_numbers(seen) == {**PLAIN, **WITH_RESET, "FUI_USER": name}
        assert {fact["FUI_USER"] for fact in menu.story("pressed", "started", "ended")} == {name}
    finally:
        machine.remove_user(name)


def test_what_a_client_says_of_itself_is_not_believed(menu: Menu) -> None:
    """Its name and its workgroup are its own claim, and appear nowhere."""
    client = Command(menu.machine, menu.machine.smb_port, "alice")
    client._argv[1:1] = ["--netbiosname=root", "--workgroup=$(id)"]  # noqa: SLF001 - what it claims
    try:
        client.delete("Probe/Quick [Ready].txt")
    except SmbError:
        pytest.fail("smbclient does not say that of itself")
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_USER"], ended["FUI_CLIENT"]) == ("alice", "127.0.0.1")
