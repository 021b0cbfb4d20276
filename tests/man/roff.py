"""A man page in the words of man(7), the macros that both groff and mandoc know.

Rules: knows roff and nothing of FUI. In prose `so` is literal and shown bold, and *so* is a
placeholder and shown in italics. Lines are at most 79 characters long, for mandoc complains of more.
"""

import re
import textwrap
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from pathlib import Path

import fui

CHANGELOG = Path(__file__).parents[2] / "debian/changelog"
WIDTH = 79
_SPECIAL = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
_SPAN = re.compile(r"`(?P<literal>[^`]+)`|\*(?P<placeholder>[^*\s]+)\*")


class Page:
    """A page that grows from its name to its last line."""

    def __init__(self, name: str, section: int, what: str) -> None:
        """Begin a page.

        Args:
            name: What it is about, as one asks man for it.
            section: Of the manual.
            what: It in one line, beginning small.
        """
        date = parsedate_to_datetime(CHANGELOG.read_text("utf-8").split("  ")[-1].strip())
        title = f'.TH {name.upper()} {section} {date:%Y-%m-%d} "FUI {fui.__version__}" FUI'
        self._lines = [r".\" Made by `python -m tests.man`; change it there.", title]
        self.section("Name")
        self._lines.append(rf"{_verbatim(name)} \- {_verbatim(what)}")

    def section(self, title: str) -> None:
        """Begin a section."""
        self._lines.append(f".SH {title.upper()}")

    def part(self, title: str) -> None:
        """Begin a part of a section."""
        self._lines.append(f'.SS "{title}"')

    def text(self, *paragraphs: str) -> None:
        """Write prose."""
        for number, paragraph in enumerate(paragraphs):
            if number or not self._lines[-1].startswith(".S"):
                self._lines.append(".PP")
            self._lines += _prose(paragraph)

    def item(self, tag: str, text: str) -> None:
        """Write what a tag means; the tag is prose too."""
        self._lines += [".TP", *_prose(tag), *_prose(text)]

    def example(self, lines: Iterable[str]) -> None:
        """Write lines as they are."""
        shown = (_guarded(_verbatim(line)) for line in lines)
        self._lines += [".PP", ".RS 4", ".EX", *shown, ".EE", ".RE"]

    def __str__(self) -> str:
        """Give the page as man reads it."""
        return "\n".join([*self._lines, ""])


def _verbatim(text: str) -> str:
    return "".join(_SPECIAL.get(each, each) for each in text)


def _prose(text: str) -> list[str]:
    """Mark, wrap and guard a paragraph."""
    text = re.sub(r"\s+", " ", text.strip())
    marked, end = [], 0
    for span in _SPAN.finditer(text):
        marked.append(_plain(text[end : span.start()]))
        font, kind = ("B", "literal") if span["literal"] else ("I", "placeholder")
        # A blank that must not be broken is one word to textwrap.
        marked.append(rf"\f{font}{_verbatim(span[kind])}\fP".replace(" ", "\0"))
        end = span.end()
    marked.append(_plain(text[end:]))
    lines = textwrap.wrap("".join(marked), WIDTH, break_long_words=False, break_on_hyphens=False)
    return [_guarded(line.replace("\0", " ")) for line in lines]


def _plain(text: str) -> str:
    """Escape prose, in which a hyphen is one."""
    return text.replace("\\", r"\e").replace("'", r"\(aq")


def _guarded(line: str) -> str:
    """Keep a line of text from being taken for a request."""
    return rf"\&{line}" if line.startswith((".", "'")) else line
