"""FUI in the machine is killed at one of its steps: ordered, and seen to have happened.

Rules: nothing of the product knows of this. The unit runs a program of the tests, which stands between
the engine's effects and what carries them out (`etc/faults/killer.py`).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from integration.conftest import booted
from integration.host import CHECKOUT
from integration.machine import Machine
from integration.menu import Menu

FAULTS = CHECKOUT / "integration/etc/faults"
PLACE = "/run/fui-killer"
DROP_IN = "/run/systemd/system/fui.service.d/killer.conf"


@contextmanager
def mortal() -> Iterator[Machine]:
    """Boot a machine whose FUI can be ordered to kill itself at a step."""
    with booted(FAULTS) as machine:
        machine.write("/usr/local/lib/fui-killer.py", FAULTS.joinpath("killer.py").read_bytes())
        machine.write(DROP_IN, FAULTS.joinpath("killer.conf").read_bytes())
        machine.run(["install", "--directory", "--owner=fui", PLACE])
        machine.run(["systemctl", "daemon-reload"])
        machine.run(["systemctl", "restart", "fui"])
        yield machine


class Order:
    """An order to die, from when it is given until it was obeyed."""

    def __init__(self, menu: Menu, effect: str, holds: tuple[str, ...], when: str) -> None:
        """Say at which step.

        Args:
            menu: The menu of the machine.
            effect: The name of the effect's class.
            holds: What its `repr` has to contain.
            when: `before` it is carried out, or `after` that.
        """
        self._menu = menu
        self._order = {"effect": effect, "holds": holds, "when": when}

    def give(self) -> None:
        """Order the FUI that runs, or the next one, to die at that step."""
        machine = self._menu.machine
        machine.path(f"{PLACE}/done").unlink(missing_ok=True)
        machine.write(f"{PLACE}/order.next", json.dumps(self._order))
        machine.path(f"{PLACE}/order.next").rename(machine.path(f"{PLACE}/order.json"))

    def wait_until_obeyed(self) -> None:
        """Wait until it has died there, and the next one runs."""
        machine = self._menu.machine
        done = machine.path(f"{PLACE}/done")
        self._menu.wait_for(lambda: done.exists() and done.read_text(), f"death at {self._order}")
        died = done.read_text(encoding="utf-8")
        self._menu.wait_for(
            lambda: (
                machine.unit_property("fui", "InvocationID") != died
                and machine.unit_property("fui", "ActiveState") == "active"
            ),
            "FUI to run again",
        )
