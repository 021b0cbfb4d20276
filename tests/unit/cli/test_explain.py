import os
import pwd
from pathlib import Path

import pytest

from fui.cli import arguments, main
from fui.edges import status
from fui.model.status import Published, Status

ME = pwd.getpwuid(os.getuid()).pw_name
APACHE = """
object: Apache
action-group:
    directory: {{path: {share}, group: root}}
    actions:
        - {{name: Stop, command: /bin/true, allow: {{users: [{me}]}}}}
        - {{name: Start, command: /bin/true --all, allow: {{users: [nobody]}}}}
"""


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    share = tmp_path / "controls"
    share.mkdir()
    tmp_path.joinpath("etc/conf.d").mkdir(parents=True)
    tmp_path.joinpath("etc/fui.yaml").write_text(f"share: {share}\n")
    text = APACHE.format(share=share, me=ME)
    tmp_path.joinpath("etc/conf.d/apache.yaml").write_text(text)
    published = Published("0.1", 7, 0.0, Status(str(share), 2, 1))
    monkeypatch.setattr(status, "read", lambda _path: published)
    return tmp_path / "etc"


def run(etc: Path, *command: str) -> int:
    return main(["--config", str(etc), "explain", *command])


def test_who_may_is_told_all_of_it(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(etc, ME, "apache/stop") == 0
    first, *rows = capsys.readouterr().out.splitlines()
    assert first == f"{ME} may press Apache/Stop: allow user {ME}"
    assert "    runs        /bin/true" in rows
    assert rows[-1] == "    a press now it would start"


def test_who_may_not_is_told_why_with_another_status(
    etc: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(etc, ME, "Apache/Start") == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{ME} may not press Apache/Start: allowed is user nobody\n")


def test_all_has_a_line_for_each_action(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(etc, "--all", ME) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["ACTION", "MAY", "RULE", "A", "PRESS", "NOW"],
        ["Apache/Stop", "yes", "allow", "user", ME, "it", "would", "start"],
        ["Apache/Start", "no", "allowed", "is", "user", "nobody"],
    ]
    assert run(etc, "--all", "daemon") == 1


def test_what_there_is_not_is_said(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(etc, ME, "Apache/Strat") == 1
    assert run(etc, "no-such-user-of-ours", "Apache/Start") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(
        "fui: there is no action Apache/Strat; there is Apache/Start, Apache/Stop\n"
        "fui: there is no user no-such-user-of-ours"
    )


def test_without_the_daemon_and_with_faults_that_is_said(
    etc: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(arguments, "DEFAULT_STATUS", etc / "status.json")
    etc.joinpath("conf.d/wrong.yaml").write_text("object: 1: 2\n")
    assert run(etc, ME, "Apache/Stop") == 0
    first, second, third, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("FUI does not")
    assert second.startswith("The configuration has faults")
    assert third.startswith(f"{ME} may press")


@pytest.mark.parametrize("command", [[], ["x"], ["--all"], ["--all", "x", "a/b"]])
def test_usage(etc: Path, command: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(etc, *command)
    assert caught.value.code == 2
