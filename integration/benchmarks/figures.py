"""What was measured, how it is shown, and what was to be reached.

Rules: knows neither machines nor FUI. A part of the benchmark gives a Part; what is compared was
measured in the same run. Times are kept in seconds and shown in the unit of their table.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

QUANTILES = ("median", "p95", "p99")


@dataclass(frozen=True)
class Quantiles:
    """A distribution, by three of its figures.

    Attributes:
        median: Half of all are below.
        p95: 95 of 100 are below.
        p99: 99 of 100 are below.
        number: How many there were.
    """

    median: float
    p95: float
    p99: float
    number: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Quantiles":
        """Sum values up; there must be two at least."""
        known = sorted(values)
        cuts = statistics.quantiles(known, n=100, method="inclusive")
        return cls(statistics.median(known), cuts[94], cuts[98], len(known))

    def shown(self, scale: float = 1000.0, digits: int = 2) -> tuple[str, str, str]:
        """Give the cells of a table; milliseconds by default."""
        median, p95, p99 = (
            f"{each * scale:.{digits}f}" for each in (self.median, self.p95, self.p99)
        )
        return median, p95, p99


@dataclass(frozen=True)
class Reach:
    """One thing that was to be reached, and what was measured.

    Attributes:
        what: What it is, with its unit.
        figure: What was measured.
        limit: What it had to be.
        at_least: Whether the figure had to be at least the limit; at most otherwise.
    """

    what: str
    figure: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


@dataclass(frozen=True)
class Part:
    """One part of the benchmark.

    Attributes:
        title: What was measured, with the unit of its cells.
        columns: What the cells of a row are.
        rows: What each row is of, and its cells.
        reaches: What was to be reached.
        notes: Sentences that belong below the table.
        raw: Figures by name, for who draws or compares.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    reaches: Sequence[Reach] = ()
    notes: Sequence[str] = ()
    raw: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        """Show it as a table."""
        first = max(len(self.title), *(len(what) for what, _ in self.rows))
        cells = [self.columns, *(row for _, row in self.rows)]
        widths = [max(len(row[at]) for row in cells) for at in range(len(self.columns))]
        lines = [
            " ".join(
                [what.ljust(first), *(cell.rjust(w) for cell, w in zip(row, widths, strict=True))]
            )
            for what, row in [(self.title, self.columns), *self.rows]
        ]
        return "\n".join([*lines, *self.notes])


def reached(parts: Iterable[Part]) -> str:
    """Show what was to be reached, and whether it was."""
    rows = []
    for reach in (reach for part in parts for reach in part.reaches):
        wanted = f"{'at least' if reach.at_least else 'at most'} {reach.limit:g}"
        rows.append(
            (reach.what, (f"{reach.figure:.3g}", wanted, "met" if reach.met else "NOT MET"))
        )
    return str(Part("to be reached", ("measured", "wanted", ""), rows)) if rows else ""


def exponent(costs: Mapping[int, float]) -> float:
    """Give the exponent of the power law that fits best what each size costs: 1 is linear.

    Best is the least square of what is missed, both axes logarithmic. There must be two sizes at
    least, and no cost may be zero.
    """
    sizes, logarithms = map(math.log, costs), map(math.log, costs.values())
    return statistics.linear_regression(list(sizes), list(logarithms)).slope
