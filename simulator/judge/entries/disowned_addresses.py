"""A person says that a message was not for them: a breach, and nothing more goes there.

They hold the phone or mailbox: a message that came there had a link for it, or they text from the
phone, which shuts nobody out. What anybody could say of an address stops nothing.

The portal then holds a sign that the number or mailbox is another person's, for every victim it
was recorded for. The victim's other channel is theirs, and goes on.
"""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import Channel
from simulator.evidence.records import NotForMeSaid, TextReceived
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.duties import Duties
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.preferences import is_not_me


@dataclass
class DisownedAddresses:
    """Takes what holders of addresses said."""

    book: CaseBook
    duties: Duties
    _reported: set[tuple[str, str]] = field(default_factory=set)
    _proved: set[tuple[str, str]] = field(default_factory=set)
    #: Told there, and said to be proved when no record of theirs had the address any more: the
    #: force may have been asked to look then.
    _proved_once_left: set[tuple[str, str]] = field(default_factory=set)

    def said(self, record: NotForMeSaid) -> None:
        """Take what a person said; by the address alone it stops nothing."""
        address = as_mobile(record.address) or as_email(record.address)
        if record.by == "address":
            self.book.reachability.doubtful.report(address)
            self._owe_looks(address, record.at, is_proved=False)
        else:
            self._disown(address, record.at)

    def texted(self, record: TextReceived) -> None:
        """Take a text from the phone itself that says so."""
        if is_not_me(record.words):
            self._disown(record.number, record.at, texted_at=record.at)

    def _disown(self, address: str, at: datetime, texted_at: datetime | None = None) -> None:
        """Take that an address is another person's; one that no record has changes nothing."""
        self.book.reachability.doubtful.disown(address, texted_at)
        channel: Channel = "email" if "@" in address else "text"
        for person_id in self.book.reachability.address_book.written_for(address):
            self.book.links.shut(person_id)
        for person_id in self.book.reachability.people_at(address):
            self.duties.channels.give_up(person_id, channel, address, at)
        self._owe_looks(address, at, is_proved=True)

    def _owe_looks(self, address: str, at: datetime, *, is_proved: bool) -> None:
        told = {each.person_id for each in self.book.messages.sent if each.address == address}
        people = self.book.reachability.people_at(address)
        if is_proved:
            self._proved_once_left |= {(person_id, address) for person_id in told - {*people}}
        else:
            # A portal may have the force look wherever a record has the address.
            written = self.book.reachability.address_book.written_for(address) - told
            self._reported |= {(person_id, address) for person_id in written}
        for person_id in people:
            merger = self.book.register.persons.of(person_id)
            if merger is not None and merger.into in told:
                # One task about the record that survives is about both.
                continue
            if person_id in told:
                self._owe_a_look(person_id, address, at, is_proved=is_proved)

    def _owe_a_look(self, person_id: str, address: str, at: datetime, *, is_proved: bool) -> None:
        """Owe once that the force looks into who was told, however often it is said.

        What is proved after anybody's word is owed anew: the force may have found nothing in that.
        """
        about = (person_id, address)
        if about in self._proved or (about in self._reported and not is_proved):
            return
        was_reported = about in self._reported
        (self._proved if is_proved else self._reported).add(about)
        asked = ("NOTME-02", "the force is asked to look into a breach: somebody else was told")
        if was_reported:
            expected = "the force is asked again: it is proved now that somebody else was told"
            asked = ("NOTME-09", expected)
        task = OwedTask("breach", person_id, *asked, at)
        task.early_will_do = about in self._proved_once_left
        self.book.tasks.owe(task)
