import pytest

from fui.model.press import Gesture, Press
from fui.model.states import FlagState
from tests.playbook import action


@pytest.mark.parametrize("gesture", Gesture)
def test_only_a_deletion_and_a_move_into_the_execute_folder_ask_for_something(
    gesture: Gesture,
) -> None:
    press = Press(action("Start"), gesture, FlagState.READY)
    assert press.presses == (gesture in {Gesture.PRESS, Gesture.EXECUTE})
