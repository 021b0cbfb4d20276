"""From an empty machine to a press: the Debian package, and what becomes of it afterwards.

The tests of this module are one story of one machine, in the order in which they stand here.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.base import Base
from integration.boot import SOURCE
from integration.conftest import require_or_end
from integration.example import USER, let_in, press_by_each_client
from integration.furnish import prefer_sudo_rs
from integration.host import CHECKOUT
from integration.menu import Menu
from integration.smb import Command

SUITES = ("trixie", "forky")
"""What has all that the package needs."""
INSTALL = "apt install ./build/fui_*.deb"
SETUP = "fui setup --example"
SLOW = """\
object: Slow
action-group:
    directory: {group: controls}
    actions:
        - {name: Sleep, command: /usr/bin/sleep 1000}
"""

ASKED = """\
object: Asked
action-group:
    directory: {group: controls}
    actions:
        - {name: Restart, command: /usr/bin/systemctl restart asked}
"""


@pytest.fixture(scope="module")
def package() -> Path:
    """Build the package, by the command of README."""
    require_or_end()
    done = subprocess.run(
        ["make", "deb"], cwd=CHECKOUT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    (made,) = CHECKOUT.glob("build/fui_*_all.deb")
    return made


@pytest.fixture(scope="module")
def machine(package: Path) -> Iterator[Base]:
    """Boot an empty Debian 13 or later, and lay the package into the checkout as `make deb` does."""
    suite = os.environ.get("FUI_BASE", "")
    with Base(suite if suite in SUITES else SUITES[0]) as machine:
        machine.write(f"/{SOURCE}/build/{package.name}", package.read_bytes())
        yield machine


def test_readme_shows_these_commands() -> None:
    readme = CHECKOUT.joinpath("README.md").read_text("utf-8")
    assert f"    {INSTALL}\n    {SETUP}\n" in readme


def test_these_commands_lead_to_a_press(machine: Base) -> None:
    assert machine.run(["sh", "-c", "command -v python3 smbd sudo fui"], check=False).stdout == ""
    machine.run(["useradd", USER])
    began = time.monotonic()
    said = machine.administer("sh", "-c", f"{INSTALL} --yes")
    assert "fui: nothing was started" in said
    assert machine.unit_property("fui", "UnitFileState") == "disabled"
    assert machine.unit_property("fui", "ActiveState") == "inactive"
    machine.administer(*SETUP.split(), "--yes", "--member", USER)
    assert time.monotonic() - began < 300
    let_in(machine)
    press_by_each_client(machine)


def test_what_was_installed_is_found(machine: Base, package: Path) -> None:
    assert machine.run(["dpkg", "--verify", "fui"]).stdout == ""
    assert machine.unit_property("fui", "FragmentPath") == "/usr/lib/systemd/system/fui.service"
    explained = machine.run(["journalctl", "-x", "--unit=fui", "--lines=20"]).stdout
    assert "Defined-By: FUI" in explained
    assert "systemd-journal" in machine.run(["id", "--name", "--groups", "fui"]).stdout.split()
    assert package.name.split("_")[1] in machine.run(["fui", "--version"]).stdout


def test_the_doctor_has_nothing_to_say(machine: Base) -> None:
    done = machine.run(["fui", "doctor"], check=False)
    assert done.returncode == 0, done.stdout


def test_it_says_what_it_is_made_of(machine: Base) -> None:
    said = json.loads(machine.read("/usr/share/doc/fui/fui.cdx.json"))
    about = said["metadata"]["component"]
    assert about["version"] == machine.run(["fui", "--version"]).stdout.split()[-1]
    assert "timestamp" in said["metadata"]  # of the entry in the changelog, for dpkg says so
    installed = machine.run(["dpkg-query", "--show", "--showformat=${Package}\n"]).stdout.split()
    assert {part["name"] for part in said["components"]} <= set(installed)


def test_hardened_it_still_asks_systemd(machine: Base) -> None:
    example = machine.read("/usr/share/doc/fui/examples/hardened.conf")
    machine.write("/etc/systemd/system/asked.service", "[Service]\nExecStart=sleep infinity\n")
    machine.write("/etc/fui/conf.d/asked.yaml", ASKED)
    machine.write("/etc/systemd/system/fui.service.d/hardened.conf", example)
    try:
        machine.administer("fui", "setup", "--yes")
        machine.run(["systemctl", "daemon-reload"])
        machine.run(["systemctl", "restart", "fui"])
        machine.run(["systemd-analyze", "security", "--threshold=35", "fui.service"])
        menu = Menu(machine)
        menu.wait_for_names("Asked", "Restart [Ready]")
        menu.mark()
        Command(machine, machine.smb_port, USER).delete("Asked/Restart [Ready].txt")
        assert menu.wait_for_fact("ended")["FUI_RESULT"] == "done"
        assert machine.unit_property("asked", "ActiveState") == "active"
    finally:
        machine.run(["rm", "-r", "/etc/systemd/system/fui.service.d", "/etc/fui/conf.d/asked.yaml"])
        machine.administer("fui", "setup", "--yes")
        machine.run(["systemctl", "daemon-reload"])
        machine.run(["systemctl", "restart", "fui"])


def test_sudo_rs_may_stand_in_sudos_place(machine: Base) -> None:
    """As on Ubuntu: setup makes rules that it can read, and other ones for sudo again."""
    machine.administer("apt-get", "install", "--yes", "sudo-rs")
    prefer_sudo_rs(machine.path("/"))
    try:
        machine.administer("fui", "setup", "--yes")
        assert b"requiretty" not in machine.read("/etc/sudoers.d/fui")
        press_by_each_client(machine)
        done = machine.run(["fui", "doctor"], check=False)
        assert done.returncode == 0, done.stdout
    finally:
        for path in ("/usr/bin/sudo", "/usr/sbin/visudo"):
            machine.run(["mv", f"{path}.ws", path])
    machine.administer("fui", "setup", "--yes")
    assert b"requiretty" in machine.read("/etc/sudoers.d/fui")


def test_jobs_go_on_over_an_upgrade(machine: Base, package: Path, tmp_path: Path) -> None:
    machine.write("/etc/fui/conf.d/slow.yaml", SLOW)
    machine.administer("fui", "setup", "--yes")
    menu = Menu(machine)
    menu.wait_for_names("Slow", "Sleep [Ready]")
    menu.mark()
    Command(machine, machine.smb_port, USER).delete("Slow/Sleep [Ready].txt")
    menu.wait_for_fact("started")
    daemon = machine.unit_property("fui", "MainPID")
    machine.write(f"/{SOURCE}/newer.deb", newer(package, tmp_path))
    said = machine.administer("apt-get", "install", "--yes", "./newer.deb")
    assert "fui: restarted; jobs that run go on" in said
    assert machine.run(["dpkg-query", "--show", "fui"]).stdout == "fui\t9.0\n"
    menu.wait_for_fact("adopted")
    assert machine.unit_property("fui", "MainPID") != daemon
    assert machine.run(["pgrep", "--exact", "sleep"]).returncode == 0
    assert menu.story("ended") == []
    machine.run(["pkill", "--exact", "sleep"])
    assert menu.wait_for_fact("ended")["FUI_RESULT"] == "failed"
    doctor_on_the_version(machine, 0)


def doctor_on_the_version(machine: Base, status: int) -> str:
    """Ask whether what runs is what is installed; give what was said."""
    argv = ["fui", "doctor", "--strict", "--json", "--row", "daemon: version"]
    done = machine.run(argv, check=False)
    assert done.returncode == status, done.stdout
    return done.stdout


def newer(package: Path, scratch: Path) -> bytes:
    """Make the same package with a higher version."""
    tree, made = scratch / "tree", scratch / "newer.deb"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN/control"
    version = package.name.split("_")[1]
    control.write_text(control.read_text().replace(f"Version: {version}", "Version: 9.0"))
    subprocess.run(["dpkg-deb", "--build", "-Znone", tree, made], check=True, capture_output=True)
    return made.read_bytes()


def test_a_removal_takes_back_what_setup_made(machine: Base) -> None:
    machine.administer("apt-get", "remove", "--yes", "fui")
    assert machine.unit_property("fui", "ActiveState") == "inactive"
    for path in ("/etc/sudoers.d/fui", "/usr/lib/python3/dist-packages/fui", "/usr/bin/fui"):
        assert not machine.path(path).exists()
    assert "Controls" not in machine.run(["testparm", "-s"]).stdout
    assert machine.unit_property("smbd", "ActiveState") == "active"
    for path in ("/etc/fui/fui.yaml", "/etc/fui/conf.d/server.yaml", "/var/lib/fui"):
        assert machine.path(path).exists()
    machine.ids("fui")


def test_it_comes_back_from_its_configuration(machine: Base) -> None:
    machine.administer("sh", "-c", f"{INSTALL} --yes")
    machine.administer(*SETUP.split(), "--yes", "--member", USER)
    press_by_each_client(machine)


def test_a_purge_keeps_only_what_is_the_administrators(machine: Base) -> None:
    machine.administer("apt-get", "purge", "--yes", "fui")
    for path in ("/var/lib/fui", "/var/lib/fui-setup", "/etc/sudoers.d/fui"):
        assert not machine.path(path).exists()
    assert machine.path("/etc/fui/conf.d/slow.yaml").exists()
    machine.ids("fui")


def test_a_package_that_was_never_set_up_goes_as_it_came(machine: Base) -> None:
    machine.run(["rm", "-r", "/etc/fui"])
    machine.administer("sh", "-c", f"{INSTALL} --yes")
    said = machine.administer("apt-get", "purge", "--yes", "fui")
    assert "cannot" not in said
    assert not machine.path("/etc/fui").exists()
