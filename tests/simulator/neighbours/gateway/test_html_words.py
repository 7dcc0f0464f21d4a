"""What a mail says in HTML is read as its reader sees it, with where its links lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.html_words import words_of_both


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>You have<br>an update.</p>", "You have\nan update."),
        ("<p>ra<b>p</b>e</p>", "rape"),
        ("ra&shy;pe &amp; more", "rape & more"),
        ("<style>p {color: red}</style><title>Hidden</title><p>Seen</p>", "Seen"),
        ("<html><head><title>Never closed<body>Seen", "Seen"),
        ("<!-- not seen -->Seen<script>no()</script>", "Seen"),
        ("<table><tr><td>one</td><td>two</td></tr></table>", "one\n\ntwo"),
        ('<img src="x.png" alt="Your burglary">', "Your burglary"),
        ('<a href="https://a.example/x y">Go</a> now', "Go https://a.example/x%20y now"),
        ('<a href="https://a.example/x">Go', "Go https://a.example/x"),
        ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/"),
        ('<a href="https://evil.test/">https://a.example/</a>',
         "https://a.example/ https://evil.test/"),
        ('<a href="#top">Up</a>', "Up"),
        ('<form action="https://evil.test/"><p>Hi</p></form>', "https://evil.test/\nHi"),
    ],
)  # fmt: skip
def test_html_is_read_as_its_reader_sees_it(html: str, words: str) -> None:
    """Words that are hidden in tags are found, what is no word is not."""
    assert words_of_both("", html) == words


def test_the_same_words_are_read_once() -> None:
    """White space and tags make no other words; a link that the text lacks is added."""
    plain = "You have an update.\nSign in at https://portal.example/"
    same = "<p>You have an update.</p><p>Sign in at <a href='{}'>https://portal.example/</a></p>"

    assert words_of_both(plain, same.format("https://portal.example/")) == plain
    assert words_of_both(plain, same.format("https://evil.test/")) == f"{plain}\nhttps://evil.test/"
    assert words_of_both(plain, "") == plain


@given(st.text(), st.text())
def test_any_html_can_be_read(plain: str, html: str) -> None:
    """The plain text is always among the words, and they can be written down."""
    words = words_of_both(plain, f"<p>{html}")

    assert plain.strip() in words
