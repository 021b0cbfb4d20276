import pytest

from fui.config.words import NEVER_EMPTY, complaints, naming
from fui.model.naming import WORDS
from fui.model.states import FlagState
from tests.unit.config.etc import main_file


def faults(states: str) -> list[str]:
    return [str(each) for each in main_file(f"states: {{{states}}}\n").problems]


def words(states: str) -> dict[FlagState, str]:
    checked = main_file(f"states: {{{states}}}\n")
    assert checked.problems == ()
    assert checked.model is not None
    assert [*complaints(checked.model.states)] == []
    return dict(naming(checked.model.states).words)


def test_nothing_said_is_english() -> None:
    assert words("") == WORDS["en"]


def test_a_language_and_words_of_ones_own() -> None:
    assert words("language: de") == WORDS["de"]
    assert words("ready: Los, language: fr, configuration-error: Kaputt") == {
        **WORDS["fr"],
        FlagState.READY: "Los",
        FlagState.ERROR: "Kaputt",
    }


def test_two_words_can_be_exchanged() -> None:
    assert words("done: Failed, failed: Done")[FlagState.DONE] == "Failed"


@pytest.mark.parametrize(
    ("states", "fault"),
    [
        ("ready: Done", '17: cannot use the word "Done" for "done" and for "ready"'),
        ("done: READY", '16: cannot use the word "READY" for "ready" and for "done"'),
        (
            "language: de, done: bereit",
            '30: cannot use the word "bereit" for "ready" and for "done"',
        ),
        ("ready: Gut, done: gut", '28: cannot use the word "gut" for "ready" and for "done"'),
    ],
)
def test_words_differ_in_every_spelling(states: str, fault: str) -> None:
    assert faults(states) == [f"fui.yaml:1:{fault}; choose words that differ"]


@pytest.mark.parametrize("state", [each for each in FlagState if each not in NEVER_EMPTY])
def test_one_word_may_be_empty(state: FlagState) -> None:
    assert words(f'{state.value}: ""')[state] == ""


@pytest.mark.parametrize("state", NEVER_EMPTY)
def test_some_words_are_never_empty(state: FlagState) -> None:
    assert faults(f'{state.value}: ""') == [
        (
            f'fui.yaml:1:{12 + len(state.value)}: cannot leave the word for "{state.value}" empty; '
            "flags could not be told apart"
        )
    ]


def test_two_words_are_not_empty() -> None:
    assert faults('ready: "", done: ""') == [
        'fui.yaml:1:27: cannot leave "done" without a word, "ready" has none; write one'
    ]


def test_a_word_does_not_hold_its_brackets() -> None:
    assert faults("ready: a(b") == []
    assert faults('ready: a(b, brackets: "()"') == [
        'fui.yaml:1:17: cannot use ( in the word "a(b"; it is one of the brackets around it'
    ]
    assert faults('ready: "a]"') == [
        'fui.yaml:1:17: cannot use ] in the word "a]"; it is one of the brackets around it'
    ]


@pytest.mark.parametrize(
    ("states", "fault"),
    [
        ("language: es", '20: cannot use "es" here; write en, de or fr'),
        ("language: [de]", "20: cannot use a list here; write en, de or fr"),
        ("place: above", '17: cannot use "above" here; write after or before'),
        (
            "brackets: <>",
            '20: cannot use "<>" as brackets; write two different ones, as [] () {} or «»',
        ),
        ("brackets: [a, b]", "20: cannot use a list here; write a text"),
        (
            "extension: txt",
            '21: cannot use the extension "txt"; write a dot and 1 to 10 letters or digits, as .txt',
        ),
        ("ready:", '16: cannot use an empty value here; write a word, or "" for none'),
        (
            "running: Run 2",
            '19: cannot end the word "Run 2" with a number; FUI puts numbers behind it, as in 40 %',
        ),
        (
            "ready: nul",
            '17: cannot use the name "nul"; Windows keeps it for a device, choose another one',
        ),
        ("redy: x", '10: cannot understand the key "redy"; did you mean ready?'),
        ("error: x", '10: cannot understand the key "error"; did you mean configuration-error?'),
    ],
)
def test_what_cannot_be_meant(states: str, fault: str) -> None:
    (found,) = faults(states)
    assert found.startswith(f"fui.yaml:1:{fault.partition(';')[0]}")
