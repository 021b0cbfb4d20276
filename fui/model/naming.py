"""The names of flags: `Restart [Ready].txt`, made from an action and a state, and read back.

Rules: only a word that is known makes a state, in exactly its spelling, as the audit record has the
case on disk. The word is looked for at the end where states stand, so the name of an action may
hold brackets. One state may have no word: then the name is bare. Knows nothing of folders.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fui.model.states import FlagState

WORDS: Mapping[str, Mapping[FlagState, str]] = {
    "en": {
        FlagState.READY: "Ready",
        FlagState.RUNNING: "Running",
        FlagState.BLOCKED: "Blocked",
        FlagState.DONE: "Done",
        FlagState.FAILED: "Failed",
        FlagState.DENIED: "Denied",
        FlagState.CONFIRM: "Delete again to confirm",
        FlagState.CANCELLED: "Cancelled",
        FlagState.QUEUED: "Queued",
        FlagState.WAIT: "Wait",
        FlagState.CLOSED: "Closed",
        FlagState.ERROR: "Configuration error",
    },
    "de": {
        FlagState.READY: "Bereit",
        FlagState.RUNNING: "Läuft",
        FlagState.BLOCKED: "Gesperrt",
        FlagState.DONE: "Fertig",
        FlagState.FAILED: "Fehlgeschlagen",
        FlagState.DENIED: "Verweigert",
        FlagState.CONFIRM: "Zum Bestätigen nochmals löschen",
        FlagState.CANCELLED: "Abgebrochen",
        FlagState.QUEUED: "Wartet auf Platz",
        FlagState.WAIT: "Pause",
        FlagState.CLOSED: "Geschlossen",
        FlagState.ERROR: "Konfigurationsfehler",
    },
    "fr": {
        FlagState.READY: "Prêt",
        FlagState.RUNNING: "En cours",
        FlagState.BLOCKED: "Bloqué",
        FlagState.DONE: "Terminé",
        FlagState.FAILED: "Échoué",
        FlagState.DENIED: "Refusé",
        FlagState.CONFIRM: "Supprimer encore pour confirmer",
        FlagState.CANCELLED: "Annulé",
        FlagState.QUEUED: "En file",
        FlagState.WAIT: "Patienter",
        FlagState.CLOSED: "Fermé",
        FlagState.ERROR: "Erreur de configuration",
    },
}
"""The sets of words that ship, by language."""

_DETAILS = {FlagState.RUNNING: "100 %", FlagState.QUEUED: "999"}
"""The longest that may follow the word of a state: how far a job is, or its place in the queue."""

_DETAIL = re.compile(r"(.*) [0-9]{1,3}(?: %)?")


@dataclass(frozen=True, slots=True)
class Naming:
    """How the names of flags are made.

    Attributes:
        words: The word for each state; all different, at most one of them empty.
        opening: What stands before the word.
        closing: What stands behind it.
        before: Whether the word stands before the action's name; else behind it.
        extension: What the name ends in, with its dot.
    """

    words: Mapping[FlagState, str] = field(default_factory=lambda: WORDS["en"])
    opening: str = "["
    closing: str = "]"
    before: bool = False
    extension: str = ".txt"

    def marker(self, state: FlagState, detail: str = "") -> str:
        """Return a state as a name shows it: `[Running 40 %]`; empty for the one without a word."""
        word = " ".join(filter(None, (self.words[state], detail)))
        return f"{self.opening}{word}{self.closing}" if self.words[state] else ""

    def compose(self, action: str, state: FlagState, detail: str = "") -> str:
        """Return the name of an action's flag in a state."""
        marker = self.marker(state, detail)
        parts = (marker, action) if self.before else (action, marker)
        return " ".join(filter(None, parts)) + self.extension

    def longest(self, action: str) -> str:
        """Return the name of an action's flag that takes the most bytes."""
        names = (
            self.compose(action, state, _DETAILS.get(state, ""))
            for state in FlagState
            if state is not FlagState.ERROR
        )
        return max(names, key=lambda name: len(name.encode()))

    def parse(self, name: str) -> tuple[str, FlagState] | None:
        """Return (action, state) if the name is one that `compose` makes, else None."""
        stem = name.removesuffix(self.extension)
        if stem == name or not stem:
            return None
        inner, action = self._split(stem)
        for state, word in self.words.items():
            if word and inner is not None and _says(inner, state, word):
                return (action, state) if bool(action) is not (state is FlagState.ERROR) else None
        return next(((stem, state) for state, word in self.words.items() if not word), None)

    def _split(self, stem: str) -> tuple[str | None, str]:
        """Return what stands in the brackets, None if there are none, and the action's name."""
        if self.before:
            marker, closing, action = stem.partition(self.closing)
            if not closing or not marker.startswith(self.opening):
                return None, stem
            inner = marker.removeprefix(self.opening)
            return (inner, action[1:]) if action[:1] in ("", " ") else (None, stem)
        action, opening, marker = stem.rpartition(self.opening)
        if not opening or not marker.endswith(self.closing):
            return None, stem
        inner = marker.removesuffix(self.closing)
        return (inner, action[:-1]) if action[-1:] in ("", " ") else (None, stem)


def _says(inner: str, state: FlagState, word: str) -> bool:
    if inner == word:
        return True
    detailed = _DETAIL.fullmatch(inner) if state in _DETAILS else None
    return detailed is not None and detailed[1] == word
