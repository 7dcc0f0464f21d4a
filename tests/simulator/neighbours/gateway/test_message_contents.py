"""A tester gets the links and codes of a message, and nothing that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.message_contents import codes_in, links_in


def test_links_are_given_in_order_without_the_sentence_around_them() -> None:
    """The full stop after a link, brackets and quotation marks are no part of it."""
    words = 'Sign in at https://a.example/x?y=1. Or (https://b.example/z)! "https://c.example"'

    assert links_in(words) == [
        "https://a.example/x?y=1",
        "https://b.example/z",
        "https://c.example",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Your code is 012345",
        "Your code is 012345.",
        "012345 is your code",
        "Code: 012345\nIt lasts 10 minutes.",
        "Call 101 if 012345 is not for you",
        "Call 01632 960301 if 012345 is not for you",
        "It lasts until 09:30 012345",
    ],
)
def test_a_code_is_found_in_any_sentence(words: str) -> None:
    """Six digits by themselves are a code; a leading zero is kept."""
    assert codes_in(words) == ["012345"]


@pytest.mark.parametrize(
    "words",
    [
        "Ring 07700900123",
        "Your reference is 43240/012345",
        "https://portal.example/r/012345",
        "AB012345",
        "1.012345",
        "012345.67",
        "012345-6",
        "It is £12",
        "Call 01632 960301",
        "Call 01632-960301",
        "Call (01632) 960301",
        "Call +44 1632 960301",
        "Call +44 (0)1632 960301",
        "Call +441632 960301",
        "Call 0800 960301",
        "Call 01632\u00a0960301",
    ],
)
def test_other_digits_are_no_code(words: str) -> None:
    """A phone number, a reference, a link and an amount are not taken for a code."""
    assert codes_in(words) == []


@given(st.text())
def test_any_words_can_be_read(words: str) -> None:
    """Whatever a message holds, what is taken out of it stands in it."""
    assert all(each in words for each in links_in(words) + codes_in(words))
