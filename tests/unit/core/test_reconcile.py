from fui.core.reconcile import Difference, compare
from fui.model.events import DirEntry


def test_missing_and_surplus_in_their_orders() -> None:
    entries = [
        DirEntry("z", ours=True),
        DirEntry("b", ours=True),
        DirEntry("user", ours=False),
        DirEntry("c", ours=False),
        DirEntry("y", ours=True),
    ]
    assert compare(entries, ["c", "b", "a"]) == Difference(missing=("c", "a"), surplus=("z", "y"))


def test_a_folder_that_is_right() -> None:
    assert compare([DirEntry("a", ours=True)], ["a"]) == Difference((), ())
