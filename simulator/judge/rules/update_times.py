"""When a list of crimes says that each was updated: not after now.

What counts as an update is the portal's own: some news is held back from one victim of a crime and
not from another.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulator.clock import in_london
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.page_entries import CLOCKS_APART
from simulator.judge.page_rule import PageRule
from simulator.verdicts import Finding


@dataclass
class UpdateTimes(PageRule):
    """Compares a list with the clock."""

    requirements = frozenset({"CASE-01"})

    def hear(self, record: Seen, _book: CaseBook) -> Iterable[Finding]:
        """Judge one list."""
        return self._list(record) if record.where == "crimes" else ()

    def _list(self, seen: Seen) -> Iterator[Finding]:
        for row in seen.crimes:
            if row.updated_at > seen.at + CLOCKS_APART:
                yield from self.fail(
                    seen,
                    "CASE-01",
                    f"a crime was updated by now, {in_london(seen.at)}, at the latest",
                    f"the list says that it was at {in_london(row.updated_at)}",
                    "ahead",
                    reference=row.crime_reference,
                    rests_on="contract: CrimeSummary.updated_at",
                )
