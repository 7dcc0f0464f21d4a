"""The force is asked once whether a victim has enhanced rights, and not again without a reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.evidence.records import TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class RightsChecks(Rule):
    """Judges tasks that ask again; those that never come are judged with all missing tasks."""

    requirements = frozenset({"CODE-04"})
    hears = (TaskRaised,)

    def hear(self, record: TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Judge one task."""
        if record.key not in book.rights_asked.asked_again:
            return ()
        expected = "the force is asked once, until something is recorded of the victim"
        observed = "it is asked again"
        return [
            failure(
                "duplicated", "CODE-04", record, expected, observed, rests_on="order: rights_check"
            )
        ]
