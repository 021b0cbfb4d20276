"""Draws the diagram of states that DESIGN.md shows, from the table: `python -m tests.diagram`.

What holds for every state that can be pressed is one arrow, from the box that stands for each of
them but the one it leads to.
"""

from collections.abc import Iterator

from fui.core.lifecycle import PRESSABLE, TRANSITIONS, Trigger
from fui.model.states import FlagState

_TOGETHER = "PRESSABLE"


def draw() -> str:
    """Return the table of transitions as a Mermaid state diagram."""
    pressable = ", ".join(state.name for state in FlagState if state in PRESSABLE)
    return "\n".join(
        [
            "stateDiagram-v2",
            f'    state "can be pressed: {pressable}" as {_TOGETHER}',
            "    [*] --> READY",
            "    [*] --> ERROR",
            *_arrows(),
            "",
        ]
    )


def _arrows() -> Iterator[str]:
    for trigger in Trigger:
        for target in FlagState:
            sources = {
                state
                for (state, by), after in TRANSITIONS.items()
                if by is trigger and after is target
            }
            together = PRESSABLE - {target} <= sources
            if together:
                yield f"    {_TOGETHER} --> {target.name}: {trigger.value}"
            for state in FlagState:
                if state in sources and not (together and state in PRESSABLE - {target}):
                    yield f"    {state.name} --> {target.name}: {trigger.value}"


if __name__ == "__main__":
    print(draw(), end="")  # noqa: T201
