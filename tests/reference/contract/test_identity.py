"""What proves who someone is: known however it is said, and its digest gives nothing away."""

import hashlib
import hmac
from datetime import date
from string import ascii_letters

from hypothesis import given
from hypothesis import strategies as st

from reference.contract.identity import agreed_word_digest, date_of_birth_digest

texts = st.text(max_size=30)


@given(st.text(ascii_letters + " ", max_size=30))
def test_capitals_and_spaces_do_not_matter(word: str) -> None:
    """A word in capitals, or with more spaces in and around it, is the same word."""
    digest = agreed_word_digest("key", "alex", word)

    assert agreed_word_digest("key", "alex", word.upper()) == digest
    assert agreed_word_digest("key", "alex", f"  {word.replace(' ', '   ')} ") == digest


def test_another_word_person_or_key_gives_another_digest() -> None:
    """Two people with one word have nothing in common that could be seen."""
    digests = {
        agreed_word_digest(key, person, word)
        for key in ("key", "other key")
        for person in ("alex", "sam")
        for word in ("kingfisher", "heron", "king fisher")
    }

    assert len(digests) == 12


@given(texts, texts, texts)
def test_a_digest_is_always_64_hex_digits(key: str, person_id: str, word: str) -> None:
    """Whatever the word, its digest fits the field it is sent in and does not hold the word."""
    digest = agreed_word_digest(key, person_id, word)

    assert len(digest) == 64
    assert set(digest) <= set("0123456789abcdef")


@given(st.dates(), texts, texts)
def test_a_date_of_birth_is_digested_as_year_month_and_day(
    born: date, key: str, person_id: str
) -> None:
    """A crime system that has only the description in the contract makes the same digest."""
    written = f"{person_id}:{born.year:04}-{born.month:02}-{born.day:02}"
    mac = hmac.new(key.encode(), written.encode(), hashlib.sha256)

    assert date_of_birth_digest(key, person_id, born) == mac.hexdigest()
