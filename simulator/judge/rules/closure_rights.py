"""What a victim reads when a case ends: who keeps them informed, and whether they may ask again.

Only closures that stand alone on a page are judged. Who may ask for a review depends on the force:
what is doubtful is left to a person.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reference.contract.events import CrimeClosed
from simulator.evidence.records import Seen
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.page_rule import PageRule
from simulator.judge.text.plain_words import squeezed
from simulator.verdicts import Finding

_OFFERED = re.compile(r"right to review|right to ask us to look again", re.IGNORECASE)
_MAY_BE_OFFERED = re.compile(
    r"\breview|\b(?:right|can|may) (?:\w+ )*ask (?:\w+ )*(?:again|reconsider)", re.IGNORECASE
)
_DENIED = re.compile(r"\b(?:no|not|cannot|never)\b|n't\b", re.IGNORECASE)
#: Out of court, or where the victim does not support a prosecution, or without a suspect.
_NOT_REVIEWABLE = frozenset({2, 3, 6, 7, 8, 14, 16, 18, 22})
#: The police decided that nobody is charged: too little evidence, or not in the public interest.
_REVIEWABLE = frozenset({10, 15})


@dataclass
class ClosureRights(PageRule):
    """Judges pages of cases that were charged or closed, once that must be there."""

    requirements = frozenset({"CASE-08", "CASE-14", "CASE-17"})

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one page."""
        view = book.page_views.latest
        if record.where != "timeline" or view.access != "own" or not record.kinds:
            return ()
        return (*self._charged(view.seen, book), *self._closed(view.seen, book))

    def _charged(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        owed = book.page_steps.owed(seen.person_id, seen.crime_reference)
        step = owed.get(("OutcomeRecorded", ""))
        crime = book.register.crimes.get(seen.crime_reference)
        status = book.page_steps.status(seen.person_id, seen.crime_reference)
        if step is None or crime is None or crime.gone or step.shown_by > seen.at:
            return
        if status is None or status.accepted != {"charged"} or "OutcomeRecorded" not in seen.kinds:
            return
        unit = self.order.forces[crime.recorded.force].witness_care
        page = squeezed(" ".join(seen.texts))
        if "witness care" not in page and squeezed(unit) not in page:
            yield from self.fail(
                seen,
                "CASE-08",
                f"after a charge the page says that the {unit} keeps the victim informed",
                "it does not name it",
                rests_on=sentences.order("forces.witness_care"),
            )

    def _closed(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        entries = [
            text
            for kind, text in zip(seen.kinds, seen.texts, strict=False)
            if kind == "CrimeClosed"
        ]
        closures = [
            each.event
            for each in book.events.of_all_parts(seen.crime_reference)
            if isinstance(each.event, CrimeClosed)
        ]
        if len(entries) != 1 or len(closures) != 1:
            return
        [closed] = closures
        said = f"outcome {closed.outcome}, decided by {closed.decided_by}"
        if _is_said(entries[0], _OFFERED) and _has_no_review(closed):
            expected = f"no right to review is offered: {said}, {_interviewed(closed)}"
            yield from self.fail(
                seen, "CASE-14", expected, f"it is offered: {entries[0][:160]!r}", harm="noise"
            )
        elif _has_review(closed) and not any(_is_said(e, _MAY_BE_OFFERED) for e in seen.texts):
            expected = f"the page says that there is a right to review: {said}"
            yield from self.fail(seen, "CASE-17", expected, f"it says {entries[0][:160]!r}")


def _has_no_review(closed: CrimeClosed) -> bool:
    """Say whether no force offers a review: a decision of the CPS is left to its own scheme."""
    is_by_the_cps = closed.decided_by == "CPS"
    is_without_interview = closed.interviewed_under_caution is not True
    is_unknown = closed.decided_by == "unknown"
    is_by_nobody = is_unknown or (is_without_interview and not is_by_the_cps)
    return closed.outcome in _NOT_REVIEWABLE or is_by_nobody


def _has_review(closed: CrimeClosed) -> bool:
    return (
        closed.decided_by == "police"
        and closed.interviewed_under_caution is True
        and closed.outcome in _REVIEWABLE
    )


def _interviewed(closed: CrimeClosed) -> str:
    was = closed.interviewed_under_caution
    return "nobody recorded an interview" if was is None else f"interviewed: {was}"


def _is_said(text: str, pattern: re.Pattern[str]) -> bool:
    """Say whether a sentence says it; to say that there is none is true."""
    sentences_of_it = re.split(r"(?<=[.!?])\s+|\n", text)
    return any(pattern.search(each) and not _DENIED.search(each) for each in sentences_of_it)
