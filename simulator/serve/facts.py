"""What the force does about a crime, as events of the contract.

Each takes the crime in hand, the moment, and what was typed after the command's name; each raises
NotNow where it tells of something that cannot be yet.
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
    OfficerReplied,
    OfficerUnavailable,
    OutcomeRecorded,
    VictimDetailsChanged,
)
from simulator.serve.crimes import OFFICERS, TEAM, Crime, NotNow

Records: TypeAlias = Callable[[Crime, datetime, Any], AnyEvent]


def when(kind: type[AnyEvent], at_field: str, *, given_as: str = "") -> Records:
    """Make events of a kind that has little more than its moment, and what was typed."""

    def record(crime: Crime, at: datetime, given: object) -> AnyEvent:
        fields: dict[str, object] = {"crime_reference": crime.reference, at_field: at}
        if given_as:
            fields[given_as] = given
        if "person_id" in kind.__struct_fields__:
            fields["person_id"] = crime.victim.person_id
        return kind(**fields)  # type: ignore[arg-type]

    return record


def allocated(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Put an officer in charge, each time another."""
    crime.officer = OFFICERS[crime.allocations % len(OFFICERS)]
    crime.allocations += 1
    return CrimeAllocated(
        crime_reference=crime.reference, allocated_at=at, officer_in_charge=crime.officer
    )


def to_team(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Give it to a team, without an officer."""
    crime.officer = None
    return CrimeAllocated(crime_reference=crime.reference, allocated_at=at, team=TEAM)


def away(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Have the officer in charge be away for a week."""
    return _unavailable(crime, at, "away", at + timedelta(days=7))


def left(crime: Crime, at: datetime, _given: object) -> AnyEvent:
    """Have the officer in charge leave the force."""
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
    """Have the CPS charge a suspect."""
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
        decided_by="police",
        interviewed_under_caution=outcome in {8, 15, 16},
    )


def reclassified(crime: Crime, at: datetime, subgroup: str) -> AnyEvent:
    """Record the crime as another offence, of a subgroup that may not be in the portal."""
    return CrimeReclassified(
        crime_reference=crime.reference,
        offence_code="",
        offence_subgroup=subgroup,
        offence=subgroup,
        reclassified_at=at,
    )


def merged(crime: Crime, at: datetime, other: Crime) -> AnyEvent:
    """Have the crime go on as part of another."""
    if other is crime:
        raise NotNow("A crime cannot be merged with itself; type who to see the others.")
    return CrimeMerged(crime_reference=crime.reference, into=other.reference, merged_at=at)


def details(**written: object) -> Records:
    """Write something down anew of the victim."""

    def record(crime: Crime, _at: datetime, _given: object) -> AnyEvent:
        crime.record = structs.replace(crime.record, **written)
        return VictimDetailsChanged(crime_reference=crime.reference, victim=crime.record)

    return record


def replied(crime: Crime, at: datetime, text: str) -> AnyEvent:
    """Have the officer in charge answer the victim."""
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
        raise NotNow("No officer is in charge of this crime; type allocate first.")
    return OfficerUnavailable(
        crime_reference=crime.reference,
        officer=crime.officer,
        why=why,  # type: ignore[arg-type]
        unavailable_at=at,
        until=until,
    )


def _appointment_id(crime: Crime) -> str:
    if not crime.appointments:
        raise NotNow("There is no appointment about this crime; type appointment first.")
    return f"{crime.reference}-{crime.appointments}"
