"""The advice on a portal: what fits the reader's own crimes first, and the Victims' Code's rights.

Pages are known by the names that the order gives them. A portal whose pages have other names is
left to a person.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reference.contract.events import CrimeReclassified, CrimeRecorded
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.page_rule import PageRule
from simulator.verdicts import Finding

_RIGHTS = re.compile(r"victims?['\u2019]?s?['\u2019]? code|your rights", re.IGNORECASE)


@dataclass
class AdvicePages(PageRule):
    """Judges each list of advice that a victim reads."""

    requirements = frozenset({"CASE-16", "JOUR-01", "JOUR-06"})

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one list."""
        return self._advice(record, book) if record.where == "advice" else ()

    def _advice(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        if seen.texts and not any(_RIGHTS.search(each) for each in seen.texts):
            expected = "a page on the rights of the Victims' Code is among the advice"
            yield from self.fail(seen, "CASE-16", expected, "no page is")
        if self.order.phase_at(seen.at) < 2 or book.phases.owed_at(seen.at) < 2:
            return
        if len({*seen.slugs}) < len(seen.slugs):
            expected = "each page of advice has a name of its own"
            observed = "two have the same"
            yield from self.fail(
                seen, "JOUR-01", expected, observed, "twice", rests_on="contract: AdvicePage.slug"
            )
        if len(book.register.records_of(seen.person_id)) > 1:
            # Their crimes in another record may be on the same list.
            return
        always, perhaps = self._own(seen, book)
        pages = set(self.order.journey.advice_for.values())
        own = [place for place, slug in enumerate(seen.slugs) if slug in always]
        others = [
            place for place, slug in enumerate(seen.slugs) if slug in pages - always - perhaps
        ]
        if own and others and min(others) < max(own):
            expected = f"{seen.slugs[max(own)]} comes before advice on other offences"
            observed = f"it comes after {seen.slugs[min(others)]}"
            yield from self.fail(
                seen, "JOUR-06", expected, observed, "first", rests_on="order: journey.advice_for"
            )
        elif always - set(seen.slugs) and seen.slugs:
            expected = "the advice has the page that the order names for each offence"
            observed = f"{' and '.join(sorted(always - set(seen.slugs)))}: no page has that name"
            yield from self.look(seen, "JOUR-01", expected, observed)

    def _own(self, seen: Seen, book: CaseBook) -> tuple[set[str], set[str]]:
        """Give the pages that fit the reader's crimes for certain, and those that may."""
        always: set[str] = set()
        perhaps: set[str] = set()
        for reference in book.register.crimes_of(seen.person_id):
            crime = book.register.crimes[reference]
            heard = [
                each
                for each in book.events.of(reference)
                if isinstance(each.event, CrimeRecorded | CrimeReclassified)
            ]
            fitting = {
                self.order.journey.advice_for.get(each, "")
                for each in book.events.readings(heard, seen.at, _subgroup)
            }
            is_certain = not (crime.victims[seen.person_id].exclusion or crime.gone)
            is_certain &= crime.known_at <= book.events.due_before(seen.at)
            if is_certain and len(fitting) == 1:
                always |= fitting - {""}
            else:
                perhaps |= fitting
        for each in book.register.records_of(seen.person_id) - {seen.person_id}:
            for reference in book.register.crimes_of(each):
                subgroup = book.register.crimes[reference].recorded.offence_subgroup
                perhaps.add(self.order.journey.advice_for.get(subgroup, ""))
        return always, perhaps


def _subgroup(heard: Sequence[Received]) -> str:
    """Give the offence's subgroup as last recorded; a crime that is recorded is the first."""
    subgroup = ""
    for each in sorted(heard, key=lambda received: isinstance(received.event, CrimeReclassified)):
        if isinstance(each.event, CrimeRecorded | CrimeReclassified):
            subgroup = each.event.offence_subgroup
    return subgroup
