"""Whoever holds a link that is theirs, or an address they are known by, comes in with their proof.

The proof is the word or the date of birth, as the order names it. What the victim got wrong is no
harm, nor is what may have been refused rightly: a link that is old, used, or of somebody who may no
longer be told; an address that several people have.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.evidence.records import SignedIn, VictimRefused
from simulator.judge.facts.address_book import JudgedMessage
from simulator.judge.facts.duties import Owing
from simulator.judge.findings import Findings


@dataclass
class Entrances:
    """Judges who was let in and who was not."""

    owing: Owing
    findings: Findings
    invitations: dict[str, JudgedMessage] = field(default_factory=dict)
    _newest: dict[str, datetime] = field(default_factory=dict)
    _opened_at: dict[str, datetime] = field(default_factory=dict)

    def invited(self, message_id: str, message: JudgedMessage) -> None:
        """Take an invitation: it ends the links of those before it."""
        self.invitations[message_id] = message
        self._newest[message.person_id] = message.at

    def signed_in(self, record: SignedIn) -> None:
        """Take that somebody came in: their link is used up."""
        self.owing.registered.add(record.person_id)
        self._opened_at[record.person_id] = record.at

    def refused(self, record: VictimRefused) -> None:
        """Judge a refusal of somebody who gave their own proof and the code they were sent."""
        was_open = self._opened_at.get(record.person_id)
        if record.invitation_id and record.step != "invitation":
            # Whose link it was, where two people have one phone.
            link = self.invitations.get(record.invitation_id)
            for person_id in {record.person_id, link.person_id if link else record.person_id}:
                self._opened_at[person_id] = record.at
        if not self._is_known(record):
            return
        if record.step.startswith("reading"):
            self._refused_to_read(record, was_open)
        elif record.invitation_id:
            message = self.invitations.get(record.invitation_id)
            if message is not None and self._is_good(message, record, was_open):
                expected = "an invitation works once, with the proof that was ordered"
                self._fail(record, "AUTH-02", expected, message.crime_reference)
        elif record.address and self._is_theirs_alone(record):
            expected = "a registered victim comes back by their address and their proof"
            self._fail(record, "AUTH-03", expected, "")

    def _refused_to_read(self, record: VictimRefused, came_in_at: datetime | None) -> None:
        """Judge a page of their own that was refused to somebody who came in just then."""
        if came_in_at != record.at:
            return
        is_page = record.step == "reading"
        expected = "a victim who is signed in reads their own " + (
            "crimes" if is_page else "conversation"
        )
        self._fail(record, "CASE-01" if is_page else "TWO-04", expected, "")

    def _is_known(self, record: VictimRefused) -> bool:
        """Say whether the portal may let somebody in, and has where to send them a code."""
        cases, person_id = self.owing.cases, record.person_id
        gone = ("merged", "cancelled", "transferred")
        followed = [
            crime.victims[person_id]
            for crime in (cases.crimes[each] for each in cases.crimes_of(person_id))
            if crime.gone not in gone and not crime.victims[person_id].exclusion
        ]
        usable = [reading.address for each in followed for reading in self.owing.usable(each)]
        if not usable:
            return False
        return record.step != "one_time_code" or all(
            person_id in self.owing.directory.holders(each) for each in usable
        )

    def _is_good(
        self, message: JudgedMessage, record: VictimRefused, was_open: datetime | None
    ) -> bool:
        """Say whether an invitation is this person's, the newest, not used and not too old."""
        life = timedelta(days=self.owing.order.sign_in.invitation_days)
        return (
            message.person_id == record.person_id
            and message.fate == "reached"
            and not self.owing.addresses.was_disowned(message.address)
            and message.at == self._newest.get(record.person_id)
            and record.at < message.at + life
            and (was_open is None or was_open < message.at)
        )

    def _is_theirs_alone(self, record: VictimRefused) -> bool:
        directory, address = self.owing.directory, record.address.lower()
        return (
            record.person_id in self.owing.registered
            and address not in self.owing.bounced
            and directory.written_for(address) == {record.person_id}
            and any(
                reading.address == address
                for victim in self.owing.cases.victims_of(record.person_id)
                for reading in self.owing.usable(victim)
            )
        )

    def _fail(
        self, record: VictimRefused, requirement: str, expected: str, crime_reference: str
    ) -> None:
        self.findings.fail(
            "lost",
            requirement,
            at=record.at,
            person_id=record.person_id,
            crime_reference=crime_reference,
            expected=expected,
            observed=f"they were refused: {record.step.replace('_', ' ')}",
        )
