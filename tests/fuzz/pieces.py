"""An input that stands for several things, taken apart."""

SEPARATOR = b"\x1e"
"""ASCII has it for this, and nothing that is read here gives it a meaning."""


def pieces(data: bytes, most: int) -> list[bytes]:
    """Return the parts of an input, `most` at most: the last has all that is left."""
    return data.split(SEPARATOR, most - 1)


def number(piece: bytes) -> int:
    """Return a number of any bytes: the one that they spell, or else of what they consist."""
    if piece.isdigit() and len(piece) <= 20:
        return int(piece)
    return int.from_bytes(piece[:8], "little")


def named(data: bytes) -> dict[str, bytes | list[bytes]]:
    """Return parts like NAME=VALUE by their names; where one is there several times, all its values."""
    found: dict[str, list[bytes]] = {}
    for piece in data.split(SEPARATOR):
        name, _, value = piece.partition(b"=")
        found.setdefault(name.decode("ascii", "replace"), []).append(value)
    return {name: each[0] if len(each) == 1 else each for name, each in found.items()}
