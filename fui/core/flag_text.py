r"""What stands inside a flag: plain text, UTF-8, for the user who opens it.

Rules: everything that a user or a command wrote is shown harmlessly (control characters as `\x1b`,
so no terminal escape survives); lines are short; the output is the tail only. Knows nothing of how
the text gets into the file.
"""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache

from fui.model.events import JobSeen
from fui.model.harmless import harmless
from fui.model.instant import span
from fui.model.job import History, Run
from fui.model.menu import Access, Action

TAIL_LIMIT = 64 * 1024
"""Characters of output that a flag shows at most."""

_INDENT = 16


@dataclass(frozen=True, slots=True)
class Content:
    """What a flag tells beside its configuration.

    Attributes:
        state: What the state means, in words.
        note: Why the last press started nothing, or what it did instead.
        history: The runs; the last may be under way.
        seen: What the one under way has written until now; None if none is, or it was not looked at.
        now: The time, in seconds since the epoch.
        zone: The zone in which times are shown.
        execute: The name of the execute folder; empty if there is none.
    """

    state: str
    now: float
    zone: tzinfo
    note: str = ""
    history: History = field(default_factory=History)
    seen: JobSeen | None = None
    execute: str = ""


def render(action: Action, content: Content) -> str:
    """Return the content of an action's flag."""
    command = action.command
    lines = [f"{action.id.object}: {action.id.action}", ""]
    lines += _field("What it does", action.description)
    lines += _field("Runs", f"{' '.join(command.argv)} (as {command.user}:{command.group})")
    lines += _field("Who may", _people(action.access))
    into = f", or move it into {content.execute}" if content.execute else ""
    lines += _field("How", f"delete this file{into}; it comes back and shows its state")
    if action.confirm is not None:
        lines += _field("To confirm", f"delete it once more within {span(action.confirm)}")
    if action.cancel is not None:
        lines += _field("To cancel", f"delete it while it runs ({_people(action.cancel)})")
    lines += _field("Hours", action.hours.text if action.hours else "")
    lines += _field("Limit", str(action.limit) if action.limit else "")
    if action.queue is not None:
        lines += _field(
            "When busy", "a press waits its turn; delete it once more to leave the queue"
        )
    lines += _field("State", content.state)
    lines += _field("Note", content.note)
    last = content.history.last
    if last is not None:
        lines += ["", "Last run", *_last_run(last, content)]
    if len(content.history.runs) > 1:
        lines += ["", "History", *_history(content.history.runs, content.zone)]
    if last is not None:
        lines += _output(last, content.seen)
    return "\n".join(lines) + "\n"


def render_fault(object_name: str, problems: str) -> str:
    """Return what is said of a fault in the configuration of an object."""
    return (
        f"{harmless(object_name)}: the configuration has a fault. What was right before still holds.\n"
        f"Tell whoever runs this server:\n\n{harmless(problems, keep=chr(10))}\n"
    )


@lru_cache(maxsize=1024)
def moment(wall: float, zone: tzinfo) -> str:
    """Return a time as people read it, with its zone."""
    return datetime.fromtimestamp(wall, zone).strftime("%Y-%m-%d %H:%M:%S %Z").rstrip()


def tail(output: str) -> str:
    """Return the end of an output as it may be shown, from the beginning of a line if there is one."""
    end = output[-2 * TAIL_LIMIT - 1 :]  # more than can be shown, whatever is escaped in it
    shown = harmless(end.replace("\r\n", "\n"), keep="\n\t")
    if len(shown) <= TAIL_LIMIT:
        return shown
    shown = shown[-TAIL_LIMIT:]
    lines = shown[shown.find("\n") + 1 :]
    return lines if lines.strip() else shown


def _people(access: Access) -> str:
    allow = ", ".join(str(subject) for subject in access.allow)
    deny = ", ".join(str(subject) for subject in access.deny)
    return f"{allow}, but not {deny}" if deny else allow


def _field(title: str, text: str) -> list[str]:
    return [f"{title:<{_INDENT}}{harmless(text)}"] if text else []


def _last_run(run: Run, content: Content) -> list[str]:
    lines = _field("Who", f"{run.user} from {run.client}" if run.client else run.user)
    lines += _field("When", moment(run.started, content.zone))
    if run.result is None:
        elapsed = max(content.now - run.started, 0.0)
        lines += _field("Running for", f"{elapsed:.0f} s, at {moment(content.now, content.zone)}")
        progress = content.seen.progress if content.seen else None
        if progress is not None:
            lines += _field("Progress", f"{progress.percent} % {progress.text}".rstrip())
        return lines
    lines += _field("How long", _how_long(run))
    lines += _field("Result", run.result.words)
    lines += _field("Exit status", "" if run.status is None else str(run.status))
    lines += _field("Reason", run.error)
    lines += _field("Job", run.job)
    return lines


def _history(runs: tuple[Run, ...], zone: tzinfo) -> list[str]:
    """Return a line for each run, the newest first."""
    names = [harmless(run.user) for run in runs]
    width = max(map(len, names))
    return [
        f"{moment(run.started, zone)}  {name:<{width}}  {_outcome(run)}"
        for run, name in reversed(list(zip(runs, names, strict=True)))
    ]


def _outcome(run: Run) -> str:
    if run.result is None:
        return "running"
    status = f" ({run.status})" if run.status else ""
    return f"{run.result.words}{status}, {_how_long(run)}".removesuffix(", ")


def _how_long(run: Run) -> str:
    return "" if run.ended is None else f"{max(run.ended - run.started, 0.0):.1f} s"


def _output(run: Run, seen: JobSeen | None) -> list[str]:
    running = tail(seen.output) if seen else ""
    text = running if run.result is None else run.tail
    return ["", "Output", "-" * 6, text.rstrip("\n")] if text else []
