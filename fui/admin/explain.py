"""The menu as it will be, in words: what there is to press, what runs, and who may.

Rules: plain text in columns, an object after the other, everything that decides about a press;
what somebody else wrote is shown so that it harms no terminal. Decides nothing.
"""

import shlex
from collections.abc import Iterator
from datetime import tzinfo

from fui.model.harmless import harmless
from fui.model.instant import span
from fui.model.menu import Access, Action, Folder, Menu, Subject
from fui.model.states import FlagState

_WIDTH = 12


def explain(menu: Menu) -> str:
    """Return the text."""
    return "\n".join(_lines(menu)) + "\n"


def _lines(menu: Menu) -> Iterator[str]:
    settings = menu.settings
    yield f"share {harmless(settings.share)}, times in {_zone(settings.zone)}"
    if menu.execute is not None:
        yield f"execute folder {_folder(menu.execute)}: a flag that is moved there is pressed"
    if settings.settle:
        yield (
            f"{settings.mass_limit} presses of the share by one user within {span(settings.settle)},"
            " or 2 of an object, are none"
        )
    shown: set[tuple[str, str]] = set()
    for action in menu.actions:
        if (action.id.object, action.folder.path) not in shown:
            shown.add((action.id.object, action.folder.path))
            yield f"\n{harmless(action.id.object)}: {_folder(action.folder)}"
        yield f"\n  {harmless(settings.naming.compose(action.id.action, FlagState.READY))}"
        for name, text in details(action, menu):
            yield f"    {name:{_WIDTH}}{harmless(text)}"


def details(action: Action, menu: Menu) -> Iterator[tuple[str, str]]:
    """Yield all that decides about a press of an action, as titles and texts."""
    command = action.command
    for line in action.description.splitlines():
        yield "is for", line
    yield "runs", shlex.join(command.argv)
    yield "as", f"{command.user}:{command.group}, at most {command.most}"
    yield "may press", _people(action.access.allow)
    if action.access.deny:
        yield "may not", _people(action.access.deny)
    if action.confirm is not None:
        yield "confirm", f"by the same user within {span(action.confirm)}"
    yield "may cancel", _cancel(action)
    if action.limit is not None:
        yield "limit", str(action.limit)
    if action.hours is not None:
        yield "only", f"{action.hours.text} ({_zone(action.hours.zone)})"
    yield "groups", ", ".join(action.groups)
    yield "when busy", _busy(action, menu)


def _folder(folder: Folder) -> str:
    spec = folder.spec
    owner = f"{spec.user or 'its maker'}:{spec.group or 'its parent'}"
    return harmless(f"{folder.path} ({owner} {spec.mode:04o})")


def _zone(zone: tzinfo) -> str:
    # A zone that was read from a file without a name has none.
    return harmless(str(zone)) if getattr(zone, "key", "") is not None else "the machine's zone"


def _people(subjects: tuple[Subject, ...]) -> str:
    return ", ".join(map(str, subjects))


def _cancel(action: Action) -> str:
    access: Access | None = action.cancel
    if access is None or not access.allow:
        return "nobody"
    return "who may press" if access == action.access else _people(access.allow)


def _busy(action: Action, menu: Menu) -> str:
    if action.queue is not None:
        return f"waits for its turn, {action.queue} presses at most"
    if action.hide_blocked:
        return "refused, and its flag is gone meanwhile"
    word = menu.settings.naming.marker(FlagState.BLOCKED)
    return f"refused, and its flag shows {word or 'no state'}"
