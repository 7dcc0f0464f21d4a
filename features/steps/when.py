"""What happens: in the crime system, to time, and what people do."""

from datetime import timedelta

from pytest_bdd import given, parsers, when

from features.scene import OFFICER, TEAM, Actor, Scene
from reference.contract.events import (
    AppointmentMade,
    CrimeAllocated,
    CrimeClosed,
    OfficerDeployed,
    OfficerReplied,
    OutcomeRecorded,
)
from simulator.drivers.base import Refused
from simulator.victims import accept_invitation, ask, latest_link, look_at_conversation, messages_of

_MARKED = " marked as "


@when(parsers.parse("{name}'s {crime} is recorded"))
def is_recorded(scene: Scene, name: str, crime: str) -> None:
    offence, _, marker = crime.partition(_MARKED)
    scene.record_crime([scene.actor(name)], offence, marker=marker.replace(" ", "_"))


@when(parsers.parse("an officer is deployed to {name}'s crime"))
def officer_deployed(scene: Scene, name: str) -> None:
    reference = scene.actor(name).crime_reference
    scene.happens(OfficerDeployed(crime_reference=reference, deployed_at=scene.world.now))


@given(parsers.parse("{name}'s crime is allocated to {whom}"))
@when(parsers.parse("{name}'s crime is allocated to {whom}"))
def allocated(scene: Scene, name: str, whom: str) -> None:
    to_officer = whom == OFFICER.name
    scene.happens(
        CrimeAllocated(
            crime_reference=scene.actor(name).crime_reference,
            allocated_at=scene.world.now,
            officer_in_charge=OFFICER if to_officer else None,
            team="" if to_officer else TEAM,
        )
    )


@when(parsers.parse("an appointment is made with {name}"))
def appointment(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.happens(
        AppointmentMade(
            crime_reference=actor.crime_reference,
            appointment_id=f"{actor.crime_reference}-1",
            person_id=actor.record.person_id,
            starts_at=scene.world.now + timedelta(days=2),
            place="at home",
        )
    )


@when(parsers.parse("a suspect is charged with {name}'s crime"))
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


@when(parsers.parse("{name}'s crime is closed with outcome {outcome:d}"))
def closed(scene: Scene, name: str, outcome: int) -> None:
    scene.happens(
        CrimeClosed(
            crime_reference=scene.actor(name).crime_reference,
            outcome=outcome,  # type: ignore[arg-type]
            closed_at=scene.world.now,
            decided_by="police",
            interviewed_under_caution=outcome in (8, 15, 16),
        )
    )


@when(parsers.parse("{name}'s crime changes hands twice a day for {days:d} days"))
def changes_hands(scene: Scene, name: str, days: int) -> None:
    for _day in range(days):
        for whom, hours in ((OFFICER.name, 5), ("the team", 19)):
            allocated(scene, name, whom)
            scene.world.advance(scene.world.now + timedelta(hours=hours))


@when(parsers.parse('an officer writes for colleagues only "{note}"'))
def writes_note(scene: Scene, note: str) -> None:
    for actor in scene.actors.values():
        scene.world.crime_system.write_note(actor.crime_reference, note, author=OFFICER.name)


@when(parsers.parse('the officer replies "{words}"'))
def replies(scene: Scene, words: str) -> None:
    actor = next(iter(scene.actors.values()))
    scene.happens(
        OfficerReplied(
            crime_reference=actor.crime_reference,
            person_id=actor.record.person_id,
            reply_id=f"{actor.crime_reference}-reply",
            text=words,
            officer=OFFICER,
            replied_at=scene.world.now,
        )
    )


@when("the crime system sends the same event again")
def sent_again(scene: Scene) -> None:
    scene.world.integration.redeliver(scene.last_event_id)


@when("what was held back is sent")
def held_back_is_sent(scene: Scene) -> None:
    scene.world.integration.redeliver(scene.held_event_id)
    scene.world.advance(scene.world.now)


@when(parsers.parse("the force mends {name}'s details"))
def mends(scene: Scene, name: str) -> None:
    known = scene.actor(name).known
    scene.mend(scene.actor(name), mobile_phone=known.mobile_phone, other_phone="")


@when(parsers.parse("the force records that {name} is not safe to contact"))
def records_unsafe(scene: Scene, name: str) -> None:
    scene.mend(scene.actor(name), safe_to_contact=False)


@when("the crime system is up again")
def is_up_again(scene: Scene) -> None:
    scene.world.bring_crime_system_back()


@when(parsers.re(r"(?P<count>an?|\d+) (?P<unit>minute|hour|day)s? pass(es)?"))
@given(parsers.re(r"(?P<count>an?|\d+) (?P<unit>minute|hour|day)s? pass(es)?"))
def time_passes(scene: Scene, count: str, unit: str) -> None:
    number = int(count) if count.isdigit() else 1
    scene.world.advance(scene.world.now + timedelta(**{f"{unit}s": number}))


@when(parsers.parse("a mail scanner follows every link sent to {name}"))
def scanner(scene: Scene, name: str) -> None:
    for message in messages_of(scene.world, scene.actor(name).victim):
        link = scene.world.link_in(message)
        if link:
            scene.world.portal.visit(link)


@when(parsers.parse("a stranger follows {name}'s link and guesses another word"))
def stranger_guesses(scene: Scene, name: str) -> None:
    link = latest_link(scene.world, scene.actor(name).victim)
    try:
        step = scene.world.portal.open_invitation(link)
        scene.world.portal.prove(step, "not the word")
    except Refused as refused:
        scene.refused = refused.title
    else:
        scene.stranger_came_in = True


@when(parsers.parse("{name} signs in from the invitation"))
def signs_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    scene.come_in(actor, lambda: accept_invitation(scene.world, actor.victim, link))


@when(parsers.parse("{name} signs out"))
def signs_out(scene: Scene, name: str) -> None:
    scene.world.portal.sign_out(scene.session_of(scene.actor(name)))


@given(parsers.parse('{name} has asked "{words}"'))
@when(parsers.parse('{name} asks "{words}"'))
def asks(scene: Scene, name: str, words: str) -> None:
    actor = scene.actor(name)
    ask(scene.world, actor.victim, scene.session_of(actor), actor.crime_reference, words)
    actor.asked.append(words)
    scene.world.advance(scene.world.now + timedelta(seconds=30))


@when(parsers.parse("{name} tries to write to the officer"))
def tries_to_write(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    session = scene.session_of(actor)
    try:
        scene.world.portal.ask_officer(session, actor.crime_reference, "Is anybody there?")
    except Refused as refused:
        scene.refused = refused.title
    scene.world.advance(scene.world.now + timedelta(minutes=15))


@when(parsers.parse("{name} asks the portal for {other}'s crime"))
def asks_for_crime(scene: Scene, name: str, other: str) -> None:
    _peek(scene, scene.actor(name), scene.actor(other), conversation=False)


@when(parsers.parse("{name} asks the portal for {other}'s conversation"))
def asks_for_conversation(scene: Scene, name: str, other: str) -> None:
    _peek(scene, scene.actor(name), scene.actor(other), conversation=True)


@when(parsers.parse("{name} reads the conversation"))
def reads_conversation(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    actor.pages += look_at_conversation(
        scene.world, actor.victim, scene.session_of(actor), actor.crime_reference
    )


def _peek(scene: Scene, actor: Actor, other: Actor, *, conversation: bool) -> None:
    """Ask for what is somebody else's, and keep whatever is shown."""
    session = scene.session_of(actor)
    portal = scene.world.portal
    try:
        if conversation:
            posts = portal.conversation(session, other.crime_reference)
            actor.pages += [post.text for post in posts]
        else:
            entries = portal.timeline(session, other.crime_reference)
            actor.pages += [f"{entry.title}\n{entry.text}" for entry in entries]
    except Refused as refused:
        scene.refused = refused.title
