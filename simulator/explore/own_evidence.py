"""Picks what belongs to one story from the evidence of a portal that plays many, one after another.

A portal goes on writing to the people of earlier stories. That is neither charged to the story nor
does it excuse anything: a message that answers an event of the story is its own, even if another
person gets it.
"""

from collections.abc import Iterable, Iterator

from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    ForgedDelivery,
    MessageAccepted,
    MessageReached,
    MessageRefused,
    MessagesSeen,
    PhaseEntered,
    ReceiptSent,
    Record,
    Stamped,
    TaskRaised,
)
from simulator.judge.facts.contact_fields import as_email, as_mobile

#: What holds for every story after it, too.
_STAYS = (PhaseEntered, MessagesSeen)


class EarlierStories:
    """The addresses, events and crimes of the stories that are over, and what still holds."""

    def __init__(self, addresses: Iterable[str] = (), crimes: Iterable[str] = ()) -> None:
        """Begin with those of an earlier run, if there was one."""
        self._addresses = set(addresses)
        self._events: set[str] = set()
        self._crimes = set(crimes)
        self._stays: list[Record] = []

    def leave(self, records: Iterable[Record], addresses: Iterable[str]) -> None:
        """Take a story that is over: what was written down in it, and the addresses it had."""
        for each in addresses:
            self._addresses |= {each.strip().lower(), as_mobile(each), as_email(each)} - {""}
        for record in records:
            if isinstance(record, EventRecorded | ForgedDelivery):
                self._events.add(record.event_id)
                self._crimes.add(record.crime_reference)
            elif isinstance(record, _STAYS):
                self._stays.append(record)

    def own_of(self, records: Iterable[Record]) -> Iterator[Record]:
        """Give what still holds from before, then the records that are not of earlier stories."""
        yield from self._stays
        own = _Own()
        for record in records:
            own.note(record)
            if not self._is_of_the_past(record, own):
                yield record

    def _is_of_the_past(self, record: Record, own: "_Own") -> bool:
        match record:
            case MessageAccepted():
                is_past = self._is_past_message(record, own)
                if not is_past:
                    own.messages.add(record.message_id)
                return is_past
            case MessageRefused():
                return record.to.strip().lower() in self._addresses
            case MessageReached() | ReceiptSent():
                return record.message_id not in own.messages
            case EventDelivered():
                return record.event_id in self._events
            case Stamped() | TaskRaised():
                return record.crime_reference in self._crimes
        return False

    def _is_past_message(self, message: MessageAccepted, own: "_Own") -> bool:
        if message.reference in own.happened or message.correlation_id in own.deliveries:
            return False
        named = message.reference
        answers_the_past = named in self._events or named in self._crimes
        return answers_the_past or message.to.lower() in self._addresses


class _Own:
    """What one story's evidence holds so far."""

    def __init__(self) -> None:
        self.happened: set[str] = set()
        self.deliveries: set[str] = set()
        self.messages: set[str] = set()

    def note(self, record: Record) -> None:
        if isinstance(record, EventRecorded | ForgedDelivery):
            self.happened |= {record.event_id, record.crime_reference}
        elif isinstance(record, EventDelivered) and record.event_id in self.happened:
            self.deliveries |= {record.correlation_id} - {""}
