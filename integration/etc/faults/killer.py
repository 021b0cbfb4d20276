"""FUI, which kills itself at one of its steps when it is ordered to.

Rules: run by FUI's own python in place of `fui`. An order is a file; it is taken away when it is read,
so the next FUI lives. Which one died is left in another one. Without an order it is FUI as ever.
"""

import json
import os
import signal
import sys
from pathlib import Path

from fui.cli import main
from fui.daemon import Daemon
from fui.model.effects import Effect
from fui.model.events import Event

HERE = Path("/run/fui-killer")
ORDER, DONE = HERE / "order.json", HERE / "done"


class Killer:
    """Stands between the engine's effects and what carries them out."""

    def __init__(self) -> None:
        self._carry_out = Daemon._carry_out  # noqa: SLF001 - the tests' one way in
        self._order: dict[str, object] = {}

    def install(self) -> None:
        """Let each effect pass by here."""

        def carry_out(daemon: Daemon, effect: Effect) -> list[Event]:
            return self.pass_by(daemon, effect)

        type.__setattr__(Daemon, "_carry_out", carry_out)

    def pass_by(self, daemon: Daemon, effect: Effect) -> list[Event]:
        """Have an effect carried out; die before or after that if it is the one of the order."""
        if ORDER.exists():
            self._order = json.loads(ORDER.read_bytes())
            ORDER.unlink()
        due = bool(self._order) and self._is_it(effect)
        if due and self._order["when"] == "before":
            self.die()
        answers = self._carry_out(daemon, effect)
        if due:
            self.die()
        return answers

    def _is_it(self, effect: Effect) -> bool:
        said, holds = repr(effect), self._order["holds"]
        assert isinstance(holds, list)
        return type(effect).__name__ == self._order["effect"] and all(
            text in said for text in holds
        )

    def die(self) -> None:
        """End at once, without a last word but the mark, which is systemd's name for this run."""
        DONE.write_text(os.environ["INVOCATION_ID"], encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Killer().install()
    sys.exit(main())
