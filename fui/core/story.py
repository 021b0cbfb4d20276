"""What is told of a press and of a job: the facts of the ledger, filled in the same way each time.

Rules: a fact holds what is proven and nothing else; who is not known has no name. Knows nothing of
how a fact is written down.
"""

from fui.model.facts import Fact, FactKind
from fui.model.job import Run
from fui.model.menu import Action
from fui.model.press import Press
from fui.model.states import Refusal


def of_press(
    kind: FactKind, press: Press, user: str, reason: str = "", refusal: Refusal | None = None
) -> Fact:
    """Return a fact about a press, or about a flag that was moved."""
    record = press.record
    return Fact(
        kind,
        press.action.id,
        user=user,
        uid=record.uid if record else None,
        client=record.client if record else "",
        refusal=refusal,
        reason=reason,
        job=press.job,
    )


def of_job(kind: FactKind, action: Action, run: Run, reason: str = "", output: str = "") -> Fact:
    """Return a fact about a job."""
    command = action.command
    return Fact(
        kind,
        action.id,
        user=run.user,
        uid=run.uid,
        client=run.client,
        reason=reason,
        job=run.job,
        run_as=f"{command.user}:{command.group}",
        argv=command.argv,
        result=run.result,
        status=run.status,
        duration=None if run.ended is None else max(run.ended - run.started, 0.0),
        output=output,
    )
