"""What arrived where: whose message it was, who really got it, and what became of it."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from reference.contract.events import Channel
from simulator.evidence.records import MessageAccepted, PersonKnown
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.known_victim import KnownVictim

MessageKind = Literal[
    "invitation", "update", "reply", "journey", "answer", "one_time_code", "unknown"
]
Fate = Literal["reached", "undeliverable", "misdirected"]


def one(channel: str) -> str:
    """Call a message by its channel: a text, an email."""
    return f"an {channel}" if channel == "email" else f"a {channel}"


class JudgedMessage(Struct, kw_only=True):
    """One message with whose it was and what became of it."""

    at: datetime
    kind: MessageKind
    channel: Channel
    person_id: str
    crime_reference: str
    fate: Fate
    is_avoidable: bool = False
    address: str = ""


class Meant(Struct, frozen=True, kw_only=True):
    """Whom a message was about: "" for a person or a crime that cannot be told."""

    person_id: str
    crime_reference: str
    event_id: str


class Directory:
    """Who truly holds which address, and which record ever held it."""

    def __init__(self) -> None:
        self.people: dict[str, PersonKnown] = {}
        self._holders: dict[str, set[str]] = defaultdict(set)
        self._written: dict[str, set[str]] = defaultdict(set)
        self._of_person: dict[str, set[str]] = defaultdict(set)

    def meet(self, person: PersonKnown) -> None:
        """Learn how a person can really be reached."""
        self.people[person.person_id] = person
        for address in (person.mobile_phone, person.email.lower()):
            if address:
                self._holders[address].add(person.person_id)

    def write(self, victim: KnownVictim) -> None:
        """Learn what addresses the force has written down for a person, in any field."""
        for address in addresses_in(victim.record) | addresses_in(victim.own):
            self._written[address].add(victim.person_id)
            self._of_person[victim.person_id].add(address)

    def written_for(self, address: str) -> set[str]:
        """Say for whom an address was ever written down."""
        return self._written.get(address, set())

    def holders(self, address: str) -> set[str]:
        """Say who truly reads what is sent to an address."""
        return self._holders.get(address, set())

    def meant(
        self, message: MessageAccepted, cases: Cases, is_waiting: Callable[[str, str], bool]
    ) -> Meant | None:
        """Say whom a message was about; None when no record could explain the address.

        By the event it answers where it names one, else by the address: of several people who have
        it whoever `is_waiting` for news of that event, or for any.
        """
        reference = message.reference
        crime_reference = cases.crime_of_event.get(reference, reference)
        crime = cases.crimes.get(crime_reference)
        if crime is not None:
            concerned = cases.concerned.get(reference, "")
            reads = [
                each
                for each in crime.victims
                if message.to in self._of_person[each] and concerned in ("", each)
            ]
            if not reads:
                return None
            told = [each for each in reads if not crime.victims[each].exclusion] or reads
            person_id = next((each for each in reads if is_waiting(each, reference)), told[0])
            return Meant(person_id=person_id, crime_reference=crime_reference, event_id=reference)
        written = sorted(self._written.get(message.to, ()))
        if not written:
            return None
        crimes = cases.crimes_of(written[0]) if len(written) == 1 else []
        person_id = next((each for each in written if is_waiting(each, "")), written[0])
        return Meant(person_id=person_id, crime_reference=crimes[-1] if crimes else "", event_id="")
