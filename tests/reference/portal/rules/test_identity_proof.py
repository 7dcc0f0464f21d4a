"""Proof of identity: a word proves by the word's digest alone, a birthday by the birthday's."""

from datetime import date
from typing import Any

import msgspec
import pytest

from reference.contract.identity import date_of_birth_digest
from reference.portal.rules.identity_proof import NOBODY, Candidate, Given, is_proved
from tests.reference.portal.crimes import IDENTITY_KEY, WORD, alex

BORN = date(1984, 5, 1)
BY_DATE = {"date_of_birth_digest": date_of_birth_digest(IDENTITY_KEY, "alex", BORN)}


def candidate(person_id: str = "alex", **changes: Any) -> Candidate:
    """Make a person whom a sign-in may be about."""
    return Candidate(person_id, msgspec.json.encode(alex(person_id, **changes)), "", "", "", "")


@pytest.mark.parametrize(
    ("who", "given", "proved"),
    [
        (candidate(**BY_DATE), BORN, True),
        (candidate(**BY_DATE), WORD, True),
        (candidate(**BY_DATE), BORN.isoformat(), False),
        (candidate(**BY_DATE), date(1984, 1, 5), False),
        (candidate(), BORN, False),
        (candidate(agreed_word_digest="", **BY_DATE), WORD, False),
        (candidate(agreed_word_digest=BY_DATE["date_of_birth_digest"]), BORN, False),
        (candidate("sam", **BY_DATE), BORN, False),
        (candidate(date_of_birth_digest="é"), BORN, False),
        (candidate(born=BORN), BORN, False),
        (NOBODY, BORN, False),
        (NOBODY, WORD, False),
    ],
)
def test_only_what_the_record_holds_the_digest_of_proves(
    who: Candidate, given: Given, *, proved: bool
) -> None:
    """Not the other proof, nor another's digest, nor a date that stands in the record plainly."""
    assert is_proved(who, given, IDENTITY_KEY) is proved
