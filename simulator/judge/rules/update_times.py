"""When a list of crimes says that each was updated: not after now, nor before its last event.

Days are compared, as a page may show no more than the day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import EVENT_TYPES
from simulator.clock import LONDON
from simulator.evidence.records import Seen
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.page_rule import PageRule
from simulator.verdicts import Finding

#: A portal by URL keeps the time of day by a clock of its own.
_CLOCKS_APART = timedelta(minutes=5)


@dataclass
class UpdateTimes(PageRule):
    """Compares the list with the clock, and with each page that is read at the same moment."""

    requirements = frozenset({"CASE-01"})

    # By person and crime: when the list was read, and when it said that the crime was updated.
    _listed: dict[tuple[str, str], tuple[datetime, datetime]] = field(default_factory=dict)

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one list, or the page of one crime beside it."""
        if record.where == "crimes":
            return self._list(record)
        return self._page(record, book) if record.where == "timeline" else ()

    def _list(self, seen: Seen) -> Iterator[Finding]:
        for row in seen.crimes:
            self._listed[seen.person_id, row.crime_reference] = (seen.at, row.updated_at)
            if row.updated_at > seen.at + _CLOCKS_APART:
                yield from self.fail(
                    seen,
                    "CASE-01",
                    f"a crime was updated by now, {_london(seen.at)}, at the latest",
                    f"the list says that it was at {_london(row.updated_at)}",
                    "ahead",
                    reference=row.crime_reference,
                    rests_on=sentences.contract("CrimeSummary.updated_at"),
                )

    def _page(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        # That the portal still follows the case is no update of it.
        of_events = [
            at for at, kind in zip(seen.dated, seen.kinds, strict=False) if kind in EVENT_TYPES
        ]
        newest = max(of_events, default=None)
        read_at, updated_at = self._listed.get((seen.person_id, seen.crime_reference), (None, None))
        if newest is None or updated_at is None or read_at != seen.at:
            return
        own, all_parts = (
            each(seen.crime_reference) for each in (book.events.of, book.events.of_all_parts)
        )
        # What a merger brought to the page was no news of this crime.
        if len(all_parts) > len(own):
            return
        if updated_at.astimezone(LONDON).date() < newest.astimezone(LONDON).date():
            yield from self.fail(
                seen,
                "CASE-01",
                f"a crime was updated when its last event says, {_london(newest)}, or later",
                f"the list says that it was at {_london(updated_at)}",
                "behind",
                rests_on=sentences.contract("CrimeSummary.updated_at"),
            )


def _london(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%-d %B %Y %H:%M} London time"
