"""What is told of a press and of a job: the facts of the ledger, filled in the same way each time.

Rules: a fact holds what is proven and nothing else; who is not known has no name. Knows nothing of
how a fact is written down.
"""

from dataclasses import replace

from fui.model.facts import Fact, FactKind
from fui.model.job import Queued, Run
from fui.model.menu import Action, Menu
from fui.model.press import Press
from fui.model.states import NOBODY_PROVEN, Loss, Refusal

_NAMED = 20
"""How many of many presses are named."""


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
        records=(record.cursor,) if record else (),
        loss=NOBODY_PROVEN.get(refusal) if refusal else None,
        latency=press.latency if kind is FactKind.PRESSED else None,
    )


def of_leaving(press: Press, user: str, queued: Queued) -> Fact:
    """Return the fact about a press that took another one out of its queue: the end of both."""
    fact = of_press(FactKind.LEFT, press, user)
    return replace(fact, records=(*fact.records, queued.cursor))


def of_stray(press: Press, *, late: bool) -> Fact:
    """Return the fact about a record for which nothing was seen, or which came too late for it."""
    loss = Loss.LATE if late else Loss.STRAY
    reason = (
        "an audit record came when the press was given up already; nothing ran"
        if late
        else "an audit record came for which nothing was seen to go; nothing ran"
    )
    return replace(of_press(FactKind.LOST, press, "", reason), loss=loss)


def of_suppressed(unit: str, number: int) -> Fact:
    """Return the fact about messages of Samba that journald has dropped."""
    reason = (
        f"journald has dropped {number} messages of {unit}, and so audit records, it may be; raise its"
        " rate limit: fui doctor says how"
    )
    return Fact(FactKind.LOST, reason=reason, loss=Loss.SUPPRESSED, number=number)


def of_many(presses: tuple[Press, ...], user: str) -> Fact:
    """Return the fact about one user's presses that are none, because there are many."""
    record = presses[0].record
    assert record is not None  # noqa: S101 - only proven presses are of one user
    named = ", ".join(str(press.action.id) for press in presses[:_NAMED])
    more = f" and {len(presses) - _NAMED} more" if len(presses) > _NAMED else ""
    return Fact(
        FactKind.MANY,
        user=user,
        uid=record.uid,
        client=record.client,
        refusal=Refusal.MANY,
        reason=f"{len(presses)} presses at once, none of which ran: {named}{more}",
        records=tuple(press.record.cursor for press in presses if press.record),
        number=len(presses),
    )


def of_queued(queued: Queued, reason: str) -> Fact:
    """Return the fact about a press that waited for its turn, which did not come."""
    return Fact(
        FactKind.NOT_RUN,
        queued.action,
        user=queued.user,
        uid=queued.uid,
        client=queued.client,
        reason=reason,
        records=(queued.cursor,),
    )


def of_menu(before: Menu, menu: Menu) -> Fact:
    """Return the fact about a configuration that holds from now on."""
    old, new = ({action.id for action in each.actions} for each in (before, menu))
    reason = (
        f"{len(menu.actions)} actions, of which {len(new - old)} are new; {len(old - new)} are gone"
    )
    return Fact(FactKind.CONFIGURED, reason=reason)


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
        records=(run.cursor,),
    )
