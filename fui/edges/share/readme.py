"""The text of README.txt at the root of the share: the menu, explained to those who press.

It must not touch a file, nor know which objects there are.
"""

from fui.model.menu import Settings
from fui.model.states import FlagState

NAME = "README.txt"

_MEANINGS = {
    FlagState.READY: "delete the file, and the action runs",
    FlagState.RUNNING: "it is running now; please wait",
    FlagState.BLOCKED: "another action of its group is running; please wait",
    FlagState.DONE: "it went well; delete the file to run it again",
    FlagState.FAILED: "it did not go well, see inside; delete the file to run it again",
    FlagState.DENIED: "you may not run it, or nobody knows who you are; see inside",
}


def text(settings: Settings) -> str:
    """Return the explanation, with the words that this share uses."""
    width = max(len(word) for word in settings.words.values()) + 2
    states = "\n".join(
        f"  {'[' + settings.words[state] + ']':{width}}  {meaning}"
        for state, meaning in _MEANINGS.items()
    )
    return f"""\
This share is a menu. Each folder is something that can be acted on, each file in it an action.
To run an action, delete its file. It comes back at once, and its name says how things stand:
{states}
Read in the file what it does, who may run it and how the last run went. It comes back if moved, too.
Your own files are left alone, or kept as "... (kept 1)". Questions? Ask whoever runs this server.
"""
