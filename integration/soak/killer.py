"""FUI is killed at random moments, as the number of presses goes by.

Rules: SIGKILL to the main process, also while it is still starting; a kill counts when it has hit a process.
"""

import contextlib
import random
import threading
import time

from integration.host import MachineError
from integration.machine import Machine
from integration.soak.clients import Counter

PAUSE = 0.2
PATIENCE = 30.0


class Killer:
    """Kills FUI a number of times."""

    def __init__(
        self, machine: Machine, rng: random.Random, counter: Counter, presses: int, kills: int
    ) -> None:
        """Say how often, while so many presses go by."""
        self._machine = machine
        self._random = rng
        self._counter = counter
        self._wanted = kills
        self._presses = presses
        self.kills = 0
        self.error: BaseException | None = None

    def run(self, stop: threading.Event) -> None:
        """Kill until it has been done as often as is wanted."""
        try:
            while self.kills < self._wanted and not stop.is_set():
                left = max(self._presses - self._counter.number, 0)
                apart = left / (self._wanted - self.kills)
                due = self._counter.number + self._random.uniform(0, apart)
                while self._counter.number < due and not self._counter.reached:
                    time.sleep(self._random.uniform(0, 2 * PAUSE))
                self._kill()
        except BaseException as error:  # noqa: BLE001 - it is told with the figures
            self.error = error

    def _kill(self) -> None:
        """Kill the daemon that is there, or the next that comes, and wait for another."""
        before = self._restarts()
        deadline = time.monotonic() + PATIENCE
        while self._restarts() == before:
            with contextlib.suppress(MachineError):  # there is none right now
                self._machine.kill_unit("fui", "KILL")
                self.kills += 1
            time.sleep(PAUSE)
            if time.monotonic() > deadline:
                msg = "FUI is not started again"
                raise MachineError(msg)

    def _restarts(self) -> str:
        return self._machine.unit_property("fui", "NRestarts")
