"""The name of a flag: `Restart [Ready].txt`, made from an action and a state, and read back.

Rules: a name is read from the right, so an action's own name may hold brackets; only a word that
the settings know is a state; the spelling is compared exactly, as the audit record has the case
on disk. Knows nothing of folders, generations or content.
"""

from collections.abc import Mapping

from fui.model.states import FlagState

EXTENSION = ".txt"


def compose(action: str, state: FlagState, words: Mapping[FlagState, str]) -> str:
    """Return the name of an action's flag in a state."""
    return f"{action} [{words[state]}]{EXTENSION}"


def parse(name: str, words: Mapping[FlagState, str]) -> tuple[str, FlagState] | None:
    """Return (action, state) if the name is one that `compose` makes, else None."""
    for state, word in words.items():
        suffix = f" [{word}]{EXTENSION}"
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix), state
    return None
