import pytest

from fui.config.tree import Nothing, Plain, Spot, Table, key_spot, plain, value_spot
from fui.config.unwrap import unwrapped
from fui.config.yaml_text import read


def bare(text: str) -> Table:
    root = read(text.encode(), "f").root
    assert root is not None
    return unwrapped(root)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("object: A\n", {"object": "A"}),
        ("action-group: {name: x}\n", {"action-groups": [{"name": "x"}]}),
        ("action-groups: [{name: x}, {}]\n", {"action-groups": [{"name": "x"}, {}]}),
        ("action-groups: {name: x}\n", {"action-groups": [{"name": "x"}]}),
        ("action-group: [{}, {}]\n", {"action-groups": [{}, {}]}),
        (
            "action-groups: [{name: y}]\nobject: A\naction-group: {name: x}\n",
            {"object": "A", "action-groups": [{"name": "x"}, {"name": "y"}]},
        ),
        ("action-group: text\n", {"action-groups": ["text"]}),
        ("action-group:\n", {"action-groups": [Nothing.NOTHING]}),
        ("action-groups: []\n", {"action-groups": []}),
        (
            "action-group: {actions: [{action: {name: x}}, {name: y}, z]}\n",
            {"action-groups": [{"actions": [{"name": "x"}, {"name": "y"}, "z"]}]},
        ),
        (
            "action-group: {actions: [{action: , name: x}]}\n",
            {"action-groups": [{"actions": [{"action": Nothing.NOTHING, "name": "x"}]}]},
        ),
        ("action-group: {actions: x}\n", {"action-groups": [{"actions": "x"}]}),
    ],
)
def test_one_form_for_all(text: str, data: Plain) -> None:
    assert plain(bare(text)) == data


def test_every_part_keeps_its_place() -> None:
    root = bare("action-groups:\n  - x\naction-group:\n  actions:\n    - action: {name: y}\n")
    assert key_spot(root, ("action-groups",)) == Spot(1, 1)
    assert value_spot(root, ("action-groups", 1)) == Spot(2, 5)
    assert value_spot(root, ("action-groups", 0)) == Spot(4, 3)
    assert key_spot(root, ("action-groups", 0, "actions", 0, "name")) == Spot(5, 16)
