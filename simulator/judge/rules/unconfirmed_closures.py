"""No closure is told before a supervisor confirms it, for the outcomes that the order names."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.contract.events import CrimeClosed
from simulator.evidence.records import MessageAccepted, Seen
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
            return [_told(record, event.crime_reference, "a message was sent about it")]
        closed = [each for each, status in record.statuses if status == "closed"]
        if CrimeClosed.__name__ in record.kinds:
            closed.append(record.crime_reference)
        return [
            _told(record, each, "it was shown as closed")
            for each in dict.fromkeys(closed)
            if book.unconfirmed.is_waiting(each)
        ]


def _told(record: Seen | MessageAccepted, crime_reference: str, observed: str) -> Finding:
    expected = "a closure is told when a supervisor has confirmed it"
    rests_on = "order: closures.supervisor_confirms"
    about = (record, expected, observed)
    return failure(
        "disclosed", "SUP-01", *about, crime_reference=crime_reference, rests_on=rests_on
    )
