"""Who can sign in and who cannot: by the invitation, or by an address."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from pytest_bdd import given, parsers, then, when

from features.running_scenario import Scene, Unmet
from features.steps.sign_in_guesses import lets_in
from simulator.drivers.base import Refused
from simulator.world.victims import accept_invitation, latest_link, sign_in_again

_ASKS_FOR_PROOF = (
    "the portal asks {name} for the proof of identity the force ordered, by link and by number"
)
_HELD = {"mobile number": "mobile_phone", "email address": "email"}


@given(parsers.parse("{name} has signed in from the invitation"))
@when(parsers.parse("{name} signs in from the invitation"))
def signs_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    scene.come_in(actor, lambda: accept_invitation(scene.world, actor.victim, link))


@when(parsers.parse("{name} signs out"))
def signs_out(scene: Scene, name: str) -> None:
    scene.world.portal.sign_out(scene.session_of(scene.actor(name)))


@then(parsers.parse(_ASKS_FOR_PROOF))
def asks_as_ordered(scene: Scene, name: str) -> None:
    actor, portal, ordered = scene.actor(name), scene.world.portal, scene.world.order.sign_in.proof
    scene.await_message(actor, "an invitation", lambda each: bool(scene.world.link_in(each)))
    steps = {
        "link": portal.open_invitation(latest_link(scene.world, actor.victim)),
        "number": portal.begin_sign_in(actor.known.mobile_phone),
    }
    for way, step in steps.items():
        if step.asks != ordered:
            raise Unmet(f"{ordered} is asked for", f"by the {way} {step.asks} is")


@then(parsers.parse("{name} can sign in from the invitation"))
def can_sign_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    if not link:
        raise Unmet(f"an invitation on {name}'s phone or in the mailbox", "none")
    try:
        scene.come_in(actor, lambda: accept_invitation(scene.world, actor.victim, link))
    except Refused as refused:
        raise Unmet(f"{name} can sign in from the invitation", refused.title) from None


@then("the same link does not work again")
def link_is_used(scene: Scene) -> None:
    try:
        scene.world.portal.open_invitation(latest_link(scene.world, scene.first.victim))
    except Refused:
        return
    raise Unmet("an invitation works once", "it worked again")


@then(parsers.re(r"(?P<name>\w+) can sign in again by (?P<held>mobile number|email address)"))
def can_sign_in_again(scene: Scene, name: str, held: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + timedelta(minutes=1))
    address = scene.data.typed(getattr(actor.known, _HELD[held]))
    try:
        scene.come_in(actor, lambda: sign_in_again(scene.world, actor.victim, address))
    except Refused as refused:
        raise Unmet(f"{name} can sign in again without the invitation", refused.title) from None


@then(parsers.parse("{name} can no longer sign in by number or email"))
def cannot_sign_in_again(scene: Scene, name: str) -> None:
    """Try every address they have, whichever they chose."""
    actor = scene.actor(name)
    let_it_be_known(scene)
    for held in filter(None, actor.victim.addresses):
        if lets_in(partial(sign_in_again, scene.world, actor.victim, held)):
            by = "email" if "@" in held else "number"
            raise Unmet(
                "a person who may no longer be told cannot sign in", f"{name} signed in by {by}"
            )


@then(parsers.parse("{name} can no longer sign in from the invitation"))
def cannot_sign_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    assert link, f"{name} was never invited"
    let_it_be_known(scene)
    if lets_in(lambda: accept_invitation(scene.world, actor.victim, link)):
        raise Unmet("links end when a person may no longer be told", f"{name} came in by the link")


@then(parsers.parse("{name}'s old session shows nothing"))
def session_is_over(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    assert actor.session is not None, f"{name} never signed in"
    let_it_be_known(scene)
    portal, session, crime = scene.world.portal, actor.session, actor.crime_reference
    reads: dict[str, Callable[[], int]] = {
        "crimes": lambda: len(portal.crimes(session)),
        "entries on the page": lambda: len(portal.timeline(session, crime)),
        "words in the conversation": lambda: len(portal.conversation(session, crime)),
    }
    for what, count in reads.items():
        try:
            shown = count()
        except Refused:
            continue
        if shown:
            raise Unmet("sessions end when a person may no longer be told", f"{shown} {what}")


def let_it_be_known(scene: Scene) -> None:
    """Let as much time pass as the order lets a message take: a portal that polls may not know yet.

    Do not try earlier: it might succeed, and rightly fail the second time.
    """
    minutes = scene.world.order.messages.minutes_max
    scene.world.advance(scene.world.now + timedelta(minutes=minutes))
