from fui.config.folders import Folders
from fui.config.placed import Placed, placed
from fui.model.menu import FileSpec, Folder
from tests.unit.config.etc import AnyHost, drop_in


def groups(*directories: str, name: str = "Apache") -> list[Placed]:
    action = "actions: [{name: x, command: /bin/x}]"
    lines = "".join(f"  - {{directory: {{{each}}}, {action}}}\n" for each in directories)
    return placed([drop_in(f"object: {name}\naction-groups:\n{lines}")], "/srv/controls")


def faults(found: list[Placed], host: AnyHost | None = None) -> list[str]:
    return [str(each) for each in Folders(found, host or AnyHost()).problems]


def test_what_nobody_says_has_a_default() -> None:
    (group,) = groups("")
    folders = Folders([group], AnyHost())
    assert folders.problems == []
    assert folders.of(group) == Folder("/srv/controls/Apache", FileSpec(None, None, 0o2770))


def test_what_one_group_says_holds_for_all_of_the_folder() -> None:
    found = groups("", "user: root, mode: 0750", "group: web", "path: /srv/other")
    folders = Folders(found, AnyHost())
    assert folders.problems == []
    spec = FileSpec("root", "web", 0o750)
    assert [folders.of(each).spec for each in found[:3]] == [spec] * 3
    assert folders.of(found[3]).spec == FileSpec(None, None, 0o2770)


def test_two_groups_may_say_the_same() -> None:
    assert faults(groups("mode: 0770, group: web", "mode: 770, group: web")) == []


def test_two_groups_may_not_contradict_each_other() -> None:
    found = groups("group: a, user: u, mode: 0770", "group: b, path: /srv/controls/", "user: v")
    assert faults(found) == [
        (
            'a.yaml:4:25: cannot give "/srv/controls/Apache" another group than a.yaml:3:25 does; '
            "say it once"
        ),
        (
            'a.yaml:5:24: cannot give "/srv/controls/Apache" another user than a.yaml:3:34 does; '
            "say it once"
        ),
    ]


def test_a_mode_without_any_bits_is_a_mode() -> None:
    assert len(faults(groups("mode: 0000", "mode: 0700"))) == 1


def test_something_in_the_way_is_told_where_the_directory_is_named() -> None:
    found = groups("path: /srv/other", "")
    host = AnyHost(in_the_way=["/srv/other/Apache", "/srv/controls/Apache"])
    assert faults(found, host) == [
        "a.yaml:3:24: cannot use /srv/other/Apache",
        "a.yaml:4:17: cannot use /srv/controls/Apache",
    ]


def test_no_folder_is_inside_another() -> None:
    found = groups("") + groups("path: /srv/controls/Apache/x", name="Inner")
    assert faults(found) == [
        (
            'a.yaml:3:24: cannot put "/srv/controls/Apache/x/Inner" into the folder of another object; '
            "name a directory that holds no flags"
        )
    ]
    assert faults(groups("") + groups("", name="Apache2")) == []
