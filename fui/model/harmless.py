r"""How foreign text is shown: whatever a user or a command wrote, escaped as `\x1b` where need be.

Rules: what is not printable is escaped, line breaks and marks that turn the reading direction too,
so that nothing in a name can look like a line of its own, and no terminal obeys it.
"""

from collections.abc import Container

_STRAY = range(0xDC80, 0xDD00)

STRAY_BYTES = frozenset(map(chr, _STRAY))
"""How Python decodes bytes that are not UTF-8 (PEP 383)."""


def harmless(text: str, keep: Container[str] = "") -> str:
    """Return a text in which every character that is not printable is escaped.

    Args:
        text: Anything, also with surrogate escapes.
        keep: Characters that may stay all the same.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else _escape(c) for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    if code in _STRAY:
        code -= _STRAY.start - 0x80
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - one byte
