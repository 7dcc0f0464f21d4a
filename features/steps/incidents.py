"""Reports of which no crime is recorded yet, and what becomes of them."""

from datetime import timedelta

from msgspec import structs
from pytest_bdd import given, parsers, then, when

from features.running_scenario import Scene, Unmet
from reference.contract.events import IncidentClosed


@when(parsers.parse("{name} reports something of which no crime is recorded yet"))
def reports(scene: Scene, name: str) -> None:
    scene.report_incident(scene.actor(name))


@when(parsers.parse("{name} reports something, flagged {flag}, of which no crime is recorded yet"))
def reports_with_a_flag(scene: Scene, name: str, flag: str) -> None:
    """Report what the call taker saw as a danger before anybody knew which crime it was."""
    scene.report_incident(scene.actor(name), flag=flag)


@when(parsers.parse("what {name} reported is recorded as a {crime}"))
def becomes_a_crime(scene: Scene, name: str, crime: str) -> None:
    actor = scene.actor(name)
    scene.record_crime([actor], crime, reference=actor.crime_reference)


@when(parsers.parse("what {name} reported is closed, and no crime is recorded"))
def becomes_no_crime(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.happens(IncidentClosed(crime_reference=actor.crime_reference, closed_at=scene.world.now))


@given(parsers.parse("{name} is recorded as {how}"))
def is_recorded_as(scene: Scene, name: str, how: str) -> None:
    """Write into the record that comes with the report."""
    actor = scene.actor(name)
    changes: dict[str, bool] = {
        "not safe to contact": {"safe_to_contact": False},
        "a person whose record is restricted": {"is_restricted": True},
    }[how]
    actor.record = structs.replace(actor.record, **changes)


@then(parsers.parse("{name} is told by {channel} once that the police have the report"))
def is_acknowledged(scene: Scene, name: str, channel: str) -> None:
    """Expect one message with nothing to sign in by."""
    actor = scene.actor(name)
    message = scene.await_message(actor, "an acknowledgement", lambda _each: True, channel)
    scene.world.advance(scene.world.now + timedelta(hours=1))
    if scene.world.link_in(message):
        raise Unmet("an acknowledgement has no link to sign in by", "it has one")
    if others := [each for each in scene.heard(actor) if each.message_id != message.message_id]:
        raise Unmet(f"{name} is told once", f"and again: {others[0].body[:60]!r}")
    scene.take_note(actor)


@then(parsers.parse("{name} gets an invitation by {channel}, and nothing else"))
def is_only_invited(scene: Scene, name: str, channel: str) -> None:
    actor = scene.actor(name)
    message = scene.await_message(
        actor, "an invitation", lambda each: bool(scene.world.link_in(each)), channel
    )
    scene.world.advance(scene.world.now + timedelta(hours=1))
    if others := [each for each in scene.heard(actor) if each.message_id != message.message_id]:
        raise Unmet(f"{name} is invited", f"and told: {others[0].body[:60]!r}")
