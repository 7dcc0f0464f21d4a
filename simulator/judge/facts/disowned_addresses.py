"""Somebody who got a message that was not for them says so: a breach, and nothing more goes there.

The portal then holds a sign that the number or mailbox is somebody else's, whoever it was written
down for. Another channel of the victim's is theirs, and goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reference.contract.events import Channel
from simulator.evidence.records import NotForMeSaid
from simulator.judge.facts.address_book import JudgedMessage
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.judge.facts.duties import Owing
from simulator.judge.facts.owed_tasks import OwedTask, Tasks


@dataclass
class NotForMe:
    """Takes what was said; `sent` gives every message so far."""

    owing: Owing
    tasks: Tasks
    sent: Callable[[], Iterable[JudgedMessage]]
    _looked_into: set[tuple[str, str]] = field(default_factory=set)

    def said(self, record: NotForMeSaid) -> None:
        """Take that an address is somebody else's: of nobody known, nothing comes of it."""
        address = as_mobile(record.address) or as_email(record.address)
        self.owing.addresses.disown(address)
        channel: Channel = "email" if "@" in address else "text"
        told = {each.person_id for each in self.sent() if each.address == address}
        for person_id in self._people_at(address):
            self.owing.give_up(person_id, channel, address, record.at)
            if person_id in told:
                self._owe_a_look(person_id, address, record)

    def _people_at(self, address: str) -> list[str]:
        """List for whom an address stands where the portal would use it."""
        owing = self.owing
        return sorted(
            person_id
            for person_id in owing.directory.written_for(address)
            if any(
                reading.address == address
                for victim in owing.cases.victims_of(person_id)
                for reading in owing.choices.readings(victim)
            )
        )

    def _owe_a_look(self, person_id: str, address: str, record: NotForMeSaid) -> None:
        """Owe it once that the force looks into who was told, however often it is said."""
        if (person_id, address) in self._looked_into:
            return
        self._looked_into.add((person_id, address))
        self.tasks.owe(
            OwedTask(
                kind="breach",
                person_id=person_id,
                crime_reference="",
                begun_at=record.at,
                requirement="NOTME-02",
                expected="the force is asked to look into a breach: somebody else was told",
            )
        )
