r"""How foreign text is shown: whatever a user or a command wrote, escaped as `\x1b` where need be.

Rules: what is not printable is escaped, line breaks and marks that turn the reading direction too,
so that nothing in a name can look like a line of its own, and no terminal obeys it.
"""

from functools import cache

_STRAY = range(0xDC80, 0xDD00)

STRAY_BYTES = frozenset(map(chr, _STRAY))
"""How Python decodes bytes that are not UTF-8 (PEP 383)."""


_REMEMBERED = 1024
"""Characters of which it is remembered how they are shown; a flood of output holds few."""


def harmless(text: str, keep: str | frozenset[str] = "") -> str:
    """Return a text in which every character that is not printable is escaped.

    Args:
        text: Anything, also with surrogate escapes.
        keep: Characters that may stay all the same.
    """
    return text if text.isprintable() else text.translate(_shown(keep))


class _Shown(dict[int, str]):
    """How characters are shown, by their codes."""

    def __init__(self, keep: str | frozenset[str]) -> None:
        super().__init__()
        self._keep = keep

    def __missing__(self, code: int) -> str:
        character = chr(code)
        fine = character.isprintable() or character in self._keep
        shown = character if fine else _escape(code)
        if len(self) < _REMEMBERED:
            self[code] = shown
        return shown


@cache
def _shown(keep: str | frozenset[str]) -> _Shown:
    return _Shown(keep)


def _escape(code: int) -> str:
    if code in _STRAY:
        code -= _STRAY.start - 0x80
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - one byte
