"""Records and presses as plain values, for the tests of single stages."""

from fui.model.job import Job, Run
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


def begun(name: str, what: Action, user: str = "alice", now: float = 0.0) -> Job:
    """A job that begins."""
    run = Run(name, user, UIDS[user], "192.0.2.7", f"{what.id}@{now}", 0.0)
    return Job(name, what, run, due=now + what.command.timeout)
