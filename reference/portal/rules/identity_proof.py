"""Pure: whether what a person gave at sign-in proves who they are.

They give a word or a date of birth, as the force orders; the portal keeps a keyed digest of it.
"""

import hmac
from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

import msgspec
from msgspec import Struct

from reference.contract.events import VictimRecord
from reference.contract.identity import Proof, agreed_word_digest, date_of_birth_digest
from reference.portal.rules.recipients import decode_record, likeness

Given: TypeAlias = str | date


class Candidate(Struct, frozen=True):
    """A person whom a sign-in may be about, with what is needed to send a code."""

    person_id: str
    record: bytes
    text_address: str
    email_address: str
    usable_text: str
    usable_email: str
    begun_at: str = ""

    @property
    def reached_at(self) -> str:
        """The address a code is sent to: as they chose, or any, or a disowned number they typed."""
        chosen = self.text_address or self.email_address
        return chosen or self.usable_text or self.usable_email or self.begun_at


# An unknown person costs as much work as a known one.
NOBODY = Candidate("nobody", msgspec.json.encode(VictimRecord(person_id="nobody")), "", "", "", "")


def is_proved(candidate: Candidate, given: Given, identity_key: str) -> bool:
    """Say whether what was given is what the record holds the digest of."""
    record, person_id = decode_record(candidate.record), candidate.person_id
    if isinstance(given, date):
        known = record.date_of_birth_digest
        computed = date_of_birth_digest(identity_key, person_id, given)
    else:
        known = record.agreed_word_digest
        computed = agreed_word_digest(identity_key, person_id, given)
    return bool(known) and hmac.compare_digest(known.encode(), computed.encode())


def one_person_of(proved: Sequence[Candidate]) -> Candidate | None:
    """Find the one person who is proved, by the first of their records; None for two people."""
    is_one = bool(proved) and all(are_alike(proved[0], each) for each in proved)
    return proved[0] if is_one else None


def are_alike(one: Candidate, other: Candidate) -> bool:
    """Say whether two records may be one person's, by their `recipients.likeness`."""
    like = likeness(decode_record(one.record)) or one.person_id
    return like == (likeness(decode_record(other.record)) or other.person_id)


def kind_of(given: Given) -> Proof:
    """Name what was given."""
    return "date_of_birth" if isinstance(given, date) else "agreed_word"
