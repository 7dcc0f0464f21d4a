"""A link, a code or a phone number meant for one victim and tried for another."""

from contextlib import suppress
from dataclasses import replace

from msgspec import structs
from pytest_bdd import parsers, then, when

from features.running_scenario import Scene, Unmet
from features.steps.sign_in_limits import has_code
from simulator.drivers.base import Refused
from simulator.world.victims import latest_link, sign_in_again

_OLD = "{name} has a new {held}, which the force records, and {other} has the old one"
_CODE = "{name} is sent a one-time code, and enters it where {other}'s is asked for"
_TURNED = 8
_HELD = {
    "mobile number": "mobile_phone",
    "email address": "email",
    "number": "mobile_phone",
    "mailbox": "email",
}


@when(parsers.parse("a stranger changes the end of {name}'s link"))
def changes_the_link(scene: Scene, name: str) -> None:
    """Reverse its last characters: it keeps its form, and is as near as a guess may come."""
    link = latest_link(scene.world, scene.actor(name).victim)
    end = link[-_TURNED:]
    scene.tried = link[:-_TURNED] + (end[::-1] if end != end[::-1] else end[1:] + end[:1])


@when(parsers.parse(_CODE))
def enters_own_code(scene: Scene, name: str, other: str) -> None:
    """Get a code of their own, then enter it in the sign-in that the other has begun."""
    begun = scene.step
    assert begun is not None, f"{other} has not begun to sign in"
    has_code(scene, name)
    scene.tried = ""
    try:
        scene.world.portal.enter_code(begun, scene.code)
    except Refused:
        return
    scene.tried = scene.code


@when(parsers.parse(_OLD))
def changes_hands(scene: Scene, name: str, held: str, other: str) -> None:
    """A number that was given up goes to another person, who does not know about it."""
    actor, field = scene.actor(name), _HELD[held]
    next_one = scene.add(other, actor.record.preferred_channels)
    old, new = getattr(actor.known, field), getattr(next_one.known, field)
    at = scene.world.now
    next_one.known = structs.replace(next_one.known, role="stranger", at=at, **{field: old})
    actor.known = structs.replace(actor.known, at=at, **{field: new})
    scene.meet(actor.known)
    scene.meet(next_one.known)
    scene.take_note(next_one)
    scene.mend(actor, **{field: new})


@when(parsers.parse("{other} tries to sign in as {name} with their own {held}"))
def tries_to_come_in(scene: Scene, other: str, name: str, held: str) -> None:
    """The stranger knows the victim's proof, and reads what comes to their own phone."""
    stranger = scene.actor(other)
    proof, address = scene.actor(name).proof, getattr(stranger.known, _HELD[held])
    scene.tried = ""
    with suppress(Refused):
        sign_in_again(scene.world, replace(stranger.victim, proof=proof), address)
        scene.tried = address


@then("that link does not work")
def link_opens_nothing(scene: Scene) -> None:
    try:
        scene.world.portal.open_invitation(scene.tried)
    except Refused:
        return
    raise Unmet("only the link that was sent opens the sign-in", "a link that is nearly right does")


@then(parsers.parse("{name} is not signed in as {other}"))
def not_let_in_as(scene: Scene, name: str, other: str) -> None:
    if scene.tried:
        raise Unmet(f"what {name} was sent does not open {other}'s account", "it opened a session")
