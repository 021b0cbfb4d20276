"""Draws the diagram of states that DESIGN.md shows, from the table: `python -m tests.diagram`."""

from itertools import groupby

from fui.core.lifecycle import TRANSITIONS


def draw() -> str:
    """Return the table of transitions as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> READY"]
    pairs = [(state.name, after.name) for (state, _), after in TRANSITIONS.items()]
    for (state, after), group in groupby(
        sorted(TRANSITIONS, key=lambda pair: pairs.index((pair[0].name, TRANSITIONS[pair].name))),
        key=lambda pair: (pair[0].name, TRANSITIONS[pair].name),
    ):
        triggers = ", ".join(trigger.value for _, trigger in group)
        lines.append(f"    {state} --> {after}: {triggers}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(draw(), end="")  # noqa: T201
