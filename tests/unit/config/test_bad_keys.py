"""Every key of limits, hours, queues and gestures with a value that cannot be meant, and its place."""

from pathlib import Path

import pytest

from tests.unit.config.etc import APACHE, AnyHost, Etc

TIME = "write for example 500ms, 30s, 2min, 1h"
LIMIT = "write for example 3 per 10min"
WEEK = 'write for example "Mon-Fri 08:00-18:00" or "22:00-06:00"'

DROP_IN = [
    ("limit: 3", f'cannot read "3" as a limit; {LIMIT}'),
    ("limit: 3 per", f'cannot read "3 per" as a limit; {LIMIT}'),
    ("limit: [3]", f"cannot use a list here; {LIMIT}"),
    ("limit: 0 per 1h", 'cannot use "0" here; write a whole number from 1 to 1000'),
    ("limit: -1 per 1h", 'cannot use "-1" here; write a whole number from 1 to 1000'),
    ("limit: 1001 per 1h", 'cannot use "1001" here; write a whole number from 1 to 1000'),
    ("limit: 3 per hour", f'cannot read "hour" as a time; {TIME}'),
    ("limit: 3 per 0s", 'cannot use the time "0s"; it has to be from 1s to 7d'),
    ("limit: 3 per 8d", 'cannot use the time "8d"; it has to be from 1s to 7d'),
    ("cooldown: 0", 'cannot use the time "0"; it has to be from 1s to 7d'),
    ("cooldown: -1s", f'cannot read "-1s" as a time; {TIME}'),
    ("cooldown: 1000000d", 'cannot use the time "1000000d"; it has to be from 1s to 7d'),
    ("cooldown: {}", f"cannot use a mapping here; {TIME}"),
    ("limit-per: group", 'cannot use "group" here; write action or user'),
    ("limit-per: []", "cannot use a list here; write action or user"),
    (
        "limit-per: user",
        'cannot use "limit-per" here, it has no effect; write "limit" or "cooldown" too, or take it out',
    ),
    ("only: noon", f'cannot read "noon" as a part of the week; {WEEK}'),
    ("only: {}", "cannot use a mapping here; write a list, for example [a, b]"),
    ("only:", "cannot use an empty value here; write a list, for example [a, b]"),
    ("only: []", 'cannot leave the list "only" empty; write at least one thing into it'),
    ("only: 8:00-8:00", "cannot end when it begins, at 8:00; write 00:00-24:00 for a whole day"),
    ("timezone: Mars/Base", "cannot find the timezone Mars/Base"),
    ("timezone: []", "cannot use a list here; write a text"),
    (
        "timezone: UTC",
        'cannot use "timezone" here, it has no effect; write "only" too, or take it out',
    ),
    ("when-busy: wait", 'cannot use "wait" here; write refuse or queue'),
    ("when-busy: true", 'cannot use "true" here; write refuse or queue'),
    ("queue-limit: 0", 'cannot use "0" here; write a whole number from 1 to 999'),
    ("queue-limit: 1000", 'cannot use "1000" here; write a whole number from 1 to 999'),
    ("queue-limit: -3", 'cannot use "-3" here; write a whole number from 1 to 999'),
    ("queue-limit: 2.5", 'cannot use "2.5" here; write a whole number from 1 to 999'),
    ("queue-limit: {}", "cannot use a mapping here; write a whole number from 1 to 999"),
    (
        "queue-limit: 5",
        'cannot use "queue-limit" here, it has no effect; write "when-busy: queue" too, or take it out',
    ),
    ("show-blocked: no", 'cannot use "no" here; write rename or hide'),
    ("show-blocked: [hide]", "cannot use a list here; write rename or hide"),
    ("also-in: {}", "cannot use a mapping here; write a list, for example [a, b]"),
    (
        "also-in: 3",
        'cannot call an action group "3"; groups without a name are counted, add a letter',
    ),
    (
        "also-in: database",
        (
            'cannot find an action group "database", and no other action names it; '
            "name one, or use the name in another action too"
        ),
    ),
    ("confirm: -1s", f'cannot read "-1s" as a time; {TIME}'),
    ("cancel: {users: [gone]}", "cannot find the user gone"),
]

MAIN = [
    ("settle: -1", f'cannot read "-1" as a time; {TIME}'),
    ("settle: 11s", 'cannot use the time "11s"; it has to be from 0 to 10s'),
    ("settle: soon", f'cannot read "soon" as a time; {TIME}'),
    ("settle: []", f"cannot use a list here; {TIME}"),
    ("mass-limit: 1", 'cannot use "1" here; write a whole number from 2 to 1000'),
    ("mass-limit: 1001", 'cannot use "1001" here; write a whole number from 2 to 1000'),
    ("mass-limit: -2", 'cannot use "-2" here; write a whole number from 2 to 1000'),
    ("mass-limit: many", 'cannot use "many" here; write a whole number from 2 to 1000'),
    ("timezone: Mars/Base", "cannot find the timezone Mars/Base"),
    ("timezone: {}", "cannot use a mapping here; write a text"),
    ("show-blocked: gone", 'cannot use "gone" here; write rename or hide'),
    ("states: []", "cannot use a list here; write keys below it (language, ready, "),
]


@pytest.mark.parametrize(("line", "text"), DROP_IN)
def test_a_key_of_an_action_group_or_action(tmp_path: Path, line: str, text: str) -> None:
    host = AnyHost(["gone", "Mars/Base"])
    column = line.index(":") + 2 + (line[-1] != ":")
    column += len("{users: [") if "{users" in line else 0
    etc = Etc(tmp_path).write(a=f"{APACHE}    {line}\n")
    assert etc.faults(host) == [f"conf.d/a.yaml:6:{column + 4}: {text}"]
    action = APACHE.rstrip("}\n")
    etc.write(a=f"{action}, {line}}}\n")
    assert etc.faults(host) == [f"conf.d/a.yaml:5:{column + 60}: {text}"]


@pytest.mark.parametrize(("line", "text"), MAIN)
def test_a_key_of_fui_yaml(tmp_path: Path, line: str, text: str) -> None:
    (fault,) = Etc(tmp_path, f"{line}\n").write(a=APACHE).faults(AnyHost(["Mars/Base"]))
    assert fault.startswith(f"fui.yaml:1:{line.index(':') + 3}: {text}")


def test_one_wrong_item_of_a_list_is_told_where_it_stands(tmp_path: Path) -> None:
    lines = "    only: [8:00-9:00, never]\n    also-in: [a:b]\n"
    assert Etc(tmp_path).write(a=APACHE + lines).faults() == [
        f'conf.d/a.yaml:6:23: cannot read "never" as a part of the week; {WEEK}',
        (
            'conf.d/a.yaml:7:15: cannot use : in the name "a:b"; '
            'file names on Windows hold none of /\\:*?"<>|'
        ),
    ]


def test_what_only_follows_from_another_fault_is_not_told(tmp_path: Path) -> None:
    lines = "    limit: often\n    limit-per: user\n    also-in: [lock]\n"
    assert Etc(tmp_path).write(a=APACHE + lines).faults() == [
        f'conf.d/a.yaml:6:12: cannot read "often" as a limit; {LIMIT}'
    ]


def test_the_names_of_bare_flags(tmp_path: Path) -> None:
    more = "        - {name: 'Start [Done]', command: /bin/x}\n"
    etc = Etc(tmp_path, 'states: {ready: ""}\n').write(a=APACHE + more)
    (fault,) = etc.faults()
    assert fault.startswith('conf.d/a.yaml:6:18: cannot tell the flag "Start [Done]" from one in')
    etc.main.write_text("")
    assert etc.faults() == []


def test_names_between_files(tmp_path: Path) -> None:
    one = APACHE + "    name: a\n    also-in: b\n"
    two = APACHE.replace("Apache", "Tomcat") + "    name: b\n    also-in: [a]\n"
    etc = Etc(tmp_path).write(a=one, b=two)
    text = '"Apache/a → Tomcat/b → Apache/a"; they are one group then, so name them as one'
    assert etc.faults() == [f"conf.d/b.yaml:7:15: cannot wait in a circle, {text}"]
    etc.write(b=two.replace("[a]", "[]"))
    assert etc.load().actions[0].groups == ("Apache/a", "Tomcat/b")


def test_everything_at_once_arrives(tmp_path: Path) -> None:
    lines = "    when-busy: queue\n    limit: 3 per 1h\n    only: 8:00-9:00\n"
    hidden = APACHE.replace("Apache", "Tomcat")
    etc = Etc(tmp_path, "show-blocked: hide\n").write(a=APACHE + lines, b=hidden)
    one, two = etc.load().actions
    assert (one.queue, one.hide_blocked) == (10, False)
    assert one.limit is not None
    assert one.hours is not None
    assert (two.queue, two.hide_blocked, two.limit, two.hours) == (None, True, None, None)
