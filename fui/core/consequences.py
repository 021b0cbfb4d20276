"""What follows from a press that somebody made: a start, a place in the queue, or a refusal.

Rules: what comes of it is decided by `gate`; here it is done and told, and the flag shown again.
Every press that gets here is told once for what was decided. Nobody is asked anything any more.
Knows nothing of how the press was proven.
"""

from dataclasses import replace
from typing import assert_never

from fui.core import flag_text, gate, lifecycle, story
from fui.core.authorize import Granted, authorize
from fui.core.flag import Flag
from fui.core.lifecycle import Trigger
from fui.core.view import View
from fui.core.work import Work
from fui.model.effects import Effect, Tell
from fui.model.facts import FactKind
from fui.model.instant import Instant
from fui.model.menu import Action, Settings, Subject
from fui.model.press import Gesture, Press
from fui.model.states import NOBODY_PROVEN, Refusal


class Consequences:
    """Each method returns what is to be done, in this order."""

    def __init__(self, view: View, work: Work, settings: Settings) -> None:
        self._view = view
        self._work = work
        self.settings = settings
        self.stopping = False
        """Whether nothing is started any more."""

    def current(self, press: Press) -> Action | None:
        """Return the action of a press as it is by now; None if it cannot be run any more."""
        flag = self._view.get(press.action.id)
        gone = flag is None or (flag.removed and not press.job)
        return None if gone or flag is None else flag.action

    def decide(
        self, press: Press, user: str, within: frozenset[Subject], now: Instant, *, turn: bool
    ) -> list[Effect]:
        """Do what comes of a proven press.

        Args:
            press: What was done, with its record.
            user: The user's name by NSS.
            within: Those subjects of the rules that the user is or is a member of.
            now: The time.
            turn: Whether the press has waited in the queue and its turn has come.
        """
        begun = [] if turn else [Tell(story.of_press(FactKind.PRESSED, press, user))]
        return [*begun, *self._decide(press, user, within, now, turn=turn)]

    def _decide(  # noqa: PLR0911 - one for each outcome
        self, press: Press, user: str, within: frozenset[Subject], now: Instant, *, turn: bool
    ) -> list[Effect]:
        assert press.record is not None  # noqa: S101 - only a proven press is decided on
        uid = press.record.uid
        action = self.current(press)
        if action is None:
            why = "it was taken out of the configuration"
            return self.refuse(press, user, Refusal.REMOVED, why, now)
        if self.stopping:
            return self.refuse(press, user, Refusal.STOPPING, "FUI is being stopped", now)
        flag = self._view[action.id]
        press = replace(press, action=action)
        moment = self._work.moment(flag, uid, now, turn=turn)
        outcome = gate.decide(press, user, within, moment)
        match outcome:
            case gate.Refuse(refusal, why):
                return self.refuse(press, user, refusal, why, now)
            case gate.AskAgain():
                self._view.change(flag, Trigger.ASK, now.mono)
                self._put_back(flag, f"{user} pressed it, and has to press it once more to run it")
                flag.asked = uid
                return [Tell(story.of_press(FactKind.ASKED, press, user))]
            case gate.Enqueue():
                place = self._work.enqueue(flag, press, user, now)
                return [Tell(story.of_press(FactKind.QUEUED, press, user, place))]
            case gate.Leave():
                left = self._work.leave(flag, now)
                self._put_back(flag, f"{user} took it out of the queue")
                return [Tell(story.of_leaving(press, user, left))]
            case gate.Cancel(grant, job):
                grant.spend()
                return self._cancel(press, user, job, now)
            case gate.Start(grant):
                grant.spend()
                return self._work.start(flag, press, user, now)
            case _:  # pragma: no cover
                assert_never(outcome)

    def _cancel(self, press: Press, user: str, job: str, now: Instant) -> list[Effect]:
        effects = self._work.cancel(job, user, now)
        if not effects:
            return self.refuse(press, user, Refusal.BUSY, "it was ending already", now)
        self._put_back(self._view[press.action.id], f"{user} cancels it")
        return [*effects, Tell(story.of_press(FactKind.CANCELLED, press, user))]

    def refuse(
        self, press: Press, user: str, refusal: Refusal, reason: str, now: Instant
    ) -> list[Effect]:
        """Say why nothing runs; of a flag that was only moved, that it was put back."""
        if press.gesture is Gesture.MOVE:
            return [Tell(story.of_press(FactKind.RESTORED, press, user, press.gesture.value))]
        kind = FactKind.UNATTRIBUTED if refusal in NOBODY_PROVEN else FactKind.DENIED
        self._show_refused(press, user, refusal, reason, now)
        return [Tell(story.of_press(kind, press, user, reason, refusal))]

    def refuse_many(self, presses: tuple[Press, ...], user: str, now: Instant) -> list[Effect]:
        """Say once that one user's presses are none, because there are many of them."""
        fact = story.of_many(presses, user)
        for press in presses:
            self._show_refused(press, user, Refusal.MANY, fact.reason, now)
        return [Tell(fact)]

    def refused_by_samba(self, press: Press, user: str, within: frozenset[Subject]) -> list[Effect]:
        """Say that Samba did not let somebody delete a flag, and by which rule of the menu.

        Args:
            press: What was tried.
            user: The user's name by NSS; empty if it is not known.
            within: As for `decide`.
        """
        assert press.record is not None  # noqa: S101 - it is what told
        why = "Samba did not let it be deleted"
        if user:
            decision = authorize(gate.wanted(press), user, within, press.record.text_user)
            why += f": {decision.rule}"
            if isinstance(decision, Granted):
                why += "; somebody else held it open, or the session is older than the right"
        return [Tell(story.of_press(FactKind.DENIED, press, user, why, Refusal.SAMBA))]

    def _show_refused(
        self, press: Press, user: str, refusal: Refusal, reason: str, now: Instant
    ) -> None:
        flag = self._view.get(press.action.id)
        if flag is None:
            return
        if trigger := lifecycle.of_refusal(flag.state, refusal):
            # While the missing record may still come, the flag has another name than it had then.
            at_least = self.settings.late_record_window if refusal in NOBODY_PROVEN else 0.0
            if not (trigger in lifecycle.RESTS and self._work.rests.show(flag, now)):
                self._view.change(flag, trigger, now.mono, at_least=at_least)
        when = flag_text.moment(now.wall, self.settings.zone)
        self._put_back(flag, f"{when}: a press by {user or 'nobody known'} ran nothing: {reason}")

    def _put_back(self, flag: Flag, note: str) -> None:
        flag.pressed = False
        flag.note = note
        self._view.touch(flag)
