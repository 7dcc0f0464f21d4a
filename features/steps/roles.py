"""The role of a person in a crime, what forbids telling them, and who is told in their place.

The person who is told is the actor, with their phone, mailbox and proof. The victim in whose place
they are told is another person in the world, whose name and addresses are in the record too.
"""

from datetime import date, timedelta

from msgspec import structs
from pytest_bdd import given, parsers, then, when

from features.people import Actor, born_so_that
from features.running_scenario import Scene, Unmet
from reference.contract.events import OfficerDeployed, Role, ToldInstead, VictimRecord
from simulator.clock import LONDON
from simulator.judge.text.disclosure import name_in
from simulator.world.victims import messages_of

_OF_AGE = 18
_FOR_A_CHILD = "an officer decided that {name} is told in place of {other}, a child of {years:d}"
_ROLES: dict[str, tuple[Role, bool]] = {
    "the person who reported it": ("reporter", False),
    "a witness": ("witness", False),
    "the police officer who reported it": ("reporter", True),
    "a police officer who was a witness": ("witness", True),
}
_FLAGS = {
    "has died": "has_died",
    "is a suspect in a linked crime": "is_suspect_in_linked_crime",
    "works for the police": "is_police_employee",
}
_FLAG = "(?P<flag>has died|is a suspect in a linked crime|works for the police)"
_CRIME = "(?P<crime>bicycle theft|robbery|burglary at home)"


@given(parsers.re(rf"(?P<name>\w+) {_FLAG}"))
def is_flagged(scene: Scene, name: str, flag: str) -> None:
    scene.change(scene.actor(name), **{_FLAGS[flag]: True})


@when(parsers.re(rf"the force records that (?P<name>\w+) {_FLAG}"))
def flag_is_written_down(scene: Scene, name: str, flag: str) -> None:
    scene.mend(scene.actor(name), **{_FLAGS[flag]: True})


@given(parsers.parse("the force restricted {name}'s record"))
def is_restricted(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), is_restricted=True)


@given(parsers.parse("the force did not restrict {name}'s record"))
def is_not_restricted(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), is_restricted=False)


@given(parsers.parse("an officer decided that nobody is told in {name}'s place"))
def nobody_is_told(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), who_is_told="nobody")


@when(parsers.re(r"the force decides that (?P<name>\w+) is told"))
def is_to_be_told(scene: Scene, name: str) -> None:
    scene.mend(scene.actor(name), who_is_told="victim")


@given(parsers.parse("an officer decided that {name} is told in place of {other}, who has died"))
def told_for_the_dead(scene: Scene, name: str, other: str) -> None:
    _is_told_for(scene, name, other, has_died=True)


@given(parsers.parse(_FOR_A_CHILD))
def told_for_a_child(scene: Scene, name: str, other: str, years: int) -> None:
    _is_told_for(scene, name, other, born=born_so_that(scene.world.now.date(), is_years_old=years))


@given(
    parsers.parse(
        "an officer decided that {name} is told in place of {other}, who turns 18 in {days:d} days"
    )
)
def told_until_of_age(scene: Scene, name: str, other: str, days: int) -> None:
    day = scene.world.now.astimezone(LONDON).date() + timedelta(days=days)
    _is_told_for(scene, name, other, born=date(day.year - _OF_AGE, day.month, day.day))


@given(parsers.parse("{name} is the named contact of {organisation}"))
def is_named_contact(scene: Scene, name: str, organisation: str) -> None:
    actor, organisation = scene.actor(name), scene.data.organisation(organisation)
    scene.secrets.add(organisation)
    actor.record = VictimRecord(
        person_id=actor.record.person_id,
        kind="organisation",
        organisation_name=organisation,
        who_is_told="another",
        told_instead=_told(actor),
    )


@given(parsers.parse("{name} is in the record of {organisation}, which has no named contact"))
def is_in_the_record(scene: Scene, name: str, organisation: str) -> None:
    called = scene.data.organisation(organisation)
    scene.change(scene.actor(name), kind="organisation", organisation_name=called)


@given(parsers.parse("{other} is {name} in a second record"))
def recorded_twice(scene: Scene, other: str, name: str) -> None:
    first = scene.actor(name).record
    scene.change(
        scene.actor(other),
        given_name=scene.data.again(first.given_name),
        family_name=scene.data.again(first.family_name),
        born=first.born,
    )


@given(parsers.parse("{name} is {who}, and not a victim"))
def is_no_victim(scene: Scene, name: str, who: str) -> None:
    role, is_police = _ROLES[who]
    scene.change(scene.actor(name), role=role, is_police_employee=is_police)


@given(parsers.parse("a {crime} has been recorded with {name} and {other} in it"))
@when(parsers.parse("a {crime} is recorded with {name} and {other} in it"))
def recorded_with(scene: Scene, crime: str, name: str, other: str) -> None:
    scene.record_crime([scene.actor(name), scene.actor(other)], crime)


@when(parsers.parse("the {crime} that {name} is told about is recorded"))
def recorded_of_which_told(scene: Scene, crime: str, name: str) -> None:
    scene.record_crime([scene.actor(name)], crime)


@given(parsers.parse("{name} has signed in to follow the {crime} that {same} is told about"))
def follows_for_another(scene: Scene, name: str, crime: str, same: str) -> None:
    scene.record_crime([scene.actor(name)], crime)
    scene.register_with_portal(scene.actor(name))


@when(parsers.re(r"the force records that (?P<name>\w+) is a (?P<role>victim|witness) of it"))
def role_is_written_down(scene: Scene, name: str, role: Role) -> None:
    scene.mend(scene.actor(name), role=role)


@when(parsers.parse("{other} replaces {name} as the named contact of {organisation}"))
def contact_is_replaced(scene: Scene, other: str, organisation: str, name: str) -> None:
    before = scene.actor(name)
    after = scene.add(other, ("text",), of_record=before.record.person_id)
    _take_over(scene, before, after, told_instead=_told(after))


@when(parsers.parse("{name} leaves {organisation}, which names no new contact"))
def names_nobody(scene: Scene, organisation: str, name: str) -> None:
    scene.mend(scene.actor(name), who_is_told=None, told_instead=None)


@when(parsers.parse("the force decides that {other} is told instead of {name}"))
def told_themselves(scene: Scene, other: str, name: str) -> None:
    before, after = scene.actor(name), scene.actor(other)
    told = _told(after)
    own = {each: getattr(told, each) for each in ToldInstead.__struct_fields__}
    _take_over(scene, before, after, **own, who_is_told="victim", told_instead=None)


@when(parsers.re(rf"an officer is deployed to the {_CRIME} (?P<name>\w+) reported"))
def deployed_to_one_of_theirs(scene: Scene, name: str, crime: str) -> None:
    reference = scene.actor(name).crimes[crime]
    scene.happens(OfficerDeployed(crime_reference=reference, deployed_at=scene.world.now))


@then(parsers.parse("no message to {name} has {other}'s name"))
def never_names(scene: Scene, name: str, other: str) -> None:
    known = scene.actor(other).known
    for message in messages_of(scene.world, scene.actor(name).victim):
        _refuse_name(f"{message.subject}\n{message.body}", known.given_name, known.family_name)


@then(parsers.parse("the last email to {name} greets {same} and does not name {other}"))
def speaks_to(scene: Scene, name: str, same: str, other: str) -> None:
    last = scene.actor(name).told[-1]
    called = scene.actor(same).known.given_name
    is_person = other in scene.actors
    another = scene.actor(other).known.given_name if is_person else scene.data.organisation(other)
    if called not in last.body:
        raise Unmet(f"the email greets {called}", repr(last.body[:80]))
    _refuse_name(f"{last.subject}\n{last.body}".replace(called, ""), another)


@then(parsers.parse('{name}\'s page does not say "{words}"'))
def page_does_not_say(scene: Scene, name: str, words: str) -> None:
    for entry in scene.read_page(scene.actor(name)):
        if words in entry:
            raise Unmet(f"the page does not say {words!r}", repr(entry))


def _told(actor: Actor) -> ToldInstead:
    """Give a person as the one told in another's place."""
    record = actor.record
    return ToldInstead(
        given_name=actor.known.given_name,
        family_name=actor.known.family_name,
        mobile_phone=actor.known.mobile_phone,
        email=actor.known.email,
        preferred_channels=record.preferred_channels,
        safe_to_contact=True,
        agreed_word_digest=record.agreed_word_digest,
        date_of_birth_digest=record.date_of_birth_digest,
    )


def _is_told_for(scene: Scene, name: str, other: str, **own: object) -> None:
    """Make the record another person's, for whom the actor is told."""
    actor = scene.actor(name)
    # Their proof is made with the id of the record, under which they may be told later.
    victim = scene.add(other, ("text",), of_record=actor.record.person_id)
    victim.known = structs.replace(
        victim.known, person_id=f"{actor.record.person_id}, themselves", role="stranger"
    )
    scene.meet(victim.known)
    actor.record = VictimRecord(
        person_id=actor.record.person_id,
        given_name=victim.known.given_name,
        family_name=victim.known.family_name,
        mobile_phone=victim.known.mobile_phone,
        email=victim.known.email,
        who_is_told="another",
        told_instead=_told(actor),
    )
    scene.change(actor, **{"born": victim.record.born, **own})


def _take_over(scene: Scene, before: Actor, after: Actor, **changes: object) -> None:
    """Have one person told from now on instead of another."""
    own_id = before.record.person_id
    if before is not after:
        leaves = f"{own_id}, {before.name}"
        before.known = structs.replace(before.known, person_id=leaves, role="stranger")
    after.known = structs.replace(after.known, person_id=own_id, role="victim")
    scene.meet(after.known)
    after.crime_reference, after.crimes = before.crime_reference, dict(before.crimes)
    before.record = structs.replace(before.record, **changes)
    after.record = before.record
    scene.mend(after)


def _refuse_name(shown: str, *names: str) -> None:
    if found := name_in(shown, names):
        raise Unmet(f"no message names {found}", repr(shown[:120]))
