"""A victim's proof of identity: the one that the order names, with its digest in the record."""

from datetime import date

import pytest

from reference.contract.events import VictimRecord
from reference.contract.identity import Proof, agreed_word_digest, date_of_birth_digest
from simulator.population.identity import Identity

BORN = date(1984, 5, 1)
RECORD = VictimRecord(person_id="p")


@pytest.mark.parametrize(
    ("ordered", "proof", "field", "digest"),
    [
        ("agreed_word", "heron", "agreed_word_digest", agreed_word_digest("key", "p", "heron")),
        (
            "date_of_birth",
            "1984-05-01",
            "date_of_birth_digest",
            date_of_birth_digest("key", "p", BORN),
        ),
    ],
)
def test_a_victim_gives_what_the_record_holds_the_digest_of(
    ordered: Proof, proof: str, field: str, digest: str
) -> None:
    """The proof that was ordered is digested into its own field, and the other field is blank."""
    identity = Identity(ordered, "key")

    assert identity.proof_of(agreed_word="heron", born=BORN) == proof

    record = identity.written_down(RECORD, proof)
    held = {name: getattr(record, name) for name in ("agreed_word_digest", "date_of_birth_digest")}

    assert held == {"agreed_word_digest": "", "date_of_birth_digest": "", field: digest}
