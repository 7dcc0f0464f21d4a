"""A person says that a message was not for them: a breach, and nothing more goes there.

The portal then holds a sign that the number or mailbox is another person's, for every victim it
was recorded for. The victim's other channel is theirs, and goes on.
"""

from dataclasses import dataclass, field

from reference.contract.events import Channel
from simulator.evidence.records import NotForMeSaid
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.duties import Duties
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.judge.facts.owed_tasks import OwedTask


@dataclass
class DisownedAddresses:
    """Takes what holders of addresses said."""

    book: CaseBook
    duties: Duties
    _looked_into: set[tuple[str, str]] = field(default_factory=set)

    def disowned(self, record: NotForMeSaid) -> None:
        """Take that an address is another person's; one that no record has changes nothing."""
        address = as_mobile(record.address) or as_email(record.address)
        self.book.reachability.doubtful.disown(address)
        channel: Channel = "email" if "@" in address else "text"
        for person_id in self.book.reachability.address_book.written_for(address):
            self.book.links.shut(person_id)
        told = {each.person_id for each in self.book.messages.sent if each.address == address}
        for person_id in self.book.reachability.people_at(address):
            self.duties.give_up(person_id, channel, address, record.at)
            if person_id in told:
                self._owe_a_look(person_id, address, record)

    def _owe_a_look(self, person_id: str, address: str, record: NotForMeSaid) -> None:
        """Owe once that the force looks into who was told, however often it is said."""
        if (person_id, address) in self._looked_into:
            return
        self._looked_into.add((person_id, address))
        self.book.tasks.owe(
            OwedTask(
                kind="breach",
                person_id=person_id,
                crime_reference="",
                begun_at=record.at,
                requirement="NOTME-02",
                expected="the force is asked to look into a breach: somebody else was told",
            )
        )
