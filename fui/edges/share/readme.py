"""The text of README.txt at the root of the share: the menu, explained to those who press.

It must not touch a file, nor know which objects there are.
"""

from fui.model.menu import Menu
from fui.model.states import FlagState

NAME = "README.txt"

_MEANINGS = {
    FlagState.READY: "delete the file, and the action runs",
    FlagState.RUNNING: "it is running now; please wait",
    FlagState.BLOCKED: "another action of its group is running; please wait",
    FlagState.DONE: "it went well; delete the file to run it again",
    FlagState.FAILED: "it did not go well, see inside; delete the file to run it again",
    FlagState.CONFIRM: "delete the file once more, and the action runs",
    FlagState.CANCELLED: "somebody ended it; delete the file to run it again",
    FlagState.DENIED: "you may not run it, or nobody knows who you are; see inside",
}


def text(menu: Menu) -> str:
    """Return the explanation, with the words that this share uses, of the states that can be."""
    cannot_be = {
        FlagState.CONFIRM: not any(action.confirm for action in menu.actions),
        FlagState.CANCELLED: not any(action.cancel for action in menu.actions),
    }
    meanings = [
        (f"[{menu.settings.words[state]}]", meaning)
        for state, meaning in _MEANINGS.items()
        if not cannot_be.get(state)
    ]
    width = max(len(word) for word, _ in meanings)
    states = "\n".join(f"  {word:{width}}  {meaning}" for word, meaning in meanings)
    return f"""\
This share is a menu. Each folder is something that can be acted on, each file in it an action.
To run an action, delete its file. It comes back at once, and its name says how things stand:
{states}
Read in the file what it does, who may run it and how the last run went. It comes back if moved, too.
Your own files are left alone, or kept as "... (kept 1)". Questions? Ask whoever runs this server.
"""
