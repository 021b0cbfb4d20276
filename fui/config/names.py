"""Names: how they are compared, shown, and which of them a file of Samba's can have.

Rules: names keep their spelling and are compared without regard to case; a name that Windows
cannot show, or that would break the audit line (`|`) or a line of text (control characters), is
refused. A refusal is a ValueError whose text begins with "cannot". Knows nothing of YAML.
"""

import re
import unicodedata
from dataclasses import replace

from fui.model.naming import Naming

NAME_BYTES = 255
"""What a file system gives a name."""

FORBIDDEN = '/\\:*?"<>|'
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
_SHARE_NAME = 80
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}")


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


def share_name(name: str) -> str:
    """Return the name of a Samba share, as it can stand in the brackets of smb.conf(5)."""
    bad = next((each for each in name if each in "[]%+=;,"), None)
    if bad is not None:
        raise ValueError(f"cannot use {bad} in the name of a share, {shown(name)}; leave it out")
    if name.casefold() in {"global", "homes", "printers", "print$", "ipc$"}:
        raise ValueError(f"cannot call the share {shown(name)}; Samba means something else by it")
    if len(name) > _SHARE_NAME:
        raise ValueError(
            f"cannot call the share {shown(name)}; its name has {_SHARE_NAME} characters at most"
        )
    return file_name(name)


def group_name(name: str) -> str:
    """Return the name of an action group; a number stands for one without a name."""
    if name.isdecimal():
        raise ValueError(
            f"cannot call an action group {shown(name)}; groups without a name are counted, add a letter"
        )
    return file_name(name)


def state_word(word: str) -> str:
    """Return a word for a state, which stands in the brackets of a flag's name; it may be empty."""
    if not word:
        return word
    if word[-1].isdigit() or word[-1] == "%":
        raise ValueError(
            f"cannot end the word {shown(word)} with a number; FUI puts numbers behind it, as in 40 %"
        )
    return file_name(word)


def brackets(pair: str) -> str:
    """Return the two characters between which the word for a state stands."""
    fine = (
        len(pair) == len(set(pair)) == 2  # noqa: PLR2004 - one on each side
        and fold(pair) == pair
        and all(unicodedata.category(each)[0] in "PS" for each in pair)
        and not set(pair) & set(f"{FORBIDDEN}.%")
    )
    if not fine:
        raise ValueError(
            f"cannot use {shown(pair)} as brackets; write two different ones, as [] () {{}} or «»"
        )
    return pair


def extension(text: str) -> str:
    """Return what the name of each flag ends in."""
    if not _EXTENSION.fullmatch(text):
        raise ValueError(
            f"cannot use the extension {shown(text)}; write a dot and 1 to 10 letters or digits, as .txt"
        )
    return text


def fits(action: str, naming: Naming) -> None:
    """Refuse an action if the name of its flag is too long in the state that takes most room."""
    name = naming.longest(action)
    stem = name.removesuffix(naming.extension)
    word = stem[: -len(action)] if naming.before else stem[len(action) :]
    _measure(name, f"cannot make a flag for {shown(action)} with {shown(word.strip())}")


def reads_back(action: str, naming: Naming) -> None:
    """Refuse an action whose flag, where it has no word, reads as that of another one in a state.

    File names on Windows have no case, so this has none either.
    """
    words = {state: fold(word) for state, word in naming.words.items()}
    folded = replace(naming, words=words, extension=fold(naming.extension))
    for state in (state for state, word in words.items() if not word):
        read = folded.parse(fold(naming.compose(action, state)))
        if read != (fold(action), state):
            raise ValueError(
                f'cannot tell the flag {shown(action)} from one in a state, as "{state.value}" has no '
                "word; take the brackets out of its name, or give the state a word"
            )


def _measure(name: str, complaint: str) -> None:
    size = len(name.encode())
    if size > NAME_BYTES:
        raise ValueError(
            f"{complaint}: {size} bytes, and a file name has at most {NAME_BYTES}; shorten it"
        )
