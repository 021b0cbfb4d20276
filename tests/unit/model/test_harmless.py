from hypothesis import given
from hypothesis import strategies as st

from fui.model.harmless import STRAY_BYTES, harmless


def test_nothing_that_somebody_wrote_can_do_harm() -> None:
    assert harmless("\x1b[2Ja\nb\t\x00\udcff\u202e\ud800é") == (
        "\\x1b[2Ja\\x0ab\\x09\\x00\\xff\\u202e\\ud800é"
    )


def test_letters_of_the_world_stay_and_stray_bytes_show_their_number() -> None:
    assert harmless("Füße 日本 DOM\\user \udcff \ud800") == "Füße 日本 DOM\\user \\xff \\ud800"


@given(st.text())
def test_any_text_becomes_harmless(text: str) -> None:
    assert harmless(text).isprintable()
    assert harmless(text).encode().decode() == harmless(text)


def test_what_is_kept_stays() -> None:
    assert harmless("a\n\tb\r", keep="\n\t") == "a\n\tb\\x0d"
    assert harmless("\udcff\x1b", keep=STRAY_BYTES) == "\udcff\\x1b"


def test_a_text_of_very_many_different_characters_is_shown_as_right_as_one_of_few() -> None:
    many = "".join(map(chr, range(0x4E00, 0x5E00))) + "\x07"
    assert harmless(many) == harmless(many) == many[:-1] + "\\x07"
