from collections.abc import Callable

import pytest

from fui.config.names import (
    brackets,
    broken,
    extension,
    file_name,
    fits,
    fold,
    group_name,
    object_name,
    printable,
    reads_back,
    shown,
    state_word,
)
from fui.model.naming import WORDS, Naming
from fui.model.states import FlagState

SHORT = dict(zip(FlagState, "abcdefghijkl", strict=True))
BARE = {**WORDS["en"], FlagState.READY: ""}


def fault(read: Callable[..., object], *args: object) -> str:
    with pytest.raises(ValueError, match=r"^cannot ") as caught:
        read(*args)
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "Apache",
        "o'neil's",
        "100 %",
        "Größe ändern",
        "Start [fast]",
        "a.b",
        "console",
        "com",
        "com10",
        "日本語",
        "x" * 255,
        "-rf",
    ],
)
def test_names_that_are_kept_as_they_are(name: str) -> None:
    assert file_name(name) == name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", "cannot use an empty name; give it at least one character"),
        ("a\nb", 'cannot use the name "a\\nb"; take out the control characters'),
        ("a\u2028b", 'cannot use the name "a\\u2028b"; take out the control characters'),
        ("a\u202etxt.b", 'cannot use the name "a\\u202etxt.b"; take out the control characters'),
        (".hidden", 'cannot begin the name ".hidden" with a dot or a blank; leave it out'),
        (" a", 'cannot begin the name " a" with a dot or a blank; leave it out'),
        ("a.", 'cannot end the name "a." with a dot or a blank; leave it out'),
        ("a ", 'cannot end the name "a " with a dot or a blank; leave it out'),
        ("a\u00a0", 'cannot end the name "a\\xa0" with a dot or a blank; leave it out'),
        ("CON", 'cannot use the name "CON"; Windows keeps it for a device, choose another one'),
        (
            "nul.txt",
            'cannot use the name "nul.txt"; Windows keeps it for a device, choose another one',
        ),
        (
            "Aux .x",
            'cannot use the name "Aux .x"; Windows keeps it for a device, choose another one',
        ),
        ("LPT1", 'cannot use the name "LPT1"; Windows keeps it for a device, choose another one'),
        ("com²", 'cannot use the name "com²"; Windows keeps it for a device, choose another one'),
    ],
)
def test_names_that_are_refused(name: str, text: str) -> None:
    assert fault(file_name, name) == text


@pytest.mark.parametrize("bad", list('/\\:*?"<>|'))
def test_characters_that_no_name_has(bad: str) -> None:
    assert fault(file_name, f"a{bad}b") == (
        f"cannot use {bad} in the name {shown(f'a{bad}b')}; "
        'file names on Windows hold none of /\\:*?"<>|'
    )


def test_a_name_counts_in_bytes() -> None:
    assert fault(file_name, "ü" * 128) == (
        f'cannot use the name "{"ü" * 128}": 256 bytes, and a file name has at most 255; shorten it'
    )


def test_a_flag_counts_with_its_longest_word() -> None:
    fits("x" * 225, Naming())
    assert fault(fits, "x" * 226, Naming()) == (
        f'cannot make a flag for "{"x" * 200}…" with "[Delete again to confirm]": '
        "256 bytes, and a file name has at most 255; shorten it"
    )
    assert 'with "(Running 100 %)": 256 bytes' in fault(
        fits, "x" * 236, Naming({**SHORT, FlagState.RUNNING: "Running"}, "(", ")", before=True)
    )


def test_two_spellings_of_one_name() -> None:
    assert fold("Größe") == fold("GRO\u0308SSE")
    assert fold("Start") != fold("Stop")
    assert file_name("o\u0308") == "ö"


def test_an_object_is_not_called_like_a_file_of_fui() -> None:
    assert object_name("Apache") == "Apache"
    assert fault(object_name, "readme.TXT") == (
        'cannot call an object "readme.TXT"; FUI puts its own README.txt there'
    )
    assert fault(object_name, ".fui").startswith("cannot begin")


def test_an_action_group_is_not_called_like_a_number() -> None:
    assert group_name("web 2") == "web 2"
    assert fault(group_name, "2") == (
        'cannot call an action group "2"; groups without a name are counted, add a letter'
    )


@pytest.mark.parametrize("word", ["Ready", "Läuft gerade", "[Ready", ""])
def test_words_for_states(word: str) -> None:
    assert state_word(word) == word


@pytest.mark.parametrize("word", ["Run 1", "50%", "Schritt ²", "٣"])
def test_a_word_does_not_end_in_a_number(word: str) -> None:
    assert fault(state_word, word) == (
        f'cannot end the word "{word}" with a number; FUI puts numbers behind it, as in 40 %'
    )


@pytest.mark.parametrize("word", ["NUL", "a:b", "Ready?", "Ready.", " Ready", "a|b", "a\nb"])
def test_a_word_can_be_a_file_name(word: str) -> None:
    assert fault(state_word, word).startswith("cannot ")


@pytest.mark.parametrize("pair", ["[]", "()", "{}", "«»", "-+", "【】"])
def test_brackets(pair: str) -> None:
    assert brackets(pair) == pair


@pytest.mark.parametrize(
    "pair",
    [
        "",
        "[",
        "[[",
        "[]]",
        "<>",
        "||",
        "ab",
        "1)",
        " )",
        "(.",
        "(%",
        "\u2329\u232a",
        "Ⓐ)",
        "*)",
        "\u202e)",
    ],
)
def test_what_are_no_brackets(pair: str) -> None:
    assert fault(brackets, pair) == (
        f"cannot use {shown(pair)} as brackets; write two different ones, as [] () {{}} or «»"
    )


def test_extensions() -> None:
    assert extension(".txt") == ".txt"
    for wrong in ("", "txt", ".", ".a.b", ".häh", ".abcdefghijk", ".t t"):
        assert fault(extension, wrong) == (
            f'cannot use the extension "{wrong}"; write a dot and 1 to 10 letters or digits, as .txt'
        )


@pytest.mark.parametrize("action", ["X", "X [Other]", "X(Done)", "[x] y"])
def test_a_bare_name_is_that_of_its_action(action: str) -> None:
    reads_back(action, Naming())
    reads_back(f"{action} [Done]", Naming())  # with a word behind it, it is another name
    reads_back(action, Naming(BARE))


@pytest.mark.parametrize("action", ["X [Done]", "X [dONE]", "X [Running 40 %]", "X [queued 2]"])
def test_a_bare_name_that_reads_as_another_flag(action: str) -> None:
    assert fault(reads_back, action, Naming(BARE)) == (
        f'cannot tell the flag "{action}" from one in a state, as "ready" has no word; '
        "take the brackets out of its name, or give the state a word"
    )
    before = " ".join(reversed(action.split(" ", 1)))
    assert fault(reads_back, before, Naming(BARE, before=True, extension=".TXT"))


def test_what_is_shown_harms_no_terminal() -> None:
    assert shown("a\x1b[31m\u202e\ud800é") == '"a\\x1b[31m\\u202e\\ud800é"'
    assert printable("/etc/\nx") == "/etc/\\nx"
    assert shown("x" * 201) == f'"{"x" * 200}…"'


def test_a_line_of_text_is_whole() -> None:
    assert not broken("é € \u00a0 \U0001f600")
    assert all(broken(each) for each in ("\0", "\n", "\x7f", "\x85", "\ud800", "\u2029"))
