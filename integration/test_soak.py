"""The long press, for a short while; and that its reckoning finds what it is there to find."""

from dataclasses import replace

import pytest

from integration.conftest import require_or_end
from integration.machine import Machine
from integration.soak.clients import Note
from integration.soak.evidence import Fact, Line, Record
from integration.soak.press import Wanted, press
from integration.soak.reckoning import Evidence, complaints

PATH = "Object 01/Short [Ready].txt"
ACTION = "Object 01/Short"
NOTE = Note("alice", PATH, 1.0, 1.1, "OK")
RECORD = Record(1.05, 1001, PATH, ACTION)
PRESSED = Fact(1.2, "pressed", 1001, (ACTION,))
STARTED = Fact(1.3, "started", 1001, (ACTION,), job="j1")
ENDED = Fact(1.5, "ended", 1001, (ACTION,), job="j1", result="done", status="0")
GOOD = Evidence(
    notes=[NOTE],
    records=[RECORD],
    facts=[PRESSED, STARTED, ENDED],
    lines=[Line("start", "j1", f"alice {ACTION}"), Line("end", "j1", "0")],
    uids={"alice": 1001, "bob": 1002},
    allowed=frozenset({"alice"}),
)
AGAIN = replace(RECORD, at=3.05)
WAITED = [PRESSED, Fact(1.25, "queued", 1001, (ACTION,)), STARTED, ENDED]


def given(**changed: object) -> Evidence:
    """Give evidence that is good but for this."""
    return replace(GOOD, **changed)  # type: ignore[arg-type]


def facts(*told: Fact) -> Evidence:
    """Give evidence in which FUI told this, and no command ran."""
    return given(facts=list(told), lines=[])


def denied(fact: Fact = PRESSED) -> Fact:
    """Give the fact that a press was refused."""
    return replace(fact, kind="denied")


UNKNOWN = Fact(2.0, "unattributed", None, (ACTION,))


@pytest.mark.parametrize(
    "evidence",
    [
        GOOD,
        given(facts=WAITED),
        facts(PRESSED, denied()),
        facts(Fact(2.0, "not-run", 1001, (ACTION,))),
        facts(PRESSED, Fact(2.0, "not-run", 1001, (ACTION,))),
        facts(UNKNOWN),
        facts(Fact(2.0, "many", 1001, (ACTION,))),
        facts(PRESSED, STARTED, replace(ENDED, result="interrupted", status="")),
        given(facts=[PRESSED, ENDED]),  # killed before it could say that it was started
        given(facts=[PRESSED, STARTED, replace(ENDED, result="cancelled")], lines=GOOD.lines[:1]),
        given(notes=[NOTE, replace(NOTE, begin=1.04)]),  # two at once, of whom one has done it
        given(notes=[replace(NOTE, said="OBJECT_NAME_NOT_FOUND")]),
    ],
)
def test_nothing_is_complained_of_where_all_is_well(evidence: Evidence) -> None:
    assert complaints(evidence) == []


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (given(notes=[]), "who noted no such thing"),
        (given(notes=[replace(NOTE, user="bob")]), "who noted no such thing"),
        (given(notes=[NOTE, replace(NOTE, begin=8.0, end=8.1)]), "Samba has no record"),
        (facts(PRESSED, denied(), PRESSED, denied()), "pressed Object 01/Short 1 times, and 2"),
        (facts(PRESSED, denied(), Fact(2.0, "not-run", 1001, (ACTION,))), "1 times, and 2"),
        (facts(PRESSED, denied(), UNKNOWN), "told of nobody, which Samba did not record"),
        (facts(), "1 presses of Object 01/Short have no outcome"),
        (facts(PRESSED), "uid 1001 pressed Object 01/Short, and nothing came of it"),
        (facts(*WAITED[:2]), "uid 1001 queued Object 01/Short, and nothing came of it"),
        (facts(denied(), PRESSED), "denied is told of no press"),
        (given(lines=[GOOD.lines[0], *GOOD.lines]), "the command of job j1 ran 2 times"),
        (given(lines=[Line("start", "j2", f"alice {ACTION}"), *GOOD.lines]), "told is None"),
        (given(lines=[Line("start", "j1", f"bob {ACTION}"), GOOD.lines[1]]), "told is alice"),
        (given(allowed=frozenset({"bob"})), "a command ran for alice, who may not"),
        (given(records=[]), "ran 1 times, for 0 presses"),
        (given(lines=[*GOOD.lines, Line("overlap", "j1", "1-short")]), "two jobs of group 1-short"),
        (given(facts=[PRESSED, STARTED]), "job j1 has 0 ends"),
        (given(facts=[PRESSED, STARTED, ENDED, ENDED]), "job j1 has 2 ends"),
        (given(lines=[]), "job j1 of Object 01/Short is done, and its command never ran"),
        (given(lines=GOOD.lines[:1]), "job j1 of Object 01/Short was cut off"),
        (given(lines=[GOOD.lines[0], Line("end", "j1", "3")]), "ended with 3; told is done"),
    ],
)
def test_what_must_not_be_is_complained_of(evidence: Evidence, says: str) -> None:
    assert any(says in each for each in complaints(evidence)), complaints(evidence)


def test_presses_of_one_action_are_told_apart_by_their_number() -> None:
    twice = given(
        notes=[NOTE, replace(NOTE, begin=3.0, end=3.1)],
        records=[RECORD, AGAIN],
        facts=[PRESSED, STARTED, ENDED, PRESSED, denied()],
    )
    assert complaints(twice) == []
    assert complaints(replace(twice, facts=GOOD.facts)) != []


@pytest.mark.soak
def test_people_press_and_fui_is_killed() -> None:
    require_or_end()
    with Machine() as machine:
        outcome = press(machine, Wanted(presses=300, clients=6, kills=5, seed=1))
    assert [*outcome.complaints, *complaints(outcome.evidence)] == []
    assert outcome.kills == 5
    assert len(outcome.evidence.records) >= 300
    assert any(line.kind == "start" for line in outcome.evidence.lines)
