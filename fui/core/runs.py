"""The runs of an action: what is kept of them, and what they count for its limit.

Rules: pure, a history never changes, a changed one is a new one. Limits are counted by the clock on
the wall, for they outlive a reboot; a run that seems to lie in the future, because the clock was
put back, counts as one of now. Times are seconds since the epoch.
"""

from dataclasses import replace

from fui.model.job import HISTORY, History, Run, Use
from fui.model.menu import Limit

USES = 10_000
"""How many uses of an action are kept at most."""


def begun(history: History, run: Run, limit: Limit | None) -> History:
    """Return the history with a run that begins; of the older ones the output is not kept."""
    older = tuple(replace(one, tail="") if one.tail else one for one in history.runs)
    uses = (*_counting(history, limit, run.started), Use(run.uid, run.started)) if limit else ()
    return History((*older, run)[-HISTORY:], uses[-USES:])


def ended(history: History, run: Run) -> History:
    """Return the history with the last run as it ended."""
    uses = history.uses
    if uses and uses[-1].ended is None:
        uses = (*uses[:-1], replace(uses[-1], ended=run.ended))
    return History((*history.runs[:-1], run), uses)


def wait_until(history: History, limit: Limit, uid: int | None, now: float) -> float | None:
    """Return when an action may run again; None if it may now.

    Args:
        history: What is kept of its runs.
        limit: Its limit.
        uid: Who wants to run it; counts only where each user is counted for himself.
        now: The time.
    """
    uses = [use for use in _counting(history, limit, now) if uid == use.uid or not limit.per_user]
    dues = [0.0]
    if limit.count is not None:
        starts = sorted(use.started for use in uses if use.started > now - limit.period)
        if len(starts) >= limit.count:
            dues.append(starts[-limit.count] + limit.period)
    if limit.cooldown and uses:
        dues.append(max(use.ended or now for use in uses) + limit.cooldown)
    until = max(dues)
    return until if until > now else None


def by_now(history: History, now: float) -> History:
    """Return the history with no use in the future; this has to be kept, for now moves on."""
    past = (
        Use(use.uid, min(use.started, now), None if use.ended is None else min(use.ended, now))
        for use in history.uses
    )
    return replace(history, uses=tuple(past))


def _counting(history: History, limit: Limit, now: float) -> tuple[Use, ...]:
    """Return the uses that still count, none of them in the future."""
    return tuple(
        use
        for use in by_now(history, now).uses
        if use.started > now - limit.period or use.ended is None or use.ended > now - limit.cooldown
    )
