"""What the force did not sign, or signed long ago, is refused.

That nothing is sent or shown of it is judged by what is sent and shown: no fact is behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.evidence.records import ForgedDelivery
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class ForgedDeliveries(Rule):
    """Judges the answer to each delivery that did not come from the force."""

    requirements = frozenset({"INT-08"})
    hears = (ForgedDelivery,)

    def hear(self, record: ForgedDelivery, book: CaseBook) -> Iterable[Finding]:  # noqa: ARG002
        """Find a delivery that the portal said it has."""
        if not 200 <= record.status < 300:
            return ()
        expected = "a delivery that the force did not sign just now is refused"
        observed = f"one signed by {record.signed_by} was answered {record.status}"
        return [failure("disclosed", "INT-08", record, expected, observed)]
