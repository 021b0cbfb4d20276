"""A flag: what is known of it, whether it stands in its folder or not.

Rules: plain values; what becomes of them `view` decides.
"""

from dataclasses import dataclass, field

from fui.model.events import JobSeen
from fui.model.job import History
from fui.model.menu import Access, Action
from fui.model.states import FlagState


@dataclass(slots=True)
class Flag:
    """The flag of an action, whether it stands in its folder or not.

    Attributes:
        action: What it stands for.
        state: What its name says when it is shown next.
        detail: What the name says beside the state: how far the job is, the place in the queue.
        name: The name under which it stands; None while it is gone.
        pressed: Deleted, and the press not yet decided: it is not shown until then.
        note: Why the last press started nothing.
        asked: The uid that has to confirm; None when nobody was asked.
        history: The runs of the action, the last may be under way.
        seen: What the run that is under way has written until now.
        removed: The action is not in the menu any more; the flag goes when its job has ended.
        drawing: It is being shown or hidden, and waits for the share's answer.
        stale: The share refused to show it, so it does not say what is so.
    """

    action: Action
    state: FlagState = FlagState.READY
    detail: str = ""
    name: str | None = None
    pressed: bool = False
    note: str = ""
    asked: int | None = None
    history: History = field(default_factory=History)
    seen: JobSeen | None = None
    removed: bool = False
    drawing: bool = False
    stale: bool = False

    @property
    def may_press(self) -> Access:
        """Who can do what a press of it asks for: to run the action, or to cancel the job."""
        runs = self.state is FlagState.RUNNING
        return (self.action.cancel if runs else None) or self.action.access

    @property
    def hidden(self) -> bool:
        """Whether it is not to stand in its folder."""
        if self.removed:
            return self.state is not FlagState.RUNNING
        return self.state is FlagState.BLOCKED and self.action.hide_blocked
