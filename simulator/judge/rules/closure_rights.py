"""What a victim reads when a case ends: who keeps them informed, and who reviews the decision.

Each closure on a page is judged by the table of `lawful_words`. What that leaves to the force is
left to the portal. An entry that may be about one of several is right if it is right about any.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from reference.contract.closing_words import Said, faults
from reference.contract.events import CrimeClosed
from reference.contract.lawful_words import Ending
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.page_entries import told_by
from simulator.judge.page_rule import EntriesRule
from simulator.judge.text.plain_words import has_word, squeezed
from simulator.verdicts import Finding, Harm

#: What the law has said and not said, and the requirement that says so.
_REQUIREMENTS: dict[Said, str] = {
    "police_review": "CASE-17",
    "cps_review": "CASE-31",
    "cps_time": "CASE-32",
    "guilt": "CASE-33",
}
#: A review that is offered where there is none, by the police or the CPS.
_OFFERED_WITHOUT_RIGHT = "CASE-14"


@dataclass
class ClosureRights(EntriesRule):
    """Judges pages of cases that were charged or closed, once that must be there."""

    requirements = frozenset(
        {"CASE-08", "CASE-14", "CASE-17", "CASE-31", "CASE-32", "CASE-33", "OUT-20"}
    )

    def entries(self, seen: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one page."""
        return (*self._charged(seen, book), *self._closed(seen, book))

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
            expected = f"after a charge the page says that the {unit} keeps the victim informed"
            observed = "it does not name it"
            yield from self.fail(
                seen, "CASE-08", expected, observed, rests_on="order: forces.witness_care"
            )

    def _closed(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        heard = book.events.of_all_parts(seen.crime_reference)
        beside = [
            text
            for kind, text in zip(seen.kinds, seen.texts, strict=False)
            if kind != CrimeClosed.__name__
        ]
        for words, closures in told_by(seen, heard, CrimeClosed):
            page = "\n".join((words, *beside))
            faults_of = [
                [*_lawful(words, page, each), *_body(words, page, each)] for each in closures
            ]
            for fault in min(faults_of, key=len):
                *said, harm, what, rests_on = fault
                yield from self.fail(seen, *said, *what, harm=harm, rests_on=rests_on)


class _Fault(NamedTuple):
    """What is wrong with the words of an ending."""

    requirement: str
    expected: str
    observed: str
    harm: Harm = "lost"
    what: tuple[str, ...] = ()
    rests_on: str = ""


def _body(words: str, page: str, closed: CrimeClosed) -> Iterator[_Fault]:
    observed, contact = f"it says {words[:160]!r}", closed.to_body_contact
    if closed.to_body and not has_word(page, closed.to_body):
        expected = f"the page says that {closed.to_body} now deals with the case"
        rests_on = "contract: CrimeClosed.to_body"
        yield _Fault("OUT-20", expected, observed, rests_on=rests_on)
    if closed.to_body and contact and not has_word(page, contact):
        expected = f"the page says how to reach {closed.to_body}: {contact}"
        rests_on = "contract: CrimeClosed.to_body_contact"
        yield _Fault("OUT-20", expected, observed, what=("contact",), rests_on=rests_on)


def _lawful(words: str, page: str, closed: CrimeClosed) -> Iterator[_Fault]:
    """Hold the words of an ending against the law; our advice alone is for a warning."""
    ending = Ending(closed.outcome, closed.decided_by, closed.interviewed_under_caution)
    said = f"outcome {closed.outcome}, decided by {closed.decided_by}, {_interviewed(closed)}"
    for fault in faults(words, ending, page=page):
        is_offered = fault.say == "must not" and fault.what in ("police_review", "cps_review")
        requirement = _OFFERED_WITHOUT_RIGHT if is_offered else _REQUIREMENTS.get(fault.what)
        is_ours = fault.say == "should" and fault.what == "cps_review"
        if requirement is not None and not is_ours:
            harm: Harm = "noise" if fault.say == "must not" else "lost"
            yield _Fault(requirement, f"{fault.expected}: {said}", fault.observed, harm)


def _interviewed(closed: CrimeClosed) -> str:
    was = closed.interviewed_under_caution
    return "nobody recorded an interview" if was is None else f"interviewed: {was}"
