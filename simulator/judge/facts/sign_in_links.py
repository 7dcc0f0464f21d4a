"""The links that invitations carried, which is each person's newest, and which were used."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from simulator.evidence.records import LinkVisited, SignedIn, SignInTried, VictimRefused
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.sent_message import SentMessage


class Refusal(NamedTuple):
    """One refusal at `step` of a sign-in that began at `begun_at`.

    `opened_at` is when the person had last come in or used up a link before it. `is_shut` says that
    their session may have ended: an address of theirs was disowned since.
    """

    at: datetime
    begun_at: datetime
    person_id: str
    step: str
    invitation_id: str
    address: str
    opened_at: datetime | None
    is_shut: bool


class LinkFollowed(NamedTuple):
    """One link that was followed, and what the person it was sent to had done before.

    `entered_by` is the newest link by which they had signed in.
    """

    link: SentMessage
    was_used: bool
    entered_by: SentMessage | None


_STEPS = {"link": "invitation", "address": "address", "proof": "proof", "code": "one_time_code"}


@dataclass
class SignInLinks:
    """Every invitation by message id, the last refusal, and the last link that was followed.

    `visited` are the invitations whose link a mail scanner fetched. `whose` gives the people for
    whom an address was written down.
    """

    register: CrimeRegister
    whose: Callable[[str], Set[str]]
    invitations: dict[str, SentMessage] = field(default_factory=dict)
    latest_refusal: Refusal = field(init=False)
    latest_followed: LinkFollowed | None = None
    visited: set[str] = field(default_factory=set)
    _newest: dict[str, datetime] = field(default_factory=dict)
    _came_in: set[str] = field(default_factory=set)
    _came_in_beside_at: dict[str, datetime] = field(default_factory=dict)
    _opened_at: dict[str, datetime] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _entered_by: dict[str, SentMessage] = field(default_factory=dict)
    _shut: set[str] = field(default_factory=set)
    _may_have_ended_at: dict[str, datetime] = field(default_factory=dict)
    _ended_at: dict[str, datetime] = field(default_factory=dict)

    def invited(self, message_id: str, message: SentMessage) -> None:
        """Write down an invitation: the links before it may end."""
        self.invitations[message_id] = message
        self._newest[message.person_id] = message.at

    def signed_in(self, record: SignedIn) -> None:
        """Write down that a person came in: their link is used up.

        They came in by their other records at the same address, too (AUTH-15).
        """
        records = self.register.signed_in_with(record.person_id)
        self.register.registered |= records
        self._came_in_beside_at.update(dict.fromkeys(records, record.at))
        self._came_in.add(record.person_id)
        self._opened_at[record.person_id] = record.at
        self._shut.discard(record.person_id)

    def has_come_in(self, person_id: str) -> bool:
        """Return whether a person has come in by this record itself."""
        return person_id in self._came_in

    def may_be_used_up(self, message: SentMessage, person_id: str) -> bool:
        """Say whether a person came in since an invitation, by this or another record of theirs."""
        came_in_at = self._came_in_beside_at.get(person_id)
        return came_in_at is not None and came_in_at >= message.at

    def refused(self, record: VictimRefused) -> None:
        """Write down a refusal: after the first step the link is used up all the same."""
        self._refuse(record, record.step, record.invitation_id)

    def tried(self, record: SignInTried) -> None:
        """Write down a sign-in that was tried: what it opened is used up."""
        link = self.invitations.get(record.invitation_id)
        self._refuse(record, _STEPS[record.answers[-1].to], record.invitation_id)
        if link is None:
            self.latest_followed = None
            return
        entered_by = self._entered_by.get(link.person_id)
        self.latest_followed = LinkFollowed(link, record.invitation_id in self._used, entered_by)
        if record.answers[0].to == "link" and record.answers[0].taken:
            self._opened(record, link)
        if record.let_in:
            self._used.add(record.invitation_id)
            # Of people who share a phone, the link was of the person who came in by it.
            is_shared = record.person_id in self.whose(link.address)
            person_id = record.person_id if is_shared else link.person_id
            before = self._entered_by.get(person_id)
            if before is None or before.at < link.at:
                self._entered_by[person_id] = link

    def was_visited(self, record: LinkVisited) -> None:
        """Write down that a mail scanner fetched a link."""
        self.visited.add(record.invitation_id)

    def shut(self, person_id: str) -> None:
        """Write down that a session of this person may have ended: an address was disowned."""
        self._shut.add(person_id)

    def end(self, person_id: str, at: datetime) -> None:
        """Write down that a person is told of no crime: their sessions and links so far end."""
        self.shut(person_id)
        self._ended_at[person_id] = at

    def may_end(self, person_id: str, at: datetime) -> None:
        """Write down that a person was told of no crime for a time: their links may have ended."""
        self.shut(person_id)
        self._may_have_ended_at[person_id] = at

    def opened_at(self, person_id: str) -> datetime | None:
        """Give when a person last came in, or opened a link; None if they never did."""
        return self._opened_at.get(person_id)

    def ended_at(self, person_id: str) -> datetime | None:
        """Give when a person was last told of no crime any more; they may be told again since."""
        return self._ended_at.get(person_id)

    def has_ended(self, sent_at: datetime, person_id: str) -> bool:
        """Say whether an invitation was sent before the person was told of no crime, or may be."""
        both = (self._ended_at.get(person_id), self._may_have_ended_at.get(person_id))
        return any(ended_at is not None and sent_at <= ended_at for ended_at in both)

    def have_expired(self, person_id: str, at: datetime, lasts: timedelta) -> bool:
        """Say whether every invitation that a person was sent has expired."""
        newest = self._newest.get(person_id)
        return newest is not None and newest + lasts <= at

    def all_may_have_ended(self, person_id: str) -> bool:
        """Say whether every invitation that a person was sent ended, or may have, with telling."""
        newest = self._newest.get(person_id)
        return newest is not None and self.has_ended(newest, person_id)

    def is_newest(self, message: SentMessage, person_id: str) -> bool:
        """Say whether an invitation is the newest that a person was sent."""
        return message.at == self._newest.get(person_id)

    def _refuse(self, record: VictimRefused | SignInTried, step: str, invitation_id: str) -> None:
        opened_at = self._opened_at.get(record.person_id)
        begun_at = record.begun_at if isinstance(record, SignInTried) else record.at
        self.latest_refusal = Refusal(
            record.at,
            begun_at,
            record.person_id,
            step,
            invitation_id,
            record.address,
            opened_at,
            record.person_id in self._shut,
        )
        if invitation_id and step != "invitation":
            self._opened(record, self.invitations.get(invitation_id))

    def _opened(self, record: VictimRefused | SignInTried, link: SentMessage | None) -> None:
        # Where people share a phone, the link may be of any of them.
        people = {record.person_id} | (self.whose(link.address) if link is not None else set())
        for person_id in people:
            self._opened_at[person_id] = record.at
