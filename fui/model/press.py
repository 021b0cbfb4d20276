"""A press: what was done to a flag, and the record that proves who did it."""

from dataclasses import dataclass
from enum import Enum

from fui.model.job import JobId
from fui.model.menu import Action
from fui.model.record import Attested
from fui.model.states import FlagState


class Gesture(Enum):
    """What was done to the flag. Only a press, in either way, can start something."""

    PRESS = "deleted"
    EXECUTE = "moved into the execute folder"
    MOVE = "moved or renamed"
    MISSED = "deleted while FUI was not running"
    REFUSED = "not deleted, for Samba refused"


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody did something to a flag.

    Attributes:
        action: What the flag stands for.
        gesture: What was done.
        shown: The state that the flag's name said at that time.
        job: The job that ran then, if the flag said so; empty otherwise.
        record: The proof; None until there is one.
        at: When it was seen, in CLOCK_MONOTONIC seconds.
        latency: Seconds from when it was made until there was the proof; None without one.
    """

    action: Action
    gesture: Gesture
    shown: FlagState
    job: JobId = ""
    record: Attested | None = None
    at: float = 0.0
    latency: float | None = None

    @property
    def presses(self) -> bool:
        """Whether what was done asks for something."""
        return self.gesture in (Gesture.PRESS, Gesture.EXECUTE)
