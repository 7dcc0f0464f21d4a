"""A crime is recorded and its victim invited: by which channels, for which crimes, how often."""

import re
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from features.offences import OFFENCES, read_offence
from features.people import channels_of
from features.running_scenario import Scene, Unmet, refuse_any
from simulator.world.victims import messages_of

_HELD_BACK = (
    r"the crime system holds back that the (?P<crime>.+) (?P<name>\w+) reported is recorded"
)


@given(parsers.re(r"the (?P<crime>.+) (?P<name>\w+) reported has been recorded"))
def has_been_recorded(scene: Scene, name: str, crime: str) -> None:
    scene.record_crime([scene.actor(name)], crime)
    scene.world.wait_for(lambda: bool(scene.heard(scene.actor(name))), scene.patience())
    scene.world.advance(scene.world.now + timedelta(minutes=1))


@given(
    parsers.re(r"the (?P<crime>.+) (?P<name>\w+) reported was recorded before the portal went live")
)
def recorded_before(scene: Scene, name: str, crime: str) -> None:
    before = scene.world.order.go_live_at(1) - timedelta(days=10)
    scene.record_crime([scene.actor(name)], crime, recorded_at=before)


@given(parsers.re(_HELD_BACK))
def held_back(scene: Scene, name: str, crime: str) -> None:
    scene.record_crime([scene.actor(name)], crime, hold_back=True)


@given(parsers.re(r"(?P<name>\w+) has signed in to follow an? (?P<crime>.+)"))
def has_signed_in(scene: Scene, name: str, crime: str) -> None:
    assert crime in OFFENCES, f"no such crime in the features: {crime}"
    actor = scene.actor(name)
    scene.record_crime([actor], crime)
    scene.register_with_portal(actor)


@given(parsers.parse("{names} have signed in to follow the same {crime}"))
def all_have_signed_in(scene: Scene, names: str, crime: str) -> None:
    all_of_them = [scene.actor(each) for each in re.split(", | and ", names)]
    scene.record_crime(all_of_them, crime)
    for actor in all_of_them:
        scene.register_with_portal(actor)


@when(parsers.re(r"the (?P<crime>.+) (?P<name>\w+) reported is recorded"))
def is_recorded(scene: Scene, name: str, crime: str) -> None:
    offence, markers = read_offence(crime)
    scene.record_crime([scene.actor(name)], offence, markers=markers)


@when(parsers.parse("a mail scanner follows every link sent to {name}"))
def scanner(scene: Scene, name: str) -> None:
    for message in messages_of(scene.world, scene.actor(name).victim):
        link = scene.world.link_in(message)
        if link:
            scene.world.portal.visit(link)


@then(parsers.parse("{name} is invited by {channels}"))
def is_invited(scene: Scene, name: str, channels: str) -> None:
    for channel in channels_of(channels):
        scene.await_message(
            scene.actor(name), "an invitation", lambda m: bool(scene.world.link_in(m)), channel
        )


@then(
    parsers.parse(
        "{name} gets no message, but an invitation where the order says that blank is safe"
    )
)
def is_told_as_blank_means(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    if scene.world.order.eligibility.blank_safe_to_contact == "safe":
        is_invited(scene, name, " and ".join(actor.record.preferred_channels))
        return
    scene.world.advance(scene.world.now + scene.patience())
    refuse_any(scene.heard(actor), actor)


@then(parsers.parse("{name} gets no message by any other channel"))
def by_no_other(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    wanted = set(actor.record.preferred_channels)
    refuse_any([each for each in scene.heard(actor) if each.channel not in wanted], actor)


@then(parsers.re(r"(?P<name>\w+)'s list shows (?P<count>\d+) reports?"))
def list_has(scene: Scene, name: str, count: str) -> None:
    listed = scene.world.portal.crimes(scene.session_of(scene.actor(name)))
    if len({each.crime_reference for each in listed}) != int(count):
        raise Unmet(f"{name} can follow {count} crimes", f"{len(listed)} are listed")
