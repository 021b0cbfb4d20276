"""One row of the doctor's table: what was looked at, how it is, what was found, what to do.

Rules: a check answers with a Finding and never prints; a question that could not be asked is
`Unanswered`, which is a finding too. A remedy that is a command stands behind `run: `, to the end
of the remedy, as a shell takes it; a line of smb.conf stands in backquotes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Self

from fui.model.harmless import harmless


class Verdict(Enum):
    """How something is."""

    OK = "ok"
    WARNING = "warning"
    """It works; something is weaker than it could be, or could not be asked."""
    WRONG = "wrong"
    """Presses are lost, refused or not provable until it is put right."""

    @property
    def weight(self) -> int:
        """How bad it is: 0 is well."""
        return list(Verdict).index(self)


class Finding(NamedTuple):
    """What a check found."""

    verdict: Verdict
    found: str
    remedy: str = ""


def ok(found: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(Verdict.OK, found)


def warning(found: str, remedy: str) -> Finding:
    """Say that something could be better."""
    return Finding(Verdict.WARNING, found, remedy)


def wrong(found: str, remedy: str) -> Finding:
    """Say that something has to be put right."""
    return Finding(Verdict.WRONG, found, remedy)


def worst(findings: Iterable[Finding], well: Finding) -> Finding:
    """Return one finding for several: the worst verdict, with all that was found in it.

    Args:
        findings: Those that are not ok say what is the matter.
        well: What to say if there are none of those.
    """
    bad = [each for each in findings if each.verdict is not Verdict.OK]
    if not bad:
        return well
    verdict = max((each.verdict for each in bad), key=lambda each: each.weight)
    chosen = [each for each in bad if each.verdict is verdict]
    remedies = dict.fromkeys(each.remedy for each in chosen)
    # A command has to stand last, and several are one line for a shell.
    texts = [remedy.partition("run: ") for remedy in remedies]
    words = [text.removesuffix("; ").removesuffix(" and ") for text, _, _ in texts if text]
    commands = dict.fromkeys(command for _, _, command in texts if command)
    parts = [*words, *([f"run: {' && '.join(commands)}"] if commands else [])]
    return Finding(verdict, "; ".join(each.found for each in chosen), "; ".join(parts))


class Unanswered(Exception):  # noqa: N818 - it is a finding, not a fault of the doctor
    """A question could not be asked, or was not answered."""

    def __init__(self, found: str, remedy: str = "", verdict: Verdict = Verdict.WARNING) -> None:
        super().__init__(found)
        self.finding = Finding(verdict, found, remedy)

    @classmethod
    def silent(cls, what: str, seconds: float) -> Self:
        """Say that something does not answer."""
        found = f"no answer from {what} within {seconds:g} s"
        return cls(found, "see why it hangs", Verdict.WRONG)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; what others wrote is escaped in it already."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""

    @classmethod
    def of(cls, name: str, finding: Finding) -> Self:
        """Make a row of a finding."""
        return cls(name, finding.verdict, harmless(finding.found), harmless(finding.remedy))
