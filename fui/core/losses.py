"""What was lost since the start, counted; and whether journald's word for it is to be believed.

Rules: everything that was lost is counted, also what is told once and then not for a while. Counting
decides nothing. Knows nothing of how it is told.
"""

from collections.abc import Mapping

from fui.model.menu import Settings
from fui.model.record import Notice
from fui.model.states import Loss


class Losses:
    """How much of each kind."""

    def __init__(self) -> None:
        self.counts: Mapping[Loss, int] = {}
        """What was lost so far; another one with each loss, so it can be kept and compared."""

    def add(self, loss: Loss, number: int = 1) -> None:
        """So many were lost."""
        self.counts = {**self.counts, loss: self.counts.get(loss, 0) + number}


def suppressed(notice: Notice, settings: Settings) -> int:
    """Return how many of Samba's messages journald says it has dropped; 0 if it does not say so.

    `driver` is the transport of what journald itself writes (systemd.journal-fields(7)); who sends it
    an entry by any way, root too, gets another one.
    """
    own = notice.transport == "driver" and notice.uid == 0
    return max(notice.number, 0) if own and notice.unit in settings.samba_units else 0
