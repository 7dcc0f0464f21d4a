"""By when a task says that a person at the force must act: no later than the order allows.

The days run from when the task was raised, which is lenient; those to tell a victim how a case
ended or that a suspect left custody, from when that happened. A task that names no day is left to
the crime system, as the contract has it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import CrimeClosed, CrimeRecorded, VictimDetailsChanged, VictimRecord
from simulator.clock import LONDON, in_london
from simulator.evidence.records import EventDelivered, TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.deadlines import end_of_working_day
from simulator.judge.facts.exclusions import NOT_SAFE
from simulator.judge.facts.named_contact import birthday
from simulator.judge.facts.withheld_milestones import last_reached
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

#: The Victims' Code has everybody younger among the vulnerable, from whatever age they are told.
_ADULT_YEARS = 18


@dataclass
class TaskDeadlines(Rule):
    """Judges the days that tasks name."""

    requirements = frozenset({"BAIL-01", "NOTME-02", "PERS-06", "TWO-14", "SENS-04", "SENS-05"})
    hears = (TaskRaised, EventDelivered)

    #: When an officer was last asked to speak to a person about a crime.
    _contact_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    #: Tasks that name too late a day, unless the rights change by what comes in that moment.
    _in_doubt: list[tuple[TaskRaised, Iterable[Finding]]] = field(default_factory=list)

    def hear(self, record: TaskRaised | EventDelivered, book: CaseBook) -> Iterable[Finding]:
        """Find a task that gives the force longer than the order does."""
        if isinstance(record, EventDelivered):
            return list(self._settled(record.at, book)) if self._in_doubt else ()
        found = self._too_long(record, book)
        if record.task_kind == "sensitive_contact":
            self._contact_at[record.person_id, record.crime_reference] = record.at
        if found and self._is_enhanced(record, book) and _rights_are_coming(record, book):
            self._in_doubt.append((record, found))
            return ()
        return found

    def close(self, _book: CaseBook, _end: datetime) -> Iterator[Finding]:
        """Find the tasks of whose person no new rights came."""
        for _task, found in self._in_doubt:
            yield from found

    def _settled(self, at: datetime, book: CaseBook) -> Iterator[Finding]:
        """Settle what a delivery has made certain: its task may come before it is answered."""
        waiting, self._in_doubt = self._in_doubt, []
        for task, found in waiting:
            if task.at != at:
                yield from found
            elif self._is_enhanced(task, book):
                self._in_doubt.append((task, found))

    def _too_long(self, record: TaskRaised, book: CaseBook) -> Iterable[Finding]:
        hours = self.order.deadlines.bail_views_hours
        if record.task_kind == "bail_views" and hours is not None:
            return self._bail_views(record, record.at + timedelta(hours=hours))
        if record.due_at is None:
            return ()
        limit = self._limit(record, book)
        if limit is None or record.due_at <= limit[0]:
            return ()
        latest, requirement, field = limit
        expected = f"a {record.task_kind} is to be done by {in_london(latest)}"
        observed = f"the task says by {in_london(record.due_at)}"
        return [
            failure("late", requirement, record, expected, observed, rests_on=f"order: {field}")
        ]

    def _bail_views(self, record: TaskRaised, latest: datetime) -> list[Finding]:
        """Find a task that gives no time to seek the victim's views, or too long.

        In a record of the vendor's own, the time may stand elsewhere.
        """
        is_in_time = record.due_at is not None and record.due_at <= latest
        if is_in_time or (record.due_at is None and record.how != "intercepted"):
            return []
        said = f"by {in_london(record.due_at)}" if record.due_at is not None else "no time"
        return [
            failure(
                "late",
                "BAIL-01",
                record,
                f"the victim's views on bail are sought by {in_london(latest)}",
                f"the task says {said}",
                rests_on="order: deadlines.bail_views_hours",
            )
        ]

    def _limit(self, record: TaskRaised, book: CaseBook) -> tuple[datetime, str, str] | None:
        """Give the last moment, the requirement and the order's field; None without a limit."""
        if record.task_kind == "breach":
            # By the clock, weekends or not: Data Protection Act 2018, s.67.
            latest = record.at + timedelta(hours=self.order.deadlines.breach_hours)
            is_of_merger = not _was_disowned(record, book)
            return latest, "PERS-06" if is_of_merger else "NOTME-02", "deadlines.breach_hours"
        happened_at = self._happened_at(record, book)
        counted = self._working_days(record, happened_at or record.at, book)
        if counted is None:
            return None
        days, requirement, field = counted
        latest = end_of_working_day(self.order, record.at, days)
        if happened_at is not None:
            # What is overdue already may still be given a working day.
            soon = end_of_working_day(self.order, record.at, 1)
            latest = min(latest, max(soon, end_of_working_day(self.order, happened_at, days)))
        return latest, requirement, field

    def _happened_at(self, record: TaskRaised, book: CaseBook) -> datetime | None:
        """Find when what a task asks an officer to tell happened; None for other tasks.

        A task does not say what it is about: it is about a closure or a milestone that the portal
        has just had, whichever was the last to happen. A second task since the closure is about
        something else.
        """
        if record.task_kind != "sensitive_contact":
            return None
        since = record.at - timedelta(minutes=self.order.messages.minutes_max)
        crime = book.register.crimes.get(record.crime_reference)
        known_at = crime.known_at if crime is not None and crime.is_reclassified else None
        if known_at is not None and known_at >= since:
            # The task may be about the offence that it became instead.
            return None
        victim = crime.victims.get(record.person_id) if crime is not None else None
        if victim is not None and victim.exclusion not in {"", NOT_SAFE}:
            # It is about why nobody may be told.
            return None
        withheld = book.withheld.of(record.crime_reference, record.person_id)
        parts = book.events.parts(record.crime_reference)
        withheld_of = book.milestones.of(record.person_id)
        about = [each for each in withheld_of if each.event.crime_reference in parts]
        reached_at = last_reached(about, since)
        if withheld is None or not isinstance(withheld.what, CrimeClosed) or withheld.since < since:
            return reached_at
        before = self._contact_at.get((record.person_id, record.crime_reference))
        if before is not None and before >= withheld.since:
            return reached_at
        return max(withheld.what.closed_at, reached_at or withheld.what.closed_at)

    def _working_days(
        self, record: TaskRaised, since: datetime, book: CaseBook
    ) -> tuple[int, str, str] | None:
        """Give the days that run since a moment, by the version of the Code in force then."""
        match record.task_kind:
            case "victim_question":
                days = self.order.two_way.reply_working_days
                return days, "TWO-14", "two_way.reply_working_days"
            case "who_is_told" | "sensitive_contact":
                is_enhanced = self._is_enhanced(record, book)
                requirement = "SENS-05" if record.task_kind == "who_is_told" else "SENS-04"
                days = self.order.deadlines.working_days_at(since, is_enhanced=is_enhanced)
                rights = "_enhanced" if is_enhanced else ""
                return days, requirement, f"deadlines.working_days{rights}"
        return None

    def _is_enhanced(self, record: TaskRaised, book: CaseBook) -> bool:
        """Say whether the victim has enhanced rights: a bereaved family and a child's guardian do.

        A task may have been made before a change of rights, and waited since.
        """
        victims = book.register.victims_of(record.person_id)
        since = book.crime_system_outages.since(record.at)
        return bool(victims) and all(
            (
                _has_them_anyway(each.own, record.at)
                and (each.standing_changed_at is None or each.standing_changed_at < since)
            )
            or (
                each.record.enhanced_rights
                and (each.rights_changed_at is None or each.rights_changed_at < since)
            )
            for each in victims
        )


def _rights_are_coming(record: TaskRaised, book: CaseBook) -> bool:
    kinds = (VictimDetailsChanged.__name__, CrimeRecorded.__name__)
    named = record.person_id.encode()
    undelivered = book.register.recorded.undelivered()
    return any(each.event_type in kinds and named in bytes(each.data) for each in undelivered)


def _was_disowned(record: TaskRaised, book: CaseBook) -> bool:
    """Say whether a breach may be about an address that somebody disowned.

    Else a merger of records was taken back: a person was told of another's crime meanwhile.
    """
    if record.person_id not in book.register.persons.parted_at:
        return True
    doubtful = book.reachability.doubtful
    return any(
        doubtful.was_disowned(address) or doubtful.is_only_reported(address)
        for victim in book.register.victims_of(record.person_id)
        for address in addresses_in(victim.record) | addresses_in(victim.own)
    )


def _has_them_anyway(own: VictimRecord, at: datetime) -> bool:
    """Say whether a victim has enhanced rights whether or not they are recorded.

    A child under 18 has, and so has the family of a victim who has died.
    """
    if own.kind == "organisation":
        return False
    is_child = (
        own.born is not None and birthday(own.born, _ADULT_YEARS) > at.astimezone(LONDON).date()
    )
    return own.has_died or own.who_is_told == "another" or is_child
