"""How hard the words are: as they state, and found when they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.catalogue_check.reading_age import (
    age_of_message,
    age_of_template,
    faults_of_age,
    reading_age,
)
from reference.portal.words.wording import CatalogueWords
from tests.reference.catalogue_check.spoiled_words import READ, with_message, with_template

HARD = (
    "Notwithstanding considerable investigative expenditure, evidential insufficiency necessitates"
    " discontinuation."
)


def test_every_wording_is_as_easy_as_it_states() -> None:
    """The catalogue's reading ages hold: nobody needs to be older than 12 to read their case."""
    assert list(faults_of_age(READ)) == []
    assert max(each.reading_age_max for each in READ.message) <= 12
    assert max(each.reading_age_max for each in READ.template) <= 12


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (with_template("officer_deployed", text=HARD), "template 'officer_deployed'"),
        (with_message("stopped", text=HARD), "message 'stopped'"),
        (with_message("update", email_body=HARD), "message 'update'"),
    ],
)
def test_hard_words_are_found(words: CatalogueWords, fault: str) -> None:
    """Page, text or email: whatever is harder than it states is named, with both ages."""
    found = list(faults_of_age(words))

    assert any(each.startswith(f"{fault}: reading age is") for each in found)


def test_what_is_only_sent_is_as_hard_as_its_message() -> None:
    """A template without a page has the reading age of what goes out for it."""
    replied = next(each for each in READ.template if each.id == "officer_replied")
    update = next(each for each in READ.message if each.id == "update")

    assert age_of_template(replied, READ) == age_of_message(update)


def test_longer_words_and_sentences_are_harder() -> None:
    """The order of ages is that of readers."""
    easy = "We have your note. You can ask us."
    harder = "We have received the message that you wrote to us, and will consider it carefully."

    assert 5 <= reading_age(easy) < reading_age(harder) < reading_age(HARD)


@given(st.text(max_size=80))
def test_any_words_have_an_age(words: str) -> None:
    """Nothing that could be written makes the reckoning fail or go below the first of school."""
    assert reading_age(words) >= 5
