"""What the advice must say on one of its pages: other formats, local support and complaints.

Only whole pages are judged. The support service is that of the force of each crime that the reader
certainly follows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.page_rule import PageRule
from simulator.judge.text.practical_advice import ANOTHER_WAY, COMPLAINT, lacking, local_support
from simulator.verdicts import Finding


class Asked(NamedTuple):
    """What pages must say by one requirement, and the sentence that it rests on."""

    requirement: str
    parts: Mapping[str, str]
    rests_on: str


@dataclass
class AdviceContents(PageRule):
    """Judges each list of advice."""

    requirements = frozenset({"ACC-01", "CMP-01", "SUPP-01"})

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one list."""
        if record.where != "advice" or not record.pages:
            return ()
        return self._advice(record, book)

    def _advice(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        for asked in self._asked(seen, book):
            missing = lacking(asked.parts, seen.pages)
            if missing:
                expected = f"the advice says {' and '.join(missing)}"
                yield from self.fail(
                    seen, asked.requirement, expected, "no page says it", rests_on=asked.rests_on
                )

    def _asked(self, seen: Seen, book: CaseBook) -> Iterator[Asked]:
        yield Asked("ACC-01", ANOTHER_WAY, "requirement: ACC-01")
        yield Asked("CMP-01", COMPLAINT, "requirement: CMP-01")
        for key in self._forces_of(seen, book):
            force = self.order.forces.get(key)
            if force is not None and force.support is not None:
                yield Asked("SUPP-01", local_support(force.support), "order: forces.support")

    def _forces_of(self, seen: Seen, book: CaseBook) -> list[str]:
        """List the forces that have a crime of which the reader is certainly told.

        Whether a person with two records reads the crimes of both depends on how they signed in.
        """
        if len(book.register.records_of(seen.person_id)) > 1:
            return []
        crimes = [book.register.crimes[each] for each in book.register.crimes_of(seen.person_id)]
        told = [
            each
            for each in crimes
            if not (each.victims[seen.person_id].exclusion or each.gone)
            and each.known_at <= book.events.due_before(seen.at)
        ]
        return sorted({each.recorded.force for each in told})
