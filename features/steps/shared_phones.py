"""Two records with one phone: one person recorded twice, or two people who share it."""

from msgspec import structs
from pytest_bdd import given, parsers, then, when

from features.people import Actor
from features.running_scenario import Scene, Unmet
from features.steps.roles import recorded_twice
from simulator.drivers.base import Refused
from simulator.judge.facts.contact_fields import addresses_in
from simulator.world.victims import (
    accept_invitation,
    look_at_crimes,
    look_at_timeline,
    messages_of,
    sign_in_again,
)

_AGAIN = "{other} is {name} in a second record with the same number"
_SHARES = (
    r"(?P<other>\w+) shares (?P<name>\w+)'s phone"
    r" and proves who they are by (?P<proof>something else|the same)"
)


@given(parsers.parse(_AGAIN))
def recorded_twice_at_one_number(scene: Scene, other: str, name: str) -> None:
    recorded_twice(scene, other, name)
    scene.register.agree(scene.actor(other), scene.register.word)
    _has_the_number_of(scene, scene.actor(other), scene.actor(name))


@given(parsers.re(_SHARES))
def shares_a_telephone(scene: Scene, other: str, name: str, proof: str) -> None:
    """Twins have one birthday, and may choose the same word."""
    actor, first = scene.actor(other), scene.actor(name)
    _has_the_number_of(scene, actor, first)
    if proof == "the same":
        scene.change(actor, born=first.record.born)
    register = scene.register
    register.agree(actor, register.word if proof == "the same" else register.another_word)


@when(parsers.re(r"(?P<name>\w+) signs in by the (?P<way>number|link)"))
def signs_in_by(scene: Scene, name: str, way: str) -> None:
    """Use the last link sent for this record."""
    actor, world = scene.actor(name), scene.world
    try:
        if way == "number":
            number = scene.data.typed(actor.known.mobile_phone)
            scene.come_in(actor, lambda: sign_in_again(world, actor.victim, number))
        else:
            link = _link_of(scene, actor)
            scene.come_in(actor, lambda: accept_invitation(world, actor.victim, link))
    except Refused as refused:
        raise Unmet(f"{name} signs in by the {way}", refused.title) from None


@then(parsers.re(r"(?P<name>\w+) reads the page of the (?P<crime>.+) (?P<other>\w+) reported"))
def reads_the_page_of(scene: Scene, name: str, other: str, crime: str) -> None:
    actor, reference = scene.actor(name), scene.actor(other).crimes[crime]
    if reference not in _listed(scene, actor):
        raise Unmet(f"the {crime} is among the crimes that {name} can follow", "it is not listed")
    try:
        look_at_timeline(scene.world, actor.victim, scene.session_of(actor), reference)
    except Refused as refused:
        raise Unmet(f"the page of the {crime} can be read", refused.title) from None


@then(parsers.re(r"(?P<name>\w+) is not shown the (?P<crime>.+) (?P<other>\w+) reported"))
def is_not_shown(scene: Scene, name: str, other: str, crime: str) -> None:
    actor, reference = scene.actor(name), scene.actor(other).crimes[crime]
    if reference in _listed(scene, actor):
        raise Unmet(f"{name} is shown only what is theirs", f"the {crime} is listed too")
    try:
        shown = scene.world.portal.timeline(scene.session_of(actor), reference)
    except Refused:
        return
    if shown:
        raise Unmet(f"{name} is shown only what is theirs", f"the page says {shown[0].title!r}")


@then(
    parsers.re(
        r"the number does not open the (?P<crime>.+) (?P<other>\w+) reported to (?P<name>\w+)"
    )
)
def number_opens_nothing(scene: Scene, name: str, other: str, crime: str) -> None:
    """A portal may refuse two people whom a number and a proof do not tell apart."""
    actor, world = scene.actor(name), scene.world
    number = actor.known.mobile_phone
    try:
        scene.come_in(actor, lambda: sign_in_again(world, actor.victim, number))
    except Refused:
        return
    is_not_shown(scene, name, other, crime)


def _listed(scene: Scene, actor: Actor) -> list[str]:
    return look_at_crimes(scene.world, actor.victim, scene.session_of(actor))


def _has_the_number_of(scene: Scene, actor: Actor, first: Actor) -> None:
    """Give two records one phone: the person who holds it reads what comes for either."""
    number = first.known.mobile_phone
    assert number in addresses_in(first.record), f"{first.name} has no number on record"
    actor.known = structs.replace(actor.known, mobile_phone=number)
    scene.change(actor, mobile_phone=number)


def _link_of(scene: Scene, actor: Actor) -> str:
    """Find the link sent for one record: it comes once that record's crime is recorded."""
    recorded_at = scene.recorded[actor.crime_reference].recorded_at

    def found() -> list[str]:
        since = [e for e in messages_of(scene.world, actor.victim) if e.accepted_at >= recorded_at]
        return [link for link in map(scene.world.link_in, since) if link]

    if not scene.world.wait_for(lambda: bool(found()), scene.patience()):
        raise Unmet("an invitation on the phone", "none came")
    return found()[0]
