import json
from pathlib import Path

import pytest

from fui.cli import main

APACHE = """
object: Apache
action-group:
    directory: {{path: {share}, group: root}}
    actions:
        - {{name: Stop, command: /bin/true}}
        - {{name: Start, command: {command}}}
"""


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """A configuration that is right."""
    share = tmp_path / "controls"
    share.mkdir()
    tmp_path.joinpath("etc/conf.d").mkdir(parents=True)
    tmp_path.joinpath("etc/fui.yaml").write_text(f"share: {share}\n")
    write(tmp_path / "etc", "/bin/true --all")
    return tmp_path / "etc"


def write(etc: Path, command: str) -> None:
    text = APACHE.format(share=etc.parent / "controls", command=command)
    etc.joinpath("conf.d/apache.yaml").write_text(text)


def test_check_says_what_there_is(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(etc), "check"]) == 0
    assert capsys.readouterr().out == "the configuration is right: 2 actions in 1 folders\n"


def test_check_explains_the_menu(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(etc), "check", "--explain"]) == 0
    first, blank, *lines = capsys.readouterr().out.splitlines()
    assert first == "the configuration is right: 2 actions in 1 folders"
    assert blank == ""
    assert "    runs        /bin/true --all" in lines


@pytest.mark.parametrize("command", [["check"], ["check", "--explain"], ["sudoers"]])
def test_a_wrong_configuration_is_said_and_nothing_else_is_done(
    etc: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    write(etc, "true")
    assert main(["--config", str(etc), *command]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{etc}/conf.d/apache.yaml:7:34: cannot")


def test_the_daemon_does_not_start_with_wrong_settings(
    etc: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    etc.joinpath("fui.yaml").write_text("grace: 0\n")
    write(etc, "true")
    assert main(["--config", str(etc), "run"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "fui.yaml:1:8: cannot" in captured.err
    assert "apache.yaml:7:34: cannot" in captured.err


@pytest.mark.parametrize(
    ("arguments", "title"), [([], "drop-in"), (["drop-in"], "drop-in"), (["fui.yaml"], "fui.yaml")]
)
def test_schema_needs_no_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], title: str
) -> None:
    assert main(["--config", str(tmp_path), "schema", *arguments]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["title"] == f"FUI: {title}"


def test_sudoers_prints_the_rules(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(etc), "sudoers"]) == 0
    rules = [line for line in capsys.readouterr().out.splitlines() if line.startswith("fui ")]
    assert rules == [
        'fui ALL=(root : root) NOPASSWD: /bin/true ""',
        "fui ALL=(root : root) NOPASSWD: /bin/true --all",
    ]


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check", "more"], ["schema", "x"]])
def test_usage_is_another_status(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
