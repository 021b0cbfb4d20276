from fui.config.placed import Placed, placed
from tests.unit.config.etc import drop_in

ACTIONS = "actions: [{name: x, command: /bin/x}]"


def groups(*texts: str) -> list[Placed]:
    return placed([drop_in(text, f"{n}.yaml") for n, text in enumerate(texts)], "/srv/controls")


def text(name: str, *parts: str) -> str:
    lines = "".join(f"  - {{{part}{', ' if part else ''}{ACTIONS}}}\n" for part in parts)
    return f"object: {name}\naction-groups:\n{lines}"


def test_the_folder_is_in_the_share_or_where_the_group_says() -> None:
    one, two = groups(text("Apache", "", "directory: {path: /srv/other/}"))
    assert (one.parent, one.folder) == ("/srv/controls", "/srv/controls/Apache")
    assert (two.parent, two.folder) == ("/srv/other", "/srv/other/Apache")


def test_groups_are_counted_over_all_files_of_their_object() -> None:
    found = groups(text("Apache", "", "name: web"), text("Tomcat", ""), text("APACHE", "", ""))
    assert [(each.object, each.key) for each in found] == [
        ("Apache", "Apache/1"),
        ("Apache", "Apache/web"),
        ("Apache", "Apache/3"),
        ("Apache", "Apache/4"),
        ("Tomcat", "Tomcat/1"),
    ]


def test_groups_of_one_name_are_one_within_their_object() -> None:
    found = groups(
        text("A", "name: Web", "name: web"), text("a", "name: WEB"), text("B", "name: web")
    )
    assert [each.key for each in found] == ["A/Web", "A/Web", "A/Web", "B/web"]


def test_objects_are_sorted_whatever_the_files_are_called() -> None:
    assert [each.object for each in groups(text("b", ""), text("C", ""), text("A", ""))] == [
        "A",
        "b",
        "C",
    ]


def test_a_file_without_a_model_has_no_groups() -> None:
    assert groups("object: A\n") == []


def test_every_part_can_be_found_again() -> None:
    (group,) = groups(text("Apache", "name: web"))
    assert group.whole
    assert group.place() == "0.yaml:3:5"
    assert group.place("name") == "0.yaml:3:12"
    assert str(group.problem("cannot", "actions", 0, "name")) == "0.yaml:3:34: cannot"
    (group,) = groups(text("Apache", "colour: red"))
    assert not group.whole
