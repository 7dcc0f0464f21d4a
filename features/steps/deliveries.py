"""Imperfect deliveries from the crime system: together, days late, for many at once, again."""

from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from features.running_scenario import Scene
from features.steps.messages import is_told_exactly
from features.steps.progress import appointment_made
from reference.contract.events import CrimeAllocated, OfficerDeployed
from simulator.drivers.base import Delivery, SignedBy
from simulator.world.other_senders import deliver_signed_by

_TOGETHER = "one delivery brings the same event again and an appointment with {name}"
_FOR_ALL = "one delivery allocates the crime each of them reported to {officer}"
_ONCE_MORE = "the crime system sends the record of the crime {name} reported again, as a new event"
_NOT_THE_FORCE = "a stranger {who} claims that an officer was deployed to the crime {name} reported"
_SIGNED: dict[str, SignedBy] = {
    "who signs with a key of their own": "another key",
    "who does not sign": "nobody",
    "with what the force signed an hour ago": "the force an hour ago",
}
_LATE = (
    "the force records that an officer was deployed to the crime {name} reported {days:d} days ago"
)


@given(parsers.parse("{count:d} victims have signed in to follow a {crime} each"))
def many_have_signed_in(scene: Scene, count: int, crime: str) -> None:
    for number in range(1, count + 1):
        actor = scene.add(f"Victim {number}", ("text",))
        scene.record_crime([actor], crime)
        scene.register_with_portal(actor)


@when(parsers.parse(_TOGETHER))
def again_with_another(scene: Scene, name: str) -> None:
    scene.world.integration.send_along(scene.last_event_id)
    appointment_made(scene, name)


@when(parsers.parse(_NOT_THE_FORCE))
def stranger_claims(scene: Scene, who: str, name: str) -> None:
    """Later steps show whether the portal believed it, whatever it answered."""
    event = OfficerDeployed(
        crime_reference=scene.actor(name).crime_reference, deployed_at=scene.world.now
    )
    said = scene.world.crime_system.say_as_another(event)
    delivery = Delivery(f"{said.event_id}-forged", [said.body])
    deliver_signed_by(scene.world, delivery, _SIGNED[who], scene.last_event_id)


@when(parsers.parse(_LATE))
def deployed_days_ago(scene: Scene, name: str, days: int) -> None:
    reference = scene.actor(name).crime_reference
    deployed_at = scene.world.now - timedelta(days=days)
    scene.happens(OfficerDeployed(crime_reference=reference, deployed_at=deployed_at))


@when(parsers.parse(_FOR_ALL))
def allocated_at_once(scene: Scene, officer: str) -> None:
    """What is recorded before time goes on is delivered together."""
    event_id = ""
    for actor in scene.actors.values():
        scene.take_note(actor)
        event_id = scene.world.crime_system.record(
            CrimeAllocated(
                crime_reference=actor.crime_reference,
                allocated_at=scene.world.now,
                officer_in_charge=scene.officer(officer),
                team="",
            )
        )
    scene.happened(event_id)


@when(parsers.parse(_ONCE_MORE))
def recorded_once_more(scene: Scene, name: str) -> None:
    scene.happens(scene.recorded[scene.actor(name).crime_reference])


@then("each of them is told by text exactly once")
def each_is_told(scene: Scene) -> None:
    for actor in scene.actors.values():
        is_told_exactly(scene, actor.name, "text", "once")
