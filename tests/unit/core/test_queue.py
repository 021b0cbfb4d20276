import pytest

from fui.core.queue import Queue
from fui.model.job import Queued
from fui.model.menu import Action, ActionId
from tests.playbook import action
from tests.unit.core.values import press

A1, A2, A3 = (action(name, groups=("a",)) for name in ("A1", "A2", "A3"))
A_AND_B = action("A and B", groups=("a", "b"))
B1 = action("B1", groups=("b",))
B_AND_C = action("B and C", groups=("b", "c"))


def queue(*actions: Action) -> Queue:
    made = Queue()
    for one in actions:
        made.add(press(one), "alice")
    return made


def called(made: Queue, *held: str) -> list[str]:
    """The names of those whose turn comes while some groups are held."""
    turns = made.call(lambda groups: not set(groups) & set(held))
    return [one.action.id.action for one in turns]


def test_the_first_to_come_is_the_first_to_be_called() -> None:
    made = queue(A2, A1, A3)
    assert called(made, "a") == []
    for name in ("A2", "A1", "A3"):
        assert called(made) == [name]
        made.remove(ActionId("Apache", name))
    assert called(made) == []


def test_a_press_is_called_once_until_that_is_taken_back() -> None:
    made = queue(A1, A2)
    (turn,) = made.call(lambda _: True)
    assert called(made) == []
    turn.called = False
    assert called(made) == ["A1"]


def test_the_heads_of_all_queues_are_called() -> None:
    assert called(queue(A1, A2, B1)) == ["A1", "B1"]


def test_a_head_needs_all_of_its_groups() -> None:
    made = queue(A_AND_B)
    assert called(made, "b") == []
    assert called(made, "a") == []
    assert called(made) == ["A and B"]


def test_a_head_that_waits_for_another_group_holds_up_its_own_queue_only() -> None:
    made = queue(A_AND_B, A1, B1)
    assert called(made, "b") == []
    made = queue(A_AND_B, A1, B_AND_C)
    assert called(made, "a") == ["B and C"]
    made = queue(B_AND_C, A_AND_B, A1)
    assert called(made, "c") == ["A and B"]


def test_its_own_group_decides_in_which_queue_a_press_waits() -> None:
    made = queue(A1, A_AND_B, B1, A2)
    assert [one.action.id.action for one in made.of(("a",))] == ["A1", "A and B", "A2"]
    assert [one.action.id.action for one in made.of(("b",))] == ["B1"]
    assert [made.place(one.id) for one in (A1, A_AND_B, B1, A2)] == [1, 2, 1, 3]


def test_who_leaves_makes_room_for_those_behind() -> None:
    made = queue(A1, A2, A3)
    left = made.remove(A2.id)
    assert left is not None
    assert left.action is A2
    assert made.remove(A2.id) is None
    assert made.get(A2.id) is None
    assert made.place(A3.id) == 2
    made.add(press(A2), "bob")
    assert made.place(A2.id) == 3


def test_one_press_of_an_action_waits_at_a_time() -> None:
    made = queue(A1)
    with pytest.raises(AssertionError):
        made.add(press(A1, "bob"), "bob")


def test_it_may_change_while_it_is_gone_through() -> None:
    made = queue(A1, A2, A3)
    for waiting in made:
        made.remove(waiting.action.id)
    assert list(made) == []


def test_a_press_is_kept_with_its_user_and_its_proof() -> None:
    made = Queue()
    made.add(press(A1, "o'neil", at=7.0), "o'neil")
    (waiting,) = made
    assert waiting.kept == Queued(A1.id, "o'neil", 1003, "192.0.2.7", "Apache/A1@7.0")
    assert made.get(A1.id) is waiting
