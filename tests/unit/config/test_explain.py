import pytest

from fui.config.explain import Checked, check
from fui.config.schema import MainFile
from fui.config.tree import Spot, plain
from fui.config.yaml_text import Document, read
from tests.unit.config.etc import APACHE, AnyHost, drop_in


def faults(text: str) -> list[str]:
    return [str(each) for each in drop_in(text).problems]


def main(text: str) -> Checked[MainFile]:
    return check(MainFile, read(text.encode(), "fui.yaml"), "fui.yaml", AnyHost())


def test_what_is_right_is_whole() -> None:
    checked = drop_in(APACHE)
    assert checked.whole
    assert checked.model is not None
    assert checked.model.object == "Apache"
    assert checked.spot(("object",)) == Spot(1, 9)


def test_an_unknown_key_is_told_where_it_stands() -> None:
    assert faults(APACHE + "    alow: {}\n") == [
        'a.yaml:6:5: cannot understand the key "alow"; did you mean allow?'
    ]
    assert faults(APACHE + "objekt: x\n") == [
        'a.yaml:6:1: cannot understand the key "objekt"; did you mean object?'
    ]
    assert faults(APACHE + "Action_Group: x\n") == [
        'a.yaml:6:1: cannot understand the key "Action_Group"; did you mean action-group?'
    ]
    assert faults(APACHE + "    file: {owner: x}\n") == [
        'a.yaml:6:12: cannot understand the key "owner"; known here are user, group, mode'
    ]


def test_a_wrapper_with_its_content_beside_it() -> None:
    text = APACHE + "        - action:\n          name: Stop\n          command: /bin/x\n"
    assert faults(text) == [
        (
            'a.yaml:6:11: cannot understand the key "action"; '
            "indent what belongs to it one step more, or leave it out"
        )
    ]


def test_a_missing_key_points_at_its_parent() -> None:
    assert faults("# nothing\n") == [
        'a.yaml:1:1: cannot do without "object" here; write for example object: Apache',
        'a.yaml:1:1: cannot do without "action-groups" here; write for example action-group:',
    ]
    assert faults("object: A\naction-group:\n    name: x\n") == [
        'a.yaml:3:5: cannot do without "actions" here; write for example actions: [...]'
    ]
    assert faults("object: A\naction-group:\n    actions:\n      - {}\n") == [
        'a.yaml:4:9: cannot do without "name" here; write for example name: Start',
        (
            'a.yaml:4:9: cannot do without "command" here; '
            "write for example command: /usr/bin/systemctl restart apache2"
        ),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("file: x", "6:11: cannot use text here; write keys below it (user, group, mode)"),
        ("file:", "6:10: cannot use an empty value here; write keys below it (user, group, mode)"),
        ("allow: [x]", "6:12: cannot use a list here; write keys below it (groups, users)"),
        ("allow: {users: x}", "6:20: cannot use text here; write a list, for example [a, b]"),
        (
            "allow: {users: }",
            "6:20: cannot use an empty value here; write a list, for example [a, b]",
        ),
        (
            "file: {mode: }",
            "6:18: cannot use an empty value here; write octal digits, for example 0640",
        ),
        (
            "file: {mode: 0666}",
            "6:18: cannot use the mode 0666; it lets everybody write, write 0664",
        ),
        ("name: [x]", "6:11: cannot use a list here; write a text"),
        (
            "name: a/b",
            '6:11: cannot use / in the name "a/b"; file names on Windows hold none of /\\:*?"<>|',
        ),
        (
            "deny: {users: [x, -u]}",
            '6:23: cannot use "-u" as an account; write its name, not a number or option',
        ),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(line: str, fault: str) -> None:
    assert faults(f"{APACHE}    {line}\n") == [f"a.yaml:{fault}"]


def test_lists_that_are_empty() -> None:
    assert faults("object: A\naction-groups: []\n") == [
        'a.yaml:2:16: cannot leave the list "action-groups" empty; write at least one thing into it'
    ]
    assert faults("object: A\naction-groups: [{actions: []}, x]\n") == [
        'a.yaml:2:27: cannot leave the list "actions" empty; write at least one thing into it',
        (
            "a.yaml:2:32: cannot use text here; write keys below it "
            "(allow, deny, confirm, cancel, limit, cooldown, limit-per, only, timezone, when-busy, "
            "queue-limit, show-blocked, also-in, name, directory, file, command, actions)"
        ),
    ]


def test_an_argument_of_a_command_in_one_string_has_the_place_of_the_string() -> None:
    assert faults(APACHE + "        - {name: x, command: /bin/x 'a b' ''}\n") == [
        (
            'a.yaml:6:30: cannot give the argument "a b", sudo cannot tell one with a blank from two; '
            "put the command into a script"
        ),
        "a.yaml:6:30: cannot give an empty argument, sudo does not see it; put the command into a script",
    ]


def test_what_can_be_used_of_a_wrong_file_is() -> None:
    text = (
        "object: Apache\n"
        "colour: red\n"
        "action-group:\n"
        "  directory: {mode: 9, group: web}\n"
        "  actions:\n"
        "    - {name: Bad, command: x}\n"
        "    - {nam: Worse, colour: red}\n"
        "    - {name: Good, command: /bin/x, timeout: 0}\n"
    )
    checked = drop_in(text)
    assert not checked.whole
    assert sorted(each.line for each in checked.problems) == [2, 4, 6, 7, 7, 7, 7, 8]
    assert checked.model is not None
    (group,) = checked.model.action_groups
    assert group.directory.group == "web"
    assert [action.name for action in group.actions] == ["Good"]
    assert checked.spot(("action-groups", 0, "actions", 0, "name")) == Spot(8, 14)


def test_nothing_can_be_used_without_the_object() -> None:
    checked = drop_in(APACHE.replace("object: Apache", "object: a/b"))
    assert checked.model is None
    assert checked.root is None
    assert checked.spot(("object",)) == Spot(1, 1)
    assert [each.line for each in checked.problems] == [1]


def test_problems_of_the_text_come_along() -> None:
    checked = main("grace: 1s\ngrace: 2s\nstate: {}\n")
    assert [str(each) for each in checked.problems] == [
        'fui.yaml:2:1: cannot use the key "grace" twice; it stands in line 1 already',
        'fui.yaml:3:1: cannot understand the key "state"; did you mean states?',
    ]
    assert checked.model is not None
    assert checked.model.grace == 1
    assert checked.root is not None
    assert plain(checked.root) == {"grace": "1s"}
    unread = check(MainFile, Document(None), "fui.yaml", AnyHost())
    assert unread.model is None


def test_a_great_many_faults_take_no_great_time() -> None:
    many = "".join(f"k{number}: x\n" for number in range(3000))
    assert len(main(many).problems) == 3000
