"""The names of flags as `states:` wants them: a shipped set of words, and what is said otherwise.

Rules: what is made of a flag's name can be read back: all words differ in any spelling, none holds
the brackets, at most one is empty, and never one behind which a number stands or that stands
alone. Pure.
"""

from collections.abc import Iterator
from typing import Protocol

from fui.config.names import fold, shown
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState

NEVER_EMPTY = (FlagState.RUNNING, FlagState.QUEUED, FlagState.ERROR)


class Said(Protocol):
    """What `states:` says."""

    @property
    def language(self) -> str:
        """Which of the shipped sets."""

    @property
    def brackets(self) -> str:
        """The two characters around a word."""

    @property
    def place(self) -> str:
        """`before` or `after` the action's name."""

    @property
    def extension(self) -> str:
        """What each name ends in."""

    def own_words(self) -> dict[FlagState, str]:
        """The words that are written there."""


def naming(said: Said) -> Naming:
    """Return how the names of flags are made."""
    pair = said.brackets
    words = {**WORDS[said.language], **said.own_words()}
    return Naming(words, pair[0], pair[1], said.place == "before", said.extension)


def complaints(said: Said) -> Iterator[tuple[FlagState, str]]:
    """Return what is wrong with the words, each with the state whose word it is."""
    own = said.own_words()
    words = naming(said).words
    # A word that is written is at fault where it clashes with one that is not.
    taken = {fold(words[state]): state for state in FlagState if state not in own}
    for state, word in own.items():
        bracket = next((each for each in said.brackets if each in word), None)
        other = taken.setdefault(fold(word), state)
        if bracket is not None:
            yield (
                state,
                f"cannot use {bracket} in the word {shown(word)}; it is one of the brackets around it",
            )
        elif not word and state in NEVER_EMPTY:
            yield (
                state,
                f'cannot leave the word for "{state.value}" empty; flags could not be told apart',
            )
        elif other is not state and not word:
            yield (
                state,
                f'cannot leave "{state.value}" without a word, "{other.value}" has none; write one',
            )
        elif other is not state:
            text = (
                f'cannot use the word {shown(word)} for "{other.value}" and for "{state.value}"; '
                "choose words that differ"
            )
            yield state, text
