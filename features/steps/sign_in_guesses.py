"""What a stranger guesses or learns at sign-in, and how many wrong answers are allowed."""

import string
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

from msgspec import structs
from pytest_bdd import parsers, then, when

from features.people import WRONG_WORDS, Actor
from features.running_scenario import Scene, Unmet
from simulator.drivers.base import Refused, Session, Step
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.victims import latest_link, messages_of, prove

_BY_PROOF = "a stranger who reads {name}'s messages follows the link and guesses {count:d} times"
_BY_CODES = "a stranger who has {name}'s link and proof of identity guesses {count:d} codes"
_ANEW = "a stranger restarts sign-in with {name}'s number as often as {count:d} guesses need"
_AT_LAST = "{name} gets {what} right at the last attempt allowed"


@when(parsers.parse(_BY_PROOF))
def stranger_guesses(scene: Scene, name: str, count: int) -> None:
    """Give another answer, and enter any code the portal then sends to what they read."""
    actor = scene.actor(name)
    step = scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    for guess, what in list(_guesses(actor).items())[:count]:
        if lets_in(partial(_enter, scene, actor, step, guess)):
            scene.stranger_came_in_by = what


@when(parsers.parse(_BY_CODES))
def stranger_guesses_codes(scene: Scene, name: str, count: int) -> None:
    """Try other codes of the same form as the one sent to a phone they do not have."""
    actor = scene.actor(name)
    step = scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    step, code = _prove(scene, actor, step, actor.proof)
    if not code:
        raise Unmet(f"a one-time code comes to {name}", "none came")
    for _guess in range(count):
        code = code.translate(_NEXT)
        if lets_in(partial(scene.world.portal.enter_code, step, code)):
            scene.stranger_came_in_by = "another code"


@when(parsers.parse(_ANEW))
def begins_anew(scene: Scene, name: str, count: int) -> None:
    """Start again whenever the attempts are used up, until the portal refuses that too."""
    actor, portal = scene.actor(name), scene.world.portal
    guesses, at_once = wrong_answers(actor, count), scene.world.order.sign_in.attempts_max
    with suppress(Refused):
        for first in range(0, count, at_once):
            step = portal.begin_sign_in(actor.known.mobile_phone)
            for guess in guesses[first : first + at_once]:
                with suppress(Refused):
                    portal.prove(step, guess)


@when(parsers.parse(_AT_LAST))
def right_at_last(scene: Scene, name: str, what: str) -> None:
    """Give one wrong answer fewer than the order allows."""
    actor, portal = scene.actor(name), scene.world.portal
    left = scene.world.order.sign_in.attempts_max - 1
    step = portal.begin_sign_in(actor.known.mobile_phone)
    actor.session = None
    with suppress(Refused):
        if what == "the proof":
            for guess in wrong_answers(actor, left):
                with suppress(Refused):
                    portal.prove(step, guess)
        step, code = _prove(scene, actor, step, actor.proof)
        wrong = code
        for _attempt in range(left if what == "the code" else 0):
            wrong = wrong.translate(_NEXT)
            with suppress(Refused):
                portal.enter_code(step, wrong)
        scene.comes_in_by_code(actor, portal.enter_code(step, code))


@when(parsers.parse("the force records a new proof of identity for {name}"))
def new_proof(scene: Scene, name: str) -> None:
    """Agree another word, or put the date of birth right, as the order asks for either."""
    actor = scene.actor(name)
    actor.old_proof = actor.proof
    assert actor.record.born is not None, f"{name} has no date of birth on record"
    actor.record = structs.replace(actor.record, born=actor.record.born + timedelta(days=1))
    scene.register.agree(actor, scene.register.another_word)
    scene.mend(actor)


@then(parsers.parse("the old proof of identity of {name} does not open the portal"))
def old_proof_refused(scene: Scene, name: str) -> None:
    actor, begin = scene.actor(name), scene.world.portal.begin_sign_in
    if lets_in(lambda: _enter(scene, actor, begin(actor.known.mobile_phone), actor.old_proof)):
        raise Unmet("only the proof of identity that is on record opens it", "the old one does")


@then(parsers.parse("{name} is signed in"))
def has_come_in(scene: Scene, name: str) -> None:
    if scene.actor(name).session is None:
        count = scene.world.order.sign_in.attempts_max
        raise Unmet(f"the last of {count} attempts counts too", f"{name} was turned away")


@then("the stranger is not signed in")
def not_let_in(scene: Scene) -> None:
    if scene.stranger_came_in_by:
        observed = f"the stranger was let in by {scene.stranger_came_in_by}"
        raise Unmet("the portal asks for what only the victim has", observed)


@then(parsers.parse("the right answer for {name} is refused"))
def right_comes_too_late(scene: Scene, name: str) -> None:
    actor, begin = scene.actor(name), scene.world.portal.begin_sign_in
    if lets_in(lambda: _enter(scene, actor, begin(actor.known.mobile_phone), actor.proof)):
        raise Unmet(
            "starting again does not allow endless guesses", "the right answer opens it still"
        )


@then(parsers.parse("a {detail} on no record gets the same answer as {name}'s"))
def answered_alike(scene: Scene, detail: str, name: str) -> None:
    """Start sign-in with each address, and give the same wrong answer; digits may differ."""
    actor, by = scene.actor(name), _HELD[detail]
    nobody = scene.register.person("Nobody", actor.record.preferred_channels, scene.world.now)
    [guess] = wrong_answers(actor, 1)
    known, unknown = (_said_to(scene, getattr(each.known, by), guess) for each in (actor, nobody))
    if known != unknown:
        observed = f"{unknown!r} to a {detail} nobody has, {known!r} to theirs"
        raise Unmet("sign-in does not reveal who is known to the force", observed)


def wrong_answers(actor: Actor, count: int) -> list[str]:
    """Give so many other words or birthdays, each once."""
    numbers = range(1, count + 1)
    if not _is_date(actor.proof):
        return [f"{WRONG_WORDS[0]} {number}" for number in numbers]
    born = date.fromisoformat(actor.proof)
    return [(born + timedelta(days=30 + number)).isoformat() for number in numbers]


def _is_date(proof: str) -> bool:
    return proof[:1].isdigit()


def lets_in(come_in: Callable[[], Session]) -> bool:
    """Say whether a person completes sign-in, whatever the portal says on the way."""
    try:
        come_in()
    except Refused:
        return False
    return True


def _said_to(scene: Scene, address: str, guess: str) -> tuple[object, ...]:
    said: list[object] = []
    try:
        step = scene.world.portal.begin_sign_in(address)
        said.append(step.asks)
        scene.world.portal.prove(step, guess)
        said.append("taken")
    except Refused as refused:
        words = f"{refused.title} {refused.detail}".replace(address, "")
        said += [refused.status, "".join(each for each in words if not each.isdigit())]
    return tuple(said)


def _guesses(actor: Actor) -> dict[str, str]:
    """Give near misses a stranger may know or type, which a lenient portal may accept."""
    if not _is_date(actor.proof):
        return {
            **dict.fromkeys(WRONG_WORDS, "another word"),
            str(actor.record.born): "their date of birth",
        }
    born = date.fromisoformat(actor.proof)
    return {
        born.replace(day=born.month, month=born.day).isoformat(): "day and month the other way",
        born.replace(year=born.year + 1).isoformat(): "another year",
        born.replace(day=born.day + 1).isoformat(): "another day",
    }


def _enter(scene: Scene, actor: Actor, step: Step, guess: str) -> Session:
    step, code = _prove(scene, actor, step, guess)
    if not code:
        raise Refused(0, "no one-time code arrived")
    return scene.world.portal.enter_code(step, code)


def _prove(scene: Scene, actor: Actor, step: Step, given: str) -> tuple[Step, str]:
    """Give an answer; gives the next step with the code that came to a person, "" for none."""
    before = _codes(scene, actor)

    def sent_since() -> list[Accepted]:
        return [message for message in _codes(scene, actor) if message not in before]

    step = prove(scene.world, actor.victim, step, given)
    scene.world.await_code(lambda: bool(sent_since()))
    sent = sent_since()
    return step, scene.world.code_in(sent[-1]) if sent else ""


def _codes(scene: Scene, actor: Actor) -> list[Accepted]:
    """List the one-time codes on a person's phone and in their mailbox, oldest first."""
    return [each for each in messages_of(scene.world, actor.victim) if scene.is_code(each)]


_HELD = {"number": "mobile_phone", "mailbox": "email"}

#: Each digit and letter becomes the next, so that a guess has the form of the code.
_NEXT = str.maketrans(
    {
        each: kind[(kind.index(each) + 1) % len(kind)]
        for kind in (string.digits, string.ascii_lowercase, string.ascii_uppercase)
        for each in kind
    }
)
