"""Merged crimes: the victim of a merged record keeps what they could read of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reference.contract.events import CrimeMerged
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.page_rule import EntriesRule
from simulator.verdicts import Finding

#: Steps that nothing undoes or replaces.
_LASTING = frozenset({"OfficerDeployed", "CrimeAllocated", "MilestoneReached"})


@dataclass
class MergedPages(EntriesRule):
    """Compares a page after a merger with what the same victim read before; `_read` has that.

    `_read_with` names the crimes that were merged into theirs at that time. `_last_read` has the
    page of each crime as each victim last read it, and when.
    """

    requirements = frozenset({"CASE-07", "CASE-21"})

    _read: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    _read_with: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _last_read: dict[tuple[str, str], Seen] = field(default_factory=dict)

    def entries(self, seen: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one page, and remember what it showed."""
        shown = Counter(each for each in seen.kinds if each in _LASTING)
        found = list(self._lost(seen, shown, book))
        found += self._by_the_old_reference(seen, book)
        crime = book.register.crimes.get(seen.crime_reference)
        if crime is not None and not crime.gone:
            of = (seen.person_id, seen.crime_reference)
            self._read[of], self._last_read[of] = shown, seen
            self._read_with[of] = _parts(seen.crime_reference, book)
        return found

    def _by_the_old_reference(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        """Find that the reference of a merged crime shows less than the page of the other.

        It may lead its reader there instead.
        """
        goes_on = book.register.current(seen.crime_reference)
        read = self._last_read.get((seen.person_id, goes_on))
        if goes_on == seen.crime_reference or read is None or read.at != seen.at:
            return
        leads_there = any(goes_on in text for text in seen.texts)
        if Counter(read.kinds) - Counter(seen.kinds) and not leads_there:
            expected = "the reference of a merged crime answers as the crime that goes on"
            observed = "it has less than the page of that"
            yield from self.fail(
                seen, "CASE-07", expected, observed, rests_on="contract: CrimeMerged.into"
            )

    def _lost(self, seen: Seen, shown: Counter[str], book: CaseBook) -> Iterator[Finding]:
        by = book.events.due_before(seen.at)
        current, going_on = book.register.current(seen.crime_reference), book.register.goes_on_as
        goes_on = {seen.crime_reference, *({current} & book.register.crimes.keys())}
        yield from self._not_given_back(seen, shown, book)
        for part in book.events.parts(seen.crime_reference) - {seen.crime_reference}:
            before = self._before(seen.person_id, part, book)
            merged = [e for e in book.events.of(part) if isinstance(e.event, CrimeMerged)]
            crime = book.register.crimes.get(part)
            if crime is None or crime.gone != "merged" or not merged:
                continue
            if seen.person_id not in crime.victims:
                # They read it through a merger that was taken back: it was never theirs.
                continue
            if seen.person_id in crime.out_when_merged or not goes_on & {*going_on(part)}:
                # The other may be one that goes on as the same crime, which is not known yet.
                continue
            if merged[-1].received_at > by:
                continue
            if _was_lost(part, seen, book):
                # A person who lost the page before a merger may find another beginning.
                continue
            for kind, times in before.items():
                if shown[kind] < times:
                    expected = f"{kind} is still there after the merger: the victim had read it"
                    observed = "it is not on the page of the crime that goes on"
                    yield from self.fail(seen, "CASE-07", expected, observed, kind)

    def _not_given_back(self, seen: Seen, shown: Counter[str], book: CaseBook) -> Iterator[Finding]:
        """Find steps that the victim read in a crime, and not after its merger was taken back."""
        crime = book.register.crimes.get(seen.crime_reference)
        if crime is None or crime.gone or crime.unmerged_at is None:
            return
        before = self._before(seen.person_id, seen.crime_reference, book)
        for kind in (kind for kind, times in before.items() if shown[kind] < times):
            yield from self.fail(
                seen,
                "CASE-21",
                f"{kind} is there again after the merger was taken back: the victim had read it",
                "it is not on the page of the victim's own crime",
                kind,
                rests_on="contract: CrimeUnmerged",
            )

    def _before(self, person_id: str, reference: str, book: CaseBook) -> Counter[str]:
        """Count the steps that a person read in a crime before.

        Nothing is known where a crime has left it since that was a part of it: some were of that.
        """
        of = (person_id, reference)
        have_left = self._read_with.get(of, frozenset()) - _parts(reference, book)
        return Counter() if have_left else self._read.get(of, Counter())


def _parts(reference: str, book: CaseBook) -> frozenset[str]:
    return frozenset(each.recorded.crime_reference for each in book.register.parts_of(reference))


def _was_lost(part: str, seen: Seen, book: CaseBook) -> bool:
    """Say whether a crime, or one it was merged into on the way, was not the victim's to read."""
    crime, passed = book.register.crimes.get(part), {seen.crime_reference}
    while crime is not None and crime.recorded.crime_reference not in passed:
        victim = crime.victims.get(seen.person_id)
        if victim is not None and victim.exclusion:
            return True
        passed.add(crime.recorded.crime_reference)
        crime = book.register.crimes.get(crime.into)
    return False
