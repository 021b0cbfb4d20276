r"""What the ledger says of a fact, in one plain sentence for people.

Rules: pure functions. Whatever a user or a command wrote is shown harmlessly: what is not printable
is escaped as `\x1b`, line breaks and marks that turn the reading direction too, so that nothing in
a name can look like a line of its own. Only a job's output keeps its lines. Knows nothing of how
a sentence reaches the journal.
"""

import io
import shlex
from collections.abc import Iterator

from fui.model.facts import Fact, FactKind
from fui.model.harmless import harmless
from fui.model.states import JobResult

CHUNK = 16 * 1024
"""Bytes of output in one entry at most."""

_SENTENCES = {
    FactKind.PRESSED: "{who} pressed {what}",
    FactKind.DENIED: "denied {who} {what}: {reason}",
    FactKind.UNATTRIBUTED: "unattributed press of {what}, nothing ran: {reason}",
    FactKind.ASKED: "asked {who} to confirm {what}",
    FactKind.QUEUED: "queued {what} for {who}: {reason}",
    FactKind.LEFT: "{who} took {what} out of the queue",
    FactKind.MANY: "denied {who} {reason}",
    FactKind.CANCELLED: "{who} cancels {what} (job {job})",
    FactKind.STARTED: "started {what} for {user} as {run_as}: {command} (job {job})",
    FactKind.ADOPTED: "goes on with {what} for {user}, which ran when FUI was started (job {job})",
    FactKind.ENDED: "ended {what}: {how} (job {job})",
    FactKind.OUTPUT: "output of {what} (job {job}){remark}",
    FactKind.RESTORED: "put back the flag of {what}: {reason}{by}",
    FactKind.NOT_RUN: "{who} pressed {what}, nothing ran: {reason}",
    FactKind.CONFIGURED: "read the configuration: {reason}",
    FactKind.MISCONFIGURED: "the configuration has a fault, what was good before holds: {reason}",
    FactKind.LOST: "trouble{about}: {reason}",
    FactKind.SUSPICIOUS: "did not believe an audit record: {reason}",
}


def sentence(fact: Fact) -> str:
    """Return a fact in words; one line, all of it printable."""
    who = _who(fact)
    return harmless(
        _SENTENCES[fact.kind].format(
            what=fact.action,
            about=f" with {fact.action}" if fact.action else "",
            who=who or "somebody",
            by=f" by {who}" if who else "",
            user=fact.user,
            run_as=fact.run_as,
            command=shlex.join(fact.argv),
            job=fact.job,
            how=_how(fact),
            reason=fact.reason,
            remark=f"; {fact.reason}" if fact.reason else "",
        )
    )


def chunks(output: str) -> Iterator[str]:
    """Yield an output in pieces of whole lines; only a line that is too long is cut."""
    piece, size = "", 0
    for whole in io.StringIO(output.replace("\r\n", "\n"), newline="\n"):
        body = whole.removesuffix("\n")
        end = whole[len(body) :]
        for line in _cut(harmless(body, keep="\t") + end):
            length = len(line.encode())
            if size + length > CHUNK:
                yield piece
                piece, size = "", 0
            piece += line
            size += length
    if piece:
        yield piece


def _cut(line: str) -> Iterator[str]:
    """Yield a line in parts of CHUNK bytes at most; a character stays whole."""
    if len(line) * 4 <= CHUNK:
        yield line
        return
    rest = line.encode()
    while rest:
        part = rest[:CHUNK].decode(errors="ignore")
        yield part
        rest = rest[len(part.encode()) :]


def _who(fact: Fact) -> str:
    if not fact.user and fact.uid is None:
        return ""
    return (fact.user or f"uid {fact.uid}") + (f" ({fact.client})" if fact.client else "")


def _how(fact: Fact) -> str:
    parts = [fact.result.words if fact.result else "it is not known how"]
    if fact.status is not None:
        parts.append(f"exit status {fact.status}")
    if fact.duration is not None and fact.result is not JobResult.NOT_STARTED:
        parts.append(f"after {fact.duration:.1f} s")
    return ", ".join(parts) + (f": {fact.reason}" if fact.reason else "")
