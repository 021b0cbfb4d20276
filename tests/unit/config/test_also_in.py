from fui.config.also_in import ActionGroups
from fui.config.placed import Placed, placed
from tests.unit.config.etc import drop_in


def groups(*texts: str) -> list[Placed]:
    return placed([drop_in(text, f"{'abcd'[n]}.yaml") for n, text in enumerate(texts)], "/srv")


def text(name: str, *parts: str, actions: str = "{name: x, command: /bin/x}") -> str:
    lines = "".join(f"  - {{{part}{', ' if part else ''}actions: [{actions}]}}\n" for part in parts)
    return f"object: {name}\naction-groups:\n{lines}"


def keys(found: list[Placed], *, complete: bool = True) -> list[tuple[str, ...]]:
    known = ActionGroups(found, complete=complete)
    assert known.problems == []
    return [
        known.of(group, index, part)
        for group in found
        for index, part in enumerate(group.part.actions)
    ]


def faults(*texts: str, complete: bool = True) -> list[str]:
    return [str(each) for each in ActionGroups(groups(*texts), complete=complete).problems]


def test_an_action_is_in_its_own_group() -> None:
    assert keys(groups(text("A", "", "name: web"))) == [("A/1",), ("A/web",)]


def test_a_name_means_every_group_that_has_it() -> None:
    found = groups(
        text("A", "also-in: Web"), text("B", "name: web", "name: db"), text("C", "name: WEB")
    )
    assert keys(found) == [("A/1", "B/web", "C/WEB"), ("B/web",), ("B/db",), ("C/WEB",)]


def test_a_name_may_be_that_of_ones_own_group_if_others_have_it() -> None:
    assert keys(groups(text("A", "name: web, also-in: web"), text("B", "name: web"))) == [
        ("A/web", "B/web"),
        ("B/web",),
    ]


def test_a_name_that_no_group_has_is_a_lock_of_its_own() -> None:
    found = groups(text("A", "also-in: [DB, db]"), text("B", "also-in: db"))
    assert keys(found) == [("A/1", "*/db"), ("B/1", "*/db")]
    both = text("A", "also-in: db", actions="{name: x, command: /x}, {name: y, command: /y}")
    assert keys(groups(both)) == [("A/1", "*/db")] * 2


def test_what_an_action_says_beats_what_its_group_says() -> None:
    actions = "{name: x, command: /x}, {name: y, command: /y, also-in: c}, {name: z, command: /z, also-in: []}"
    found = groups(text("A", "also-in: b", actions=actions), text("B", "name: b", "name: c"))
    assert keys(found)[:3] == [("A/1", "B/b"), ("A/1", "B/c"), ("A/1",)]


def test_a_name_that_nothing_else_has() -> None:
    hint = "name one, or use the name in another action too"
    assert faults(text("A", "also-in: [db]"), text("B", "name: web")) == [
        f'a.yaml:3:16: cannot find an action group "db", and no other action names it; {hint}'
    ]
    assert faults(text("A", "also-in: wbe"), text("B", "name: Web")) == [
        (
            'a.yaml:3:15: cannot find an action group "wbe", and no other action names it; '
            "did you mean Web?"
        )
    ]
    assert faults(
        text("A", "also-in: database", "also-in: database"), text("B", "also-in: [Databse]")
    ) == [
        (
            'b.yaml:3:16: cannot find an action group "Databse", and no other action names it; '
            "did you mean database?"
        )
    ]


def test_a_name_of_a_group_in_a_file_that_is_missing_may_be_right() -> None:
    assert faults(text("A", "also-in: db"), complete=False) == []
    assert keys(groups(text("A", "also-in: db")), complete=False) == [("A/1", "*/db")]


def test_ones_own_group_is_not_named() -> None:
    actions = "{name: x, command: /bin/x}, {name: y, command: /bin/x}"
    assert faults(text("A", "name: web, also-in: [WEB]", actions=actions)) == [
        'a.yaml:3:27: cannot put an action into its own group "WEB" once more; leave it out'
    ]


def test_two_groups_that_wait_for_each_other_are_one() -> None:
    tail = "they are one group then, so name them as one"
    assert faults(text("A", "name: a, also-in: b"), text("B", "name: b, also-in: [a]")) == [
        f'b.yaml:3:25: cannot wait in a circle, "A/a → B/b → A/a"; {tail}'
    ]
    assert faults(text("A", "name: a, also-in: b", "name: b, also-in: a")) == [
        f'a.yaml:3:24: cannot wait in a circle, "A/a → A/b → A/a"; {tail}'
    ]


def test_a_longer_circle_is_told_once_and_at_the_file_that_closes_it() -> None:
    texts = [
        text("C", "name: c, also-in: [lock, a]"),
        text("B", "name: b, also-in: c"),
        text("A", "name: a, also-in: [b]", "name: d, also-in: [a, lock]"),
    ]
    (fault,) = faults(*texts)
    assert fault.startswith("c.yaml:3:25: cannot wait in a circle, ")
    assert "A/a → B/b → C/c → A/a" in fault


def test_several_circles_are_all_told() -> None:
    texts = [
        text(name, f"name: {name}1, also-in: {name}2", f"name: {name}2, also-in: {name}1")
        for name in "AB"
    ]
    assert len(faults(*texts)) == 2


def test_a_circle_that_a_later_file_repeats_is_told_at_the_earlier() -> None:
    again = text("A", "name: a, also-in: b", actions="{name: y, command: /bin/x}")
    (fault,) = faults(text("A", "name: a, also-in: b"), text("B", "name: b, also-in: a"), again)
    assert fault.startswith("b.yaml:")
    (fault,) = faults(again, text("B", "name: b, also-in: a"), text("A", "name: a, also-in: b"))
    assert fault.startswith("b.yaml:")


def test_many_groups_take_no_great_time() -> None:
    many = text("A", *(f"name: g{n}, also-in: [g{n + 1}]" for n in range(600)), "name: g600")
    assert faults(many) == []
