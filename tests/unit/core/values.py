"""Records and presses as plain values, for the tests of single stages."""

from fui.model.menu import Action
from fui.model.press import Gesture, Press
from fui.model.record import Operation, Record
from fui.model.states import FlagState
from tests.playbook import FOLDER, UIDS, action

START = action("Start")


def record(user: str = "alice", cursor: str = "c1", sent: float = 0.0, **other: str) -> Record:
    """The proof that somebody deleted the flag of Start."""
    path = other.get("path", f"{FOLDER.path}/Start [Ready].txt")
    return Record(cursor, sent, 0.0, UIDS[user], user, "192.0.2.7", Operation.UNLINK, path)


def press(
    what: Action = START,
    user: str = "alice",
    at: float = 0.0,
    *,
    shown: FlagState = FlagState.READY,
    gesture: Gesture = Gesture.PRESS,
    job: str = "",
) -> Press:
    """A proven press, of a flag that is ready if nothing else is said."""
    return Press(what, gesture, shown, job, record(user, f"{what.id}@{at}"), at)
