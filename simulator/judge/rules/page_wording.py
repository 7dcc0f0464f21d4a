"""The words of a crime's page: each step in words of its own, no officer with another's number.

How a step is put is the portal's to choose. It must not be blank, and steps that differ must not
read the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from reference.contract.events import CrimeClosed, MilestoneReached, Officer
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.page_entries import told_by
from simulator.judge.page_rule import EntriesRule
from simulator.judge.text.plain_words import has_word, without_numbers
from simulator.verdicts import Finding

#: Kinds of step that a victim must be able to tell from one another.
_KINDS = {
    "CrimeRecorded": "the report",
    "OfficerDeployed": "an officer sent",
    "CrimeAllocated": "who has the crime",
    "AppointmentMade": "an appointment",
    "AppointmentChanged": "an appointment",
    "CrimeClosed": "the end of the case",
    "OutcomeRecorded": "a charge",
}
#: Outcomes that may be put in the same words: disposals out of court, decisions of one kind.
_REASONS = (
    {2, 3, 4, 6, 7, 8, 22}, {5, 11, 12, 13}, {9, 10, 21}, {14, 16}, {15}, {17}, {18}, {20},
)  # fmt: skip
#: Milestones that may be put in the same words.
_MILESTONES = (
    {"forensics_sent", "forensics_back"}, {"footage_requested", "footage_viewed"},
    {"witness_spoken_to", "statement_taken", "house_to_house", "suspect_identified"},
    {"property_found", "property_returned"},
    {"suspect_released", "suspect_on_bail", "suspect_under_investigation", "bail_changed"},
)  # fmt: skip
#: A number is a collar number where it is called so, or follows an officer's name.
_CALLED_SO = r"\b(?:collar|shoulder) (?:number|no)\b\W*(?:is\b)?"


@dataclass
class PageWords(EntriesRule):
    """Judges pages whose entries have kinds; `_reasons` has the outcomes of each wording."""

    requirements = frozenset({"CASE-01", "CASE-02", "CASE-03", "CASE-13", "JOUR-05"})

    _reasons: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def entries(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        """Judge one page."""
        entries = list(zip(seen.kinds, map(without_numbers, seen.texts), strict=False))
        heard = book.events.of_all_parts(seen.crime_reference)
        yield from self._blank(seen, entries)
        yield from self._same_words(seen, entries)
        yield from self._milestones(seen, entries, heard)
        yield from self._reason(seen, heard)
        yield from self._numbers(seen, heard)

    def _blank(self, seen: Seen, entries: list[tuple[str, str]]) -> Iterator[Finding]:
        for kind, words in entries:
            if not words:
                expected = f"{kind} is on the crime's page in plain words"
                yield from self.fail(seen, "CASE-01", expected, "its entry is blank")

    def _same_words(self, seen: Seen, entries: list[tuple[str, str]]) -> Iterator[Finding]:
        known = [(_KINDS[kind], kind, words) for kind, words in entries if kind in _KINDS and words]
        for (one, kind, words), (other, other_kind, same) in combinations(dict.fromkeys(known), 2):
            if one != other and words == same:
                expected = f"{kind} and {other_kind} read differently"
                yield from self.fail(seen, "CASE-13", expected, f"both read {words[:80]!r}", "same")

    def _milestones(
        self, seen: Seen, entries: list[tuple[str, str]], heard: list[Received]
    ) -> Iterator[Finding]:
        shown = [words for kind, words in entries if kind == "MilestoneReached" and words]
        reached = {
            _group(each.event.milestone, _MILESTONES)
            for each in heard
            if isinstance(each.event, MilestoneReached)
        }
        events = sum(isinstance(each.event, MilestoneReached) for each in heard)
        if len(shown) == events and len(reached) > 1 and len(set(shown)) == 1:
            expected = "the page says which milestones the investigation passed"
            yield from self.fail(seen, "JOUR-05", expected, f"all read {shown[0][:80]!r}")

    def _reason(self, seen: Seen, heard: list[Received]) -> Iterator[Finding]:
        """Find closures for different reasons that read the same, of one victim or of two."""
        for words, closures in told_by(seen, heard, CrimeClosed):
            shown, told = without_numbers(words), {each.outcome for each in closures}
            outcomes = self._reasons[shown]
            if shown and _groups(told) == 1:
                outcomes |= told
            if _groups(outcomes) > 1:
                expected = "a closed crime is shown with its reason"
                observed = f"outcomes {sorted(outcomes)} read the same: {shown[:80]!r}"
                yield from self.fail(seen, "CASE-03", expected, observed, "reason")

    def _numbers(self, seen: Seen, heard: list[Received]) -> Iterator[Finding]:
        officers = _officers(heard)
        for text in seen.texts:
            named = [each for each in officers if has_word(text, each.name)]
            numbers = {each.collar_number for each in named}
            if not named or len({each.name for each in named}) > 1:
                continue
            pattern = rf"(?:{_CALLED_SO}|{re.escape(named[0].name)})[\s,(:-]*(\d+)\b"
            for number in re.findall(pattern, text, re.IGNORECASE):
                if number not in numbers:
                    yield from self.fail(
                        seen,
                        "CASE-02",
                        f"{named[0].name} is shown with collar number {named[0].collar_number}",
                        f"with {number}",
                        "number",
                        rests_on="contract: Officer.collar_number",
                    )


def _group(one: object, groups: tuple[set[int], ...] | tuple[set[str], ...]) -> object:
    return next((min(each) for each in groups if one in each), one)


def _groups(outcomes: Iterable[int]) -> int:
    return len({_group(each, _REASONS) for each in outcomes})


def _officers(heard: Iterable[Received]) -> list[Officer]:
    found: dict[Officer, None] = {}
    for each in heard:
        for name in ("officer_in_charge", "officer"):
            officer = getattr(each.event, name, None)
            if officer is not None:
                found[officer] = None
    return list(found)
