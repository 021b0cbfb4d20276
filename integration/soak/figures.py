"""The figures of a long press: presses, outcomes, kills, times."""

import statistics
from collections import Counter
from operator import itemgetter

from integration.soak.clients import OK
from integration.soak.evidence import Key
from integration.soak.press import Outcome
from integration.soak.reckoning import Outcomes


def figures(outcome: Outcome) -> str:
    """Show them."""
    evidence = outcome.evidence
    said = Counter(note.said for note in evidence.notes)
    presses = len(evidence.records)
    rows = [
        (
            "presses",
            f"{presses}, as Samba recorded them; {presses / outcome.seconds:.0f} in a second",
        ),
        ("told to clients", _counts(said)),
        ("outcomes", _counts(Outcomes.of(evidence.facts).kinds)),
        ("refusals", _counts(Counter(fact.refusal for fact in evidence.facts if fact.refusal))),
        ("commands run", str(sum(line.kind == "start" for line in evidence.lines))),
        ("jobs", _counts(Counter(fact.result for fact in evidence.facts if fact.kind == "ended"))),
        ("kills", str(outcome.kills)),
        ("sessions broken off", str(outcome.broken)),
        ("adopted jobs", str(sum(fact.kind == "adopted" for fact in evidence.facts))),
        ("answer to a delete", _times([n.end - n.begin for n in evidence.notes if n.said == OK])),
        ("press to started", _times(_latencies(outcome))),
        ("wall time", f"{outcome.seconds:.0f} s"),
    ]
    return "\n".join(f"{name:20} {text}" for name, text in rows)


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counted.most_common()) or "none"


def _latencies(outcome: Outcome) -> list[float]:
    """Give the seconds from each record to the start of the job, where it did not wait in a queue."""
    last: dict[Key, float] = {}
    found, pressed = [], set[Key]()
    kinds = {"pressed", "queued", "started"}
    facts = [each for each in outcome.evidence.facts if each.kind in kinds]
    events = [(each.at, "record", each.key) for each in outcome.evidence.records]
    for at, kind, key in sorted(
        [*events, *((each.at, each.kind, each.key) for each in facts)], key=itemgetter(0)
    ):
        match kind:
            case "record":
                last[key] = at
            case "pressed":
                pressed.add(key)
            case "queued":
                pressed.discard(key)
            case _ if key in pressed and key in last:
                found.append(at - last[key])
                pressed.discard(key)
    return found


def _times(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "too few"
    cuts = statistics.quantiles(seconds, n=100)
    named = {"median": statistics.median(seconds), "p95": cuts[94], "p99": cuts[98]}
    named["most"] = max(seconds)
    return ", ".join(f"{name} {one * 1000:.0f} ms" for name, one in named.items())
