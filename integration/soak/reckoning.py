"""Clients' notes, Samba's records, FUI's facts and the commands' lines, held against each other.

Rules: plain values in, complaints and figures out; nothing is asked. Each rule is a function, and names what
must never be. A press is what Samba recorded: two clients that delete one flag at the same moment are both
told that it is gone, and it was one of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from integration.soak.clients import OK, Note
from integration.soak.evidence import Fact, Key, Line, Record

CLOCK = 0.05
"""Seconds by which times of two processes may differ."""


@dataclass(frozen=True)
class Evidence:
    """All that was written down.

    Attributes:
        notes: By the clients.
        records: By Samba.
        facts: By FUI, in their order.
        lines: By the commands.
        uids: Of the users.
        allowed: The users that may press.
    """

    notes: Sequence[Note]
    records: Sequence[Record]
    facts: Sequence[Fact]
    lines: Sequence[Line]
    uids: Mapping[str, int]
    allowed: frozenset[str]


def complaints(evidence: Evidence) -> list[str]:
    """Return everything that must not be."""
    outcomes = Outcomes.of(evidence.facts)
    return [
        *noted(evidence),
        *outcomes.complaints,
        *one_outcome_each(evidence, outcomes),
        *commands(evidence),
        *jobs(evidence),
    ]


# -- clients and Samba --------------------------------------------------------------------------------


def noted(evidence: Evidence) -> Iterator[str]:
    """Each record is a press that its user noted; what is gone and not recorded, two deleted at once.

    Now and then a user is told that there is no such file, and it was his deletion that was carried out: FUI
    had put another file there at that moment.
    """
    notes: dict[str, list[Note]] = defaultdict(list)
    for note in sorted(evidence.notes, key=lambda each: (each.said != OK, each.end)):
        notes[note.path].append(note)
    ended: dict[str, list[float]] = defaultdict(list)
    for record in sorted(evidence.records, key=lambda each: each.at):
        ended[record.path].append(record.at)
        own = [note for note in notes[record.path] if _fits(note, record, evidence.uids)]
        if own:
            notes[record.path].remove(own[0])
        else:
            yield f"Samba says that uid {record.uid} ended {record.path}, who noted no such thing"
    for path, left in notes.items():
        for note in left:
            if note.said == OK and not any(_during(note, at) for at in ended[path]):
                yield f"{note.user} was told that {path} is gone, of which Samba has no record"


def _fits(note: Note, record: Record, uids: Mapping[str, int]) -> bool:
    return uids[note.user] == record.uid and _during(note, record.at)


def _during(note: Note, at: float) -> bool:
    return note.begin - CLOCK <= at <= note.end + CLOCK


# -- what came of each press --------------------------------------------------------------------------

DECISIONS = frozenset({"denied", "asked", "queued", "left", "cancelled", "started"})
BY_SAMBA = "refused-by-samba"


@dataclass
class Outcomes:
    """What FUI told of presses, taken apart in the order in which it told it.

    Attributes:
        presses: How many it told of, by user and action; of nobody where nobody is known.
        kinds: How many had which outcome.
        complaints: What cannot be told in this order.
    """

    presses: Counter[Key] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    _pressed: Counter[Key] = field(default_factory=Counter)
    _queued: Counter[Key] = field(default_factory=Counter)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Outcomes":
        """Take facts apart."""
        outcomes, started = cls(), set[str]()
        for fact in facts:
            if fact.kind == "ended" and fact.job not in started:
                outcomes.decided(fact, "started")  # it was killed before it could tell
            elif fact.kind == "pressed":
                outcomes._pressed[fact.key] += 1
                outcomes.presses[fact.key] += 1
            elif fact.kind in DECISIONS and fact.refusal != BY_SAMBA:
                outcomes.decided(fact, fact.kind)
            elif fact.kind == "not-run":
                outcomes._not_run(fact)
            elif fact.kind in {"unattributed", "many", "lost"}:
                outcomes._alone(fact)
            if fact.kind in {"started", "ended"}:
                started.add(fact.job)
        outcomes._undecided()
        return outcomes

    def decided(self, fact: Fact, outcome: str) -> None:
        """Take a decision for the press that was told before it, or the one that waited."""
        key = fact.key
        if self._pressed[key]:
            self._pressed[key] -= 1
            self.kinds[outcome] += 1
            self._queued[key] += outcome == "queued"
        elif self._queued[key] and outcome in {"started", "denied"}:
            self._queued[key] -= 1
            self.kinds[f"queued, then {outcome}"] += 1
        else:
            self.complaints.append(f"{fact.kind} is told of no press of uid {fact.uid}: {fact}")
        if outcome == "left" and self._queued[key]:
            self._queued[key] -= 1
            self.kinds["queued, then left"] += 1

    def _not_run(self, fact: Fact) -> None:
        """Of a press that was told and not decided, or that waited, or that was missed."""
        key = fact.key
        if self._pressed[key]:
            self._pressed[key] -= 1
            self.kinds["not-run"] += 1
        elif self._queued[key]:
            self._queued[key] -= 1
            self.kinds["queued, then not-run"] += 1
        else:
            self.presses[key] += 1
            self.kinds["not-run"] += 1

    def _alone(self, fact: Fact) -> None:
        """Of presses before which nothing is told."""
        for action in fact.actions:
            self.presses[fact.uid, action] += 1
            self.kinds[fact.kind] += 1

    def _undecided(self) -> None:
        for name, left in (("pressed", self._pressed), ("queued", self._queued)):
            self.complaints += [
                f"it was told that uid {uid} {name} {action}, and nothing came of it, {number} times"
                for (uid, action), number in left.items()
                if number
            ]


def one_outcome_each(evidence: Evidence, outcomes: Outcomes) -> Iterator[str]:
    """FUI told of as many presses of a user and an action as Samba recorded; of nobody's, as many as are missing."""
    recorded = Counter(each.key for each in evidence.records)
    nobodys = Counter(
        {action: number for (uid, action), number in outcomes.presses.items() if uid is None}
    )
    for key in sorted({*recorded, *outcomes.presses}, key=str):
        uid, action = key
        if uid is None:
            continue
        made, told = recorded[key], outcomes.presses[key]
        if told > made:
            yield f"uid {uid} pressed {action} {made} times, and {told} outcomes are told"
        nobodys[action] -= max(made - told, 0)
    for action, number in sorted(nobodys.items()):
        if number < 0:
            yield f"{-number} presses of {action} have no outcome"
        if number > 0:
            yield f"{number} presses of {action} are told of nobody, which Samba did not record"


# -- the commands -------------------------------------------------------------------------------------


def commands(evidence: Evidence) -> Iterator[str]:
    """A command ran for each job that was told, once, for its user; and only for who may."""
    begun = [line for line in evidence.lines if line.kind == "start"]
    names = {uid: user for user, uid in evidence.uids.items()}
    jobs_told = {
        fact.job: f"{names.get(fact.uid or 0)} {fact.actions[0]}"
        for fact in evidence.facts
        if fact.kind in {"started", "ended"}
    }
    for job, times in Counter(line.job for line in begun).items():
        if times > 1:
            yield f"the command of job {job} ran {times} times"
    for line in begun:
        if jobs_told.get(line.job) != line.rest:
            yield f"a command ran as job {line.job} of {line.rest}; told is {jobs_told.get(line.job)}"
        user, _, action = line.rest.partition(" ")
        if user not in evidence.allowed:
            yield f"a command ran for {user}, who may not press: {action}"
    made = Counter(f"{names.get(each.uid)} {each.action}" for each in evidence.records)
    for what, times in Counter(line.rest for line in begun).items():
        if times > made[what]:
            yield f"the command of {what} ran {times} times, for {made[what]} presses"
    yield from (
        f"two jobs of group {line.rest} at a time, the later is {line.job}"
        for line in evidence.lines
        if line.kind == "overlap"
    )


ENDED_BY_FUI = frozenset({"cancelled", "timed-out"})
NEVER_RAN = frozenset({"interrupted", "not-started"})


def jobs(evidence: Evidence) -> Iterator[str]:
    """Each job has one end, and that is how its command ended."""
    begun = {line.job for line in evidence.lines if line.kind == "start"}
    statuses = {line.job: line.rest for line in evidence.lines if line.kind == "end"}
    told = [fact for fact in evidence.facts if fact.kind in {"started", "ended"}]
    ends: dict[str, list[Fact]] = {fact.job: [] for fact in told}
    for fact in told:
        if fact.kind == "ended":
            ends[fact.job].append(fact)
    for job, ended in ends.items():
        if len(ended) != 1:
            yield f"job {job} has {len(ended)} ends: {ended}"
        elif wrong := _end(ended[0], statuses.get(job), ran=job in begun):
            yield f"job {job} of {ended[0].actions[0]} {wrong}"


def _end(told: Fact, status: str | None, *, ran: bool) -> str:
    """Say what is wrong with the end of a job; its command can be cut off by who may, or by time."""
    if told.result in ENDED_BY_FUI:
        return ""
    if not ran:
        return "" if told.result in NEVER_RAN else f"is {told.result}, and its command never ran"
    if status is None:
        return f"was cut off: {told.result}, {told.reason}"
    return "" if told.status == status else f"ended with {status}; told is {told.result}"
