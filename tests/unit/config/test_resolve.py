import pytest

from fui.config.folders import Folders
from fui.config.memory import Memory
from fui.config.placed import placed
from fui.config.resolve import Defaults, resolve
from fui.model.menu import Access, Action, ActionId, Command, FileSpec, Subject, SubjectKind
from fui.model.naming import Naming
from tests.unit.config.etc import AnyHost, drop_in, only


def user(name: str) -> Subject:
    return Subject(SubjectKind.USER, name)


def group(name: str) -> Subject:
    return Subject(SubjectKind.GROUP, name)


def resolved(*texts: str, host: AnyHost | None = None) -> tuple[tuple[Action, ...], list[str]]:
    sources = [drop_in(text, f"{'abc'[n]}.yaml") for n, text in enumerate(texts)]
    host = host or AnyHost()
    groups = placed(sources, "/srv/controls")
    folders = Folders(groups, host)
    complete = all(source.whole for source in sources)
    defaults, memory = Defaults(Naming()), Memory()
    actions, problems = resolve(groups, folders, defaults, host, memory=memory, complete=complete)
    return actions, [str(each) for each in problems]


def text(*parts: str, name: str = "Apache", actions: str = "{name: Start, command: /bin/x}") -> str:
    lines = "".join(f"  {part}\n" for part in parts)
    return f"object: {name}\naction-group:\n{lines}  actions: [{actions}]\n"


def action(*parts: str, more: str = "", host: AnyHost | None = None) -> Action:
    extra = f", {more}" if more else ""
    actions, problems = resolved(
        text(*parts, actions=f"{{name: Start, command: /bin/x a{extra}}}"), host=host
    )
    assert problems == []
    return only(actions)


WEB = "directory: {group: web}"


def test_an_action_with_nothing_but_defaults() -> None:
    one = action(WEB)
    assert one.id == ActionId("Apache", "Start")
    assert one.folder.path == "/srv/controls/Apache"
    assert one.folder.spec == FileSpec(None, "web", 0o2770)
    assert one.file == FileSpec(None, None, 0o660)
    assert one.groups == ("Apache/1",)
    assert one.command == Command(("/bin/x", "a"), "root", "root", 600.0, 1024, None)
    assert one.access == Access((group("web"),))
    assert one.description == ""


def test_what_the_group_says_holds_for_its_actions() -> None:
    one = action(
        WEB,
        "file: {user: root, group: web, mode: 0660}",
        "command: {user: www, group: data, timeout: 30s, tasks-max: 64, memory-max: 2G}",
        "allow: {groups: [ops], users: [alice]}",
        "deny: {users: [mallory], groups: [temps]}",
    )
    assert one.file == FileSpec("root", "web", 0o660)
    assert one.command == Command(("/bin/x", "a"), "www", "data", 30.0, 64, 2 * 1024**3)
    assert one.access.allow == (group("ops"), user("alice"))
    assert one.access.deny == (group("temps"), user("mallory"))


def test_what_the_action_says_beats_what_the_group_says() -> None:
    one = action(
        "command: {user: www, group: data, timeout: 30s, tasks-max: 64, memory-max: 2G}",
        "allow: {groups: [ops]}",
        "deny: {users: [mallory]}",
        more="user: root, group: adm, timeout: 1h, tasks-max: infinity, memory-max: 64M, allow: {users: [bob, bob]}, deny: {}, "
        "description: Starts it",
    )
    assert one.command == Command(("/bin/x", "a"), "root", "adm", 3600.0, None, 64 * 1024**2)
    assert one.access == Access((user("bob"),))
    assert one.description == "Starts it"


def test_the_group_of_a_command_is_by_default_the_users_own() -> None:
    host = AnyHost(primary={"www": "data", "root": "wheel"})
    assert action(WEB, "command: {user: www}", host=host).command.group == "data"
    assert action(WEB, more="user: www", host=host).command.group == "data"
    assert action(WEB, host=host).command.group == "wheel"
    assert action(WEB, "command: {group: x}", more="user: www", host=host).command.group == "x"


def test_a_group_that_cannot_be_told_has_to_be_named() -> None:
    host = AnyHost(primary={"www": ""})
    fault = 'cannot tell the primary group of "www"; say which "group" it runs with'
    assert resolved(text(WEB, "command: {user: www}"), host=host)[1] == [f"a.yaml:5:13: {fault}"]
    host = AnyHost(primary={"www": "#3"})
    assert resolved(text(WEB, "command: {user: www}"), host=host)[1] == [
        'a.yaml:5:13: cannot name "#3" in sudoers; use an account with a plain name'
    ]


def test_the_group_of_a_folder_may_press_also_if_another_action_group_names_it() -> None:
    actions, problems = resolved(
        text(WEB), text("name: other", actions="{name: Stop, command: /bin/x}")
    )
    assert problems == []
    assert [each.access.allow for each in actions] == [(group("web"),)] * 2


def test_somebody_must_be_able_to_press() -> None:
    fault = (
        'cannot offer "Start", nobody could press it; '
        'say who with "allow", or give the directory a group'
    )
    assert resolved(text())[1] == [f"a.yaml:3:20: {fault}"]
    assert resolved(text("allow: {}"))[1] == [f"a.yaml:4:20: {fault}"]
    assert resolved(text(WEB, "allow: {users: []}"))[1] == [f"a.yaml:5:20: {fault}"]
    own = text(WEB, actions="{name: Start, command: /bin/x, allow: {}}")
    assert resolved(own)[1] == [f"a.yaml:4:20: {fault}"]


def test_what_follows_from_another_fault_is_not_told() -> None:
    host = AnyHost(primary={"www": ""})
    assert resolved(text("alow: {users: [alice]}", "command: {user: www}"), host=host)[1] == []


def test_an_action_is_defined_once() -> None:
    start = text(WEB)
    fault = "twice; it stands in a.yaml:4:20 already"
    again = start.replace("Start", "START")
    assert resolved(start, again)[1] == [f'b.yaml:4:20: cannot define "Apache/START" {fault}']
    spelled = again.replace("Apache", "apache")
    assert resolved(start, spelled)[1] == [f'b.yaml:4:20: cannot define "Apache/START" {fault}']
    assert resolved(start, start, start)[1] == [
        f'b.yaml:4:20: cannot define "Apache/Start" {fault}',
        f'c.yaml:4:20: cannot define "Apache/Start" {fault}',
    ]
    assert resolved(start, start.replace("Apache", "Tomcat"))[1] == []
    both = text(WEB, actions="{name: Start, command: /bin/x}, {name: start, command: /bin/y}")
    assert resolved(both)[1] == [f'a.yaml:4:52: cannot define "Apache/start" {fault}']


def test_an_action_that_an_alias_repeats_is_defined_twice() -> None:
    aliased = text(WEB, actions="&a {name: Start, command: /bin/x}, *a")
    assert len(resolved(aliased)[1]) == 1


def test_an_object_in_two_files_goes_by_its_first_spelling() -> None:
    actions, problems = resolved(
        text(WEB), text(name="APACHE", actions="{name: Stop, command: /bin/x}")
    )
    assert problems == []
    assert [each.id for each in actions] == [("Apache", "Start"), ("Apache", "Stop")]
    assert [each.groups for each in actions] == [("Apache/1",), ("Apache/2",)]
    assert len({each.folder.path for each in actions}) == 1


def test_a_flag_has_room_for_its_longest_state() -> None:
    long = text(WEB, actions=f"{{name: {'x' * 226}, command: /bin/x}}")
    (problem,) = resolved(long)[1]
    assert problem.startswith('a.yaml:4:20: cannot make a flag for "xxx')
    assert problem.endswith(
        'with "[Delete again to confirm]": 256 bytes, and a file name has at most 255; shorten it'
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_files_and_keys_changes_no_action(order: tuple[int, int]) -> None:
    texts = [
        text(WEB, "name: web"),
        "action-group: {name: other, actions: [{command: /bin/x, name: Stop}]}\nobject: Apache\n",
    ]
    actions, problems = resolved(*(texts[at] for at in order))
    assert problems == []
    assert {(each.id, each.groups, each.access.allow[0].name) for each in actions} == {
        (("Apache", "Start"), ("Apache/web",), "web"),
        (("Apache", "Stop"), ("Apache/other",), "web"),
    }


def test_confirmation_is_asked_for_where_it_says_so() -> None:
    assert action(WEB).confirm is None
    assert action(WEB, "confirm: 30s").confirm == 30
    assert action(WEB, "confirm: 30s", more="confirm: 1min").confirm == 60


ALLOWED = "allow: {groups: [ops]}"


def test_nobody_may_cancel_unless_it_says_so() -> None:
    assert action(WEB).cancel is None
    assert action(WEB, "cancel: false").cancel is None
    assert action(WEB, "cancel: true", more="cancel: false").cancel is None


def test_who_may_press_may_cancel_by_true() -> None:
    denied = "deny: {users: [mallory]}"
    access = Access((group("ops"),), (user("mallory"),))
    assert action(WEB, ALLOWED, denied, "cancel: true").cancel == access
    assert action(WEB, ALLOWED, denied, "cancel: false", more="cancel: true").cancel == access


def test_other_people_may_be_named_but_deny_holds_for_them_too() -> None:
    one = action(WEB, ALLOWED, "deny: {users: [mallory]}", "cancel: {groups: [lead], users: [bob]}")
    assert one.access == Access((group("ops"),), (user("mallory"),))
    assert one.cancel == Access((group("lead"), user("bob")), (user("mallory"),))
