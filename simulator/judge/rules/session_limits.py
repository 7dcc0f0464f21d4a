"""Sessions that live on after they ended, or end before it.

The order gives minutes and hours. A portal may keep time by the minute, so nothing is asked of the
last minute before a limit and the first after it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from simulator.evidence.records import (
    ContactChosen,
    EventRecorded,
    NotForMeSaid,
    PortalRestarted,
    SessionUsed,
    TextReceived,
)
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in, as_email, as_mobile
from simulator.judge.facts.preferences import is_not_me
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_UNIT = timedelta(minutes=1)
_Heard: TypeAlias = (
    SessionUsed | PortalRestarted | NotForMeSaid | ContactChosen | EventRecorded | TextReceived
)

_IDLE = "order: sign_in.session_minutes"
_LONGEST = "order: sign_in.session_hours_max"
_STILL = "it still showed the crimes"


@dataclass
class SessionLimits(Rule):
    """Judges each use of a session by how old it is, how long it was idle, and its end."""

    requirements = frozenset({"AUTH-09", "AUTH-10", "AUTH-11", "WHO-03"})
    hears = (SessionUsed, PortalRestarted, NotForMeSaid, ContactChosen, EventRecorded, TextReceived)

    #: When something last happened that may end a session before its time: by what it was about.
    _unsettled_at: dict[str, datetime] = field(default_factory=dict)

    def hear(self, record: _Heard, book: CaseBook) -> Iterable[Finding]:
        """Judge one use of a session."""
        if isinstance(record, TextReceived) and not is_not_me(record.words):
            return ()
        if not isinstance(record, SessionUsed):
            self._unsettled_at[_about(record)] = record.at
            return ()
        if record.answer == "shown":
            return self._shown(record, book)
        return self._refused(record, book)

    def _shown(self, record: SessionUsed, book: CaseBook) -> Iterator[Finding]:
        replaced_at = book.register.contact_replaced_at(record.person_id)
        if replaced_at is not None and record.signed_in_at < replaced_at:
            expected = "the session of a named contact ends when another takes their place"
            yield failure("disclosed", "WHO-03", record, expected, _STILL)
        limits = self.order.sign_in
        if record.signed_out:
            expected = "signing out ends the session"
            yield failure("disclosed", "AUTH-09", record, expected, _STILL)
        if record.at - record.used_at >= timedelta(minutes=limits.session_minutes) + _UNIT:
            expected = f"a session ends after {limits.session_minutes} minutes without use"
            yield failure("disclosed", "AUTH-10", record, expected, _STILL, rests_on=_IDLE)
        if record.at - record.signed_in_at >= timedelta(hours=limits.session_hours_max) + _UNIT:
            expected = f"a session ends after {limits.session_hours_max} hours of use"
            yield failure("disclosed", "AUTH-11", record, expected, _STILL, rests_on=_LONGEST)

    def _refused(self, record: SessionUsed, book: CaseBook) -> Iterator[Finding]:
        limits = self.order.sign_in
        is_idle = record.at - record.used_at > timedelta(minutes=limits.session_minutes) - _UNIT
        is_old = record.at - record.signed_in_at > timedelta(hours=limits.session_hours_max) - _UNIT
        is_settled = all(
            at < record.signed_in_at
            for about in _concern(record.person_id, book)
            if (at := self._unsettled_at.get(about)) is not None
        )
        is_settled &= not record.signed_in_since
        about, register = record.person_id, book.register
        ends = (book.links.ended_at(about), register.replaced_at.get(about))
        is_settled &= all(at is None or at < record.signed_in_at for at in ends)
        may_see = any(not victim.exclusion for victim in register.victims_of(about))
        if not (is_idle or is_old or record.signed_out) and is_settled and may_see:
            expected = f"an unused session works for {limits.session_minutes} minutes"
            observed = "it was over before"
            yield failure("lost", "AUTH-10", record, expected, observed, rests_on=_IDLE)


def _about(record: _Heard) -> str:
    """Name what a record that may end sessions is about: a crime, a person, an address, or all."""
    match record:
        case EventRecorded():
            return record.crime_reference
        case ContactChosen():
            return record.person_id
        case NotForMeSaid():
            return as_mobile(record.address) or as_email(record.address)
        case TextReceived():
            return record.number
    return ""


def _concern(person_id: str, book: CaseBook) -> set[str]:
    """Name what is about a person: any crime, record or address of theirs, or of who shares one."""
    register, addresses = book.register, book.reachability.address_book
    people = {one for e in register.records_of(person_id) for one in register.persons.group(e)}
    theirs = {
        address
        for each in people
        for victim in register.victims_of(each)
        for address in addresses_in(victim.own) | addresses_in(victim.record)
    }
    people |= {one for each in theirs for one in addresses.written_for(each)}
    crimes = {
        part
        for each in people
        for reference in (*register.crimes_of(each), *book.incidents.of(each))
        for part in book.events.parts(reference)
    }
    return {"", *people, *theirs, *crimes}
