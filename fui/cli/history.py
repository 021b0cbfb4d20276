"""`fui history`: show who did what, when, and how it ended.

Whoever may read the journal may use it: root, and the members of the group systemd-journal or adm.

With --json each press is one line with one object: time, user, uid, client, object, action, outcome,
refusal, reason, job, run_as, command (a list), status (its exit status) and seconds (how long it ran).
Times are seconds since the epoch; a number that does not apply is null, a text is empty. The outcome
is one of: done, failed, not-started, timed-out, interrupted, cancelled, running; denied, many-at-once,
unattributed, not-run, lost; to-confirm, queued, taken-back, leaves, cancels; pressed, where no more is
known. With --follow there is a line each time that more is known of a press, and the last one counts.
"""

import argparse
import os
import re
import sys
from typing import TYPE_CHECKING

from fui.cli import arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from fui.admin.history import Episode, Outcome, Wanted
    from fui.edges.ledger.reading import LedgerReader

_USER = "fui"
_LAST = 50
_TITLES = ("WHEN", "WHO", "FROM", "ACTION", "OUTCOME", "TOOK", "JOB", "WHY")
_STYLES = {
    "running": "cyan",
    "queued": "cyan",
    "done": "green",
    "failed": "red",
    "not-started": "red",
    "timed-out": "red",
    "interrupted": "red",
    "denied": "yellow",
    "many-at-once": "yellow",
    "unattributed": "yellow",
    "not-run": "yellow",
    "lost": "yellow",
    "cancelled": "magenta",
}
_WIDTHS = (19, 10, 12, 20, 14, 8, 12, 0)
"""Of the columns while following, when it is not known yet what will stand in them."""


def add(commands: arguments.Commands) -> None:
    """Add the command."""
    parser = arguments.add(
        commands, "history", "show who did what, when, and how it ended", _history, __doc__
    )
    # As in Python 3.14, so that -2h is no option.
    parser._negative_number_matcher = re.compile(r"-\.?\d")  # noqa: SLF001
    parser.add_argument("--user", default="", metavar="NAME", help="who pressed")
    parser.add_argument("--object", default="", metavar="NAME", help="the object")
    parser.add_argument("--action", default="", metavar="NAME", help="the action, or OBJECT/ACTION")
    parser.add_argument("--since", type=_since, metavar="WHEN", help=_when())
    parser.add_argument("--failed", action="store_true", help="what ran and did not end well")
    parser.add_argument("--denied", action="store_true", help="what did not run, and why")
    parser.add_argument("--follow", action="store_true", help="go on, and print what comes")
    parser.add_argument("--json", action="store_true", help="print a JSON object for each press")
    parser.add_argument(
        "-n",
        dest="number",
        type=_number,
        metavar="NUMBER",
        help=f"the last so many (default: {_LAST}; all, with --since)",
    )


def _when() -> str:
    return "what was pressed, or ended, since then: 2026-11-01, 12:30, yesterday, -2h, 2h ago"


def _since(text: str) -> float:
    from fui.admin.since import since
    from fui.config.machine import Machine
    from fui.edges import clock

    try:
        return since(text, clock.now().wall, Machine().zone())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= sys.maxsize:
        raise argparse.ArgumentTypeError(f"cannot print {text!r} presses; write 1 or more")
    return int(text)


def _history(options: argparse.Namespace) -> int:
    import pwd

    from fui.admin import history
    from fui.edges.ledger.reading import LedgerReader
    from fui.model.errors import EdgeError

    try:
        uid = pwd.getpwnam(_USER).pw_uid
    except KeyError:
        raise EdgeError(f"cannot tell what FUI wrote: there is no user {_USER}") from None
    reader = LedgerReader(uid, history.KINDS, options.user)
    try:
        _print(reader, options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:  # who read it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _wanted(options: argparse.Namespace) -> "Wanted":
    from fui.admin import history

    of, slash, action = options.action.rpartition("/")
    outcomes: frozenset[Outcome] = frozenset()
    if options.failed:
        outcomes |= history.FAILED
    if options.denied:
        outcomes |= history.DENIED
    return history.Wanted(options.user, of if slash else options.object, action, outcomes)


def _print(reader: "LedgerReader", options: argparse.Namespace) -> None:
    from fui.admin import history
    from fui.config.machine import Machine
    from fui.edges import clock

    wanted, show = _wanted(options), _shower(options, Machine().zone())
    if options.since is None:
        told, found = history.last(options.number or _LAST, reader.backwards(), wanted)
    else:
        told = list(reader.since(options.since))
        found = list(filter(wanted, history.together(told)))
        found = found[-options.number :] if options.number else found
    show(found)
    if not options.follow:
        return
    episodes = history.Episodes()
    for one in told:
        episodes.add(one)
    for come in reader.follow(told, lambda: clock.now().wall):
        if come is None:
            sys.stdout.flush()
        else:
            news = filter(wanted, episodes.add(come))
            show([each for each in news if each.outcome is not history.Outcome.PRESSED])


def _shower(options: argparse.Namespace, zone: "tzinfo") -> "Callable[[list[Episode]], None]":
    """Return how episodes are printed."""
    if options.json:
        return _show_json
    if not options.follow:
        return lambda episodes: _show_table(episodes, zone)
    print(_row(_TITLES))

    def show(episodes: "list[Episode]") -> None:
        for episode in episodes:
            print(_row(cells(episode, zone)))

    return show


def _show_json(episodes: "list[Episode]") -> None:
    import json

    for episode in episodes:
        print(json.dumps(plain(episode)))


def _show_table(episodes: "list[Episode]", zone: "tzinfo") -> None:
    from fui.cli.table import cell, console, table

    if not episodes:
        print("the journal has no press that was asked for")
        return
    rows = table(_TITLES)
    for episode in episodes:
        style = _STYLES.get(episode.outcome.value, "")
        rows.add_row(
            *(
                cell(text, style if title == "OUTCOME" else "")
                for title, text in zip(_TITLES, cells(episode, zone), strict=True)
            )
        )
    console().print(rows)


def _row(texts: "Sequence[str]") -> str:
    from fui.model.harmless import harmless

    padded = (f"{harmless(text):{width}}" for text, width in zip(texts, _WIDTHS, strict=True))
    return "  ".join(padded).rstrip()


def cells(episode: "Episode", zone: "tzinfo") -> tuple[str, ...]:
    """Return what stands in the row of an episode."""
    from datetime import datetime

    status = f" ({episode.status})" if episode.status else ""
    return (
        f"{datetime.fromtimestamp(episode.at, zone):%Y-%m-%d %H:%M:%S}",
        episode.user or ("" if episode.uid is None else f"uid {episode.uid}"),
        episode.client,
        str(episode.action or ""),
        f"{episode.outcome.value}{status}",
        "" if episode.duration is None else f"{episode.duration:.1f} s",
        episode.job,
        episode.reason,
    )


def plain(episode: "Episode") -> dict[str, object]:
    """Return an episode as JSON can hold it."""
    return {
        "time": episode.at,
        "user": episode.user,
        "uid": episode.uid,
        "client": episode.client,
        "object": episode.action.object if episode.action else "",
        "action": episode.action.action if episode.action else "",
        "outcome": episode.outcome.value,
        "refusal": episode.refusal.value if episode.refusal else "",
        "reason": episode.reason,
        "job": episode.job,
        "run_as": episode.run_as,
        "command": episode.argv,
        "status": episode.status,
        "seconds": episode.duration,
    }
