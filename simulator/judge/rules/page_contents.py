"""What a crime's page and the list of crimes leave out, or say wrongly.

A step counts as missing when the victim looks and it is not there: nothing is owed to a page that
is never read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations

from simulator.clock import in_london
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.page_entries import entries_of, is_near_one_of
from simulator.judge.facts.page_steps import Step
from simulator.judge.page_rule import PageRule
from simulator.verdicts import Finding

_APPOINTMENTS = ("AppointmentMade", "AppointmentChanged", "AppointmentCancelled")


@dataclass
class PageContents(PageRule):
    """Judges the pages that are the reader's own."""

    requirements = frozenset({"CASE-01", "CASE-03", "CASE-04", "CASE-18"})
    compares_people = False

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one page."""
        if record.where not in ("crimes", "timeline"):
            return ()
        view = book.page_views.latest
        if view.access != "own":
            return ()
        of_page = self._list if record.where == "crimes" else self._timeline
        return of_page(view.seen, book)

    def _list(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        if seen.texts and not seen.statuses:
            return
        statuses = dict(seen.statuses)
        for crime, victim in book.register.crimes_with(seen.person_id):
            reference = crime.recorded.crime_reference
            if victim.exclusion or crime.gone in ("merged", "cancelled"):
                continue
            if reference in statuses:
                yield from self._status(seen, crime, statuses[reference], book)
            elif (
                victim.invited
                and self._is_known(crime, seen.at)
                and not _may_be_by_another_record(victim, book)
            ):
                expected = "the list of a victim's crimes has every crime of theirs"
                yield from self.fail(
                    seen, "CASE-01", expected, "one is not in it", reference=reference
                )

    def _status(
        self, seen: Seen, crime: KnownCrime, shown: str, book: CaseBook
    ) -> Iterator[Finding]:
        reference = crime.recorded.crime_reference
        found = partial(self.fail, reference=reference, rests_on="contract: CrimeSummary.status")
        status = book.page_steps.status(seen.person_id, reference)
        of_parts = [book.register.crimes.get(each) for each in book.events.parts(reference)]
        if not any(each is not None and shown in each.statuses for each in of_parts):
            requirement = "CASE-04" if "charged" in crime.statuses else "CASE-01"
            expected = "no step is shown that has not been taken"
            observed = f"the case is shown as {shown}, which was never said of it"
            yield from found(seen, requirement, expected, observed, harm="out of order")
        elif (
            status is not None
            and status.step.shown_by <= seen.at
            and (crime.turned_at is None or crime.turned_at <= status.step.said_at)
            and shown not in status.accepted
            and not _was_charged_before_them(crime, seen.person_id, shown)
        ):
            requirement = "CASE-03" if "closed" in status.accepted else "CASE-01"
            expected = f"the case is shown as {' or '.join(sorted(status.accepted))}"
            observed = f"it is shown as {shown}"
            yield from found(seen, requirement, expected, observed)

    def _timeline(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        crime = book.register.crimes.get(seen.crime_reference)
        if crime is None or crime.gone in ("merged", "cancelled"):
            return
        if seen.kinds or not seen.texts:
            owed = book.page_steps.owed(seen.person_id, seen.crime_reference)
            yield from self._missing(seen, owed)
            apart, heard = _told_apart(seen, owed), _heard_by(seen, book)
            yield from self._order(seen, apart, heard)
            yield from self._dates(seen, apart, heard)
        if "charged" in crime.statuses and "closed" not in crime.statuses:
            yield from self._charged(seen)

    def _missing(self, seen: Seen, owed: dict[tuple[str, str], Step]) -> Iterator[Finding]:
        due = [step for step, each in owed.items() if each.shown_by <= seen.at]
        for kind in dict.fromkeys(kind for kind, _detail in due):
            mine = [step for step in due if step[0] == kind]
            for step in mine[seen.kinds.count(kind) :]:
                requirement = "CASE-03" if kind == "CrimeClosed" else "CASE-01"
                expected = f"{kind} is on the crime's page by {in_london(owed[step].shown_by)}"
                observed = "the victim looked, and it was not there"
                yield from self.fail(seen, requirement, expected, observed, "missing", *step)

    def _order(
        self, seen: Seen, apart: dict[str, Step], heard: list[Received]
    ) -> Iterator[Finding]:
        for first, second in combinations(entries_of(seen, apart, heard), 2):
            if not first.is_after(second):
                continue
            expected = f"{second.kind} comes before {first.kind} on the page, as it happened"
            observed = "they are shown the other way round"
            if first.kind == second.kind:
                expected = f"entries of {first.kind} are on the page oldest first"
            what = ("order", first.kind, second.kind)
            found = partial(self.fail, harm="out of order", rests_on="contract: readTimeline")
            yield from found(seen, "CASE-01", expected, observed, *what)

    def _dates(
        self, seen: Seen, times: dict[str, Step], heard: list[Received]
    ) -> Iterator[Finding]:
        """Find a step whose date is neither when it was taken nor when that was recorded.

        An appointment's entry may have the time it was made or the time it is for.
        """
        for kind, shown in zip(seen.kinds, seen.dated, strict=False):
            if kind not in times or kind in _APPOINTMENTS:
                continue
            step = times[kind]
            earliest = min(step.happened_at, step.said_at)
            may_be = [each for each in heard if type(each.event).__name__ == kind]
            right = [step.happened_at, step.said_at]
            right += [at for each in may_be for at in (each.happened_at, each.recorded_at)]
            if is_near_one_of([at for at in right if at >= earliest], shown):
                continue
            expected = f"{kind} is dated {in_london(step.happened_at)}, when it happened"
            if step.said_at != step.happened_at:
                expected += f", or {in_london(step.said_at)}, when that was recorded"
            observed = f"it is dated {in_london(shown)}"
            found = partial(self.fail, harm="out of order", rests_on="contract: TimelineEntry.at")
            yield from found(seen, "CASE-18", expected, observed, "dated", kind)

    def _charged(self, seen: Seen) -> Iterator[Finding]:
        for kind, text in zip(seen.kinds, seen.texts, strict=False):
            if kind == "OutcomeRecorded" and _calls_it_closed(text):
                expected = "a crime whose suspect is charged is never called closed"
                observed = "its page says that it is closed"
                yield from self.fail(seen, "CASE-04", expected, observed, harm="out of order")

    def _is_known(self, crime: KnownCrime, at: datetime) -> bool:
        allowance = timedelta(minutes=self.order.messages.minutes_max)
        return crime.known_at + allowance <= at


def _may_be_by_another_record(victim: KnownVictim, book: CaseBook) -> bool:
    """Say whether a reader may have come in where this record's approved channel does not go.

    Another record of theirs has the same address, and an officer approved one channel for this one.
    """
    others = book.register.signed_in_with(victim.person_id) - {victim.person_id}
    return victim.own.safe_channel is not None and bool(others)


def _was_charged_before_them(crime: KnownCrime, person_id: str, shown: str) -> bool:
    """Say whether a case may be shown as charged to who came to it by a merger after the charge."""
    came_later = crime.victims[person_id].came_by_merger
    return came_later and shown == "charged" and "charged" in crime.statuses


def _heard_by(seen: Seen, book: CaseBook) -> list[Received]:
    readers = {None, *book.register.persons.read_by(seen.person_id)}
    return [
        each
        for each in book.events.of_all_parts(seen.crime_reference)
        if getattr(each.event, "person_id", None) in readers
    ]


def _told_apart(seen: Seen, owed: dict[tuple[str, str], Step]) -> dict[str, Step]:
    """Give the steps that are the only one of their kind, both owed and shown."""
    kinds = [kind for kind, _detail in owed]
    return {
        kind: each
        for (kind, _detail), each in owed.items()
        if kinds.count(kind) == 1 and seen.kinds.count(kind) == 1
    }


def _calls_it_closed(text: str) -> bool:
    sentences = re.split(r"[.!?\n:]", text.casefold())
    closed = [each for each in sentences if re.search(r"\bclosed\b", each)]
    return any(not _IN_DOUBT.search(each) for each in closed)


_IN_DOUBT = re.compile(r"\b(not|never|no|if|until|unless|when|before|after|will|would|may)\b|n't\b")
