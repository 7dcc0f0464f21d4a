"""The links that invitations carried, which is each person's newest, and when one was opened."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from simulator.evidence.records import SignedIn, VictimRefused
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.sent_message import SentMessage


class Refusal(NamedTuple):
    """One refusal; `opened_at` is when the person had last come in or used up a link before it.

    `is_shut` says that their session may have ended: an address of theirs was disowned since.
    """

    record: VictimRefused
    opened_at: datetime | None
    is_shut: bool


@dataclass
class SignInLinks:
    """Every invitation by message id; `latest_refusal` is the last time a victim was refused."""

    register: CrimeRegister
    invitations: dict[str, SentMessage] = field(default_factory=dict)
    latest_refusal: Refusal = field(init=False)
    _newest: dict[str, datetime] = field(default_factory=dict)
    _opened_at: dict[str, datetime] = field(default_factory=dict)
    _shut: set[str] = field(default_factory=set)
    _ended_at: dict[str, datetime] = field(default_factory=dict)

    def invited(self, message_id: str, message: SentMessage) -> None:
        """Write down an invitation: the links before it may end."""
        self.invitations[message_id] = message
        self._newest[message.person_id] = message.at

    def signed_in(self, record: SignedIn) -> None:
        """Write down that a person came in: their link is used up."""
        self.register.registered.add(record.person_id)
        self._opened_at[record.person_id] = record.at
        self._shut.discard(record.person_id)

    def refused(self, record: VictimRefused) -> None:
        """Write down a refusal: after the first step the link is used up all the same."""
        opened_at = self._opened_at.get(record.person_id)
        self.latest_refusal = Refusal(record, opened_at, record.person_id in self._shut)
        if record.invitation_id and record.step != "invitation":
            # Where two people share a phone, the link may be the other person's.
            link = self.invitations.get(record.invitation_id)
            for person_id in {record.person_id, link.person_id if link else record.person_id}:
                self._opened_at[person_id] = record.at

    def shut(self, person_id: str) -> None:
        """Write down that a session of this person may have ended: an address was disowned."""
        self._shut.add(person_id)

    def end(self, person_id: str, at: datetime) -> None:
        """Write down that a person is told of no crime: their sessions and links so far end."""
        self.shut(person_id)
        self._ended_at[person_id] = at

    def has_ended(self, message: SentMessage, person_id: str) -> bool:
        """Say whether an invitation was sent before the person was told of no crime."""
        ended_at = self._ended_at.get(person_id)
        return ended_at is not None and message.at <= ended_at

    def is_newest(self, message: SentMessage, person_id: str) -> bool:
        """Say whether an invitation is the newest that a person was sent."""
        return message.at == self._newest.get(person_id)
