"""Phase 3: which questions a portal takes, and what it says of those it does not.

A question about a live case is taken, and one about a case that closed not long ago. The days since
it closed run from when that was recorded, or the portal knew: by the clock, or by dates, of which
the first may count. Where the victim may ask the police for a review it takes them for longer; of a
decision of which that is uncertain, either is right. While nobody has told the victim that the case
has ended, it is open to them: a refusal gives the end away.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reference.contract.events import CrimeClosed
from reference.contract.lawful_words import Decider, Ending, lawful_words
from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.evidence.records import QuestionAsked, QuestionRefused
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.deadlines import day_of
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

#: The portal wants the person to sign in again, or to wait; or the driver cannot tell.
_NOT_ABOUT_THE_CASE = frozenset({0, 401, 403, 429})
_CLOSED, _REVIEW = "order: two_way.closed_case_days", "order: two_way.review_days"


@dataclass
class RefusedQuestions(Rule):
    """Judges each question as it is taken or refused."""

    requirements = frozenset({"SENS-01", "TWO-01", "TWO-07"})
    hears = (QuestionAsked, QuestionRefused)

    def hear(self, record: QuestionAsked | QuestionRefused, book: CaseBook) -> Iterable[Finding]:
        """Judge one question by how its case stands, as far as that is certain."""
        reference = book.register.current(record.crime_reference)
        crime = book.register.crimes.get(reference)
        victim = crime.victims.get(record.person_id) if crime is not None else None
        if crime is None or victim is None or victim.exclusion or crime.gone:
            return []
        standings = book.officers.between(reference, record.at, record.at).standings
        closed = book.officers.closed_at(reference) if standings == {"closed"} else ()
        # To a victim whom an officer has not told of the end yet the case is open.
        withheld = book.withheld.of(reference, record.person_id)
        if isinstance(record, QuestionAsked):
            return self._taken(record, () if withheld is not None else closed, book)
        if record.status in _NOT_ABOUT_THE_CASE or not _can_be_taken(record, book):
            return []
        if withheld is not None and not withheld.was_closed and standings == {"open", "closed"}:
            return [_gives_away(record)]
        if closed:
            return self._refused(record, crime, closed, book)
        is_live = "closed" not in standings
        return self._lost(record, "TWO-01", "") if is_live else []

    def _refused(
        self,
        record: QuestionRefused,
        crime: KnownCrime,
        closed: tuple[datetime, ...],
        book: CaseBook,
    ) -> list[Finding]:
        closures = book.officers.last_closures(crime.recorded.crime_reference)
        days = self._days(may_review=bool(closures) and all(map(_is_reviewable, closures)))
        if record.at < day_of(min(closed) + days)[0]:
            is_later = record.at >= day_of(min(closed) + self._days(may_review=False))[0]
            return self._lost(record, "TWO-07", _REVIEW if is_later else _CLOSED)
        return self._says_how_to_reach(record, crime)

    def _days(self, *, may_review: bool) -> timedelta:
        return timedelta(days=self.order.two_way.takes_questions_days(may_review=may_review))

    def _taken(
        self, record: QuestionAsked, closed: tuple[datetime, ...], book: CaseBook
    ) -> list[Finding]:
        closures = book.officers.last_closures(record.crime_reference)
        days = self._days(may_review=any(map(_may_be_reviewable, closures)))
        if not closed or record.at <= day_of(max(closed) + days)[1]:
            return []
        expected = "a case closed long ago takes no questions"
        return [failure("noise", "TWO-07", record, expected, "it took one", rests_on=_CLOSED)]

    def _lost(self, record: QuestionRefused, requirement: str, rests_on: str) -> list[Finding]:
        expected = "a question is taken while the case is live, and for some days after it closed"
        observed = "it was refused"
        return [failure("lost", requirement, record, expected, observed, rests_on=rests_on)]

    def _says_how_to_reach(self, record: QuestionRefused, crime: KnownCrime) -> list[Finding]:
        force = self.order.forces[crime.recorded.force]
        number = re.search(rf"\b{re.escape(force.non_emergency)}\b", record.said)
        if number is not None or force.website in record.said:
            return []
        expected = "the refusal of a question about a closed case says how to reach the force"
        observed = "it names neither the number nor the website"
        return [failure("lost", "TWO-07", record, expected, observed)]


def _is_reviewable(closed: CrimeClosed) -> bool:
    """Say whether the police scheme certainly applies: their decision, a suspect interviewed."""
    ending = Ending(closed.outcome, closed.decided_by, closed.interviewed_under_caution)
    return lawful_words(ending).police_review == "must"


def _may_be_reviewable(closed: CrimeClosed) -> bool:
    """Say whether somebody may fairly read that a review is possible, also by the CPS.

    Where nobody recorded who decided, or an interview, either may have been.
    """
    known: Decider = closed.decided_by
    deciders: tuple[Decider, ...] = ("police", "CPS") if known == "unknown" else (known,)
    interviewed = closed.interviewed_under_caution is not False
    return any(
        each != "must not"
        for decider in deciders
        for lawful in (lawful_words(Ending(closed.outcome, decider, interviewed)),)
        for each in (lawful.police_review, lawful.cps_review)
    )


def _gives_away(record: QuestionRefused) -> Finding:
    expected = "questions are taken until an officer has told the victim that the case has ended"
    observed = "one was refused as for a case that is closed"
    return failure(
        "disclosed", "SENS-01", record, expected, observed, rests_on="order: sensitive_closures"
    )


def _can_be_taken(record: QuestionRefused, book: CaseBook) -> bool:
    is_whole = bool(record.text.strip()) and len(record.text) <= QUESTION_CHARACTERS_MAX
    return is_whole and book.phases.owed_at(record.at) >= 3
