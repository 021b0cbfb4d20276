"""From an empty Debian 12 to a press: the virtual environment, by the commands of README."""

from collections.abc import Iterator

import pytest

from integration import install
from integration.base import Base
from integration.conftest import require_or_end
from integration.example import USER, let_in, press_by_each_client

FUI = "/opt/fui/bin/fui"


@pytest.fixture(scope="module")
def machine() -> Iterator[Base]:
    """Boot an empty Debian 12."""
    require_or_end()
    with Base("bookworm") as machine:
        yield machine


def test_the_commands_of_readme_lead_to_a_press(machine: Base) -> None:
    machine.run(["useradd", USER])
    for step in (*install.PREPARE, *install.PROGRAM, *install.EXAMPLE):
        machine.administer(*step)
    machine.run(["usermod", "--append", "--groups", "controls", USER])
    let_in(machine)
    press_by_each_client(machine)
    for page in ("man1/fui.1", "man5/fui.yaml.5", "man8/fui.service.8"):
        assert machine.path(f"/opt/fui/share/man/{page}").exists()


def test_the_doctor_has_nothing_to_say(machine: Base) -> None:
    done = machine.run([FUI, "doctor"], check=False)
    assert done.returncode == 0, done.stdout


def test_the_configuration_can_be_reloaded(machine: Base) -> None:
    """That systemd does not know Type=notify-reload: setup has put a drop-in beside the unit."""
    daemon = machine.unit_property("fui", "MainPID")
    machine.administer("systemctl", "reload", "fui")
    assert machine.unit_property("fui", "MainPID") == daemon
