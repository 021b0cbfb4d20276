"""Every key of gestures, queues, limits, hours and words says what is wrong with it, and where."""

import json

import pytest

from integration.menu import SHARE, Menu
from integration.test_bad_input import FUI, drop_in

LONG = "x" * 230
CIRCLE = """object: Bad
action-groups:
  - name: a
    directory: {group: controls}
    also-in: [b]
    actions: [{name: A, command: /bin/true}]
  - name: b
    also-in: [a]
    actions: [{name: B, command: /bin/true}]
"""


def check(menu: Menu, main: str, text: str) -> list[str]:
    """Give what `fui check` says, line by line, once it has been seen to refuse."""
    menu.machine.write("/tmp/bad/fui.yaml", f"share: {SHARE}\n{main}\n")
    menu.machine.write("/tmp/bad/conf.d/bad.yaml", text)
    done = menu.machine.run([FUI, "--config", "/tmp/bad", "check"], check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("settle: [1]", 9, "cannot use a list here"),
        ("settle: -1s", 9, 'cannot read "-1s" as a time'),
        ("settle: 11s", 9, "from 0 to 10s"),
        ("mass-limit: three", 13, "write a whole number from 2 to 1000"),
        ("mass-limit: 1", 13, "write a whole number from 2 to 1000"),
        ("execute-folder: a/b", 17, "cannot use / in the name"),
        ("execute-folder: CON", 17, "Windows keeps it for a device"),
        ("execute-folder: {name: Run, group: nobodys}", 36, 'cannot find the group "nobodys"'),
        ("timezone: Mars/Base", 11, 'cannot find the timezone "Mars/Base"'),
        ("show-blocked: away", 15, "write rename or hide"),
        ("states: {language: xx}", 20, "write en, de or fr"),
        ("states: {ready: 'a:b'}", 17, "cannot use : in the name"),
        ("states: {done: Ready}", 16, 'for "ready" and for "done"'),
        ("states: {running: ''}", 19, 'cannot leave the word for "running" empty'),
        ("states: {ready: 'No[w'}", 17, "it is one of the brackets"),
        ("states: {brackets: '['}", 20, "write two different ones"),
        ("states: {place: middle}", 17, "write after or before"),
        ("states: {extension: txt}", 21, "write a dot"),
        ("states: {reddy: x}", 10, "did you mean ready?"),
        (f"states: {{wait: {LONG}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}}", 16, "at most 255"),
    ],
)
def test_a_key_of_fui_yaml(menu: Menu, line: str, column: int, words: str) -> None:
    said = check(menu, line, drop_in())
    assert [each for each in said if each.startswith(f"/tmp/bad/fui.yaml:2:{column}: cannot")]
    assert words in said[0]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("command: {tasks-max: 1}", 26, "write a whole number from 8 to 4194304, or infinity"),
        ("command: {memory-max: lots}", 27, 'cannot read "lots" as a size of memory'),
        ("confirm: soon", 14, 'cannot read "soon" as a time'),
        ("confirm: -1s", 14, 'cannot read "-1s" as a time'),
        ("confirm: 9d", 14, "from 1ms to 1d"),
        ("cancel: maybe", 13, "write true, false, or people"),
        ("cancel: {groups: [nobodys]}", 23, 'cannot find the group "nobodys"'),
        ("limit: 3", 12, "write for example 3 per 10min"),
        ("limit: 0 per 1min", 12, 'cannot use "0" here'),
        ("limit: 3 per -1s", 12, 'cannot read "-1s" as a time'),
        ("cooldown: [1s]", 15, "cannot use a list here"),
        ("cooldown: 0", 15, "from 1s to 7d"),
        ("limit-per: team", 16, "write action or user"),
        ("limit-per: user", 16, 'write "limit" or "cooldown" too'),
        ("only: Mon 8-9", 11, "as a part of the week"),
        ("only: Someday 08:00-09:00", 11, 'cannot find the day "Someday"'),
        ("only: 25:00-26:00", 11, "cannot find 25:00 on a clock"),
        ("timezone: UTC", 15, 'write "only" too'),
        ("when-busy: wait", 16, "write refuse or queue"),
        ("queue-limit: 3", 18, 'write "when-busy: queue" too'),
        ("queue-limit: -3", 18, "write a whole number from 1 to 999"),
        ("show-blocked: away", 19, "write rename or hide"),
        ("also-in: {a: b}", 14, "cannot use a mapping here"),
        ("also-in: [nothing]", 15, 'cannot find an action group "nothing"'),
    ],
)
def test_a_key_of_a_drop_in(menu: Menu, line: str, column: int, words: str) -> None:
    key, _, value = line.partition(": ")
    said = check(menu, "", drop_in(**{key: value}))
    assert said[0].startswith(f"/tmp/bad/conf.d/bad.yaml:6:{column}: cannot")
    assert words in said[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("'a:b'", "cannot use : in the name"),
        ("NUL", "Windows keeps it for a device"),
        ("'end.'", "cannot end the name"),
        (LONG, 'with "[Delete again to confirm]": 260 bytes'),
    ],
)
def test_the_name_of_an_action(menu: Menu, name: str, words: str) -> None:
    said = check(menu, "", drop_in(actions=f"[{{name: {name}, command: /bin/true}}]"))
    assert said[0].startswith("/tmp/bad/conf.d/bad.yaml:5:22: cannot")
    assert words in said[0]


def test_what_concerns_two_places(menu: Menu) -> None:
    said = check(menu, "", CIRCLE)
    assert said[0].startswith("/tmp/bad/conf.d/bad.yaml:5:15: cannot wait in a circle")
    said = check(menu, "execute-folder: Bad", drop_in())
    assert said[0].startswith("/tmp/bad/conf.d/bad.yaml:1:9: cannot call an object")
    assert "/tmp/bad/fui.yaml:2:17 gives that name to the execute folder" in said[0]


def test_fui_check_explains_the_menu_as_it_will_be(menu: Menu) -> None:
    said = menu.machine.run([FUI, "check", "--explain"]).stdout
    assert "the configuration is right" in said
    for words in (
        "Queue",
        "Careful",
        "/usr/local/bin/speak",
        "group wwwadmins",
        "user o'neil",
        "/bin/true",
    ):
        assert words in said


@pytest.mark.parametrize(("file", "key"), [("drop-in", "object"), ("fui.yaml", "share")])
def test_fui_schema_is_for_editors(menu: Menu, file: str, key: str) -> None:
    schema = json.loads(menu.machine.run([FUI, "schema", file]).stdout)
    assert key in schema["properties"]
    assert "$schema" in schema
