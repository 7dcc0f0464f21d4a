"""Names the readings of a finding: those of its requirement that may play a part in its case."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from msgspec import structs

from reference.contract.readings import Reading, readings
from simulator.evidence.records import (
    CrimeSystemWentDown,
    GatewayWentDown,
    Record,
)
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.crime_register import Received
from simulator.verdicts import Finding

#: What befalls everybody.
_OUTAGES = (CrimeSystemWentDown, GatewayWentDown)


class NamedReadings:
    """What has happened to each person of a run, and the readings that come into play by it."""

    def __init__(self) -> None:
        self._befell: defaultdict[str, set[str]] = defaultdict(set)

    def hear(self, record: Record) -> None:
        """Note that something of this kind happened to a person, or to everybody."""
        person_id = getattr(record, "person_id", "")
        if person_id or isinstance(record, _OUTAGES):
            self._befell[person_id].add(type(record).__name__)

    def named(self, finding: Finding, book: CaseBook) -> Finding:
        """Return a finding with the ids of its readings."""
        of_it = _by_requirement().get(finding.requirement)
        if not of_it:
            return finding
        facts = self._facts(finding, book)
        ids = tuple(each.id for each in of_it if each.comes_up_with(facts))
        return structs.replace(finding, readings=ids)

    def _facts(self, finding: Finding, book: CaseBook) -> set[str]:
        """Name what happened to the person of a finding, and to their crimes and this one."""
        crimes = set(book.register.crimes_of(finding.person_id))
        facts = self._befell[""] | self._befell[finding.person_id]
        for reference in crimes | {finding.crime_reference}:
            facts |= set(_of_events(book.events.of_all_parts(reference)))
        recorded = [book.register.crimes[each].recorded.recorded_at for each in crimes]
        if any(book.order.phase_at(at) < 2 <= book.order.phase_at(finding.at) for at in recorded):
            facts.add("OlderThanPhase2")
        if len(crimes) > 1:
            facts.add("SeveralCrimes")
        return facts.union(_of_person(finding.person_id, book))


def _of_events(events: Sequence[Received]) -> Iterator[str]:
    kinds = [type(each.event).__name__ for each in events]
    yield from kinds
    if len(set(kinds)) < len(kinds):
        yield "SameAgain"
    if len({each.received_at for each in events}) < len(events):
        yield "OneMoment"
    if any(later.recorded_at < earlier.recorded_at for earlier, later in pairwise(events)):
        yield "OutOfOrder"


def _of_person(person_id: str, book: CaseBook) -> Iterator[str]:
    addresses = book.reachability.address_book
    if addresses.other_records_of(person_id):
        yield "SeveralRecords"
    for victim in book.register.victims_of(person_id):
        theirs = addresses_in(victim.own)
        if any(len(addresses.written_for(each)) > 1 for each in theirs):
            yield "SharedAddress"
        if any(each in book.reachability.bounced for each in theirs):
            yield "Bounced"
        if victim.own.told_instead is not None:
            yield "AnotherIsTold"
        if victim.own.safe_channel is not None:
            yield "ApprovedChannel"
        if victim.own.enhanced_rights or victim.was_enhanced:
            yield "EnhancedRights"
        if victim.own.kind == "organisation":
            yield "Organisation"


@cache
def _by_requirement() -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings():
        for requirement in reading.requirements:
            found[requirement].append(reading)
    return found
