"""`fui status`: show what runs, waits and is held up.

Exit status: 0 FUI runs, 1 it does not.

With --json it prints one object. running is true or false; if it is false, why says why. Else there is
fui (the version), pid, since, share, actions and folders (how many), faults (a list), missed (presses
that came to nothing, for FUI was not there), losses (numbers by kind, none where it is 0) and flags, what
is not simply ready: a list of objects with object, action, state, detail, user, job, since, until (or
null) and why. Times are seconds since the epoch.

Nothing runs by what is lost. These are its kinds, since the daemon began. record-without-event: Samba said
that a flag was deleted, and nothing was seen; event-without-record: a flag went, and Samba said nothing in
time; late-record: it said it later; contradiction: more than one record fits; suppressed: messages of
Samba that journald dropped; journal-gap: the journal could not be read; disbelieved: entries that claim to
be audit records; file-events: inotify lost some; share: it could not be read or written; ledger: entries
that journald did not take. Each one: journalctl -u fui FUI_LOSS=KIND.
"""

import argparse
from typing import TYPE_CHECKING

from fui.cli import arguments

if TYPE_CHECKING:
    from datetime import tzinfo

    from rich.console import RenderableType

    from fui.model.status import Published, Standing

_STYLES = {
    "running": "cyan",
    "queued": "cyan",
    "confirm": "yellow",
    "wait": "yellow",
    "closed": "yellow",
    "blocked": "yellow",
    "failed": "red",
    "denied": "red",
    "cancelled": "magenta",
    "done": "green",
}
"""What the states look like, in the order in which they are listed."""

_TITLES = ("ACTION", "STATE", "WHO", "SINCE", "UNTIL", "JOB", "WHY")


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    parser = arguments.add(
        commands, "status", "show what runs, waits and is held up", _status, __doc__
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _status(options: argparse.Namespace) -> int:
    from fui.admin.service import why_not_running
    from fui.edges import status

    published = status.read(arguments.DEFAULT_STATUS)
    why = "" if published else why_not_running()
    if options.json:
        import json

        print(json.dumps(status.plain(published) if published else {"running": False, "why": why}))
    elif published:
        _show(published)
    else:
        print(why)
    return 0 if published else 1


def _show(published: "Published") -> None:
    from fui.cli.table import console
    from fui.config.machine import Machine
    from fui.edges import clock

    out = console()
    for part in report(published, Machine().zone(), clock.now().wall):
        out.print(part)


def report(published: "Published", zone: "tzinfo", now: float) -> "list[RenderableType]":
    """Return what is printed, part after part."""
    from fui.cli.table import cell, clock, table

    status = published.status
    parts: list[RenderableType] = [
        cell(
            f"FUI {published.fui} runs since {clock(published.since, zone, now)}"
            f" (pid {published.pid}): {status.actions} actions in {status.folders} folders"
            f" of {status.share}"
        )
    ]
    if status.missed:
        missed = f"{status.missed} presses came to nothing, for FUI was not there; see: fui history"
        parts.append(cell(missed, "yellow"))
    if status.losses:
        lost = ", ".join(f"{loss.value} {number}" for loss, number in status.losses.items())
        parts.append(
            cell(f"lost since then: {lost}; see: journalctl -u fui FUI_LOSS=KIND", "yellow")
        )
    parts += [cell(f"fault: {fault}", "red") for fault in status.faults]
    if not status.standings:
        return [*parts, cell("everything is ready")]
    rows = table(_TITLES)
    for one in sorted(status.standings, key=_order):
        rows.add_row(
            cell(str(one.action)),
            cell(f"{one.state.value} {one.detail}".rstrip(), _STYLES.get(one.state.value, "")),
            cell(one.user),
            cell(clock(one.since, zone, now)),
            cell(clock(one.until, zone, now)),
            cell(one.job),
            cell(one.why),
        )
    return [*parts, cell(""), rows]


def _order(standing: "Standing") -> tuple[int, float]:
    state = standing.state.value
    return list(_STYLES).index(state) if state in _STYLES else len(_STYLES), standing.since
