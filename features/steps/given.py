"""Who the people are, what the force wrote down of them, and where their case stands."""

from datetime import timedelta

from msgspec import structs
from pytest_bdd import given, parsers

from features.scene import OFFENCES, Scene, channels_of
from simulator.clock import LONDON

_FIELDS = {"other phone": "other_phone", "email": "email", "mobile phone": "mobile_phone"}
_SOMEBODY_ELSE = (
    "{other} is somebody else, whose number was written in the {field} field for {name}"
)


@given(parsers.parse("{name} wants to hear by {channels}"))
def wants_to_hear(scene: Scene, name: str, channels: str) -> None:
    scene.add(name, channels_of(channels))


@given(parsers.parse("it was never recorded whether {name} is safe to contact"))
def safety_is_blank(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), safe_to_contact=None)


@given(parsers.parse("{name} is {years:d} years old"))
def is_years_old(scene: Scene, name: str, years: int) -> None:
    today = scene.world.now.date()
    born = (today - timedelta(days=30)).replace(year=today.year - years)
    scene.change(scene.actor(name), born=born)


@given(parsers.parse("{name} agreed to hear every {days:d} days"))
def agreed_frequency(scene: Scene, name: str, days: int) -> None:
    scene.change(scene.actor(name), update_frequency_days=days)


@given(parsers.parse('{name}\'s name was written as "{given_name}" "{family_name}"'))
def name_written_as(scene: Scene, name: str, given_name: str, family_name: str) -> None:
    scene.change(scene.actor(name), given_name=given_name, family_name=family_name)


@given(parsers.parse("{name}'s {detail} was written in the {field} field"))
def in_the_wrong_field(scene: Scene, name: str, detail: str, field: str) -> None:
    actor = scene.actor(name)
    own = {"mobile number": "mobile_phone", "email address": "email"}[detail]
    scene.change(actor, **{own: "", _FIELDS[field]: getattr(actor.known, own)})


@given(parsers.parse(_SOMEBODY_ELSE))
def somebody_elses_number(scene: Scene, other: str, field: str, name: str) -> None:
    stranger = scene.add(other, ("text",))
    stranger.known = structs.replace(stranger.known, role="stranger")
    scene.world.meet(stranger.known)
    number = stranger.known.mobile_phone
    scene.change(scene.actor(name), **{"mobile_phone": "", _FIELDS[field]: number})


@given(parsers.parse('"{written}" was written as {name}\'s mobile number'))
def written_as_mobile(scene: Scene, written: str, name: str) -> None:
    scene.change(scene.actor(name), mobile_phone=written)


@given(parsers.parse("{name} no longer has the recorded number, and nobody else has"))
def number_given_up(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    actor.known = structs.replace(actor.known, mobile_phone="")


@given(parsers.parse("{name}'s {crime} has been recorded"))
def has_been_recorded(scene: Scene, name: str, crime: str) -> None:
    scene.record_crime([scene.actor(name)], crime)
    scene.world.wait_for(lambda: bool(scene.heard(scene.actor(name))), scene.patience())
    scene.world.advance(scene.world.now + timedelta(minutes=1))


@given(parsers.parse("{name}'s {crime} was recorded before the portal went live"))
def recorded_before(scene: Scene, name: str, crime: str) -> None:
    before = scene.world.order.go_live_at(1) - timedelta(days=10)
    scene.record_crime([scene.actor(name)], crime, recorded_at=before)


@given(parsers.parse("the crime system holds back that {name}'s {crime} is recorded"))
def held_back(scene: Scene, name: str, crime: str) -> None:
    scene.record_crime([scene.actor(name)], crime, hold_back=True)


@given(parsers.parse("{name} has signed in to follow a {crime}"))
def has_signed_in(scene: Scene, name: str, crime: str) -> None:
    assert crime in OFFENCES, f"no such crime in the features: {crime}"
    actor = scene.actor(name)
    scene.record_crime([actor], crime)
    scene.register_with_portal(actor)


@given(parsers.parse("{name} and {other} have signed in to follow the same {crime}"))
def both_have_signed_in(scene: Scene, name: str, other: str, crime: str) -> None:
    both = [scene.actor(name), scene.actor(other)]
    scene.record_crime(both, crime)
    for actor in both:
        scene.register_with_portal(actor)


@given(parsers.parse("it is {hour:d}:{minute:d}"))
def it_is(scene: Scene, hour: int, minute: int) -> None:
    local = scene.world.now.astimezone(LONDON)
    to = local.replace(hour=hour, minute=minute, second=0)
    scene.world.advance(to.astimezone(scene.world.now.tzinfo))


@given("the crime system is down")
def is_down(scene: Scene) -> None:
    scene.world.take_crime_system_down()
