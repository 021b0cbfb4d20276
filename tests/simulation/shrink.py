"""Makes a short conversation of one that breaks an invariant: delta debugging on its steps."""

from collections.abc import Sequence

from fui.model.menu import Menu
from tests.simulation.mishaps import Step
from tests.simulation.runner import play
from tests.simulation.script import Script
from tests.simulation.truth import Violation


def shrink(script: Script, invariant: str) -> tuple[Step, ...]:
    """Return steps of which none can be left out, and which break the same invariant."""
    steps = list(script.steps)
    size = len(steps) // 2
    while size:
        at = 0
        while at < len(steps):
            shorter = steps[:at] + steps[at + size :]
            if breaks(script.menus, shorter, invariant):
                steps = shorter
            else:
                at += size
        size //= 2
    return tuple(steps)


def breaks(menus: tuple[Menu, ...], steps: Sequence[Step], invariant: str) -> bool:
    """Whether a conversation breaks an invariant."""
    try:
        play(menus, steps)
    except Violation as violation:
        return violation.invariant == invariant
    return False


def tell(script: Script, violation: Violation) -> tuple[str, str]:
    """Return the shortest conversation that breaks the invariant, and all that is said in it."""
    steps = shrink(script, violation.invariant)
    notes: list[str] = []
    said = str(violation)
    try:
        play(script.menus, steps, notes.append)
    except Violation as again:
        said = str(again)
    menu = "\n".join(_menu(number, one) for number, one in enumerate(script.menus))
    listed = "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, 1))
    return (
        f"seed {script.seed} breaks: {said}\n\n{menu}\n\n"
        f"{len(steps)} of {len(script.steps)} steps are enough:\n{listed}\n\n"
        f"to play it again: python -m tests.simulation --seed {script.seed}\n"
    ), "\n".join(notes)


def _menu(number: int, menu: Menu) -> str:
    settings = menu.settings
    lines = [f"menu {number}: settle {settings.settle:g}, execute {bool(menu.execute)}"]
    for action in menu.actions:
        more = [
            f"{name} {value}"
            for name in ("confirm", "limit", "queue")
            if (value := getattr(action, name)) is not None
        ]
        more += [f"only {action.hours.text}"] if action.hours else []
        more += ["can be cancelled"] if action.cancel else []
        allow = " ".join(each.name for each in action.access.allow)
        deny = "".join(f" not {each.name}" for each in action.access.deny)
        lines.append(
            f"  {action.id} ({', '.join(action.groups)}): {allow}{deny}; {', '.join(more)}"
        )
    return "\n".join(lines)
