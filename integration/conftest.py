"""Fixtures: one machine for the whole run, its menu, and its people's clients.

Rules: a test that needs a machine asks for `machine`; the first to ask boots it. A test that
asks for `menu` finds every flag ready, and the story beginning. Without root or systemd-nspawn
the run ends in one sentence.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.host import MachineError, require
from integration.machine import Machine
from integration.menu import PROBE, Menu
from integration.smb import Client, Command, Library

ClientOf = Callable[[str], Client]


def require_or_end() -> None:
    """End the run, in one sentence, where no machine can be had."""
    try:
        require()
    except MachineError as lack:
        pytest.exit(str(lack), returncode=1)


@contextmanager
def booted(menu: Path = PROBE, *, in_memory: bool = True) -> Iterator[Machine]:
    """Boot a machine with the menu of the tests, or with another one of the same people.

    Args:
        menu: Where its configuration is.
        in_memory: Whether the share lies on a file system of its own, which a reboot takes away.
    """
    require_or_end()
    with Machine(share_in_memory=in_memory) as machine:
        for name, groups in {
            "mallory": ("controls", "wwwadmins"),
            "o'neil": ("controls",),
            "o_neil": ("controls",),
        }.items():
            machine.add_user(name, groups)
        Menu(machine).install_probe(menu)
        yield machine


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """Boot the machine of this run, with the menu of the tests."""
    with booted() as machine:
        yield machine


@pytest.fixture
def menu(machine: Machine) -> Menu:
    """Give the menu, with every flag ready."""
    menu = Menu(machine)
    menu.wait_until_ready()
    menu.mark()
    return menu


@pytest.fixture
def anew(menu: Menu) -> Menu:
    """Give the menu of a daemon that has just begun."""
    with menu.stopped():
        pass
    menu.wait_until_ready()
    menu.mark()
    return menu


@pytest.fixture(params=["smbclient", "smbprotocol"])
def client_of(request: pytest.FixtureRequest, machine: Machine) -> Iterator[ClientOf]:
    """Give clients by user name, of either kind in turn."""
    made: list[Client] = []

    def client(user: str) -> Client:
        if request.param == "smbclient":
            made.append(Command(machine, machine.smb_port, user))
        else:
            made.append(Library(machine.smb_port, user))
        return made[-1]

    yield client
    for one in made:
        one.close()


@pytest.fixture
def alice(client_of: ClientOf) -> Client:
    """Give alice's client; she is in wwwadmins."""
    return client_of("alice")


@pytest.fixture
def bob(client_of: ClientOf) -> Client:
    """Give bob's client; he may come in, and press nothing."""
    return client_of("bob")
