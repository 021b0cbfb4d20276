from hypothesis import given
from hypothesis import strategies as st

from fui.core.flag_name import compose, parse
from fui.model.states import FlagState

words = st.lists(
    st.text(st.characters(exclude_characters="[]/"), min_size=1),
    min_size=len(FlagState),
    max_size=len(FlagState),
    unique=True,
).map(lambda chosen: dict(zip(FlagState, chosen, strict=True)))


@given(st.text(min_size=1), st.sampled_from(FlagState), words)
def test_names_round_trip(action: str, state: FlagState, chosen: dict[FlagState, str]) -> None:
    assert parse(compose(action, state, chosen), chosen) == (action, state)


@given(st.text(), words)
def test_what_is_read_is_what_would_be_written(name: str, chosen: dict[FlagState, str]) -> None:
    parsed = parse(name, chosen)
    if parsed is not None:
        assert compose(*parsed, chosen) == name
