"""The object that `fui setup --example` makes on a machine without a web server, and a press of it.

Rules: knows nothing of how FUI was installed.
"""

from collections.abc import Iterator

from integration.base import Base
from integration.inside import PASSWORD
from integration.menu import Menu
from integration.smb import Client, Command, Library

USER = "alice"
FOLDER = "Server"
FLAGS = ["Show disk space [Ready].txt", "Show status [Ready].txt"]


def let_in(machine: Base) -> None:
    """Do what `fui setup --example` says is left to a person, and install a client."""
    machine.run(["smbpasswd", "-s", "-a", USER], input=f"{PASSWORD}\n{PASSWORD}\n")
    machine.administer("apt-get", "install", "--yes", "smbclient")


def press_by_each_client(machine: Base) -> None:
    """Press by each client, and see that it ran and was told."""
    menu = Menu(machine)
    for client in _clients(machine):
        menu.wait_for_names(FOLDER, *(name.removesuffix(".txt") for name in FLAGS))
        assert client.list(FOLDER) == FLAGS
        menu.mark()
        client.delete(f"{FOLDER}/{FLAGS[0]}")
        ended = menu.wait_for_fact("ended")
        assert (ended["FUI_USER"], ended["FUI_RESULT"]) == (USER, "done")
        menu.wait_for_names(FOLDER, "Show disk space [Done]")
        assert b"Filesystem" in client.read(f"{FOLDER}/Show disk space [Done].txt")
        machine.run(["systemctl", "restart", "fui"])  # its flags are ready at once then


def _clients(machine: Base) -> Iterator[Client]:
    yield Command(machine, machine.smb_port, USER)
    with machine.network(), Library(machine.smb_port, USER) as library:
        yield library
