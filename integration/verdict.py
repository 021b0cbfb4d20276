"""Is everything right afterwards? The invariants of FUI, held against what can be seen from outside.

Rules: one check for every test of a fault, whatever the fault was. It knows what the users pressed, and
looks at the ledger, the share, the state directory, the control groups and the published status; it
never asks the daemon. What is wrong is a sentence, and all of them are given, not the first one.
Ledger: journald is late, so what is missing is waited for, and what is too much is looked for again at
the end, behind the facts of one more press, which must work.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from fui.model.states import Loss
from integration.host import MachineError
from integration.menu import SHARE, Menu, Told
from integration.smb import Client

STATE = "/var/lib/fui"
STATUS = "/run/fui/status.json"
JOBS = "/run/fui/jobs"
UNIT = "/sys/fs/cgroup/system.slice/fui.service"
OUTCOMES = {"denied", "unattributed", "asked", "left", "cancelled", "not-run"}
"""Each of these facts is the outcome of one press; so is the job that a press started."""
NAMED = re.compile(r"presses at once, none of which ran: (?P<names>.*)")
PATIENCE = 20.0


class Pressed(NamedTuple):
    """One press that the server let a user make.

    The user is empty if it was not made over SMB. Of such a one nothing can be known if FUI dies before
    it tells: no record is left of it, so it may have no outcome.
    """

    user: str
    action: str
    """`Object/Action`."""


def wait_until_well(
    menu: Menu, pressed: Iterable[Pressed], client: Client, flag: str = "Steps/Quick"
) -> None:
    """Wait until all is quiet, and see that it is as it must be; that of a new press is seen as well.

    Args:
        menu: The menu, marked before the first press.
        pressed: Every press since then.
        client: Of a user who may press.
        flag: The action of that new press, which ends well.
    """
    before = list(pressed)
    menu.wait_until_ready()
    _wait_for_none(menu, before)
    client.delete(f"{flag} [Ready].txt")
    again = [*before, Pressed(client.user, flag)]
    _wait_for_none(menu, again)
    menu.wait_until_ready()
    told = [fact for fact in menu.story() if _action(fact) == flag]
    ends = [(fact["FUI_RESULT"], fact["FUI_USER"]) for fact in told if fact.kind == "ended"]
    assert ends[-1:] == [("done", client.user)], [fact["MESSAGE"] for fact in told]
    assert wrongs(menu, again) == []


def _wait_for_none(menu: Menu, pressed: Sequence[Pressed]) -> None:
    try:
        menu.machine.wait_for(
            lambda: not wrongs(menu, pressed), timeout=PATIENCE, what="all to be well"
        )
    except MachineError as error:
        told = [f"{fact.kind}: {fact['MESSAGE']}" for fact in menu.story()]
        for line in (*wrongs(menu, pressed), "--- the ledger:", *told):
            error.add_note(line)
        raise


def wrongs(menu: Menu, pressed: Sequence[Pressed]) -> list[str]:
    """Say all that is not as it must be when nothing more happens."""
    told = menu.story()
    return [
        *_outcomes(told, pressed),
        *_jobs(told),
        *_share(menu),
        *_remembered(menu),
        *_running(menu),
        *_published(menu),
    ]


# -- the ledger -------------------------------------------------------------------------------------


def _action(fact: Told) -> str:
    return f"{fact['FUI_OBJECT']}/{fact['FUI_ACTION']}"


def _outcomes(told: Sequence[Told], pressed: Sequence[Pressed]) -> list[str]:
    """Each press has exactly one outcome, and none has one that nobody made."""
    found = Counter[str]()
    wrong = []
    by_whom = {(each.user, each.action) for each in pressed}
    jobs = {fact["FUI_JOB"]: fact for fact in told if fact.kind in {"started", "ended"}}
    single = [fact for fact in told if _is_outcome(fact)]
    for fact in (*jobs.values(), *single):
        found[_action(fact)] += 2 if fact.kind == "left" else 1  # and that of the press that waited
        if fact["FUI_USER"] and (fact["FUI_USER"], _action(fact)) not in by_whom:
            wrong.append(f"told of a press that nobody made: {fact['MESSAGE']}")
    for fact in told:
        if fact.kind == "many" and (names := NAMED.search(fact["FUI_REASON"])):
            found.update(names["names"].split(", "))
    proven = Counter(each.action for each in pressed if each.user)
    # Of a record whose event was lost it is told that nothing ran; it may be a late one as well.
    proven -= Counter(_action(fact) for fact in told if fact["FUI_LOSS"] == Loss.STRAY.value)
    wanted = Counter(each.action for each in pressed)
    return wrong + [
        f"{wanted[action]} presses of {action} have {found[action]} outcomes"
        for action in sorted(wanted | found)
        if not proven[action] <= found[action] <= wanted[action]
    ]


def _is_outcome(fact: Told) -> bool:
    """Whether this is what came of a press; a deletion that Samba did not let happen is none."""
    return fact.kind in OUTCOMES and fact["FUI_REFUSAL"] != "refused-by-samba"


def _jobs(told: Sequence[Told]) -> list[str]:
    """Each job has at most one start, exactly one end, and no second one of its groups beside it."""
    counted = Counter((fact.kind, fact["FUI_JOB"]) for fact in told)
    jobs = sorted({fact["FUI_JOB"] for fact in told if fact.kind in {"started", "ended"}})
    twice = [f"job {job} was started twice" for job in jobs if counted["started", job] > 1]
    ends = {job: counted["ended", job] for job in jobs}
    return twice + [f"job {job} has {number} ends" for job, number in ends.items() if number != 1]


# -- what is there ----------------------------------------------------------------------------------


def _share(menu: Menu) -> list[str]:
    """Every flag once and ready, and nothing left over out of sight."""
    wrong = []
    for name, actions in menu.objects().items():
        wanted = sorted(f"{action} [Ready]" for action in actions)
        if (names := menu.names(name)) != wanted:
            wrong.append(f"{name} shows {names}")
    staging = menu.machine.path(f"{SHARE}/.fui")
    if left := sorted(path.name for path in staging.rglob("*") if path.is_file()):
        wrong.append(f"left in the staging folder: {left}")
    return wrong


def _remembered(menu: Menu) -> list[str]:
    """No run is open, no press waits, and no file is half written or was set aside."""
    wrong = []
    for path in sorted(menu.machine.path(STATE).iterdir()):
        if path.suffix != ".json":
            wrong.append(f"left in the state directory: {path.name}")
        elif path.name.startswith("history."):
            runs = json.loads(path.read_bytes())["runs"]
            wrong += [f"{path.name} has an open run" for run in runs if not run["result"]]
        elif path.name == "queue.json" and json.loads(path.read_bytes())["queued"]:
            wrong.append("a press is remembered to wait")
    return wrong


def _counts(group: Path) -> bool:
    """Say whether FUI has to answer for a control group: one that is empty, with others in it, it may not remove."""
    try:
        lives = "populated 1" in (group / "cgroup.events").read_text()
        return lives or not any(path.is_dir() for path in group.iterdir())
    except OSError:  # it is gone by now
        return False


def _running(menu: Menu) -> list[str]:
    """No process of a job that has ended is left: one waits for the next order, and that is all.

    Where a job of root made control groups of its own, FUI may not remove them; they stay empty.
    """
    try:
        found = [path for path in menu.machine.path(UNIT).iterdir() if path.is_dir()]
    except FileNotFoundError:
        return ["the unit has no control group: FUI does not run"]
    groups = [path.name for path in found if _counts(path)]
    numbers = {
        name.partition("-")[2] for name in groups if name.startswith(("job-", "supervisor-"))
    }
    wrong = [f"control groups: {sorted(groups)}"] if len(numbers) != 1 else []
    files = sorted(path.name for path in menu.machine.path(JOBS).iterdir())
    if len(files) != 1 or not files[0].startswith("spare-"):
        wrong.append(f"directories of jobs: {files}")
    return wrong


def _published(menu: Menu) -> list[str]:
    """Nothing is published to be anything but ready."""
    flags = json.loads(menu.machine.read(STATUS))["flags"]
    return [f"published: {flag['object']}/{flag['action']} is {flag['state']}" for flag in flags]
