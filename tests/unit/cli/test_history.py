import json
import pwd
import re
from collections.abc import Iterator
from datetime import timedelta, timezone

import pytest

from fui.admin.history import Episode, Outcome
from fui.cli import history, main
from fui.cli.history import cells, plain
from fui.edges.ledger import reading
from fui.model.facts import Fact, FactKind, Told
from fui.model.menu import ActionId
from fui.model.states import JobResult, Refusal

ZONE = timezone(timedelta(hours=1), "CET")
RESTART = ActionId("Apache", "Restart")
NOW = 1_800_000_000.0  # 2027-01-15 09:00:00 CET


def told(at: float, kind: FactKind, **fact: object) -> Told:
    known = {"action": RESTART, "user": "alice", "uid": 1001, "client": "192.0.2.7"}
    return Told(NOW + at, f"c{at}", Fact(kind, **{**known, **fact}))  # type: ignore[arg-type]


RUN = [
    told(0, FactKind.PRESSED),
    told(0, FactKind.STARTED, job="j-1", run_as="root:root", argv=("/bin/a", "b c")),
    told(2, FactKind.ENDED, job="j-1", result=JobResult.FAILED, status=3, duration=1.25),
]
DENIED = [
    told(5, FactKind.PRESSED, user="bob", uid=1002),
    told(5, FactKind.DENIED, user="bob", uid=1002, refusal=Refusal.NOT_ALLOWED, reason="no\x1b[2J"),
]


class Reader:
    """A ledger of plain values."""

    def __init__(self, uid: int, kinds: object, user: str) -> None:
        assert uid == 990
        assert kinds
        self.tolds = [one for one in (*RUN, *DENIED) if user in ("", one.fact.user)]

    def since(self, wall: float) -> Iterator[Told]:
        return iter([one for one in self.tolds if one.at >= wall])

    def backwards(self) -> Iterator[Told]:
        return reversed(self.tolds)

    def follow(self, known: list[Told], _now: object) -> Iterator[Told | None]:
        assert known == self.tolds
        yield None
        yield told(8, FactKind.PRESSED)
        yield told(8, FactKind.STARTED, job="j-2")
        yield None
        yield told(9, FactKind.ENDED, job="j-2", result=JobResult.DONE, status=0, duration=1.0)
        raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LedgerReader", Reader)
    account = pwd.struct_passwd(("fui", "x", 990, 990, "", "/", "/bin/false"))
    monkeypatch.setattr(pwd, "getpwnam", {"fui": account}.__getitem__)


def rows(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()[2:]) for line in capsys.readouterr().out.splitlines()]


def test_a_table_with_a_row_for_each_press(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history"]) == 0
    assert rows(capsys) == [
        "FROM ACTION OUTCOME TOOK JOB WHY",
        "alice 192.0.2.7 Apache/Restart failed (3) 1.2 s j-1",
        r"bob 192.0.2.7 Apache/Restart denied no\x1b[2J",
    ]


@pytest.mark.parametrize(
    ("arguments", "who"),
    [
        (["--user", "bob"], ["bob"]),
        (["--object", "apache"], ["alice", "bob"]),
        (["--object", "other"], []),
        (["--action", "restart"], ["alice", "bob"]),
        (["--action", "apache/restart"], ["alice", "bob"]),
        (["--action", "other/restart"], []),
        (["--failed"], ["alice"]),
        (["--denied"], ["bob"]),
        (["--failed", "--denied"], ["alice", "bob"]),
        (["-n", "1"], ["bob"]),
        (["--since", "@1800000001"], ["alice", "bob"]),
        (["--since", "@1800000003"], ["bob"]),
        (["--since", "@1800000000", "-n", "1"], ["bob"]),
        (["--since", "@1900000000"], []),
    ],
)
def test_what_is_asked_for(
    capsys: pytest.CaptureFixture[str], arguments: list[str], who: list[str]
) -> None:
    assert main(["history", "--json", *arguments]) == 0
    assert [json.loads(line)["user"] for line in capsys.readouterr().out.splitlines()] == who


def test_nothing_is_a_sentence_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--object", "other"]) == 0
    assert capsys.readouterr().out == "the journal has no press that was asked for\n"


def test_following_prints_what_comes_with_each_that_is_known_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["history", "--follow", "-n", "1"]) == 0
    assert rows(capsys) == [
        "FROM ACTION OUTCOME TOOK JOB WHY",
        r"bob 192.0.2.7 Apache/Restart denied no\x1b[2J",
        "alice 192.0.2.7 Apache/Restart running j-2",
        "alice 192.0.2.7 Apache/Restart done 1.0 s j-2",
    ]


def test_following_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--follow", "--json", "--failed"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["--since", "2h"], ["--since", ""], ["-n", "0"], ["-n", "-1"], ["-n", "x"], ["more"]],
)
def test_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["history", *arguments])
    assert caught.value.code == 2


@pytest.mark.parametrize("arguments", [["--since", "-2h"], ["--since", "-1h 30min"]])
def test_a_time_before_now_is_no_option(arguments: list[str]) -> None:
    assert main(["history", *arguments]) == 0


def test_without_its_user_nothing_can_be_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pwd, "getpwnam", {}.__getitem__)
    assert main(["history"]) == 1
    assert capsys.readouterr().err == "fui: cannot tell what FUI wrote: there is no user fui\n"


def test_cells_are_in_the_zone_that_is_given() -> None:
    episode = Episode(NOW, "", 1001, "192.0.2.7", None, Outcome.MANY, reason="2 presses at once")
    assert cells(episode, ZONE) == (
        *("2027-01-15 09:00:00", "uid 1001", "192.0.2.7", "", "many-at-once", "", ""),
        "2 presses at once",
    )
    assert cells(Episode(NOW), ZONE)[1] == ""


def test_json_is_stable() -> None:
    assert plain(Episode(NOW)) == {
        "time": NOW,
        "user": "",
        "uid": None,
        "client": "",
        "object": "",
        "action": "",
        "outcome": "pressed",
        "refusal": "",
        "reason": "",
        "job": "",
        "run_as": "",
        "command": (),
        "status": None,
        "seconds": None,
    }
    episode = Episode(
        *(NOW, "alice", 1001, "192.0.2.7", RESTART, Outcome.DENIED, Refusal.BUSY, "why", "j"),
        *("root:root", ("/bin/a", "b c"), 3, 1.5),
    )
    assert list(plain(episode).values()) == [
        *(NOW, "alice", 1001, "192.0.2.7", "Apache", "Restart", "denied", "busy", "why", "j"),
        *("root:root", ("/bin/a", "b c"), 3, 1.5),
    ]


def test_the_help_names_every_outcome_and_every_key() -> None:
    words = set(re.findall(r"[\w-]+", history.__doc__ or ""))
    assert {outcome.value for outcome in Outcome} <= words
    assert plain(Episode(NOW)).keys() <= words
