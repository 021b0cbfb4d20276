"""What a folder shows, held against what it should show.

Rules: what FUI made and does not expect is surplus; what it expects and does not find, or finds to
be somebody else's, is missing. A user's file is never named here, so nothing can happen to it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from fui.model.events import DirEntry


@dataclass(frozen=True, slots=True)
class Difference:
    """Names, each in the order of the listing or of what was expected."""

    missing: tuple[str, ...]
    surplus: tuple[str, ...]


def compare(entries: Collection[DirEntry], expected: Collection[str]) -> Difference:
    """Return what is missing from a folder, and what of FUI's own is too much in it."""
    ours = {entry.name for entry in entries if entry.ours}
    return Difference(
        missing=tuple(name for name in expected if name not in ours),
        surplus=tuple(entry.name for entry in entries if entry.ours and entry.name not in expected),
    )
