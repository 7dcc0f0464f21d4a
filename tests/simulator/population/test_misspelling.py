"""Misspelling: it always changes something, and never more than it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.population.misspelling import SLIPS, Slip, misspell, misspell_address, other_form

WORDS = st.text(st.sampled_from("abcdefgzABC'- 7éÅ"), min_size=1, max_size=12)
HOW = st.integers(0, 2**31)


@given(word=WORDS, slip=st.sampled_from(SLIPS), how=HOW)
def test_a_slip_changes_the_word(word: str, slip: Slip, how: int) -> None:
    """Whatever the word and the slip, what is written is not the word."""
    assert misspell(word, slip, how) != word


@pytest.mark.parametrize(("slip", "length"), [("insert", 7), ("delete", 5), ("substitute", 6)])
@given(how=HOW)
def test_a_slip_is_of_one_letter(slip: Slip, length: int, how: int) -> None:
    """An insertion, a deletion and a substitution are of one letter."""
    assert length == len(misspell("Hannah", slip, how))


@given(how=HOW)
def test_transposing_keeps_letters_and_capitals(how: int) -> None:
    """Two letters change places, and the name still begins with its only capital."""
    written = misspell("Susan", "transpose", how)

    assert sorted("susan") == sorted(written.lower())
    assert written.istitle()


@given(local=st.from_regex(r"[a-z]{1,9}[0-9]{1,6}", fullmatch=True), how=HOW)
def test_an_address_keeps_its_domain_and_number(local: str, how: int) -> None:
    """A misspelt address is at the same domain, with the same row number: it is nobody else's."""
    written = misspell_address(f"{local}@example.org", how)

    assert written != f"{local}@example.org"
    assert written.endswith(local.lstrip("abcdefghijklmnopqrstuvwxyz") + "@example.org")


def test_other_forms() -> None:
    """A known name becomes its nickname or other spelling; an unknown one is mistyped."""
    assert other_form("Elizabeth", 0) == "Liz"
    assert other_form("Zoe", 0) not in {"Zoe", ""}
