"""Turns a step of the force into the event that the crime system records.

Pure: it takes the step, who and what the story calls by name, and the moment.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import singledispatch

from msgspec import Struct, structs

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    MilestoneReached,
    OfficerDeployed,
    OfficerReplied,
    OfficerUnavailable,
    OutcomeRecorded,
    VictimContacted,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.explore import story as told


class Named(Struct, frozen=True):
    """What a story's labels stand for: crimes by reference, people by their present record."""

    references: Mapping[str, str]
    records: Mapping[str, VictimRecord]

    def person_id(self, label: str) -> str:
        """Find the id of a person in the crime system."""
        return self.records[label].person_id


def event_of(step: told.ForceStep, named: Named, now: datetime) -> AnyEvent:
    """Make the event of a step; it happened so long before `now` as the step says."""
    return _event(step, named, now, now - timedelta(seconds=step.happened_seconds_ago))


@singledispatch
def _event(step: told.ForceStep, named: Named, now: datetime, then: datetime) -> AnyEvent:
    raise TypeError(f"{type(step).__name__} is no step of the force")


@_event.register
def _(step: told.RecordCrime, named: Named, now: datetime, then: datetime) -> AnyEvent:
    victims = tuple(
        structs.replace(named.records[each], role=role)
        for each, role in zip(step.people, step.roles, strict=True)
    )
    return CrimeRecorded(
        crime_reference=named.references[step.crime],
        force=step.force,
        offence_code=step.offence_code,
        offence_subgroup=step.offence_subgroup,
        offence=step.offence,
        area=step.area,
        grade=step.grade,
        recorded_at=then,
        safeguarding=step.safeguarding,
        victims=victims,
    )


@_event.register
def _(step: told.Deploy, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return OfficerDeployed(crime_reference=named.references[step.crime], deployed_at=then)


@_event.register
def _(step: told.Allocate, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return CrimeAllocated(
        crime_reference=named.references[step.crime],
        allocated_at=then,
        officer_in_charge=step.officer,
        team=step.team,
    )


@_event.register
def _(step: told.MakeAppointment, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return AppointmentMade(**_appointment(step, named, now))


@_event.register
def _(step: told.ChangeAppointment, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return AppointmentChanged(**_appointment(step, named, now))


def _appointment(
    step: told.MakeAppointment | told.ChangeAppointment, named: Named, now: datetime
) -> dict[str, object]:
    return {
        "crime_reference": named.references[step.crime],
        "appointment_id": step.appointment,
        "person_id": named.person_id(step.person),
        "starts_at": now + timedelta(seconds=step.starts_in_seconds),
        "place": step.place,
    }


@_event.register
def _(step: told.CancelAppointment, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return AppointmentCancelled(
        crime_reference=named.references[step.crime],
        appointment_id=step.appointment,
        person_id=named.person_id(step.person),
    )


@_event.register
def _(step: told.ReachMilestone, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return MilestoneReached(
        crime_reference=named.references[step.crime], milestone=step.milestone, reached_at=then
    )


@_event.register
def _(step: told.Charge, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return OutcomeRecorded(
        crime_reference=named.references[step.crime],
        outcome=1,
        decided_at=then,
        decided_by=step.decided_by,
        interviewed_under_caution=step.interviewed,
    )


@_event.register
def _(step: told.Close, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return CrimeClosed(
        crime_reference=named.references[step.crime],
        outcome=step.outcome,
        closed_at=then,
        decided_by=step.decided_by,
        interviewed_under_caution=step.interviewed,
    )


@_event.register
def _(step: told.Reopen, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return CrimeReopened(crime_reference=named.references[step.crime], reopened_at=then)


@_event.register
def _(step: told.Reclassify, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return CrimeReclassified(
        crime_reference=named.references[step.crime],
        offence_code=step.offence_code,
        offence_subgroup=step.offence_subgroup,
        offence=step.offence,
        safeguarding=step.safeguarding,
        reclassified_at=then,
    )


@_event.register
def _(step: told.Merge, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return CrimeMerged(
        crime_reference=named.references[step.crime],
        into=named.references[step.into],
        merged_at=then,
    )


@_event.register
def _(step: told.Transfer, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return CrimeTransferred(
        crime_reference=named.references[step.crime], to_force=step.to_force, transferred_at=then
    )


@_event.register
def _(step: told.Cancel, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return CrimeCancelled(crime_reference=named.references[step.crime], cancelled_at=then)


@_event.register
def _(step: told.NoteContact, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return VictimContacted(
        crime_reference=named.references[step.crime],
        person_id=named.person_id(step.person),
        contacted_at=then,
    )


@_event.register
def _(step: told.OfficerAway, named: Named, now: datetime, then: datetime) -> AnyEvent:
    until = None if step.for_seconds is None else now + timedelta(seconds=step.for_seconds)
    return OfficerUnavailable(
        crime_reference=named.references[step.crime],
        officer=step.officer,
        why=step.why,
        unavailable_at=then,
        until=until,
    )


@_event.register
def _(step: told.ChangeDetails, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return VictimDetailsChanged(
        crime_reference=named.references[step.crime], victim=named.records[step.person]
    )


@_event.register
def _(step: told.Reply, named: Named, now: datetime, then: datetime) -> AnyEvent:
    return OfficerReplied(
        crime_reference=named.references[step.crime],
        person_id=named.person_id(step.person),
        reply_id=step.event,
        text=step.text,
        officer=step.officer,
        replied_at=then,
    )
