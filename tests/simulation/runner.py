"""Plays conversations, and says which of them break an invariant."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from fui.model.menu import Menu
from tests.simulation import calm
from tests.simulation.mishaps import Step
from tests.simulation.script import Script, draw
from tests.simulation.truth import Violation
from tests.simulation.world import World


def play(
    menus: tuple[Menu, ...], steps: Sequence[Step], note: Callable[[str], None] | None = None
) -> Counter[str]:
    """Play a conversation to its end.

    Args:
        menus: Those that can hold.
        steps: What happens.
        note: Takes what is said on the way.

    Returns:
        How often which situation was reached.

    Raises:
        Violation: An invariant does not hold.
    """
    world = World(menus, note)
    world.start()
    world.advance(0.1)
    for step in steps:
        if note is not None:
            world.say(f"* {step}")
        step.play(world)
    world.say("* and then it is calm")
    world.calm_down()
    calm.check(world)
    return world.oracle.seen


def play_seed(seed: int) -> tuple[Script, Counter[str] | Violation]:
    """Play the conversation of a seed; a violation is returned."""
    script = draw(seed)
    try:
        return script, play(script.menus, script.steps)
    except Violation as violation:
        return script, violation


def first_failing(seeds: Iterable[int], seen: Counter[str]) -> tuple[Script, Violation] | None:
    """Return the first conversation that breaks an invariant, counting situations in `seen`."""
    for seed in seeds:
        script, outcome = play_seed(seed)
        if isinstance(outcome, Violation):
            return script, outcome
        seen.update(outcome)
    return None
