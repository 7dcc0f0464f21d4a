"""The proof of identity of each victim, as the order names it, and what the record holds of it.

The code that makes victims uses this. At sign-in a victim gives exactly this proof.
"""

from dataclasses import dataclass
from datetime import date

from msgspec import structs

from reference.contract.events import VictimRecord
from reference.contract.identity import Proof, agreed_word_digest, date_of_birth_digest


@dataclass(frozen=True)
class Identity:
    """How the victims of one order prove their identity; `key` is the agreed key."""

    ordered: Proof
    key: str

    def proof_of(self, *, agreed_word: str, born: date) -> str:
        """Return what a victim gives at sign-in: the word, or the date as 1980-02-29."""
        return born.isoformat() if self.ordered == "date_of_birth" else agreed_word

    def written_down(self, record: VictimRecord, proof: str) -> VictimRecord:
        """Return the record with the digest of the victim's proof, and of nothing else."""
        if self.ordered == "date_of_birth":
            digest = date_of_birth_digest(self.key, record.person_id, date.fromisoformat(proof))
            return structs.replace(record, date_of_birth_digest=digest)
        digest = agreed_word_digest(self.key, record.person_id, proof)
        return structs.replace(record, agreed_word_digest=digest)
