"""Who comes in and who does not: by the invitation, by an address, by guessing."""

import string
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from pytest_bdd import parsers, then, when

from features.people import WORD, Actor
from features.scene import Scene, Unmet
from simulator.drivers.base import Refused, Session, Step
from simulator.gateway.inbox import Accepted
from simulator.victims import accept_invitation, latest_link, messages_of, prove, sign_in_again

_BY_PROOF = "a stranger who reads {name}'s messages follows the link and guesses {count:d} times"
_BY_CODES = "a stranger who has {name}'s link and what proves who {name} is guesses {count:d} codes"


@when(parsers.parse("{name} signs in from the invitation"))
def signs_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    scene.come_in(actor, lambda: accept_invitation(scene.world, actor.victim, link))


@when(parsers.parse("{name} signs out"))
def signs_out(scene: Scene, name: str) -> None:
    scene.world.portal.sign_out(scene.session_of(scene.actor(name)))


@when(parsers.parse(_BY_PROOF))
def stranger_guesses(scene: Scene, name: str, count: int) -> None:
    """Give something else, and enter whatever code the portal then sends to what they read."""
    actor = scene.actor(name)
    step = scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    for guess, what in list(_guesses(actor).items())[:count]:
        if _lets_in(partial(_enter, scene, actor, step, guess)):
            scene.stranger_came_in_by = what


@when(parsers.parse(_BY_CODES))
def stranger_guesses_codes(scene: Scene, name: str, count: int) -> None:
    """Try other codes of the same kind as the one that went to a phone they do not have."""
    actor = scene.actor(name)
    step = scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    step = prove(scene.world, actor.victim, step, actor.proof)
    scene.world.settle()
    sent = _codes(scene, actor)
    if not sent:
        raise Unmet(f"a one-time code comes to {name}", "none came")
    code = scene.world.code_in(sent[-1])
    for _guess in range(count):
        code = code.translate(_NEXT)
        if _lets_in(partial(scene.world.portal.enter_code, step, code)):
            scene.stranger_came_in_by = "another code"


@then(parsers.parse("the portal asks {name} for what the force ordered, by the link and by number"))
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


@then("the stranger is not let in")
def not_let_in(scene: Scene) -> None:
    if scene.stranger_came_in_by:
        observed = f"the stranger was let in by {scene.stranger_came_in_by}"
        raise Unmet("the portal asks for what only the victim has", observed)


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


@then(parsers.parse("{name} can sign in again by mobile number"))
def can_sign_in_again(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + timedelta(minutes=1))
    try:
        scene.come_in(actor, lambda: _by_number(scene, actor))
    except Refused as refused:
        raise Unmet(f"{name} can come back without the invitation", refused.title) from None


@then(parsers.parse("{name} can no longer sign in by mobile number"))
def cannot_sign_in_again(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    _let_it_be_known(scene)
    if _lets_in(lambda: _by_number(scene, actor)):
        raise Unmet("nobody signs in who may no longer be told", f"{name} signed in by number")


@then(parsers.parse("{name} can no longer sign in from the invitation"))
def cannot_sign_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    assert link, f"{name} was never invited"
    _let_it_be_known(scene)
    if _lets_in(lambda: accept_invitation(scene.world, actor.victim, link)):
        raise Unmet("links end when a person may no longer be told", f"{name} came in by the link")


@then(parsers.parse("{name}'s old session shows nothing"))
def session_is_over(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    assert actor.session is not None, f"{name} never signed in"
    _let_it_be_known(scene)
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


def _let_it_be_known(scene: Scene) -> None:
    """Let pass what the order lets a message take: a portal that polls does not know it yet.

    Nothing is tried before: it might succeed, and rightly fail the second time.
    """
    minutes = scene.world.order.messages.minutes_max
    scene.world.advance(scene.world.now + timedelta(minutes=minutes))


def _by_number(scene: Scene, actor: Actor) -> Session:
    return sign_in_again(scene.world, actor.victim, actor.known.mobile_phone)


def _lets_in(come_in: Callable[[], Session]) -> bool:
    """Say whether somebody comes through the whole sign-in, whatever is said on the way."""
    try:
        come_in()
    except Refused:
        return False
    return True


def _guesses(actor: Actor) -> dict[str, str]:
    """Give what a stranger may know or slip into, that a portal may be too kind about."""
    if actor.proof == WORD:
        return {
            "swallow": "another word",
            "password": "another word",
            str(actor.record.born): "their date of birth",
        }
    born = date.fromisoformat(actor.proof)
    return {
        born.replace(day=born.month, month=born.day).isoformat(): "day and month the other way",
        born.replace(year=born.year + 1).isoformat(): "another year",
        born.replace(day=born.day + 1).isoformat(): "another day",
    }


def _enter(scene: Scene, actor: Actor, step: Step, guess: str) -> Session:
    before = _codes(scene, actor)
    step = prove(scene.world, actor.victim, step, guess)
    scene.world.settle()
    sent = [each for each in _codes(scene, actor) if each not in before]
    if not sent:
        raise Refused(0, "no one-time code arrived")
    return scene.world.portal.enter_code(step, scene.world.code_in(sent[-1]))


def _codes(scene: Scene, actor: Actor) -> list[Accepted]:
    """List the one-time codes on a person's phone and in their mailbox, oldest first."""
    return [each for each in messages_of(scene.world, actor.victim) if scene.is_code(each)]


#: Each digit and letter becomes the next, so that a guess has the form of the code.
_NEXT = str.maketrans(
    {
        each: kind[(kind.index(each) + 1) % len(kind)]
        for kind in (string.digits, string.ascii_lowercase, string.ascii_uppercase)
        for each in kind
    }
)
