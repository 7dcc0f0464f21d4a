"""What must stand on a crime's page and in the list of crimes: owed as it may be told, seen later.

A step counts as missing when the victim looks and it is not there; nothing is owed to a page nobody
looks at. Lenient: an appointment that was changed or cancelled may be shown by its last word alone,
and a case that was reopened without its end.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import combinations

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeReopened,
    MilestoneReached,
)
from simulator.clock import LONDON
from simulator.evidence.records import ChangesSeenAsOne, Seen
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import Cases, Received
from simulator.judge.facts.known_crime import STATUS_AFTER, KnownCrime
from simulator.judge.findings import Findings
from simulator.verdicts import Harm

_Of = tuple[str, str]
_Step = tuple[str, str]
_ENDS = ("OutcomeRecorded", "CrimeClosed")
_APPOINTMENTS = ("AppointmentMade", "AppointmentChanged", "AppointmentCancelled")
#: By how much two clocks may differ.
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class _Owed:
    event_id: str
    shown_by: datetime
    happened_at: datetime
    said_at: datetime


@dataclass
class _Standing:
    """How a case stands for one victim, by the newest of what they were told."""

    accepted: set[str]
    shown_by: datetime
    happened_at: datetime
    said_at: datetime


@dataclass
class Steps:
    """What each victim's page of each crime must show, and how it may say the case stands."""

    order: Order
    cases: Cases
    findings: Findings
    _owed: dict[_Of, dict[_Step, _Owed]] = field(default_factory=dict)
    _standing: dict[_Of, _Standing] = field(default_factory=dict)
    _found: set[tuple[str, ...]] = field(default_factory=set)
    _unseen: set[str] = field(default_factory=set)

    def seen_as_one(self, record: ChangesSeenAsOne) -> None:
        """Owe a page no longer what the portal itself will never see."""
        self._unseen.add(record.event_id)
        for steps in self._owed.values():
            for step in [key for key, each in steps.items() if each.event_id == record.event_id]:
                del steps[step]

    def owe(self, person_id: str, crime_reference: str, received: Received) -> None:
        """Owe a victim the sight of something that they may be told of now."""
        event, of = received.event, (person_id, crime_reference)
        allowance = timedelta(minutes=self.order.messages.minutes_max)
        owed = _Owed(
            event_id=received.event_id,
            shown_by=received.received_at + allowance,
            happened_at=_happened_at(event, received.recorded_at),
            said_at=received.recorded_at,
        )
        steps = self._owed.setdefault(of, {})
        for replaced in _replaced_by(event):
            steps.pop(replaced, None)
        if isinstance(event, CrimeReopened):
            for step in [each for each in steps if each[0] in _ENDS]:
                del steps[step]
        if received.event_id not in self._unseen:
            steps.setdefault((type(event).__name__, _detail(event)), owed)
        status = STATUS_AFTER.get(type(event))
        if status is not None:
            self._stand(of, status, owed)

    def seen(self, record: Seen) -> None:
        """Judge what a page of a person's own leaves out, or says of how the case stands."""
        if record.where == "crimes":
            self._check_list(record)
        elif record.where == "timeline":
            self._check_timeline(record)

    def _stand(self, of: _Of, status: str, owed: _Owed) -> None:
        """Take how a case stands now; where the order of two facts is in doubt, either will do."""
        before = self._standing.get(of)
        accepted = {status}
        if before is not None:
            if owed.said_at < before.said_at:
                return
            if owed.said_at == before.said_at or owed.happened_at <= before.happened_at:
                accepted |= before.accepted
        self._standing[of] = _Standing(accepted, owed.shown_by, owed.happened_at, owed.said_at)

    def _check_list(self, record: Seen) -> None:
        if record.texts and not record.statuses:
            return
        statuses = dict(record.statuses)
        for reference in self.cases.crimes_of(record.person_id):
            crime = self.cases.crimes[reference]
            victim = crime.victims[record.person_id]
            if victim.exclusion or crime.gone in ("merged", "cancelled"):
                continue
            if reference in statuses:
                self._check_status(record, crime, statuses[reference])
            elif victim.invited and self._is_known(crime, record.at):
                expected = "the list of a victim's crimes has every crime of theirs"
                self._fail(record, reference, "lost", "CASE-01", expected, "one is not in it")

    def _check_status(self, record: Seen, crime: KnownCrime, shown: str) -> None:
        reference = crime.recorded.crime_reference
        stands = self._standing.get((record.person_id, reference))
        if shown not in crime.statuses:
            requirement = "CASE-04" if "charged" in crime.statuses else "CASE-01"
            expected = "no step is shown that has not been taken"
            observed = f"the case is shown as {shown}, which was never said of it"
            self._fail(record, reference, "out of order", requirement, expected, observed)
        elif (
            stands is not None
            and stands.shown_by <= record.at
            and (crime.turned_at is None or crime.turned_at <= stands.said_at)
            and shown not in stands.accepted
        ):
            requirement = "CASE-03" if "closed" in stands.accepted else "CASE-01"
            expected = f"the case is shown as {' or '.join(sorted(stands.accepted))}"
            self._fail(record, reference, "lost", requirement, expected, f"it is shown as {shown}")

    def _check_timeline(self, record: Seen) -> None:
        crime = self.cases.crimes.get(record.crime_reference)
        if crime is None or crime.gone in ("merged", "cancelled"):
            return
        if record.kinds or not record.texts:
            self._check_missing(record)
            self._check_order(record)
            self._check_dates(record)
        if "charged" in crime.statuses and "closed" not in crime.statuses:
            self._check_charged(record)

    def _check_missing(self, record: Seen) -> None:
        owed = self._owed.get((record.person_id, record.crime_reference), {})
        due = [step for step, each in owed.items() if each.shown_by <= record.at]
        for kind in dict.fromkeys(kind for kind, _detail in due):
            mine = [step for step in due if step[0] == kind]
            for step in mine[record.kinds.count(kind) :]:
                requirement = "CASE-03" if kind == "CrimeClosed" else "CASE-01"
                expected = f"{kind} is on the crime's page by {owed[step].shown_by:%d %B %H:%M}"
                observed = "the victim looked, and it was not there"
                what = ("missing", *step)
                reference = record.crime_reference
                self._fail(record, reference, "lost", requirement, expected, observed, *what)

    def _check_order(self, record: Seen) -> None:
        """Find two steps shown the wrong way round, whichever of their times is gone by."""
        times = self._told_apart(record)
        shown = [kind for kind in record.kinds if kind in times]
        for first, second in combinations(shown, 2):
            before, after = times[first], times[second]
            if before.happened_at > after.happened_at and before.said_at > after.said_at:
                expected = f"{second} comes before {first} on the page, as it happened"
                observed = "they are shown the other way round"
                what = ("order", first, second)
                reference = record.crime_reference
                self._fail(record, reference, "out of order", "CASE-01", expected, observed, *what)

    def _check_dates(self, record: Seen) -> None:
        """Find a step that is dated before it was taken, or in time to come.

        When an appointment was made and when it is are both a time for its entry.
        """
        times = self._told_apart(record)
        for kind, shown in zip(record.kinds, record.dated, strict=False):
            if kind not in times or kind in _APPOINTMENTS:
                continue
            earliest = min(times[kind].happened_at, times[kind].said_at)
            if not _is_between(earliest, shown, record.at):
                expected = f"{kind} is dated between {earliest:%d %B %H:%M} and now"
                observed = f"it is dated {shown:%d %B %H:%M}"
                what = ("dated", kind)
                reference = record.crime_reference
                self._fail(record, reference, "out of order", "CASE-18", expected, observed, *what)

    def _told_apart(self, record: Seen) -> dict[str, _Owed]:
        """Give the steps of which there is one of a kind, on the page as in what happened."""
        owed = self._owed.get((record.person_id, record.crime_reference), {})
        kinds = [kind for kind, _detail in owed]
        return {
            kind: each
            for (kind, _detail), each in owed.items()
            if kinds.count(kind) == 1 and record.kinds.count(kind) == 1
        }

    def _check_charged(self, record: Seen) -> None:
        for kind, text in zip(record.kinds, record.texts, strict=False):
            if kind == "OutcomeRecorded" and _calls_it_closed(text):
                expected = "a crime whose suspect is charged is never called closed"
                observed = "its page says that it is closed"
                reference = record.crime_reference
                self._fail(record, reference, "out of order", "CASE-04", expected, observed)

    def _is_known(self, crime: KnownCrime, at: datetime) -> bool:
        allowance = timedelta(minutes=self.order.messages.minutes_max)
        return crime.known_at + allowance <= at

    def _fail(
        self,
        record: Seen,
        reference: str,
        harm: Harm,
        requirement: str,
        expected: str,
        observed: str,
        *what: str,
    ) -> None:
        """Find a harm once, however often the victim looks again."""
        once = (record.person_id, reference, *(what or (requirement, observed)))
        if once in self._found:
            return
        self._found.add(once)
        self.findings.fail(
            harm,
            requirement,
            at=record.at,
            person_id=record.person_id,
            crime_reference=reference,
            expected=expected,
            observed=observed,
        )


def _detail(event: AnyEvent) -> str:
    """Say what sets a step apart from others of its kind."""
    if isinstance(event, AppointmentMade | AppointmentChanged | AppointmentCancelled):
        return event.appointment_id
    return event.milestone if isinstance(event, MilestoneReached) else ""


def _replaced_by(event: AnyEvent) -> list[_Step]:
    if isinstance(event, AppointmentChanged | AppointmentCancelled):
        kinds = ("AppointmentMade", "AppointmentChanged")
        return [(kind, event.appointment_id) for kind in kinds]
    return []


def _happened_at(event: AnyEvent, recorded_at: datetime) -> datetime:
    """Find when it was so; what has no moment of its own was so when it was written down."""
    for name in event.__struct_fields__:
        if name.endswith("ed_at") or name == "unavailable_at":
            at: datetime = getattr(event, name)
            return at
    return recorded_at


def _is_between(earliest: datetime, shown: datetime, latest: datetime) -> bool:
    """Say whether a time shown can be right; midnight may stand for its whole day."""
    local = shown.astimezone(LONDON)
    if time() in (local.time(), shown.astimezone(UTC).time()):
        day = local.date()
        return earliest.astimezone(LONDON).date() <= day <= latest.astimezone(LONDON).date()
    return earliest - _CLOCKS_DIFFER <= shown <= latest + _CLOCKS_DIFFER


def _calls_it_closed(text: str) -> bool:
    """Say whether a sentence says outright that something is closed."""
    sentences = re.split(r"[.!?\n:]", text.casefold())
    closed = [each for each in sentences if re.search(r"\bclosed\b", each)]
    return any(not _IN_DOUBT.search(each) for each in closed)


_IN_DOUBT = re.compile(r"\b(not|never|no|if|until|unless|when|before|after|will|would|may)\b|n't\b")
