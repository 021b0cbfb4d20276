"""The table itself, and what a question that cannot be asked becomes in it."""

import json
import time
from dataclasses import replace

import pytest

from fui.admin import doctor
from fui.admin.doctor.host import Host, within
from fui.admin.doctor.programs import Answer, Program
from fui.admin.doctor.row import Finding, Row, Unanswered, Verdict, ok, warning, worst, wrong
from fui.admin.doctor.scene import Unit
from fui.cli import main
from fui.model.menu import Menu, Settings
from tests.unit.admin.recorded import MENU, Recorded, scene


def test_a_question_that_cannot_be_asked_is_a_row_and_the_table_goes_on() -> None:
    def silent(_scene: object) -> Finding:
        raise Unanswered("no answer", "see why", Verdict.WRONG)

    checks = {"one": silent, "two": lambda _: ok("fine"), "odd": lambda _: ok(str(int("many")))}
    *rows, odd = doctor.examine(scene(), checks)
    assert rows == [
        Row("one", Verdict.WRONG, "no answer", "see why"),
        Row("two", Verdict.OK, "fine"),
    ]
    assert (odd.verdict, "'many'" in odd.found) == (Verdict.WARNING, True)
    assert doctor.verdict(rows) is Verdict.WRONG
    assert doctor.verdict(rows[1:]) is Verdict.OK
    assert doctor.verdict([]) is Verdict.OK


@pytest.mark.parametrize("root", [True, False])
def test_no_row_breaks_the_table_on_a_machine_that_has_nothing(root: bool) -> None:  # noqa: FBT001
    gone = Unanswered("there is no program", "run: apt-get install it", Verdict.WRONG)
    host = Recorded(answers={"": gone, "testparm -s": gone, "smbd -V": gone}, root=root, units={})
    names = [row.name for row in doctor.examine(scene(host))]
    assert names == list(doctor.CHECKS)


def test_what_others_wrote_harms_no_terminal() -> None:
    row = Row.of("share", wrong("\x1b[2J", "write `\n`"))
    assert row.found == "\\x1b[2J"
    assert row.remedy == "write `\\x0a`"


def test_the_worst_of_several_findings_is_told_with_one_command_for_all() -> None:
    findings = [
        warning("slow", "run: faster"),
        wrong("one", "write `a`; run: reload"),
        wrong("two", "write `b`; run: reload"),
        wrong("three", "run: restart"),
    ]
    told = worst(findings, ok("fine"))
    assert told == wrong("one; two; three", "write `a`; write `b`; run: reload && restart")
    assert worst([], ok("fine")) == ok("fine")
    assert worst([ok("x")], ok("fine")) == ok("fine")


def test_a_question_that_hangs_is_given_up() -> None:
    begin = time.monotonic()
    with pytest.raises(Unanswered, match=r"^no answer from it within 0.05 s$") as caught:
        within(0.05, lambda: time.sleep(5), "it")
    assert caught.value.finding.verdict is Verdict.WRONG
    assert time.monotonic() - begin < 2


def test_what_a_question_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0, "it")
    assert within(5, lambda: 7, "it") == 7


def test_a_program_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def run(_self: Host, program: Program, *arguments: str) -> Answer:
        asked.append((program.path, *arguments))
        if arguments == ("-V",):
            raise Unanswered("no answer", "", Verdict.WRONG)
        return Answer(0, "well")

    monkeypatch.setattr(Host, "run", run)
    host = Host()
    for _ in range(3):
        with pytest.raises(Unanswered):
            host.ask(Program.SMBD, "-V")
        assert host.say(Program.TESTPARM, "-s") == "well"
    assert asked == [("/usr/sbin/smbd", "-V"), ("/usr/bin/testparm", "-s")]


def test_units_are_read_as_systemctl_shows_them() -> None:
    text = "Id=a.service\nWatchdogUSec=1min 30s\nX=@1700\n\nId=b.service\nWatchdogUSec=infinity\nY=a=b\n"
    one, two = Unit.parse(text)
    assert (one["Id"], one.seconds("WatchdogUSec"), one.time("X")) == ("a.service", 90.0, 1700.0)
    assert (two.seconds("WatchdogUSec"), two["Y"], two.time("Z")) == (float("inf"), "a=b", None)
    assert one.seconds("Z") == 0
    assert Unit({"T": "1h 500ms 5us"}).seconds("T") == pytest.approx(3600.500005)
    assert Unit({"T": "7"}).seconds("T") == 7


def test_without_a_configuration_what_needs_none_is_looked_at() -> None:
    made = scene()
    made.__dict__["configuration"] = replace_menu(None)
    rows = {row.name: row for row in doctor.examine(made)}
    assert rows["daemon"].verdict is Verdict.OK
    assert rows["share"].found == "cannot tell without a configuration"
    assert rows["share"].remedy == "run: /opt/fui/bin/fui check"


def replace_menu(menu: Menu | None) -> object:
    return type(scene().configuration)(menu, ())


def test_another_share_or_facility_is_looked_for_where_fui_yaml_says() -> None:
    menu = replace(MENU, settings=Settings("/srv/controls", facility=17))
    row = next(r for r in doctor.examine(scene(menu=menu)) if r.name == "share: facility")
    assert (row.verdict, row.found) == (
        Verdict.WRONG,
        "the records go to LOCAL5, and fui.yaml says local1",
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--row", "x"],
        ["--press"],
        ["--press", "--user", "alice", "--password-file", "x", "-A", "y"],
    ],
)
def test_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["doctor", *words])
    assert caught.value.code == 2


def test_json_is_what_the_help_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for found, status, strict in ((ok, 0, 0), (warning, 0, 1), (wrong, 1, 1)):
        finding = found("it") if found is ok else found("it", "do")  # type: ignore[operator]
        monkeypatch.setattr(doctor, "examine", lambda *_, f=finding: [Row.of("row", f)])
        assert main(["doctor", "--json"]) == status
        verdict = finding.verdict.value
        row = {"name": "row", "verdict": verdict, "found": "it", "remedy": finding.remedy}
        assert json.loads(capsys.readouterr().out) == {"verdict": verdict, "rows": [row]}
        assert main(["doctor", "--strict"]) == strict
        assert "\x1b" not in capsys.readouterr().out
