"""No closure is told before a supervisor confirms it, for the outcomes that the order names."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.contract.events import CrimeClosed
from simulator.evidence.records import MessageAccepted, Seen
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class UnconfirmedClosures(Rule):
    """Judges lists and timelines as they are shown, and messages that name such a closure."""

    requirements = frozenset({"SUP-01"})
    hears = (Seen, MessageAccepted)

    def hear(self, record: Seen | MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Find what tells a victim of a closure that nobody confirmed."""
        if isinstance(record, MessageAccepted):
            event = book.unconfirmed.events.get(record.reference)
            if event is None:
                return []
            return [_told("", event.crime_reference, record, "a message was sent about it")]
        closed = [each for each, status in record.statuses if status == "closed"]
        if CrimeClosed.__name__ in record.kinds:
            closed.append(record.crime_reference)
        return [
            _told(record.person_id, each, record, "it was shown as closed")
            for each in dict.fromkeys(closed)
            if book.unconfirmed.is_waiting(each)
        ]


def _told(
    person_id: str, crime_reference: str, record: Seen | MessageAccepted, observed: str
) -> Finding:
    return failure(
        "disclosed",
        "SUP-01",
        at=record.at,
        person_id=person_id,
        crime_reference=crime_reference,
        expected="a closure is told when a supervisor has confirmed it",
        observed=observed,
        rests_on=sentences.order("closures.supervisor_confirms"),
    )
