"""The text of README.txt at the root of the share: the menu, explained to those who press.

It must not touch a file, nor know which objects there are.
"""

from fui.model.menu import Menu
from fui.model.states import FlagState

NAME = "README.txt"

_MEANINGS = {
    FlagState.READY: "delete the file, and the action runs",
    FlagState.CONFIRM: "delete the file once more, and the action runs",
    FlagState.RUNNING: "it is running now; please wait",
    FlagState.QUEUED: "it waits for its turn; delete the file to give that up",
    FlagState.BLOCKED: "another action of its group is running; please wait",
    FlagState.DONE: "it went well; delete the file to run it again",
    FlagState.FAILED: "it did not go well, see inside; delete the file to run it again",
    FlagState.CANCELLED: "somebody ended it; delete the file to run it again",
    FlagState.WAIT: "it has run often enough for now; see inside until when",
    FlagState.CLOSED: "it may not run at this time of day or week; see inside until when",
    FlagState.DENIED: "you may not run it, or nobody knows who you are; see inside",
    FlagState.ERROR: "what this folder offers is not configured well; see inside",
}
_NO_WORD = "no word"
_NO_FILE = "no file"


def text(menu: Menu) -> str:
    """Return the explanation, with the words that this share uses, of the states that can be."""
    meanings = [(_shown(menu, state), meaning) for state, meaning in _states(menu)]
    width = max(len(word) for word, _ in meanings)
    states = "\n".join(f"  {word:{width}}  {meaning}" for word, meaning in meanings)
    return f"""\
This share is a menu: each folder is something to act on, each file in it an action, explained inside.
To run an action, delete its file. It comes back at once, and its name says how things stand:
{states}
{_moves(menu)}
Your own files are left alone, or kept as "... (kept 1)". Questions? Ask whoever runs this server.
"""


def _states(menu: Menu) -> list[tuple[FlagState, str]]:
    can_be = {
        FlagState.CONFIRM: any(action.confirm for action in menu.actions),
        FlagState.CANCELLED: any(action.cancel for action in menu.actions),
        FlagState.QUEUED: any(action.queue for action in menu.actions),
        FlagState.WAIT: any(action.limit for action in menu.actions),
        FlagState.CLOSED: any(action.hours for action in menu.actions),
        FlagState.ERROR: bool(menu.faults),
    }
    return [(state, meaning) for state, meaning in _MEANINGS.items() if can_be.get(state, True)]


def _shown(menu: Menu, state: FlagState) -> str:
    if state is FlagState.BLOCKED and menu.actions and all(a.hide_blocked for a in menu.actions):
        return _NO_FILE
    return menu.settings.naming.marker(state) or _NO_WORD


def _moves(menu: Menu) -> str:
    """Say what else can be done with a file: where Samba refuses the rest, it is not undone."""
    refused = "What you may not run you cannot delete, and nothing else here can be changed."
    if menu.execute is None:
        undone = "A file that is moved or renamed comes back, and nothing runs."
        return refused if menu.settings.enforce_in_samba else undone
    folder = menu.execute.path.removeprefix(f"{menu.settings.share}/")
    runs = f'Moving a file into the folder "{folder}" runs it as well'
    if menu.settings.enforce_in_samba:
        return f"{runs}.\n{refused}"
    return f"{runs}; moved elsewhere, it comes back."
