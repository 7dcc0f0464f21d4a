"""When each victim last had news of each crime, how long they waited for more, and for advice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.deadlines import day_of
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.obligations import Ledger
from simulator.judge.facts.phases import Phases
from simulator.judge.facts.reachability import Reachability

#: A person and a crime.
_Of = tuple[str, str]


@dataclass(frozen=True)
class Wait:
    """A time in which a victim who was invited got no news, longer than `days_agreed`.

    From `since` to `until` phase 2 was live and the case was open.
    """

    person_id: str
    crime_reference: str
    since: datetime
    until: datetime
    days_agreed: int
    could_be_told: bool


@dataclass
class NewsHistory:
    """What each victim heard of each crime, and when.

    `waits` are in the order in which they ended. `first_told` is when a victim was first told of a
    crime; `advised` when advice on it may have come first, and `pages` when each page of advice may
    have come to them. `disturbed` when it changed how people can be reached: when they should get
    advice that waited then is in doubt.
    """

    order: Order
    register: CrimeRegister
    reachability: Reachability
    phases: Phases
    ledger: Ledger
    waits: list[Wait] = field(default_factory=list)
    first_told: dict[_Of, datetime] = field(default_factory=dict)
    advised: dict[_Of, datetime] = field(default_factory=dict)
    pages: dict[tuple[str, str], datetime] = field(default_factory=dict)
    disturbed: dict[str, list[datetime]] = field(default_factory=dict)
    news_at: dict[_Of, datetime] = field(default_factory=dict)
    _heard_at: dict[_Of, datetime] = field(default_factory=dict)
    _opened_at: dict[str, datetime] = field(default_factory=dict)
    _lost_at: dict[str, list[datetime]] = field(default_factory=dict)
    #: Those who were not to be told when they last heard: they waited for nothing.
    _excluded: set[_Of] = field(default_factory=set)

    def news(self, person_id: str, crime_reference: str, at: datetime) -> None:
        """Write down that there was news of a crime for a victim."""
        self.heard(person_id, crime_reference, at)
        self.news_at[person_id, crime_reference] = at

    def heard(self, person_id: str, crime_reference: str, at: datetime) -> None:
        """Write down that a victim heard of a crime, or can be reached in a new way."""
        crime, of = self.register.crimes.get(crime_reference), (person_id, crime_reference)
        if crime is None:
            return
        # A day on which they came of age may be long past when the portal first hears of them.
        at = max(at, self._heard_at.get(of, at))
        if of not in self._excluded:
            self.waits += self._wait(person_id, crime_reference, at)
        self._heard_at[of] = at
        victim = crime.victims.get(person_id)
        if victim is not None and victim.exclusion:
            self._excluded.add(of)
        else:
            self._excluded.discard(of)

    def told(
        self, person_id: str, crime_reference: str, at: datetime, *, may_be_advice: bool
    ) -> None:
        """Write down a message about a crime, and whether it may be the advice on it."""
        self.heard(person_id, crime_reference, at)
        crime = self.register.crimes.get(crime_reference)
        if crime is None:
            return
        of = (person_id, crime_reference)
        self.first_told.setdefault(of, at)
        due_at = self.advice_due_at(crime)
        may_be_it = may_be_advice and at >= due_at
        if not may_be_it and day_of(due_at)[0] <= at:
            until = self.advice_allowed_until(person_id, crime)
            may_be_it = until is None or at <= until
        if may_be_it:
            # While a crime goes on as another, the same page is the advice on both.
            goes_on = self.register.current(crime_reference)
            self.advise(of, at)
            if self._page_of(goes_on) == self._page_of(crime_reference):
                self.advise((person_id, goes_on), at)

    def advise(self, of: _Of, at: datetime) -> None:
        """Write down that advice on a crime may have come, by the page that its offence has now."""
        self.advised.setdefault(of, at)
        self.pages.setdefault((of[0], self._page_of(of[1])), at)

    def advice_allowed_until(self, person_id: str, crime: KnownCrime) -> datetime | None:
        """Find by when advice must have come: by the day's end, or when the week has room.

        None while the gateway is down. The days may run from when phase 2 went live, or from when
        the victim was first told of the crime.
        """
        due_at, days = self.advice_due_at(crime), self.order.journey.advice_after_days
        told_at = self.first_told.get((person_id, crime.recorded.crime_reference))
        for since in (self.phases.owed_from(2), told_at):
            due_at = max(due_at, since + timedelta(days=days)) if since is not None else due_at
        return self.planned_by(person_id, due_at)

    def planned_by(self, person_id: str, due_at: datetime) -> datetime | None:
        """Find by when a message goes that a day asks for; None while the gateway is down."""
        week = self.ledger.week
        until = week.planned_by(person_id, due_at)
        after_outages = self.ledger.outages.put_off(due_at, until)
        if after_outages is None or after_outages == until:
            return after_outages
        return week.planned_by(person_id, after_outages)

    def _page_of(self, crime_reference: str) -> str:
        """Find the page of advice on a crime ("" for none, and for a crime that is not known)."""
        crime = self.register.crimes.get(crime_reference)
        subgroup = crime.recorded.offence_subgroup if crime is not None else ""
        return self.order.journey.advice_for.get(subgroup, "")

    def carry(self, person_id: str, merged: str, into: str) -> None:
        """Let a victim have heard of a crime when they heard of one that is merged into it."""
        at, before = self._heard_at.get((person_id, merged)), self._heard_at.get((person_id, into))
        if at is not None and before is not None and at > before:
            self.heard(person_id, into, at)

    def ended(self, person_id: str, crime_reference: str) -> None:
        """Write down that news which was not told of a crime is none to a victim any more."""
        told_at = self.ledger.last_told_at(person_id, crime_reference)
        if told_at is not None:
            self.news_at[person_id, crime_reference] = told_at

    def left(self, person_id: str, crime_reference: str) -> None:
        """Write down that a person is a victim of a crime no more: they wait for nothing there."""
        self._heard_at.pop((person_id, crime_reference), None)

    def opened(self, crime_reference: str, at: datetime) -> None:
        """Write down when the portal heard that a case was opened again."""
        self._opened_at[crime_reference] = at

    def disturb(self, person_id: str, at: datetime) -> None:
        """Write down that how a person can be reached has changed, or that nobody can by now."""
        self.disturbed.setdefault(person_id, []).append(at)
        if not any(map(self.reachability.can_be_told, self.register.victims_of(person_id))):
            self._lost_at.setdefault(person_id, []).append(at)

    def unended_waits(self, end: datetime) -> Iterator[Wait]:
        """Give the waits that still go on at the end."""
        for person_id, crime_reference in self._heard_at:
            yield from self._wait(person_id, crime_reference, end)

    def advice_due_at(self, crime: KnownCrime) -> datetime:
        """Find when advice on a crime is due."""
        return crime.recorded.recorded_at + timedelta(days=self.order.journey.advice_after_days)

    def _wait(self, person_id: str, crime_reference: str, at: datetime) -> list[Wait]:
        """Give the wait that ends now, if it was longer than agreed."""
        since = self._heard_at.get((person_id, crime_reference))
        crime = self.register.crimes[crime_reference]
        victim = crime.victims.get(person_id)
        if since is None or victim is None or victim.exclusion or not victim.invited:
            return []
        # Who could not be reached from then on waited no longer, though they can be by now.
        at = min((lost for lost in self._lost_at.get(person_id, ()) if lost >= since), default=at)
        ordered, waits = self.order.journey.still_with_us_days, []
        for since_then, until_then, agreed in _agreed_between(victim, since, at):
            # What was agreed in one record of a person may hold for those merged with it.
            days = max([agreed or ordered, *self._agreed_in_merged(person_id)])
            between = self._longer_than(days, crime, since_then, until_then)
            if between is not None:
                could_be_told = self.reachability.can_be_told(victim)
                waits.append(Wait(person_id, crime_reference, *between, days, could_be_told))
        return waits

    def _agreed_in_merged(self, person_id: str) -> list[int]:
        """List the days that are agreed in the records that are merged, if a person's are.

        Where theirs was merged into another, and agrees on none, those of the order may hold.
        """
        records = self.register.persons.whole(person_id)
        if len(records) == 1:
            return []
        agreed = [self.register.record_of(each).update_frequency_days for each in records]
        if self.register.persons.of(person_id) is not None:
            own = self.register.record_of(person_id).update_frequency_days
            agreed.append(own or self.order.journey.still_with_us_days)
        return [each for each in agreed if each]

    def _longer_than(
        self, days: int, crime: KnownCrime, since: datetime, until: datetime
    ) -> tuple[datetime, datetime] | None:
        """Narrow a wait to phase 2 and an open case; None if it is no longer than so many days."""
        live_at, agreed = self.phases.owed_from(2), timedelta(days=days)
        if until - since <= agreed or live_at is None:
            return None
        since, until = self._open_between(crime, max(since, live_at), until)
        return (since, until) if until - since > agreed else None

    def _open_between(
        self, crime: KnownCrime, since: datetime, until: datetime
    ) -> tuple[datetime, datetime]:
        """Narrow a time to that in which the case was open."""
        if crime.is_over:
            return since, min(until, crime.over_since[-1])
        opened_at = self._opened_at.get(crime.recorded.crime_reference, since)
        return max(since, crime.turned_at or since, opened_at), until


def _agreed_between(
    victim: KnownVictim, since: datetime, until: datetime
) -> list[tuple[datetime, datetime, int | None]]:
    """Part a wait where a record changed how often the victim is told (None: as the order says)."""
    agreed = victim.record.update_frequency_days
    if victim.frequency_before is None or not since < victim.frequency_before[1] <= until:
        return [(since, until, agreed)]
    before, changed_at = victim.frequency_before
    return [(since, changed_at, before), (changed_at, until, agreed)]
