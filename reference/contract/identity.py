"""How a victim proves who they are, and the form in which the record holds the proof.

Which of the two is asked for is the force's decision. Either is kept as a keyed digest: words and
birthdays are few, and without the key a copy of the record does not give them away.
"""

import hashlib
import hmac
from datetime import date
from typing import Literal, TypeAlias

#: A word agreed with the officer at report, or the victim's own date of birth.
Proof: TypeAlias = Literal["agreed_word", "date_of_birth"]


def agreed_word_digest(key: str, person_id: str, word: str) -> str:
    """Digest the agreed word, so that neither the crime system nor a message ever holds it."""
    return _digest(key, person_id, " ".join(word.casefold().split()))


def date_of_birth_digest(key: str, person_id: str, born: date) -> str:
    """Digest a date of birth, written as 1980-02-29."""
    return _digest(key, person_id, born.isoformat())


def _digest(key: str, person_id: str, proof: str) -> str:
    return hmac.new(key.encode(), f"{person_id}:{proof}".encode(), hashlib.sha256).hexdigest()
