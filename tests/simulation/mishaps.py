"""What can happen to the daemon, to the machine and to what they ask; `steps` has what people do.

Rules: as there.
"""

from dataclasses import dataclass

from fui.model import events as on
from fui.model.menu import Subject
from tests.simulation.cast import NameService, Person
from tests.simulation.machine import Plan
from tests.simulation.world import World


class Step:
    """Something that happens."""

    def play(self, world: World) -> None:
        """Have it happen."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Wait(Step):
    seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:g} s go by"

    def play(self, world: World) -> None:
        world.advance(self.seconds)


@dataclass(frozen=True, slots=True)
class Overflow(Step):
    """The kernel has no more room for file events, for the daemon is held up."""

    seconds: float

    def __str__(self) -> str:
        return f"inotify overflows: what happens within {self.seconds:g} s is not told"

    def play(self, world: World) -> None:
        if world.daemon is not None:
            world.hold(self.seconds)
            world.disk.overflowing = True


@dataclass(frozen=True, slots=True)
class Hold(Step):
    """The daemon gets no time."""

    seconds: float

    def __str__(self) -> str:
        return f"the daemon is held up for {self.seconds:g} s"

    def play(self, world: World) -> None:
        world.hold(self.seconds)


@dataclass(frozen=True, slots=True)
class ShareFails(Step):
    seconds: float

    def __str__(self) -> str:
        return f"the share is away for {self.seconds:g} s"

    def play(self, world: World) -> None:
        world.disk.failing = True
        world.after(self.seconds, lambda: setattr(world.disk, "failing", False))


@dataclass(frozen=True, slots=True)
class Names(Step):
    service: NameService
    seconds: float

    def __str__(self) -> str:
        how = "takes" if self.service.works else "fails after"
        return f"for {self.seconds:g} s NSS {how} {self.service.delay:g} s"

    def play(self, world: World) -> None:
        world.names = self.service
        world.after(self.seconds, lambda: setattr(world, "names", NameService()))


@dataclass(frozen=True, slots=True)
class StaleAnswer(Step):
    """NSS answers what nobody asks any more."""

    question: int
    who: Person

    def __str__(self) -> str:
        return f"NSS answers question {self.question} once more, with {self.who.text}"

    def play(self, world: World) -> None:
        world.answer_again(self.question, self.who)


@dataclass(frozen=True, slots=True)
class Jobs(Step):
    plan: Plan

    def __str__(self) -> str:
        return f"jobs that begin now {self.plan}"

    def play(self, world: World) -> None:
        world.plan = self.plan


@dataclass(frozen=True, slots=True)
class Reload(Step):
    menu: int

    def __str__(self) -> str:
        return f"menu {self.menu} holds from now on"

    def play(self, world: World) -> None:
        world.reload(world.menus[self.menu])


@dataclass(frozen=True, slots=True)
class Crash(Step):
    """The daemon dies after some more effects."""

    effects: int
    down: float

    def __str__(self) -> str:
        return f"the daemon dies after {self.effects} more effects, for {self.down:g} s"

    def play(self, world: World) -> None:
        if world.daemon is not None:
            world.daemon.down = self.down
            if self.effects:
                world.daemon.fuse = self.effects
            else:
                world.bury(self.down)


@dataclass(frozen=True, slots=True)
class Stop(Step):
    down: float
    jobs_go_on: bool

    def __str__(self) -> str:
        jobs = ", its jobs go on" if self.jobs_go_on else ""
        return f"the daemon is stopped{jobs}, and started {self.down:g} s after it has ended"

    def play(self, world: World) -> None:
        world.stop(self.down, jobs_go_on=self.jobs_go_on)


@dataclass(frozen=True, slots=True)
class Reboot(Step):
    def __str__(self) -> str:
        return "the machine is reset, and is back after 5 s"

    def play(self, world: World) -> None:
        world.reboot(5.0)


@dataclass(frozen=True, slots=True)
class Clock(Step):
    by: float

    def __str__(self) -> str:
        return f"the clock on the wall is put by {self.by:+g} s"

    def play(self, world: World) -> None:
        world.step_clock(self.by)


@dataclass(frozen=True, slots=True)
class Membership(Step):
    who: Person
    group: Subject

    def __str__(self) -> str:
        return f"{self.who.text} joins or leaves {self.group}"

    def play(self, world: World) -> None:
        world.groups[self.who.uid] ^= {self.group}


@dataclass(frozen=True, slots=True)
class Gap(Step):
    def __str__(self) -> str:
        return "the journal could not be read for a moment"

    def play(self, world: World) -> None:
        world.tell(on.JournalGap("cannot read the journal"))
