"""Turns a step of the force into the event that the crime system records.

Pure: it takes the step, who and what the story calls by name, and the moment.
"""

from collections.abc import Mapping, Sequence
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
    CrimeUnmerged,
    IncidentClosed,
    IncidentReported,
    MilestoneReached,
    OfficerDeployed,
    OfficerReplied,
    OfficerUnavailable,
    OutcomeRecorded,
    PersonsMerged,
    PersonsUnmerged,
    VictimContacted,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.explore import steps as told


class Named(Struct, frozen=True):
    """What a story's labels stand for: crimes by reference, people by their present record.

    `questions` are the keys of what each person asked, as the crime system has them.
    """

    references: Mapping[str, str]
    records: Mapping[str, VictimRecord]
    questions: Mapping[str, Sequence[str]] = {}


class _Moment(Struct, frozen=True):
    """The moment of a step: what is recorded `now` happened `then`."""

    named: Named
    reference: str
    now: datetime
    then: datetime

    def person_id(self, label: str) -> str:
        return self.named.records[label].person_id

    def later(self, seconds: int) -> datetime:
        return self.now + timedelta(seconds=seconds)


def event_of(step: told.ForceStep, named: Named, now: datetime) -> AnyEvent:
    """Make the event of a step; it happened so long before `now` as the step says."""
    then = now - timedelta(seconds=step.happened_seconds_ago)
    return _event(step, _Moment(named, named.references[step.crime], now, then))


@singledispatch
def _event(step: told.ForceStep, _at: _Moment) -> AnyEvent:
    raise TypeError(f"{type(step).__name__} is no step of the force")


@_event.register
def _(step: told.ReportIncident, at: _Moment) -> AnyEvent:
    return IncidentReported(
        crime_reference=at.reference,
        force=step.force,
        received_at=at.then,
        safeguarding=step.safeguarding,
        victim=at.named.records[step.person],
    )


@_event.register
def _(_step: told.CloseIncident, at: _Moment) -> AnyEvent:
    return IncidentClosed(crime_reference=at.reference, closed_at=at.then)


@_event.register
def _(step: told.RecordCrime, at: _Moment) -> AnyEvent:
    victims = tuple(
        structs.replace(at.named.records[each], role=role)
        for each, role in zip(step.people, step.roles, strict=True)
    )
    return CrimeRecorded(
        crime_reference=at.reference,
        force=step.force,
        offence_code=step.offence_code,
        offence_subgroup=step.offence_subgroup,
        offence=step.offence,
        area=step.area,
        grade=step.grade,
        recorded_at=at.then,
        safeguarding=step.safeguarding,
        victims=victims,
    )


@_event.register
def _(_step: told.Deploy, at: _Moment) -> AnyEvent:
    return OfficerDeployed(crime_reference=at.reference, deployed_at=at.then)


@_event.register
def _(step: told.Allocate, at: _Moment) -> AnyEvent:
    return CrimeAllocated(
        crime_reference=at.reference,
        allocated_at=at.then,
        officer_in_charge=step.officer,
        team=step.team,
    )


@_event.register
def _(step: told.MakeAppointment, at: _Moment) -> AnyEvent:
    return AppointmentMade(
        crime_reference=at.reference,
        appointment_id=step.appointment,
        person_id=at.person_id(step.person),
        starts_at=at.later(step.starts_in_seconds),
        place=step.place,
    )


@_event.register
def _(step: told.ChangeAppointment, at: _Moment) -> AnyEvent:
    return AppointmentChanged(
        crime_reference=at.reference,
        appointment_id=step.appointment,
        person_id=at.person_id(step.person),
        starts_at=at.later(step.starts_in_seconds),
        place=step.place,
    )


@_event.register
def _(step: told.CancelAppointment, at: _Moment) -> AnyEvent:
    return AppointmentCancelled(
        crime_reference=at.reference,
        appointment_id=step.appointment,
        person_id=at.person_id(step.person),
    )


@_event.register
def _(step: told.ReachMilestone, at: _Moment) -> AnyEvent:
    return MilestoneReached(
        crime_reference=at.reference,
        milestone=step.milestone,
        reached_at=at.then,
        person_id=at.person_id(step.giver) if step.giver else None,
    )


@_event.register
def _(step: told.Charge, at: _Moment) -> AnyEvent:
    return OutcomeRecorded(
        crime_reference=at.reference,
        outcome=1,
        decided_at=at.then,
        decided_by=step.decided_by,
        interviewed_under_caution=step.interviewed,
    )


@_event.register
def _(step: told.Close, at: _Moment) -> AnyEvent:
    return CrimeClosed(
        crime_reference=at.reference,
        outcome=step.outcome,
        closed_at=at.then,
        confirmed_at=at.then if step.confirmed else None,
        decided_by=step.decided_by,
        interviewed_under_caution=step.interviewed,
        to_body=step.to_body,
        to_body_contact=step.to_body_contact,
    )


@_event.register
def _(_step: told.Reopen, at: _Moment) -> AnyEvent:
    return CrimeReopened(crime_reference=at.reference, reopened_at=at.then)


@_event.register
def _(step: told.Reclassify, at: _Moment) -> AnyEvent:
    return CrimeReclassified(
        crime_reference=at.reference,
        offence_code=step.offence_code,
        offence_subgroup=step.offence_subgroup,
        offence=step.offence,
        safeguarding=step.safeguarding,
        reclassified_at=at.then,
    )


@_event.register
def _(step: told.Merge, at: _Moment) -> AnyEvent:
    return CrimeMerged(
        crime_reference=at.reference, into=at.named.references[step.into], merged_at=at.then
    )


@_event.register
def _(_step: told.Unmerge, at: _Moment) -> AnyEvent:
    return CrimeUnmerged(crime_reference=at.reference, unmerged_at=at.then)


@_event.register
def _(step: told.Transfer, at: _Moment) -> AnyEvent:
    return CrimeTransferred(
        crime_reference=at.reference, to_force=step.to_force, transferred_at=at.then
    )


@_event.register
def _(_step: told.Cancel, at: _Moment) -> AnyEvent:
    return CrimeCancelled(crime_reference=at.reference, cancelled_at=at.then)


@_event.register
def _(step: told.NoteContact, at: _Moment) -> AnyEvent:
    return VictimContacted(
        crime_reference=at.reference,
        person_id=at.person_id(step.person),
        contacted_at=at.then,
    )


@_event.register
def _(step: told.OfficerAway, at: _Moment) -> AnyEvent:
    return OfficerUnavailable(
        crime_reference=at.reference,
        officer=step.officer,
        why=step.why,
        unavailable_at=at.then,
        until=None if step.for_seconds is None else at.later(step.for_seconds),
    )


@_event.register
def _(step: told.ChangeDetails, at: _Moment) -> AnyEvent:
    return VictimDetailsChanged(crime_reference=at.reference, victim=at.named.records[step.person])


@_event.register
def _(step: told.MergePersons, at: _Moment) -> AnyEvent:
    return PersonsMerged(
        crime_reference=at.reference,
        person_id=at.person_id(step.person),
        into=at.person_id(step.survivor),
        merged_at=at.then,
    )


@_event.register
def _(step: told.UnmergePersons, at: _Moment) -> AnyEvent:
    return PersonsUnmerged(
        crime_reference=at.reference, person_id=at.person_id(step.person), unmerged_at=at.then
    )


@_event.register
def _(step: told.Reply, at: _Moment) -> AnyEvent:
    return OfficerReplied(
        crime_reference=at.reference,
        person_id=at.person_id(step.person),
        reply_id=step.event,
        in_reply_to=_answered(step, at),
        text=step.text,
        officer=step.officer,
        checked=step.checked,
        replied_at=at.then,
    )


def _answered(step: told.Reply, at: _Moment) -> str:
    """Name the question that a reply says it answers ("" for none)."""
    asked = at.named.questions.get(step.person, ())
    if not asked or not step.answers:
        return ""
    return asked[0] if step.answers == "first question" else asked[-1]
