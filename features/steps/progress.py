"""What happens to a crime: deployment, allocation, appointments, charge and closure."""

from datetime import UTC, datetime, time, timedelta
from typing import Literal

from msgspec import structs
from pytest_bdd import given, parsers, when

from features.people import OKAFOR, TEAM
from features.running_scenario import Scene, family_of
from reference.contract.events import (
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeAllocated,
    CrimeClosed,
    Milestone,
    MilestoneReached,
    OfficerDeployed,
    OutcomeRecorded,
)
from reference.contract.lawful_words import Ending
from simulator.clock import LONDON
from simulator.errors import CannotVerify

_CLOSED_BY = (
    "the crime {name} reported is closed with outcome {outcome:d} by {who}, and {interview}"
)
_CLOSURE_HELD_BACK = (
    "the crime system holds back the closure of the crime {name} reported with outcome {outcome:d}"
)
_DECIDED_BY: dict[str, Literal["CPS", "police", "unknown"]] = {
    "the CPS": "CPS",
    "the police": "police",
    "an unrecorded decision maker": "unknown",
}
_INTERVIEWED = {
    "a suspect was interviewed under caution": True,
    "no suspect was interviewed": False,
    "it is not recorded whether a suspect was interviewed": None,
}
_CLOSED_DAYS_AGO = (
    "the force records that the crime {name} reported was closed with outcome {outcome:d}, "
    "{days:d} working days ago"
)
_REACHED_DAYS_AGO = (
    r"the force records that the suspect was (?P<what>arrested|interviewed|released on bail)"
    r" (?P<days>\d+) working days ago"
)
_REACHED: dict[str, Milestone] = {
    "arrested": "suspect_arrested",
    "interviewed": "suspect_interviewed",
    "released on bail": "suspect_on_bail",
}


@when(parsers.parse("an officer is deployed to the crime {name} reported"))
def officer_deployed(scene: Scene, name: str) -> None:
    reference = scene.actor(name).crime_reference
    scene.happens(OfficerDeployed(crime_reference=reference, deployed_at=scene.world.now))


@given(parsers.parse("the crime {name} reported is allocated to {whom}"))
@when(parsers.parse("the crime {name} reported is allocated to {whom}"))
def allocated(scene: Scene, name: str, whom: str) -> None:
    named, _, team = whom.partition(" of ")
    officer = scene.officers.get(named)
    if officer is not None:
        scene.secrets |= {officer.name, family_of(officer.name), officer.collar_number}
    scene.happens(
        CrimeAllocated(
            crime_reference=scene.actor(name).crime_reference,
            allocated_at=scene.world.now,
            officer_in_charge=officer,
            team=TEAM if team or not officer else "",
        )
    )


@given(parsers.parse("an appointment is made with {name}"))
@when(parsers.parse("an appointment is made with {name}"))
def appointment_made(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    place = scene.data.place(0)
    scene.secrets |= {place} - {""}
    scene.appointment_at = _in_days(scene, 2, scene.data.time(time(14, 30)))
    scene.happens(
        AppointmentMade(
            crime_reference=actor.crime_reference,
            appointment_id=scene.appointment_id(actor),
            person_id=actor.record.person_id,
            starts_at=scene.appointment_at,
            place=place,
        )
    )


@when(parsers.parse("the appointment with {name} is moved"))
def appointment_moved(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    place = scene.data.place(1)
    scene.secrets |= {place} - {""}
    scene.appointment_at = _in_days(scene, 3, time(11, 15))
    scene.happens(
        AppointmentChanged(
            crime_reference=actor.crime_reference,
            appointment_id=scene.appointment_id(actor),
            person_id=actor.record.person_id,
            starts_at=scene.appointment_at,
            place=place,
        )
    )


@given(parsers.parse("an appointment with {name} is made, and put off for a day"))
def appointment_put_off(scene: Scene, name: str) -> None:
    appointment_made(scene, name)
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + timedelta(minutes=1))
    scene.happens(
        AppointmentChanged(
            crime_reference=actor.crime_reference,
            appointment_id=scene.appointment_id(actor),
            person_id=actor.record.person_id,
            starts_at=scene.world.now + timedelta(days=4),
            place=scene.data.place(0),
        )
    )


@when(parsers.parse("the appointment with {name} is cancelled"))
def appointment_cancelled(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.happens(
        AppointmentCancelled(
            crime_reference=actor.crime_reference,
            appointment_id=scene.appointment_id(actor),
            person_id=actor.record.person_id,
        )
    )


@when(parsers.parse("a suspect is charged with the crime {name} reported"))
def charged(scene: Scene, name: str) -> None:
    scene.happens(
        OutcomeRecorded(
            crime_reference=scene.actor(name).crime_reference,
            outcome=1,
            decided_at=scene.world.now,
            decided_by="CPS",
            interviewed_under_caution=True,
        )
    )


@given(parsers.parse("the crime {name} reported is closed with outcome {outcome:d}"))
@when(parsers.parse("the crime {name} reported is closed with outcome {outcome:d}"))
@when(
    parsers.parse(
        "a supervisor confirms that the crime {name} reported is closed with outcome {outcome:d}"
    )
)
def closed(scene: Scene, name: str, outcome: int) -> None:
    scene.happens(_closure(scene, name, outcome))


@when(
    parsers.parse(
        "the crime {name} reported is closed with outcome {outcome:d}, which no supervisor has"
        " confirmed"
    )
)
def closed_unconfirmed(scene: Scene, name: str, outcome: int) -> None:
    if outcome not in scene.world.order.closures.supervisor_confirms:
        raise CannotVerify(f"the order has no supervisor confirm outcome {outcome}: not verified")
    scene.happens(structs.replace(_closure(scene, name, outcome), confirmed_at=None))


@given(parsers.parse(_CLOSURE_HELD_BACK))
def closure_held_back(scene: Scene, name: str, outcome: int) -> None:
    scene.held_event_id = scene.world.crime_system.record(_closure(scene, name, outcome))
    scene.world.integration.hold_back(scene.held_event_id)


@when(parsers.parse(_CLOSED_BY))
def closed_by(scene: Scene, name: str, outcome: int, who: str, interview: str) -> None:
    scene.ending = Ending(outcome, _DECIDED_BY[who], _INTERVIEWED[interview])
    scene.happens(
        CrimeClosed(
            crime_reference=scene.actor(name).crime_reference,
            outcome=outcome,  # type: ignore[arg-type]
            closed_at=scene.world.now,
            confirmed_at=scene.world.now,
            decided_by=_DECIDED_BY[who],
            interviewed_under_caution=_INTERVIEWED[interview],
        )
    )


@when(parsers.parse(_CLOSED_DAYS_AGO))
def closed_days_ago(scene: Scene, name: str, outcome: int, days: int) -> None:
    closed_at = _working_days_ago(scene, days)
    event = structs.replace(_closure(scene, name, outcome), closed_at=closed_at)
    scene.happened(scene.world.crime_system.record(event), took_place_at=closed_at)


@when(parsers.re(_REACHED_DAYS_AGO))
def milestone_reached_days_ago(scene: Scene, what: str, days: str) -> None:
    reached_at = _working_days_ago(scene, int(days))
    event = MilestoneReached(
        crime_reference=scene.first.crime_reference,
        milestone=_REACHED[what],
        reached_at=reached_at,
    )
    scene.happened(scene.world.crime_system.record(event), took_place_at=reached_at)


@when(parsers.parse("the crime {name} reported is reallocated twice a day for {days:d} days"))
def changes_hands(scene: Scene, name: str, days: int) -> None:
    for _day in range(days):
        for whom, hours in ((OKAFOR, 5), ("the team", 19)):
            allocated(scene, name, whom)
            scene.world.advance(scene.world.now + timedelta(hours=hours))


def _working_days_ago(scene: Scene, days: int) -> datetime:
    """Find this time of day so many working days ago."""
    now, working_days = scene.world.now.astimezone(LONDON), scene.world.order.working_days
    day = now.date()
    while days:
        day -= timedelta(days=1)
        days -= day in working_days
    return datetime.combine(day, now.time(), tzinfo=LONDON).astimezone(UTC)


def _in_days(scene: Scene, days: int, at: time) -> datetime:
    day = scene.world.now.astimezone(LONDON).date() + timedelta(days=days)
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def _closure(scene: Scene, name: str, outcome: int) -> CrimeClosed:
    return CrimeClosed(
        crime_reference=scene.actor(name).crime_reference,
        outcome=outcome,  # type: ignore[arg-type]
        closed_at=scene.world.now,
        confirmed_at=scene.world.now,
        decided_by="police",
        interviewed_under_caution=outcome in (8, 15, 16),
    )
