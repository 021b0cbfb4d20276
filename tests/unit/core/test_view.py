import pytest

from fui.core.lifecycle import IllegalTransitionError, Trigger
from fui.core.view import View
from fui.model.events import DirEntry, FlagShown, FolderListed, Place
from fui.model.menu import ActionId
from fui.model.states import FlagState
from tests.playbook import BACKUP, FOLDER, MENU

START = ActionId("Apache", "Start")
READY = Place(FOLDER.path, "Start [Ready].txt")


def view() -> View:
    made = View(MENU)
    for action in MENU.actions:
        made.shown(FlagShown(action.id, f"{action.id.action} [Ready].txt", 1.0))
    return made


def test_a_path_is_a_flag_in_a_state_whether_it_stands_or_not() -> None:
    made = View(MENU)
    assert made.named(f"{FOLDER.path}/Start [Done].txt") == (made[START], FlagState.DONE)
    for path in ("", "/x", f"{FOLDER.path}/x [Done].txt", f"{BACKUP.path}/Start [Done].txt"):
        assert made.named(path) is None


def test_a_flag_leaves_one_path_for_another() -> None:
    made = view()
    assert made.shown(FlagShown(START, "Start [Ready].txt", 2.0)) == (None, None)
    assert made.shown(FlagShown(START, "Start [Done].txt", 2.0)) == (
        READY.path,
        f"{FOLDER.path}/Start [Done].txt",
    )
    assert made.deleted(READY.path) is None


def test_an_illegal_change_changes_nothing() -> None:
    made = view()
    with pytest.raises(IllegalTransitionError):
        made.change(made[START], Trigger.SUCCEED, 1.0)
    assert made[START].state is FlagState.READY
    assert made.draw(lambda _: "") == []


def test_a_move_among_the_names_of_one_flag_is_fuis_own() -> None:
    made = view()
    assert made.moved(Place(FOLDER.path, "Start [Running].txt"), READY) == ()
    assert made.moved(None, None) == ()


def test_a_move_over_a_flag_is_a_reason_to_look() -> None:
    made = view()
    assert made.moved(None, READY) == (FOLDER.path,)
    assert made.moved(Place(BACKUP.path, "x"), READY) == (BACKUP.path, FOLDER.path)
    assert made.moved(Place(FOLDER.path, "Stop [Running].txt"), READY) == (FOLDER.path,)


def test_a_look_after_a_move_shows_the_flag_anew_though_it_is_there() -> None:
    made = view()
    made.moved(None, READY)
    made.listed(FolderListed(BACKUP.path, (DirEntry("Run [Ready].txt", ours=True),)))
    names = ("Start [Ready].txt", "Stop [Ready].txt", "Restart [Ready].txt")
    listing = FolderListed(FOLDER.path, tuple(DirEntry(name, ours=True) for name in names))
    assert made.listed(listing).missing == []
    assert [(shown.old, shown.name) for shown in made.draw(lambda _: "")] == [
        ("Start [Ready].txt", "Start [Ready].txt")
    ]
    made.listed(listing)
    assert made.draw(lambda _: "") == []


def test_a_folder_that_is_not_ours_has_nothing_of_ours() -> None:
    found = view().listed(FolderListed("/elsewhere", (DirEntry("x", ours=False),)))
    assert (found.surplus, found.moved, found.missing) == ([], [], [])
