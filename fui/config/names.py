"""Names: how they are compared, shown, and which of them a file of Samba's can have.

Rules: names keep their spelling and are compared without regard to case; a name that Windows
cannot show, or that would break the audit line (`|`) or a line of text (control characters), is
refused. A refusal is a ValueError whose text begins with "cannot". Knows nothing of YAML.
"""

import unicodedata

NAME_BYTES = 255
"""What a file system gives a name."""

FORBIDDEN = '/\\:*?"<>|'
TEXT_FILE = ".txt"
README = "README.txt"

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
# Controls, halves of surrogate pairs, and characters that end a line of text.
_BROKEN = frozenset(["Cc", "Cs", "Zl", "Zp"])
# They let a name read otherwise than it is written (U+202E and its kin).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SHOWN = 200


def fold(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def printable(text: str) -> str:
    """Return a text in which what is no visible character is written as its number."""
    return "".join(
        each
        if each.isprintable() and each not in _TURNING
        else each.encode("unicode_escape").decode()
        for each in text
    )


def shown(text: str) -> str:
    """Quote a text of whatever kind so that it harms no terminal and fills no screen."""
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f'"{printable(cut)}"'


def broken(text: str) -> bool:
    """Whether a text holds characters that are no part of any line of text."""
    return any(unicodedata.category(each) in _BROKEN for each in text)


def file_name(name: str) -> str:
    """Return a name in the one form in which it is used, or refuse it."""
    name = unicodedata.normalize("NFC", name)
    if not name:
        raise ValueError("cannot use an empty name; give it at least one character")
    if broken(name) or not _TURNING.isdisjoint(name):
        raise ValueError(f"cannot use the name {shown(name)}; take out the control characters")
    bad = next((each for each in name if each in FORBIDDEN), None)
    if bad is not None:
        raise ValueError(
            f"cannot use {bad} in the name {shown(name)}; file names on Windows hold none of {FORBIDDEN}"
        )
    if name[0] == "." or name[0].isspace():
        raise ValueError(f"cannot begin the name {shown(name)} with a dot or a blank; leave it out")
    if name[-1] == "." or name[-1].isspace():
        raise ValueError(f"cannot end the name {shown(name)} with a dot or a blank; leave it out")
    if name.partition(".")[0].rstrip().casefold() in _DEVICES:
        raise ValueError(
            f"cannot use the name {shown(name)}; Windows keeps it for a device, choose another one"
        )
    _measure(name, f"cannot use the name {shown(name)}")
    return name


def object_name(name: str) -> str:
    """Return the name of an object, which is a folder beside FUI's own files."""
    if fold(name) == fold(README):
        raise ValueError(f"cannot call an object {shown(name)}; FUI puts its own {README} there")
    return file_name(name)


def group_name(name: str) -> str:
    """Return the name of an action group; a number stands for one without a name."""
    if name.isdecimal():
        raise ValueError(
            f"cannot call an action group {shown(name)}; groups without a name are counted, add a letter"
        )
    return file_name(name)


def state_word(word: str) -> str:
    """Return a word that can stand in the brackets of a flag's name."""
    if "[" in word or "]" in word:
        raise ValueError(f"cannot use brackets in the word {shown(word)}; FUI puts it between some")
    return file_name(word)


def fits(action: str, longest: str) -> None:
    """Refuse an action whose flag would have too long a name with the longest word for a state."""
    _measure(
        f"{action} [{longest}]{TEXT_FILE}",
        f"cannot make a flag for {shown(action)} with the word {shown(longest)}",
    )


def _measure(name: str, complaint: str) -> None:
    size = len(name.encode())
    if size > NAME_BYTES:
        raise ValueError(
            f"{complaint}: {size} bytes, and a file name has at most {NAME_BYTES}; shorten it"
        )
