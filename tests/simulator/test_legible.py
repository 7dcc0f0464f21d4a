"""Texts from outside: every hidden character is shown, and no text is too long."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.legible import TEXT_CHARACTERS_MAX, legible, looks_alike, on_one_line
from tests.simulator.report.page import read_xml

#: Every character there is, halves of a pair among them.
_ANYTHING = st.text(st.characters(exclude_categories=()))


@given(_ANYTHING)
def test_any_text_can_be_written_as_xml_and_read_again(text: str) -> None:
    """Whatever the text, the result is valid XML and reads back unchanged."""
    element = ET.Element("shown")
    element.text = legible(text)

    assert (read_xml(ET.tostring(element)).text or "") == legible(text)


@given(_ANYTHING)
def test_no_text_moves_a_terminal(text: str) -> None:
    """Line breaks and tabs are the only control characters that remain."""
    assert not [each for each in legible(text) if each < " " and each not in "\n\t"]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    """A text without hidden characters is not changed."""
    assert legible(text) == text


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),  # would clear the screen
        ("\u202egnp", r"\u202egnp"),  # would turn what follows around
        ("0\u200b7", r"0\u200b7"),  # a number that looks whole and is not
        ("a\rb", r"a\rb"),  # would write over what was printed
        ("\ud800", r"\ud800"),  # half a character
        ("\uffff", r"\uffff"),  # not a character
    ],
)
def test_hidden_characters_are_spelt_out(hidden: str, shown: str) -> None:
    """An invisible character is shown by its number."""
    assert legible(hidden) == shown


@pytest.mark.parametrize(
    ("written", "shown", "named"),
    [
        ("it's mine", "it\u2019s mine", "U+2019 \u2019 for U+0027 '"),
        ("Ren\u00e9", "Rene\u0301", "U+0065 e U+0301 \u0301 for U+00E9 \u00e9"),
        ("Ren\u00e9", "Rene", "U+0065 e for U+00E9 \u00e9"),
        ("at home", "at\u00a0home", "U+00A0 \u00a0 for U+0020  "),
        ("Carr", "\u0421arr", "U+0421 \u0421 for U+0043 C"),
        ("heron", "her\u200bon", "U+0072 r U+200B \\u200b for U+0072 r"),
        ("Town Hall", "At 10:00: TOWN\u00a0HALL, room 3", "U+00A0 \u00a0 for U+0020  "),
        ("it's mine", "it's mine, I said", ""),
        ("it's mine", "it is mine", ""),
        ("", "it's mine", ""),
    ],
)
def test_what_only_looks_alike_is_named_by_code_point(written: str, shown: str, named: str) -> None:
    """Another quotation mark, accent, space, alphabet, or one that nobody sees; not other words."""
    assert looks_alike(written, ["something else", shown]) == named


@given(_ANYTHING, _ANYTHING)
def test_any_two_texts_can_be_compared(written: str, shown: str) -> None:
    """A text differs from itself in nothing, and what is named is safe to print."""
    assert looks_alike(written, [written]) == ""
    assert legible(looks_alike(written, [shown])) == looks_alike(written, [shown])


def test_a_long_text_is_cut_with_how_much_is_left_out() -> None:
    """A text that is cut says so."""
    assert legible("a" * TEXT_CHARACTERS_MAX) == "a" * TEXT_CHARACTERS_MAX
    assert legible("a" * (TEXT_CHARACTERS_MAX + 1_500)).endswith("a… (1,500 characters more)")


@given(_ANYTHING)
def test_a_heading_is_one_line(text: str) -> None:
    """Line breaks and repeated spaces become single spaces."""
    assert on_one_line(text) == " ".join(on_one_line(text).split())
