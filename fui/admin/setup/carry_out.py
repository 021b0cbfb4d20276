"""A plan, and how it is carried out: one step after the other, each remembered before it is done.

Rules: a plan is what is needed, and no more; the record knows of a change before there is one, and
of what has to follow until that is done. Whoever carries it out hears of each thing before it is
done, and may stop at any of them: the next setup finishes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fui.admin.setup import programs
from fui.admin.setup.follow import Command, Follow
from fui.admin.setup.record import Made, Record
from fui.admin.setup.steps import Step
from fui.admin.setup.take_back import Undo

Following = Callable[[set[Follow]], list[Command]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Attributes:
        steps: Those that are needed, in their order.
        following: Says which commands follow what is pending.
        pending: What was left to follow by a setup that did not come to its end.
        notes: What is remembered though it was there before: it is FUI's own all the same.
        applied: What the daemon has read in the end; None: what it had.
        undone: Entries of which nothing is left.
        left: What is kept as it is, or is to be done by a person.
    """

    steps: tuple[Step, ...]
    following: Following
    pending: frozenset[Follow] = frozenset()
    notes: tuple[Made, ...] = ()
    applied: tuple[str, str] | None = None
    undone: tuple[Undo, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def commands(self) -> list[Command]:
        """What follows the steps."""
        return self.following(set(self.pending).union(*(step.follow for step in self.steps)))

    def show(self) -> Iterator[str]:
        """Say all of it, in its order."""
        yield from (step.show() for step in self.steps)
        yield from map(str, self.commands)


def needed(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return those steps that change something."""
    return tuple(step for step in steps if step.show())


def carry_out(plan: Plan, record: Record) -> Iterator[str]:
    """Do it; a line for each thing, before it is done.

    Raises:
        EdgeError: A step could not be done; those before it are.
    """
    with record.locked():
        for step in plan.steps:
            record.begin(_entry(step, record), step.follow)
            yield step.title
            step.do()
            if isinstance(step, Undo):
                record.forget(step.entry)
        for each in plan.undone:
            each.do()
            record.forget(each.entry)
        for made in plan.notes:
            if made.key not in record.made:
                record.begin(made, frozenset())
        record.pending |= plan.pending
        for command in plan.commands:
            yield str(command)
            programs.run(*command.argv)
            record.settle(command.settles)
        if plan.applied is not None:
            record.apply(plan.applied)


def _entry(step: Step, record: Record) -> Made | None:
    fresh = step.made(None)
    return step.made(record.made.get(fresh.key)) if fresh is not None else None
