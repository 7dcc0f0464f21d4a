"""What the force records beside a crime's main course: each further event as a contract event.

Stage 4 of a rehearsal, with `casework`. What becomes of a victim's own record is for
`SimulatedVictims.turn` to say.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    IncidentClosed,
    IncidentReported,
    MilestoneReached,
    PersonsMerged,
    PersonsUnmerged,
)
from simulator.force.further_events import FurtherEvent
from simulator.rehearsal.casework import Casework

#: Where a crime goes that belongs to another force.
TO_FORCE = "Kent Police"
#: What needs a victim whom the force wrote down as one.
_OF_A_VICTIM = frozenset(
    {"IncidentReported", "IncidentClosed", "AppointmentChanged", "AppointmentCancelled"}
    | {"PersonsMerged", "PersonsUnmerged"}
)


def further_event(casework: Casework, further: FurtherEvent) -> AnyEvent | None:
    """Give an event beside a crime's main course; None where it has nobody to be about."""
    recorded, row = casework.recorded, further.row
    is_no_victim = recorded.omitted[row] or recorded.wrong_role[row] > 0
    if further.event in _OF_A_VICTIM and is_no_victim:
        return None
    at = casework.crimes.start + timedelta(seconds=further.at)
    return _RECORDED[further.event](casework, further, casework.reference(row), at)


def _milestone(
    casework: Casework, further: FurtherEvent, reference: str, at: datetime
) -> MilestoneReached:
    assert further.milestone is not None
    row = further.row
    of_victim = further.milestone == "statement_taken" and not casework.recorded.omitted[row]
    return MilestoneReached(
        crime_reference=reference,
        milestone=further.milestone,
        reached_at=at,
        person_id=casework.people.person(row).person_id if of_victim else None,
    )


def _reported(
    casework: Casework, further: FurtherEvent, reference: str, at: datetime
) -> IncidentReported:
    """Report what becomes the crime, or something else of which none is recorded."""
    row = further.row
    return IncidentReported(
        crime_reference=reference if further.before else _of_its_own(reference),
        force=casework.force(row),
        received_at=at,
        safeguarding=casework.crimes.safeguarding(row) if further.before else (),
        victim=casework.victim(row).record,
    )


def _of_its_own(reference: str) -> str:
    return f"{reference}-I"


def _moved(
    casework: Casework, further: FurtherEvent, reference: str, _at: datetime
) -> AppointmentChanged:
    row = further.row
    starts = int(casework.crimes.appointment_starts[row])
    return AppointmentChanged(
        crime_reference=reference,
        appointment_id=f"{reference}-1",
        person_id=casework.people.person(row).person_id,
        starts_at=casework.crimes.start + timedelta(seconds=starts, days=1),
    )


def _called_off(
    casework: Casework, further: FurtherEvent, reference: str, _at: datetime
) -> AppointmentCancelled:
    return AppointmentCancelled(
        crime_reference=reference,
        appointment_id=f"{reference}-1",
        person_id=casework.people.person(further.row).person_id,
    )


def _reclassified(
    casework: Casework, further: FurtherEvent, reference: str, at: datetime
) -> CrimeReclassified | None:
    """Record another offence, or another marker; None where that changes nothing."""
    crimes = casework.crimes
    was = offence = crimes.offence_of(further.row)
    had = markers = set(crimes.safeguarding(further.row))
    if further.change == "offence":
        alike = [
            each
            for each in crimes.figures.offences
            if (each.force, each.subgroup) == (was.force, further.to)
        ]
        offence = max(alike, key=lambda each: each.count, default=was)
        markers = had - set(crimes.markers_of(was)) | set(crimes.markers_of(offence))
    elif further.change == "marker_added":
        markers = had | {further.to}
    else:
        markers = had - {further.to}
    if (offence, markers) == (was, had):
        return None
    return CrimeReclassified(
        crime_reference=reference,
        offence_code=offence.offence_code,
        offence_subgroup=offence.subgroup,
        offence=offence.offence_description,
        safeguarding=tuple(sorted(markers)),
        reclassified_at=at,
    )


def _two_records(
    casework: Casework, further: FurtherEvent, reference: str, at: datetime
) -> PersonsMerged | PersonsUnmerged | None:
    """Merge the second record of somebody recorded twice into the first, or part them again."""
    second = casework.second_record(further.row)
    if second is None:
        return None
    if further.event == "PersonsUnmerged":
        return PersonsUnmerged(
            crime_reference=reference, person_id=second.person_id, unmerged_at=at
        )
    into = casework.people.person(further.row).person_id
    return PersonsMerged(
        crime_reference=reference, person_id=second.person_id, into=into, merged_at=at
    )


def _closed(casework: Casework, further: FurtherEvent, reference: str, at: datetime) -> CrimeClosed:
    return casework.closed(further.row, reference, at)


_Record = Callable[[Casework, FurtherEvent, str, datetime], AnyEvent | None]
_RECORDED: Mapping[str, _Record] = {
    "IncidentReported": _reported,
    "IncidentClosed": lambda _, _further, reference, at: IncidentClosed(
        crime_reference=_of_its_own(reference), closed_at=at
    ),
    "AppointmentChanged": _moved,
    "AppointmentCancelled": _called_off,
    "MilestoneReached": _milestone,
    "CrimeReopened": lambda _, _further, reference, at: CrimeReopened(
        crime_reference=reference, reopened_at=at
    ),
    "CrimeClosed": _closed,
    "CrimeReclassified": _reclassified,
    "CrimeMerged": lambda casework, further, reference, at: CrimeMerged(
        crime_reference=reference, into=casework.reference(further.into), merged_at=at
    ),
    "CrimeUnmerged": lambda _, _further, reference, at: CrimeUnmerged(
        crime_reference=reference, unmerged_at=at
    ),
    "CrimeTransferred": lambda _, _further, reference, at: CrimeTransferred(
        crime_reference=reference, to_force=TO_FORCE, transferred_at=at
    ),
    "CrimeCancelled": lambda _, _further, reference, at: CrimeCancelled(
        crime_reference=reference, cancelled_at=at
    ),
    "PersonsMerged": _two_records,
    "PersonsUnmerged": _two_records,
}
