"""Make the events of what the force does about a crime.

Each function takes the current crime, the moment, and what was typed after the command's name. It
raises NotPossible if the event cannot happen yet.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from msgspec import structs

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    ClosingOutcome,
    CrimeAllocated,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    MilestoneReached,
    OfficerReplied,
    OfficerUnavailable,
    OutcomeRecorded,
    PersonsMerged,
    VictimDetailsChanged,
)
from simulator.serve.crimes import OFFICERS, TEAM, Crime, NotPossible

EventMaker: TypeAlias = Callable[[Crime, datetime, Any], AnyEvent]


def when(kind: type[AnyEvent], at_field: str, *, given_as: str = "") -> EventMaker:
    """Return a maker of events that have only their moment, and perhaps what was typed."""

    def record(crime: Crime, at: datetime, given: object) -> AnyEvent:
        fields: dict[str, object] = {"crime_reference": crime.reference, at_field: at}
        if given_as:
            fields[given_as] = given
        if "person_id" in kind.__struct_fields__:
            fields["person_id"] = crime.victim.person_id
        return kind(**fields)  # type: ignore[arg-type]

    return record


def milestone_reached(crime: Crime, at: datetime, given: Any) -> AnyEvent:
    """Pass a milestone; a statement is one that the victim gave."""
    return MilestoneReached(
        crime_reference=crime.reference,
        milestone=given,
        reached_at=at,
        person_id=crime.victim.person_id if given == "statement_taken" else None,
    )


def allocated(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Put an officer in charge, a different one each time."""
    crime.officer = OFFICERS[crime.allocations % len(OFFICERS)]
    crime.allocations += 1
    return CrimeAllocated(
        crime_reference=crime.reference, allocated_at=at, officer_in_charge=crime.officer
    )


def to_team(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Give the crime to a team, without an officer."""
    crime.officer = None
    return CrimeAllocated(crime_reference=crime.reference, allocated_at=at, team=TEAM)


def away(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Mark the officer in charge as away for a week."""
    return _unavailable(crime, at, "away", at + timedelta(days=7))


def left(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Mark the officer in charge as having left the force."""
    return _unavailable(crime, at, "left", None)


def appointment(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Make an appointment with the victim."""
    crime.appointments += 1
    return AppointmentMade(
        crime_reference=crime.reference,
        appointment_id=_appointment_id(crime),
        person_id=crime.victim.person_id,
        starts_at=crime.working_days.next_morning(at + timedelta(days=1)),
        place="Kiln Lane library",
    )


def appointment_moved(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Move the last appointment."""
    return AppointmentChanged(
        crime_reference=crime.reference,
        appointment_id=_appointment_id(crime),
        person_id=crime.victim.person_id,
        starts_at=crime.working_days.next_morning(at + timedelta(days=3), hour=14),
        place="Orchard Road station",
    )


def appointment_cancelled(crime: Crime, _at: datetime, _given: object) -> AnyEvent:
    """Cancel the last appointment."""
    return AppointmentCancelled(
        crime_reference=crime.reference,
        appointment_id=_appointment_id(crime),
        person_id=crime.victim.person_id,
    )


def charged(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Record that the CPS charges a suspect."""
    return OutcomeRecorded(
        crime_reference=crime.reference,
        outcome=1,
        decided_at=at,
        decided_by="CPS",
        interviewed_under_caution=True,
    )


def closed(crime: Crime, at: datetime, outcome: ClosingOutcome) -> AnyEvent:
    """Close the case by a decision of the police."""
    return CrimeClosed(
        crime_reference=crime.reference,
        outcome=outcome,
        closed_at=at,
        confirmed_at=at,
        decided_by="police",
        interviewed_under_caution=outcome in {8, 15, 16},
    )


def reclassified(crime: Crime, at: datetime, subgroup: str) -> AnyEvent:
    """Record the crime as another offence, whose subgroup may not be eligible."""
    return CrimeReclassified(
        crime_reference=crime.reference,
        offence_code="",
        offence_subgroup=subgroup,
        offence=subgroup,
        reclassified_at=at,
    )


def merged(crime: Crime, at: datetime, other: Crime) -> AnyEvent:
    """Merge the crime into another."""
    if other is crime:
        raise NotPossible("A crime cannot be merged with itself; type who to see the others.")
    return CrimeMerged(crime_reference=crime.reference, into=other.reference, merged_at=at)


def persons_merged(crime: Crime, at: datetime, other: Crime) -> AnyEvent:
    """Merge the record of the victim into that of another crime's victim."""
    if other is crime:
        raise NotPossible("A record is not merged with itself; type who to see the others.")
    return PersonsMerged(
        crime_reference=crime.reference,
        person_id=crime.victim.person_id,
        into=other.victim.person_id,
        merged_at=at,
    )


def details(**written: object) -> EventMaker:
    """Return a maker of events that change the victim's details."""

    def record(crime: Crime, _at: datetime, _given: object) -> AnyEvent:
        crime.record = structs.replace(crime.record, **written)
        return VictimDetailsChanged(crime_reference=crime.reference, victim=crime.record)

    return record


def replied(crime: Crime, at: datetime, text: str) -> AnyEvent:
    """Record the officer's reply to the victim."""
    crime.replies += 1
    return OfficerReplied(
        crime_reference=crime.reference,
        person_id=crime.victim.person_id,
        reply_id=f"{crime.reference}-{crime.replies}",
        text=text,
        officer=crime.officer,
        replied_at=at,
    )


def _unavailable(crime: Crime, at: datetime, why: str, until: datetime | None) -> AnyEvent:
    if crime.officer is None:
        raise NotPossible("No officer is in charge of this crime; type allocate first.")
    return OfficerUnavailable(
        crime_reference=crime.reference,
        officer=crime.officer,
        why=why,  # type: ignore[arg-type]
        unavailable_at=at,
        until=until,
    )


def _appointment_id(crime: Crime) -> str:
    if not crime.appointments:
        raise NotPossible("There is no appointment about this crime; type appointment first.")
    return f"{crime.reference}-{crime.appointments}"
