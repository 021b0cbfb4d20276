"""SIGKILL at each step that FUI takes: the next one finds out what was, and puts all of it right.

A step is an effect that the engine asked for. The list below has every kind of effect and every kind of
fact in the life of a press; FUI dies right before it is carried out, or right after. What may be lost is
the press, never its story: nothing runs twice, and nothing that was done is told as undone.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from integration.killing import Order, mortal
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.smb import Library, SmbError
from integration.verdict import Pressed, wait_until_well


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with mortal() as machine:
        yield machine


@pytest.fixture(scope="module")
def alice(machine: Machine) -> Iterator[Library]:
    with Library(machine.smb_port, "alice") as alice:
        yield alice


@pytest.fixture(scope="module")
def bob(machine: Machine) -> Iterator[Library]:
    with Library(machine.smb_port, "bob") as bob:
        yield bob


@pytest.fixture
def scene(menu: Menu, alice: Library, bob: Library) -> "Scene":
    return Scene(menu, alice, bob)


class Scene:
    """The menu and those who press, with a note of each press."""

    def __init__(self, menu: Menu, alice: Library, bob: Library) -> None:
        self.menu = menu
        self.alice = alice
        self.bob = bob
        self.give_order: Callable[[], None] = lambda: None
        self.pressed: list[Pressed] = []

    def press(self, name: str, state: str = "Ready", by: Library | None = None) -> None:
        """Delete a flag of the object `Steps`, as alice or somebody else."""
        by = by or self.alice
        by.delete(f"Steps/{name} [{state}].txt")
        self.pressed.append(Pressed(by.user, f"Steps/{name}"))

    def see(self, *names: str) -> None:
        """Wait until all these names are there."""
        self.menu.wait_for_names("Steps", *names)


# -- what is done when FUI is to die ----------------------------------------------------------------


def quick(scene: Scene) -> None:
    scene.press("Quick")


def speak(scene: Scene) -> None:
    scene.press("Speak")


def slow(scene: Scene) -> None:
    scene.press("Slow")


def refused(scene: Scene) -> None:
    """Bob may press nothing."""
    scene.press("Quick", by=scene.bob)


def unattributed(scene: Scene) -> None:
    scene.menu.machine.run(["rm", f"{SHARE}/Steps/Quick [Ready].txt"])
    scene.pressed.append(Pressed("", "Steps/Quick"))


def careful(scene: Scene) -> None:
    scene.press("Careful")


def queued(scene: Scene) -> None:
    scene.press("Hold")
    scene.see("Hold [Running]")
    scene.press("Next")


def left(scene: Scene) -> None:
    queued(scene)
    scene.see("Next [Queued 1]")
    scene.press("Next", "Queued 1")


def cancelled(scene: Scene) -> None:
    scene.press("Long")
    scene.see("Long [Running]")
    scene.press("Long", "Running")


def stubborn(scene: Scene) -> None:
    scene.press("Stubborn")


def many(scene: Scene) -> None:
    for name in ("First", "Second", "Third"):
        scene.alice.delete(f"Lots/{name} [Ready].txt")
        scene.pressed.append(Pressed("alice", f"Lots/{name}"))


def moved(scene: Scene) -> None:
    flag = f"{SHARE}/Steps/Quick [Ready].txt"
    scene.menu.machine.run(["mv", flag, f"{SHARE}/Steps/elsewhere.txt"])


def executed(scene: Scene) -> None:
    scene.alice.rename("Steps/Quick [Ready].txt", "Execute/Quick [Ready].txt")
    scene.pressed.append(Pressed("alice", "Steps/Quick"))


def adopted(scene: Scene) -> None:
    """FUI is killed while a job runs; the next one dies as well."""
    scene.press("Lasting")
    scene.see("Lasting [Running]")
    scene.menu.wait_for_fact("started")
    scene.give_order()
    scene.menu.machine.kill_unit("fui", "KILL")


def hidden(scene: Scene) -> None:
    scene.press("Show")


def missed(scene: Scene) -> None:
    """Pressed while FUI was not running; it dies when it has started and found out."""
    with scene.menu.stopped():
        scene.press("Quick")
        scene.give_order()


def started(scene: Scene) -> None:
    scene.menu.machine.run(["systemctl", "stop", "fui"])
    scene.give_order()
    scene.menu.machine.run(["systemctl", "start", "--no-block", "fui"])


def restarted(scene: Scene) -> None:
    scene.give_order()
    scene.menu.machine.run(["systemctl", "restart", "fui"])


def reloaded(scene: Scene) -> None:
    scene.menu.machine.run(["systemctl", "reload", "--no-block", "fui"])


def replaced(scene: Scene) -> None:
    scene.menu.machine.run(["mv", f"{SHARE}/Lots", f"{SHARE}/Old"])
    scene.menu.machine.run(["rm", "-r", f"{SHARE}/Old"])


UNBEGUN = {("SaveHistory", "result=None"), ("SaveJob", "told=False"), ("StartJob",)}
"""Where FUI dies at these, nobody knows whether the job was begun: it was interrupted. Any other goes on."""

BY_THEMSELVES = (missed, started, restarted, adopted)
"""These give the order themselves, when it is not obeyed too early."""


# -- the steps --------------------------------------------------------------------------------------

Doing = Callable[[Scene], None]


@dataclass(frozen=True)
class Step:
    """What is done, and the effect at which FUI dies then: its class, and what its `repr` holds."""

    doing: Doing
    effect: str
    holds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.doing.__name__, self.effect, *self.holds))


def tell(doing: Doing, kind: str, *more: str) -> Step:
    return Step(doing, "Tell", (f"FactKind.{kind}:", *more))


def show(doing: Doing, name: str) -> Step:
    return Step(doing, "ShowFlag", (f"name='{name}",))


STEPS = (
    # A press that runs, from its first effect to the last.
    Step(quick, "ExpectRecords", ("since=",)),
    Step(quick, "RequestWakeup"),
    Step(quick, "LookUpAccount"),
    tell(quick, "PRESSED"),
    Step(quick, "SaveHistory", ("result=None",)),
    Step(quick, "SaveJob", ("told=False",)),
    Step(quick, "StartJob"),
    show(quick, "Quick [Running]"),
    Step(quick, "Publish", ("FlagState.RUNNING",)),
    Step(quick, "SaveCursor"),
    tell(quick, "STARTED"),
    Step(quick, "SaveJob", ("told=True",)),
    tell(quick, "ENDED"),
    tell(speak, "OUTPUT"),
    Step(speak, "SaveHistory", ("tail='said",)),  # the newest run alone has its output
    Step(quick, "ForgetJob"),
    show(quick, "Quick [Done]"),
    show(quick, "Quick [Ready]"),
    Step(slow, "LookAtJob"),
    Step(adopted, "AdoptJobs"),
    tell(adopted, "ADOPTED"),
    # The other outcomes.
    tell(refused, "DENIED"),
    show(refused, "Quick [Denied]"),
    tell(unattributed, "UNATTRIBUTED"),
    show(unattributed, "Quick [Denied]"),
    tell(careful, "ASKED"),
    show(careful, "Careful [Delete again to confirm]"),
    tell(queued, "QUEUED"),
    Step(queued, "SaveQueue", ("'Next'",)),
    show(queued, "Next [Queued"),
    Step(queued, "SaveQueue", ("queued=()",)),
    tell(left, "LEFT"),
    tell(cancelled, "CANCELLED"),
    Step(cancelled, "TerminateJob"),
    Step(stubborn, "KillJob"),
    tell(many, "MANY"),
    tell(missed, "NOT_RUN"),
    # What keeps the share in order.
    tell(moved, "RESTORED"),
    Step(moved, "ListFolder"),
    Step(executed, "RemoveOwn"),
    Step(hidden, "HideFlag"),
    Step(started, "ListFolder"),
    Step(restarted, "Exit"),
    Step(reloaded, "Furnish"),
    tell(reloaded, "CONFIGURED"),
    Step(replaced, "Rewatch"),
)


TELLING = {"StartJob", "TerminateJob", "SaveCursor", "HideFlag"}
"""To die behind these is not to die before the next effect: the world has changed meanwhile."""

ALIKE = {"ExpectRecords", "RequestWakeup", "Publish", "ListFolder", "LookAtJob", "RemoveOwn"}
"""Nothing is kept or told by these, so what is found afterwards is what others have left."""


def cases() -> list[object]:
    """Give each step before and after; those that others stand for are left to the soak."""
    made: list[object] = []
    for step in STEPS:
        for when in ("before", "after"):
            chosen = step.effect not in ALIKE if when == "before" else step.effect in TELLING
            marks = () if chosen else pytest.mark.soak
            made.append(pytest.param(step, when, id=f"{step} {when}", marks=marks))
    return made


@pytest.mark.parametrize(("step", "when"), cases())
def test_killed(scene: Scene, step: Step, when: str) -> None:
    order = Order(scene.menu, step.effect, step.holds, when)
    scene.give_order = order.give
    if step.doing not in BY_THEMSELVES:
        order.give()
    with suppress(SmbError):  # the flag may be gone with the one that died
        step.doing(scene)
    order.wait_until_obeyed()
    wait_until_well(scene.menu, scene.pressed, scene.alice)
    if (step.effect, *step.holds) not in UNBEGUN:
        assert "interrupted" not in {fact["FUI_RESULT"] for fact in scene.menu.story("ended")}
