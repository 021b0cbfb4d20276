import pytest

from fui.core.flag_name import compose, parse
from fui.model.menu import DEFAULT_WORDS
from fui.model.states import FlagState


def test_a_name_carries_the_state() -> None:
    assert compose("Restart", FlagState.READY, DEFAULT_WORDS) == "Restart [Ready].txt"


@pytest.mark.parametrize("action", ["Restart", "a [Ready]", "50 % [x]", "o'neil", "Überprüfen"])
@pytest.mark.parametrize("state", FlagState)
def test_a_name_is_read_back(action: str, state: FlagState) -> None:
    assert parse(compose(action, state, DEFAULT_WORDS), DEFAULT_WORDS) == (action, state)


@pytest.mark.parametrize(
    "name",
    ["", " [Ready].txt", "Restart.txt", "Restart [Ready]", "Restart [ready].txt", "x [Else].txt"],
)
def test_other_names_are_no_flags(name: str) -> None:
    assert parse(name, DEFAULT_WORDS) is None
