"""Exceptions are for operator faults and edge faults; denials and malformed input are values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in the configuration, where it stands, and what to do about it."""

    file: str
    line: int
    column: int
    text: str
    """Begins with "cannot"; a hint, where there is one, follows after a semicolon."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class ConfigError(Exception):
    """The configuration cannot be used; carries every problem that was found, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class EdgeError(Exception):
    """The world refused: what cannot be done, and what the administrator can do about it."""
