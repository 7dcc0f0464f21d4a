"""Merged persons: who signs in by the record that survives finds the crimes of both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.page_rule import PageRule
from simulator.verdicts import Finding


@dataclass
class RecordMergers(PageRule):
    """Judges the list of a person who came in after another record was merged into theirs."""

    requirements = frozenset({"PERS-01"})

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one list; one that names no crimes proves nothing."""
        return self._lacking(record, book) if record.where == "crimes" and record.statuses else ()

    def _lacking(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        register, opened_at = book.register, book.links.opened_at(seen.person_id)
        listed = {reference for reference, _ in seen.statuses}
        for person_id in register.persons.read_by(seen.person_id)[1:]:
            merger = register.persons.of(person_id)
            since = merger.begun_at if merger is not None else None
            if since is None or opened_at is None or opened_at <= since:
                continue
            for crime, victim in register.crimes_with(person_id):
                reference = crime.recorded.crime_reference
                if crime.gone or victim.exclusion or reference in listed:
                    continue
                yield from self.fail(
                    seen,
                    "PERS-01",
                    "a victim finds the crimes of both records that were merged",
                    "one of the merged record is not on their list",
                    reference=reference,
                    rests_on="contract: PersonsMerged",
                )
