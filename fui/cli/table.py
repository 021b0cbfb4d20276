"""Tables for people, by rich: in colour on a terminal only, and nowhere cut off.

Rules: what somebody else wrote is shown harmlessly, and never taken for rich's own marks, such as
`[Ready]`. Without a terminal a table is as wide as what is in it. Times are in the zone that is given.
Knows nothing of what a table is about.
"""

import sys
from collections.abc import Sequence
from datetime import datetime, tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fui.model.harmless import harmless

_ANY_WIDTH = 10_000


def console() -> Console:
    """Return where tables are printed: standard output."""
    width = None if sys.stdout.isatty() else _ANY_WIDTH
    return Console(width=width, highlight=False, markup=False, emoji=False)


def table(titles: Sequence[str]) -> Table:
    """Return an empty table."""
    made = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        made.add_column(Text(title), overflow="fold")
    return made


def cell(text: str, style: str = "") -> Text:
    """Return what stands in a cell."""
    return Text(harmless(text), style=style)


def clock(wall: float | None, zone: tzinfo, now: float) -> str:
    """Return a time as short as it is clear: without the date if it is of today; nothing for None."""
    if wall is None:
        return ""
    then, today = (datetime.fromtimestamp(one, zone) for one in (wall, now))
    return then.strftime("%H:%M:%S" if then.date() == today.date() else "%Y-%m-%d %H:%M:%S")
