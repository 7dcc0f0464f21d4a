"""Events that never reached the portal: it refused them, or integration lost them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.clock import in_london
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure, warning
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_REFUSED_OR_LOST_AFTER = timedelta(hours=24)


@dataclass
class UndeliveredEvents(Rule):
    """Judges at the end every event that was recorded; a loss by integration is a WARNING."""

    requirements = frozenset({"INT-01"})

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find events that the portal did not have a day after they were recorded."""
        for event in book.register.recorded.undelivered():
            if event.at + _REFUSED_OR_LOST_AFTER > end:
                continue
            expected = f"{event.event_type} recorded at {in_london(event.at)} reaches the portal"
            if event.event_id in book.register.refused:
                yield failure(
                    "lost",
                    "INT-01",
                    event,
                    expected,
                    "the portal never accepted it",
                    at=end,
                    rests_on="contract: CloudEvent",
                )
            else:
                yield warning(
                    "lost",
                    "INT-01",
                    "integration",
                    event,
                    expected,
                    "it was never delivered",
                    at=end,
                    avoidable=True,
                )
