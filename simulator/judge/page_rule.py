"""What every rule about pages is: it finds each harm once, however often the page is read again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulator.evidence.records import Recorded, Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure, review
from simulator.judge.rule import Rule
from simulator.verdicts import Finding, Harm


@dataclass
class PageRule(Rule):
    """A rule that is asked about what victims are shown."""

    hears: ClassVar[tuple[type[Recorded], ...]] = (Seen,)
    # It asks a person to look once a run.
    compares_people: ClassVar[bool] = True

    _found: set[tuple[str, ...]] = field(default_factory=set)

    def fail(
        self,
        seen: Any,
        requirement: str,
        expected: str,
        observed: str,
        *what: str,
        harm: Harm = "lost",
        reference: str = "",
        rests_on: str = "",
    ) -> Iterator[Finding]:
        """Give a FAIL once for a person, a crime and `what`; it rests on its requirement at least.

        The crime is that of the page, or of what was asked or refused, unless `reference` names
        another.
        """
        reference = reference or getattr(seen, "crime_reference", "")
        once = (seen.person_id, reference, requirement, *(what or (observed,)))
        if once not in self._found:
            self._found.add(once)
            yield failure(
                harm,
                requirement,
                seen,
                expected,
                observed,
                crime_reference=reference,
                rests_on=rests_on,
            )

    def look(
        self, seen: Any, requirement: str, expected: str, observed: str, *, harm: Harm = "lost"
    ) -> Iterator[Finding]:
        """Give a REVIEW once a run: a person must look, and it fails no portal."""
        once = ("review", requirement, expected)
        if once not in self._found:
            self._found.add(once)
            yield review(harm, requirement, seen, expected, observed)


class EntriesRule(PageRule):
    """A rule that is asked about the entries on the page of a reader's own crime."""

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one page."""
        view = book.page_views.latest
        if record.where != "timeline" or view.access != "own" or not record.kinds:
            return ()
        return self.entries(view.seen, book)

    def entries(self, seen: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge what a reader was shown, of which each entry says its kind."""
        raise NotImplementedError
