"""The structured side of a fact: its fields in the journal, and its number in the catalogue.

Rules: a field is named after what the fact calls it, with FUI_ before it, and is there only if it
says something. The numbers are random and for ever; a new kind gets a new one, and a text in
journald/fui.catalog. Knows nothing of sentences, nor of how an entry is sent.
"""

import shlex

from fui.model.facts import Fact, FactKind
from fui.model.harmless import STRAY_BYTES, harmless
from fui.model.states import JobResult

MESSAGE_IDS = {
    FactKind.PRESSED: "4d44b3cfda624e448adf476aaa7b8807",
    FactKind.DENIED: "68ccfb00671a48d1ba3b436e36b23cc7",
    FactKind.UNATTRIBUTED: "923050eb2b6d4afcbb56b485d660563e",
    FactKind.ASKED: "e8e4b1f5d48e4cf29928621cf6265b84",
    FactKind.QUEUED: "a868031b0876465885dcfbd0a23cf8cf",
    FactKind.LEFT: "f444938ad9bf49168cb9309de19ce34c",
    FactKind.MANY: "b4e43c0a15084c5cbfa8ef7dafb9b57b",
    FactKind.CANCELLED: "15d3dd345a3c4a298ffd87c477248613",
    FactKind.STARTED: "98e487bc2815475aa968532531679001",
    FactKind.ADOPTED: "c0f7a6d3b1e84a5c9d2e7f6a48b1935e",
    FactKind.ENDED: "53e2dfe5c0ad4e569a6733bab80420b0",
    FactKind.OUTPUT: "99c0ee1af4d14fb88fe8c5151e17aae3",
    FactKind.RESTORED: "4d61aea1821d41b0b05a0c14f7d88c65",
    FactKind.NOT_RUN: "f7eea016a27a44fb8a8c5f5bdbfdc246",
    FactKind.CONFIGURED: "3f5e1064b5334eb78752b77fd732de6e",
    FactKind.MISCONFIGURED: "8bdb1bd95de2420ab7e8bb8a6d5f5679",
    FactKind.LOST: "be882e726afe4f9b8217ac8bb0116bf8",
    FactKind.SUSPICIOUS: "493a73f24066469d814fd970db552b32",
}

_ERROR, _WARNING, _NOTICE, _INFO = 3, 4, 5, 6
"""As in syslog(3)."""

_PRIORITIES = {
    FactKind.PRESSED: _INFO,
    FactKind.DENIED: _WARNING,
    FactKind.UNATTRIBUTED: _WARNING,
    FactKind.ASKED: _INFO,
    FactKind.QUEUED: _INFO,
    FactKind.LEFT: _INFO,
    FactKind.MANY: _WARNING,
    FactKind.CANCELLED: _NOTICE,
    FactKind.STARTED: _NOTICE,
    FactKind.ADOPTED: _NOTICE,
    FactKind.OUTPUT: _INFO,
    FactKind.RESTORED: _NOTICE,
    FactKind.NOT_RUN: _WARNING,
    FactKind.CONFIGURED: _NOTICE,
    FactKind.MISCONFIGURED: _ERROR,
    FactKind.LOST: _ERROR,
    FactKind.SUSPICIOUS: _WARNING,
}

_PRIORITIES_OF_RESULTS = {
    JobResult.DONE: _NOTICE,
    JobResult.FAILED: _WARNING,
    JobResult.NOT_STARTED: _ERROR,
    JobResult.TIMED_OUT: _WARNING,
    JobResult.INTERRUPTED: _WARNING,
    JobResult.CANCELLED: _WARNING,
}

_DECISIONS = {
    FactKind.DENIED: "denied",
    FactKind.UNATTRIBUTED: "unattributed",
    FactKind.ASKED: "granted",
    FactKind.QUEUED: "queued",
    FactKind.LEFT: "granted",
    FactKind.MANY: "denied",
    FactKind.CANCELLED: "granted",
    FactKind.STARTED: "granted",
    FactKind.ADOPTED: "granted",
    FactKind.ENDED: "granted",
    FactKind.OUTPUT: "granted",
}
"""What was decided of the press that a fact belongs to."""


def fields(fact: Fact) -> dict[str, bytes]:
    """Return the fields of a fact, without MESSAGE."""
    texts = {
        "MESSAGE_ID": MESSAGE_IDS[fact.kind],
        "PRIORITY": str(_priority(fact)),
        "SYSLOG_IDENTIFIER": "fui",
        "FUI_OBJECT": fact.action.object if fact.action else "",
        "FUI_ACTION": fact.action.action if fact.action else "",
        "FUI_USER": fact.user,
        "FUI_UID": _number(fact.uid),
        "FUI_CLIENT": fact.client,
        "FUI_DECISION": _DECISIONS.get(fact.kind, ""),
        "FUI_REFUSAL": fact.refusal.value if fact.refusal else "",
        "FUI_REASON": fact.reason,
        "FUI_JOB": fact.job,
        "FUI_RUN_AS": fact.run_as,
        "FUI_COMMAND": shlex.join(fact.argv),
        "FUI_RESULT": fact.result.value if fact.result else "",
        "FUI_EXIT": _number(fact.status),
        "FUI_RECORD": " ".join(fact.records),
        "FUI_DURATION": "" if fact.duration is None else f"{fact.duration:.3f}",
        "FUI_LOSS": fact.loss.value if fact.loss else "",
        "FUI_NUMBER": _number(fact.number),
        "FUI_LATENCY": "" if fact.latency is None else f"{fact.latency:.6f}",
    }
    return {name: field(text) for name, text in texts.items() if text}


def _priority(fact: Fact) -> int:
    if fact.result is not None and fact.kind is FactKind.ENDED:
        return _PRIORITIES_OF_RESULTS[fact.result]
    return _PRIORITIES.get(fact.kind, _NOTICE)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def field(text: str) -> bytes:
    """Return a field: everything that is not printable is escaped, but stray bytes are as such."""
    return harmless(text, keep=STRAY_BYTES).encode(errors="surrogateescape")
