"""What a signed-in victim was refused: a page of their own crime, the advice, or a choice.

The portal itself says that their session stands, and which crimes are theirs: it lists them just
before and just after. Nothing is asked where it lists nothing any more, where the facts do not say
that they may be told of the crime, or where the refusal may be about how often they asked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from msgspec import structs

from reference.contract.events import (
    CrimeCancelled,
    CrimeMerged,
    CrimeRecorded,
    CrimeTransferred,
    CrimeUnmerged,
    VictimDetailsChanged,
)
from simulator.evidence.records import ChoiceRefused, PageRefused
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import read_channels
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.preferences import CHANNELS
from simulator.judge.page_rule import PageRule
from simulator.verdicts import Finding

_Refused: TypeAlias = PageRefused | ChoiceRefused

#: The portal wants the person to wait, or cannot answer now; or the driver cannot tell.
_NOT_ABOUT_THE_PAGE = frozenset({0, 429, 503})
#: A careful portal may want the person to sign in again before they change anything.
_MAY_ASK_AGAIN = frozenset({401, 403})
_ENDS_IT = (CrimeCancelled, CrimeTransferred, CrimeUnmerged)
_TWO_WAY = 3


@dataclass
class RefusedPages(PageRule):
    """Judges each refusal by what the portal listed for the person at that moment."""

    requirements = frozenset({"CASE-01", "CASE-07", "CASE-15", "CASE-16", "CONT-07", "TWO-04"})
    hears = (PageRefused, ChoiceRefused)

    def hear(self, record: _Refused, book: CaseBook) -> Iterable[Finding]:
        """Judge one refusal, as far as it is certain that the portal had to answer."""
        if record.listed is None or record.status in _NOT_ABOUT_THE_PAGE:
            return ()
        theirs = [each for each in record.listed if _may_read(record, each, book)]
        return self._of_theirs(record, theirs, book) if theirs else ()

    def _of_theirs(self, record: _Refused, theirs: list[str], book: CaseBook) -> Iterable[Finding]:
        if isinstance(record, ChoiceRefused):
            return self._choice(record, theirs, book)
        if record.where == "timeline":
            if record.crime_reference in theirs:
                return self._timeline(record, book)
            return self._old_reference(record, theirs, book)
        if record.where == "conversation":
            return self._conversation(record, theirs, book)
        return self._of_no_crime(record)

    def _of_no_crime(self, record: PageRefused) -> Iterator[Finding]:
        if record.where == "advice":
            expected = "a victim who is signed in can read the rights of the Victims' Code"
            yield from self._refused(record, "CASE-16", expected, "contract: listAdvice")
        elif record.where == "contact":
            expected = "a victim who is signed in can read by which channels they hear"
            rests_on = "contract: readContact"
            yield from self._refused(record, "CONT-07", expected, rests_on)

    def _timeline(self, record: PageRefused, book: CaseBook) -> Iterator[Finding]:
        is_closed = book.register.crimes[record.crime_reference].is_closed
        requirement = "CASE-15" if is_closed else "CASE-01"
        expected = "a victim who is signed in can read the page of each crime on their list"
        rests_on = "contract: readTimeline"
        yield from self._refused(record, requirement, expected, rests_on)

    def _old_reference(
        self, record: PageRefused, theirs: list[str], book: CaseBook
    ) -> Iterator[Finding]:
        """Find that the reference of a merged crime, which its victim could read, has no page."""
        goes_on_as = book.register.goes_on_as(record.crime_reference)
        if goes_on_as[-1] not in theirs or not _follows(record, goes_on_as, book):
            return
        expected = "the reference of a merged crime answers as the crime that goes on"
        rests_on = "contract: CrimeMerged.into"
        yield from self._refused(record, "CASE-07", expected, rests_on)

    def _conversation(
        self, record: PageRefused, theirs: list[str], book: CaseBook
    ) -> Iterator[Finding]:
        """Find that a victim cannot read what was written; of nothing written a person judges."""
        reference = record.crime_reference
        is_here = reference in theirs and not book.register.crimes[reference].gone
        if not is_here or book.phases.owed_at(record.at) < _TWO_WAY:
            return
        expected = "a victim who is signed in can read what they and the officer wrote"
        if _has_words(record, book):
            rests_on = "contract: readConversation"
            yield from self._refused(record, "TWO-04", expected, rests_on)
        else:
            expected = "a conversation in which nothing was written yet can be read, and is empty"
            yield from self.look(record, "TWO-04", expected, "it was refused")

    def _choice(
        self, record: ChoiceRefused, theirs: list[str], book: CaseBook
    ) -> Iterator[Finding]:
        """Find that a victim cannot choose channels that work, or cannot stop those in use."""
        if record.status in _MAY_ASK_AGAIN or not _has_one_record(record.person_id, book):
            return
        of_theirs = (book.register.crimes[each].victims for each in theirs)
        victims = [each[record.person_id] for each in of_theirs if record.person_id in each]
        if not victims or _has_new_details(record, book):
            return
        if record.channels:
            expected = "a victim who is signed in can choose by which channels they hear"
            is_owed = all(_works(each, record.channels, book) for each in victims)
        else:
            expected = "a victim who is signed in can stop all messages"
            is_owed = all(map(book.reachability.can_be_told, victims))
        if is_owed:
            rests_on = "contract: chooseContact"
            yield from self._refused(record, "CONT-07", expected, rests_on)

    def _refused(
        self, record: _Refused, requirement: str, expected: str, rests_on: str
    ) -> Iterator[Finding]:
        observed = f"it was refused ({record.status})"
        yield from self.fail(record, requirement, expected, observed, expected, rests_on=rests_on)


def _may_read(record: _Refused, reference: str, book: CaseBook) -> bool:
    person_id, at = record.person_id, record.at
    register = book.register
    crime = register.crimes.get(reference)
    victim = crime.victims.get(register.as_theirs(person_id, reference)) if crime else None
    return (
        crime is not None
        and crime.gone in ("", "transferred")
        and victim is not None
        and not victim.exclusion
        and not register.may_be_forbidden(person_id, at)
    )


def _has_one_record(person_id: str, book: CaseBook) -> bool:
    register = book.register
    return (
        register.records_of(person_id) == {person_id}
        and register.signed_in_with(person_id) == {person_id}
        and register.persons.of(person_id) is None
        and len(register.persons.read_by(person_id)) == 1
        and not register.persons.parted_from.get(person_id)
        and register.contact_replaced_at(person_id) is None
        and book.questions.anew_at(person_id) is None
    )


def _follows(record: PageRefused, goes_on_as: list[str], book: CaseBook) -> bool:
    """Say whether a person was a victim all along of a crime that was merged, once or more."""
    merged, by = goes_on_as[:-1], book.events.due_before(record.at)
    if not merged or not _has_one_record(record.person_id, book):
        return False
    return all(_was_merged_for_good(each, record.person_id, book) for each in merged) and all(
        each.received_at <= by
        for reference in goes_on_as
        for each in book.events.of(reference)
        if isinstance(each.event, CrimeMerged)
    )


def _was_merged_for_good(reference: str, person_id: str, book: CaseBook) -> bool:
    crime: KnownCrime = book.register.crimes[reference]
    victim = crime.victims.get(person_id)
    is_theirs = victim is not None and not victim.exclusion and victim.own.role == "victim"
    return (
        crime.gone == "merged"
        and is_theirs
        and person_id not in crime.out_when_merged
        and not any(isinstance(each.event, _ENDS_IT) for each in book.events.of(reference))
    )


def _has_new_details(record: _Refused, book: CaseBook) -> bool:
    by = book.events.due_before(record.at)
    return book.register.awaits_details(record.person_id) or any(
        each.received_at > by
        for reference in book.register.crimes_of(record.person_id)
        for each in book.events.of(reference)
        if isinstance(each.event, CrimeRecorded | VictimDetailsChanged)
    )


def _has_words(record: PageRefused, book: CaseBook) -> bool:
    """Say whether there is something in a conversation that is certainly this person's to read."""
    if not _has_one_record(record.person_id, book):
        return False
    asked = (each.asked for each in book.questions.asked_by(record.person_id))
    replies = book.questions.replies_to(record.person_id)
    return any(each.crime_reference == record.crime_reference for each in asked) or any(
        each.crime_reference == record.crime_reference and each.shown_by <= record.at
        for each in replies
    )


def _works(victim: KnownVictim, channels: Iterable[str], book: CaseBook) -> bool:
    reachability = book.reachability
    if victim.own.safe_channel is not None:
        return False
    every = structs.replace(victim.record, preferred_channels=CHANNELS)
    working = {
        each.channel
        for each in read_channels(every)
        if each.state == "usable"
        and each.address not in reachability.bounced
        and not reachability.preferences.is_stopped(each.address)
        and not reachability.doubtful.why_not(each.address)
        and not reachability.doubtful.is_doubtful(each.address)
    }
    return working.issuperset(channels)
