import pytest

from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState

BARE = {**WORDS["en"], FlagState.READY: ""}
ACTIONS = ["Restart", "a [Ready]", "50 % [x]", "o'neil", "Überprüfen", "[x", "x]", "[Done] x"]
STATES = [state for state in FlagState if state is not FlagState.ERROR]


def test_a_name_carries_the_state() -> None:
    assert Naming().compose("Restart", FlagState.READY) == "Restart [Ready].txt"
    assert Naming().compose("Restart", FlagState.RUNNING, "40 %") == "Restart [Running 40 %].txt"
    assert Naming().compose("", FlagState.ERROR) == "[Configuration error].txt"


def test_the_state_stands_where_it_is_wanted() -> None:
    naming = Naming(WORDS["de"], "«", "»", before=True, extension=".log")
    assert naming.compose("Restart", FlagState.READY) == "«Bereit» Restart.log"
    assert naming.compose("Restart", FlagState.QUEUED, "2") == "«Wartet auf Platz 2» Restart.log"
    assert naming.compose("", FlagState.ERROR) == "«Konfigurationsfehler».log"


def test_a_state_without_a_word_leaves_the_name_bare() -> None:
    assert Naming(BARE).marker(FlagState.READY) == ""
    assert Naming(BARE).compose("Restart", FlagState.READY) == "Restart.txt"
    assert Naming(BARE).compose("Restart", FlagState.DONE) == "Restart [Done].txt"


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", STATES)
def test_a_name_is_read_back(action: str, state: FlagState, language: str, before: bool) -> None:  # noqa: FBT001
    naming = Naming(WORDS[language], before=before)
    assert naming.parse(naming.compose(action, state)) == (action, state)


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize(
    ("state", "detail"),
    [(FlagState.RUNNING, "0 %"), (FlagState.RUNNING, "100 %"), (FlagState.QUEUED, "999")],
)
def test_a_detail_is_no_part_of_the_state(state: FlagState, detail: str, before: bool) -> None:  # noqa: FBT001
    naming = Naming(before=before)
    assert naming.parse(naming.compose("Restart", state, detail)) == ("Restart", state)


@pytest.mark.parametrize("before", [False, True])
def test_the_flag_of_an_error_stands_for_no_action(before: bool) -> None:  # noqa: FBT001
    naming = Naming(before=before)
    assert naming.parse(naming.compose("", FlagState.ERROR)) == ("", FlagState.ERROR)
    assert naming.parse(naming.compose("Restart", FlagState.ERROR)) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".txt",
        " [Ready].txt",
        "[Ready].txt",
        "Restart.txt",
        "Restart [Ready]",
        "Restart [ready].txt",
        "Restart[Ready].txt",
        "Restart [Ready] .txt",
        "Restart [Ready 40 %].txt",
        "Restart [Running 4000 %].txt",
        "Restart [Running x 40 %].txt",
        "x [Else].txt",
        "x [].txt",
    ],
)
def test_other_names_are_no_flags(name: str) -> None:
    assert Naming().parse(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "[Ready].txt",
        "[Ready]Restart.txt",
        "[Ready Restart.txt",
        "Ready] Restart.txt",
        "x [Ready].txt",
    ],
)
def test_other_names_are_no_flags_where_the_state_stands_before(name: str) -> None:
    assert Naming(before=True).parse(name) is None


@pytest.mark.parametrize(
    "name", ["Restart.txt", "Restart [Else].txt", "Restart[Done].txt", "[x.txt"]
)
@pytest.mark.parametrize("before", [False, True])
def test_a_bare_name_is_that_of_the_state_without_a_word(name: str, before: bool) -> None:  # noqa: FBT001
    naming = Naming(BARE, before=before)
    assert naming.parse(name) == (name.removesuffix(".txt"), FlagState.READY)
    assert naming.parse("Restart") is None
    assert naming.parse(".txt") is None


def test_the_longest_name_of_a_flag() -> None:
    assert Naming().longest("x") == "x [Delete again to confirm].txt"
    short = dict.fromkeys(FlagState, "a") | {FlagState.RUNNING: "Running"}
    assert Naming(short).longest("x") == "x [Running 100 %].txt"
    queued = short | {FlagState.QUEUED: "Wartet wohl länger"}
    assert Naming(queued, before=True).longest("x") == "[Wartet wohl länger 999] x.txt"


def test_an_error_has_no_action_that_would_make_it_longer() -> None:
    words = dict.fromkeys(FlagState, "a") | {FlagState.ERROR: "a very long word"}
    assert Naming(words).longest("x") == "x [a 100 %].txt"


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_set_of_words_is_whole(words: dict[FlagState, str]) -> None:
    assert list(words) == list(FlagState)
    assert len({word.casefold() for word in words.values()}) == len(words)
