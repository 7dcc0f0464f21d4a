"""Picks the part of a shared world's evidence that is about one scenario, for the judge to read.

Its people are new: nothing earlier is about them. Later evidence may still be about the people of
earlier scenarios, to whom a portal goes on writing.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from features.people import Actor
from simulator.evidence.records import EventRecorded, MessageAccepted, Record
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.judged_again import STAYS


class Past:
    """The addresses of everybody of the scenarios before."""

    def __init__(self) -> None:
        self._addresses: set[str] = set()
        self._stays: list[tuple[int, Record]] = []
        self._read = 0

    def leave(self, actors: Iterable[Actor]) -> None:
        """Take the people of a scenario that is over."""
        for actor in actors:
            self._addresses |= _addresses_of(actor)

    def give_back(self, actor: Actor) -> None:
        """Give back a person of an earlier scenario, who is in a scenario again."""
        self._addresses -= _addresses_of(actor)

    def own_of(
        self, records: Sequence[Record], begun: int, until: int | None = None
    ) -> Iterator[Record]:
        """Give the evidence since a scenario began, and what holds for every scenario.

        A message to a person of an earlier scenario is left out, unless it names a newer event.
        """
        for place in range(self._read, begun):
            if isinstance(records[place], STAYS):
                self._stays.append((place, records[place]))
        self._read = max(self._read, begun)
        yield from (each for place, each in self._stays if place < begun)
        happened: set[str] = set()
        for record in islice(records, begun, until):
            if isinstance(record, EventRecorded):
                happened |= {record.event_id, record.crime_reference}
            is_of_the_past = (
                isinstance(record, MessageAccepted)
                and record.to in self._addresses
                and record.reference not in happened
            )
            if not is_of_the_past:
                yield record


def _addresses_of(actor: Actor) -> frozenset[str]:
    held = {actor.known.mobile_phone, actor.known.email.lower()}
    return addresses_in(actor.record) | (held - {""})
