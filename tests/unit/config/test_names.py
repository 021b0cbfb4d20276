from collections.abc import Callable

import pytest

from fui.config.names import (
    broken,
    file_name,
    fits,
    fold,
    group_name,
    object_name,
    printable,
    shown,
    state_word,
)


def fault(read: Callable[..., object], *args: str) -> str:
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
    fits("x" * 241, "Running")
    assert fault(fits, "x" * 242, "Running") == (
        f'cannot make a flag for "{"x" * 200}…" with the word "Running": '
        "256 bytes, and a file name has at most 255; shorten it"
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


@pytest.mark.parametrize("word", ["[Ready", "Ready]"])
def test_a_state_has_no_brackets(word: str) -> None:
    assert state_word("Läuft gerade") == "Läuft gerade"
    assert fault(state_word, word) == (
        f'cannot use brackets in the word "{word}"; FUI puts it between some'
    )


def test_what_is_shown_harms_no_terminal() -> None:
    assert shown("a\x1b[31m\u202e\ud800é") == '"a\\x1b[31m\\u202e\\ud800é"'
    assert printable("/etc/\nx") == "/etc/\\nx"
    assert shown("x" * 201) == f'"{"x" * 200}…"'


def test_a_line_of_text_is_whole() -> None:
    assert not broken("é € \u00a0 \U0001f600")
    assert all(broken(each) for each in ("\0", "\n", "\x7f", "\x85", "\ud800", "\u2029"))
