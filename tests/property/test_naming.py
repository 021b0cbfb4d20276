"""Whatever the words, brackets and place are, a flag's name is read back as what it was made of."""

from hypothesis import assume, given
from hypothesis import strategies as st

from fui.config.names import reads_back
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState

PAIRS = ["[]", "()", "«»", "+-"]
DETAILS = {FlagState.RUNNING: ["", "7 %", "100 %"], FlagState.QUEUED: ["", "1", "999"]}


@st.composite
def namings(draw: st.DrawFn, empty: st.SearchStrategy[bool]) -> Naming:
    """A way to make names that `states:` can ask for."""
    pair = draw(st.sampled_from(PAIRS))
    letters = st.characters(exclude_characters=f"{pair}/%", exclude_categories=["C", "N", "Z"])
    count = len(FlagState)
    words = st.lists(st.text(letters, min_size=1), min_size=count, max_size=count, unique=True)
    chosen = dict(zip(FlagState, draw(words), strict=True))
    if draw(empty):
        chosen[FlagState.READY] = ""
    return Naming(chosen, pair[0], pair[1], before=draw(st.booleans()))


some_actions = st.text(min_size=1) | st.text(st.sampled_from("a[]()«»+- "), min_size=1)


@given(some_actions, st.sampled_from(FlagState), namings(st.just(value=False)), st.data())
def test_names_round_trip(
    action: str, state: FlagState, naming: Naming, data: st.DataObject
) -> None:
    detail = data.draw(st.sampled_from(DETAILS.get(state, [""])))
    shown = "" if state is FlagState.ERROR else action
    assert naming.parse(naming.compose(shown, state, detail)) == (shown, state)


@given(some_actions, namings(st.just(value=True)))
def test_bare_names_round_trip_where_the_configuration_lets_them(
    action: str, naming: Naming
) -> None:
    try:
        reads_back(action, naming)
    except ValueError:
        assume(False)  # noqa: FBT003
    assert naming.parse(naming.compose(action, FlagState.READY)) == (action, FlagState.READY)


@given(
    st.text() | st.text(st.sampled_from("aDone[] .txt")).map("{}.txt".format),
    namings(st.booleans()) | st.builds(Naming, st.sampled_from(list(WORDS.values()))),
)
def test_what_is_read_is_what_would_be_written(name: str, naming: Naming) -> None:
    parsed = naming.parse(name)
    if parsed is not None:
        action, state = parsed
        plain = naming.compose(action, state)
        details = [
            naming.compose(action, state, f"{n}{unit}") for n in range(1000) for unit in ("", " %")
        ]
        assert name == plain or (state in DETAILS and name in details)


@given(some_actions, st.sampled_from(list(WORDS.values())), st.booleans())
def test_no_name_takes_more_room_than_the_longest(
    action: str,
    words: dict[FlagState, str],
    before: bool,  # noqa: FBT001
) -> None:
    naming = Naming(words, before=before)
    longest = len(naming.longest(action).encode())
    for state in FlagState:
        for detail in DETAILS.get(state, [""]):
            if state is not FlagState.ERROR:
                assert len(naming.compose(action, state, detail).encode()) <= longest
