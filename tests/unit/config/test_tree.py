from fui.config.tree import (
    Blank,
    Entry,
    Items,
    Nothing,
    Scalar,
    Spot,
    Table,
    key_spot,
    kind,
    plain,
    value_spot,
    without,
)

A, B = Scalar(Spot(2, 6), "a"), Scalar(Spot(3, 6), "b")
LIST = Items(Spot(2, 4), (A, B))
ROOT = Table(
    Spot(1, 1),
    {"list": Entry(Spot(1, 1), LIST), "blank": Entry(Spot(4, 1), Blank(Spot(4, 7)))},
)


def test_plain_data_has_no_places() -> None:
    assert plain(ROOT) == {"list": ["a", "b"], "blank": Nothing.NOTHING}


def test_kinds_in_words() -> None:
    assert kind("x") == "text"
    assert kind([]) == "a list"
    assert kind({}) == "a mapping"
    assert kind(Nothing.NOTHING) == "an empty value"


def test_a_value_and_its_key_have_places_of_their_own() -> None:
    assert value_spot(ROOT, ("blank",)) == Spot(4, 7)
    assert key_spot(ROOT, ("blank",)) == Spot(4, 1)
    assert value_spot(ROOT, ("list", 1)) == Spot(3, 6)
    assert value_spot(ROOT, ()) == Spot(1, 1)


def test_what_is_not_there_has_the_place_of_what_is_around_it() -> None:
    assert value_spot(ROOT, ("list", 2, "name")) == Spot(2, 4)
    assert value_spot(ROOT, ("nothing", "more")) == Spot(1, 1)
    assert key_spot(ROOT, ("list", 0, "name")) == Spot(2, 6)
    assert key_spot(ROOT, ("list", 1)) == Spot(3, 6)


def test_leaving_out_a_value_leaves_the_rest_where_it_is() -> None:
    left = without(ROOT, [("list", 0)])
    assert left is not None
    assert plain(left) == {"list": ["b"], "blank": Nothing.NOTHING}
    assert value_spot(left, ("list", 0)) == Spot(3, 6)
    left = without(ROOT, [("blank",)])
    assert left is not None
    assert plain(left) == {"list": ["a", "b"]}
    assert key_spot(left, ("list",)) == Spot(1, 1)
    assert without(ROOT, []) == ROOT


def test_leaving_out_several_things_mixes_up_no_indices() -> None:
    left = without(ROOT, [("list", 0), ("list", 1), ("blank",), ("list", 0)])
    assert left is not None
    assert plain(left) == {"list": []}


def test_leaving_out_what_is_not_there_leaves_out_what_is_around_it() -> None:
    left = without(ROOT, [("list", 0, "name"), ("list", 0, "other")])
    assert left is not None
    assert plain(left) == {"list": ["b"], "blank": Nothing.NOTHING}
    left = without(ROOT, [("list", 2), ("list", 0)])
    assert left is not None
    assert plain(left) == {"blank": Nothing.NOTHING}
    assert without(ROOT, [("other",)]) is None
    assert without(ROOT, [("blank",), ()]) is None


def test_the_tree_itself_never_changes() -> None:
    without(ROOT, [("list", 0)])
    assert plain(ROOT) == {"list": ["a", "b"], "blank": Nothing.NOTHING}
