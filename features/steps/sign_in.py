"""Who comes in and who does not: by the invitation, by an address, by guessing."""

import string
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from pytest_bdd import parsers, then, when

from features.people import WORD, Actor
from features.scene import Scene, Unmet
from simulator.drivers.base import Refused, Session, Step
from simulator.gateway.inbox import Accepted
from simulator.victims import accept_invitation, latest_link, messages_of, sign_in_again

_OTHER_WORDS = ("swallow", "password", "blackbird")
_BY_WORDS = "a stranger who reads {name}'s messages follows the link and guesses {count:d} words"
_BY_CODES = "a stranger who has {name}'s link and word guesses {count:d} codes"


@when(parsers.parse("{name} signs in from the invitation"))
def signs_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    scene.come_in(actor, lambda: accept_invitation(scene.world, actor.victim, link))


@when(parsers.parse("{name} signs out"))
def signs_out(scene: Scene, name: str) -> None:
    scene.world.portal.sign_out(scene.session_of(scene.actor(name)))


@when(parsers.parse(_BY_WORDS))
def stranger_guesses_words(scene: Scene, name: str, count: int) -> None:
    """Try other words, and enter whatever code the portal then sends to the messages they read."""
    actor = scene.actor(name)
    step = scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    for word in _OTHER_WORDS[:count]:
        if _lets_in(partial(_enter, scene, actor, step, word)):
            scene.stranger_came_in_by = "another word"


@when(parsers.parse(_BY_CODES))
def stranger_guesses_codes(scene: Scene, name: str, count: int) -> None:
    """Try other codes of the same kind as the one that went to a phone they do not have."""
    actor = scene.actor(name)
    step = scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    step = scene.world.portal.prove(step, WORD)
    scene.world.settle()
    sent = _codes(scene, actor)
    if not sent:
        raise Unmet(f"a one-time code comes to {name}", "none came")
    code = scene.world.code_in(sent[-1])
    for _guess in range(count):
        code = code.translate(_NEXT)
        if _lets_in(partial(scene.world.portal.enter_code, step, code)):
            scene.stranger_came_in_by = "another code"


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
    if _lets_in(lambda: _by_number(scene, actor)):
        raise Unmet("nobody signs in who may no longer be told", f"{name} signed in by number")


@then(parsers.parse("{name} can no longer sign in from the invitation"))
def cannot_sign_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    assert link, f"{name} was never invited"
    if _lets_in(lambda: accept_invitation(scene.world, actor.victim, link)):
        raise Unmet("links end when a person may no longer be told", f"{name} came in by the link")


@then(parsers.parse("{name}'s old session shows nothing"))
def session_is_over(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    assert actor.session is not None, f"{name} never signed in"
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


def _by_number(scene: Scene, actor: Actor) -> Session:
    return sign_in_again(scene.world, actor.victim, actor.known.mobile_phone)


def _lets_in(come_in: Callable[[], Session]) -> bool:
    """Say whether somebody comes through the whole sign-in, whatever is said on the way."""
    try:
        come_in()
    except Refused:
        return False
    return True


def _enter(scene: Scene, actor: Actor, step: Step, word: str) -> Session:
    before = _codes(scene, actor)
    step = scene.world.portal.prove(step, word)
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
