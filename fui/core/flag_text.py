r"""What stands inside a flag: plain text, UTF-8, for the user who opens it.

Rules: everything that a user or a command wrote is shown harmlessly (control characters as `\x1b`,
so no terminal escape survives); lines are short; the output is the tail only. Knows nothing of how
the text gets into the file.
"""

from datetime import datetime, tzinfo

from fui.model.harmless import harmless
from fui.model.job import Run
from fui.model.menu import Access, Action

TAIL_LIMIT = 64 * 1024
"""Characters of output that a flag shows at most."""

_INDENT = 16


def render(action: Action, state: str, note: str, last: Run | None, zone: tzinfo) -> str:
    """Return the content of a flag.

    Args:
        action: Whose flag.
        state: What the state means, in words.
        note: Why the last press started nothing, or nothing.
        last: The last run, also the one that is under way.
        zone: The zone in which times are shown.
    """
    command = action.command
    lines = [f"{action.id.object}: {action.id.action}", ""]
    lines += _field("What it does", action.description)
    lines += _field("Runs", f"{' '.join(command.argv)} (as {command.user}:{command.group})")
    lines += _field("Who may", _people(action.access))
    lines += _field("How", "delete this file; it comes back and shows its state")
    if action.confirm is not None:
        lines += _field("To confirm", f"delete it once more within {action.confirm:g} s")
    if action.cancel is not None:
        lines += _field("To cancel", f"delete it while it runs ({_people(action.cancel)})")
    lines += _field("State", state)
    lines += _field("Note", note)
    if last is not None:
        lines += ["", "Last run", *_last_run(last, zone)]
    return "\n".join(lines) + "\n"


def moment(wall: float, zone: tzinfo) -> str:
    """Return a time as people read it, with its zone."""
    return datetime.fromtimestamp(wall, zone).strftime("%Y-%m-%d %H:%M:%S %Z").rstrip()


def tail(output: str) -> str:
    """Return the end of an output as it may be shown, from the beginning of a line if there is one."""
    shown = harmless(output.replace("\r\n", "\n"), keep="\n\t")
    if len(shown) <= TAIL_LIMIT:
        return shown
    shown = shown[-TAIL_LIMIT:]
    return shown[shown.find("\n") + 1 :]


def _people(access: Access) -> str:
    allow = ", ".join(str(subject) for subject in access.allow)
    deny = ", ".join(str(subject) for subject in access.deny)
    return f"{allow}, but not {deny}" if deny else allow


def _field(title: str, text: str) -> list[str]:
    return [f"{title:<{_INDENT}}{harmless(text)}"] if text else []


def _last_run(run: Run, zone: tzinfo) -> list[str]:
    lines = _field("Who", f"{run.user} from {run.client}" if run.client else run.user)
    lines += _field("When", moment(run.started, zone))
    if run.result is None:
        return lines
    if run.ended is not None:
        lines += _field("How long", f"{max(run.ended - run.started, 0.0):.1f} s")
    lines += _field("Result", run.result.words)
    lines += _field("Exit status", "" if run.status is None else str(run.status))
    lines += _field("Reason", run.error)
    lines += _field("Job", run.job)
    if run.tail:
        lines += ["", "Output", "-" * 6, run.tail.rstrip("\n")]
    return lines
