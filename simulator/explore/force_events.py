"""Turns a step of the force into the event that the crime system records.

Pure: it takes the step, who and what the story calls by name, and the moment.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, structs

from reference.contract import events
from reference.contract.events import AnyEvent, VictimRecord
from simulator.explore import steps as told

#: What the crime system records of each kind of step.
EVENTS: Mapping[type[told.ForceStep], type[AnyEvent]] = {
    told.ReportIncident: events.IncidentReported,
    told.CloseIncident: events.IncidentClosed,
    told.RecordCrime: events.CrimeRecorded,
    told.Deploy: events.OfficerDeployed,
    told.Allocate: events.CrimeAllocated,
    told.MakeAppointment: events.AppointmentMade,
    told.ChangeAppointment: events.AppointmentChanged,
    told.CancelAppointment: events.AppointmentCancelled,
    told.ReachMilestone: events.MilestoneReached,
    told.Charge: events.OutcomeRecorded,
    told.Close: events.CrimeClosed,
    told.Reopen: events.CrimeReopened,
    told.Reclassify: events.CrimeReclassified,
    told.Merge: events.CrimeMerged,
    told.Unmerge: events.CrimeUnmerged,
    told.Transfer: events.CrimeTransferred,
    told.Cancel: events.CrimeCancelled,
    told.NoteContact: events.VictimContacted,
    told.OfficerAway: events.OfficerUnavailable,
    told.ChangeDetails: events.VictimDetailsChanged,
    told.MergePersons: events.PersonsMerged,
    told.UnmergePersons: events.PersonsUnmerged,
    told.Reply: events.OfficerReplied,
}


class Named(Struct, frozen=True):
    """What a story's labels stand for: crimes by reference, people by their present record.

    `questions` are the keys of what each person asked, as the crime system has them.
    """

    references: Mapping[str, str]
    records: Mapping[str, VictimRecord]
    questions: Mapping[str, Sequence[str]] = {}


def event_of(step: told.ForceStep, named: Named, now: datetime) -> AnyEvent:
    """Make the event of a step; it happened so long before `now` as the step says."""
    kind = EVENTS[type(step)]
    return kind(**{name: _value(name, step, named, now) for name in kind.__struct_fields__})


def _value(name: str, step: told.ForceStep, named: Named, now: datetime) -> Any:
    if name in _OTHERWISE:
        return _OTHERWISE[name](step, named, now)
    if name.endswith("_at"):
        return now - timedelta(seconds=step.happened_seconds_ago)
    return getattr(step, name)


def _person_id(step: Any, named: Named, _now: datetime) -> str | None:
    label = step.giver if isinstance(step, told.ReachMilestone) else step.person
    return named.records[label].person_id if label else None


def _into(step: Any, named: Named, _now: datetime) -> str:
    if isinstance(step, told.MergePersons):
        return named.records[step.survivor].person_id
    return named.references[step.into]


def _victims(step: Any, named: Named, _now: datetime) -> tuple[VictimRecord, ...]:
    stand = zip(step.people, step.roles, strict=True)
    return tuple(structs.replace(named.records[label], role=role) for label, role in stand)


def _in_reply_to(step: Any, named: Named, _now: datetime) -> str:
    asked = named.questions.get(step.person, ())
    if not asked or not step.answers:
        return ""
    return asked[0] if step.answers == "first question" else asked[-1]


#: What an event has under another name than its step, or in another form.
_OTHERWISE: Mapping[str, Callable[[Any, Named, datetime], Any]] = {
    "crime_reference": lambda step, named, _now: named.references[step.crime],
    "victim": lambda step, named, _now: named.records[step.person],
    "victims": _victims,
    "person_id": _person_id,
    "into": _into,
    "appointment_id": lambda step, _named, _now: step.appointment,
    "starts_at": lambda step, _named, now: now + timedelta(seconds=step.starts_in_seconds),
    "officer_in_charge": lambda step, _named, _now: step.officer,
    "outcome": lambda step, _named, _now: getattr(step, "outcome", 1),
    "interviewed_under_caution": lambda step, _named, _now: step.interviewed,
    "confirmed_at": lambda step, named, now: (
        _value("closed_at", step, named, now) if step.confirmed else None
    ),
    "until": lambda step, _named, now: (
        None if step.for_seconds is None else now + timedelta(seconds=step.for_seconds)
    ),
    "reply_id": lambda step, _named, _now: step.event,
    "in_reply_to": _in_reply_to,
}
