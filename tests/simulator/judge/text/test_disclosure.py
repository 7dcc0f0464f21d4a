"""Finds words that give a crime or a victim away, and no innocent ones."""

import pytest

from simulator.judge.text.disclosure import Disclosure, name_in
from tests.simulator.judge.force_story import ORDER
from tests.simulator.judge.story import UPDATE

DENIED = sorted(ORDER.messages.denied_in_text)


@pytest.mark.parametrize("word", DENIED)
def test_every_denied_word_is_found_in_any_case(word: str) -> None:
    """The order says which words; a capital letter does not hide one."""
    disclosure = Disclosure(ORDER)

    for written in (word, word.upper(), f"About your {word.capitalize()}.", f"({word})"):
        assert disclosure.word_in(written, ())


@pytest.mark.parametrize("innocent", ["", UPDATE, "enclosed", "undamaged", "a charger", "arrestor"])
def test_a_word_that_only_holds_a_denied_one_is_not_denied(innocent: str) -> None:
    """A false alarm is as bad as a miss."""
    assert not Disclosure(ORDER).word_in(innocent, ())


@pytest.mark.parametrize(
    "words",
    ["Two suspects were found.", "Somebody was arrested.", "About the thefts in your street."],
)
def test_a_denied_word_is_denied_in_its_other_forms(words: str) -> None:
    """The word "arrested" tells as much as "arrest"."""
    assert Disclosure(ORDER).word_in(words, ())


@pytest.mark.parametrize("offence", sorted(ORDER.eligibility.offence_subgroups))
def test_every_offence_that_may_be_followed_is_found_by_its_name(offence: str) -> None:
    """No message names the kind of crime, whichever the order lets in."""
    assert Disclosure(ORDER).word_in(f"About {offence.lower()}", ())


@pytest.mark.parametrize("name", ["J", "Li"])
def test_a_name_of_a_letter_or_two_is_not_found_in_a_links_random_end(name: str) -> None:
    """It stands there by chance; in the words beside the link it tells."""
    link = f"https://portal.example/invitation/ab-{name}-cd"
    assert not name_in(f"Your own link is {link}", (name,))
    assert not Disclosure(ORDER).word_in(f"Your own link is {link}", (name,))
    assert name_in(f"Dear {name}, your own link is {link}", (name,))
    assert name_in("https://portal.example/ab-Ann-cd", ("Ann",))
