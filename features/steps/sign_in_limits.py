"""How long and how often links, answers, codes and sessions open the portal."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from pytest_bdd import given, parsers, then, when

from features.people import Actor
from features.running_scenario import Scene, Unmet
from features.steps.sign_in_guesses import wrong_answers
from simulator.drivers.base import Refused, Step
from simulator.world.victims import latest_link, messages_of, prove

_ANSWERS = "a stranger who has {name}'s link uses up every attempt at the proof of identity"
_CODES = "a stranger who has {name}'s link and proof of identity uses up every attempt at the code"


@when("the invitation expires")
def invitation_is_old(scene: Scene) -> None:
    days = scene.world.order.sign_in.invitation_days
    scene.world.advance(scene.world.now + timedelta(days=days, minutes=1))


@then(parsers.parse("no link sent to {name} works again"))
def no_link_works(scene: Scene, name: str) -> None:
    messages = messages_of(scene.world, scene.actor(name).victim)
    for link in {scene.world.link_in(each) for each in messages} - {""}:
        if not _is_refused(partial(scene.world.portal.open_invitation, link)):
            raise Unmet("using one invitation ends the earlier ones", "another link works still")


@when(parsers.parse(_ANSWERS))
def uses_up_answers(scene: Scene, name: str) -> None:
    scene.step = scene.world.portal.open_invitation(
        latest_link(scene.world, scene.actor(name).victim)
    )
    for guess in wrong_answers(scene.actor(name), scene.world.order.sign_in.attempts_max):
        _is_refused(partial(scene.world.portal.prove, _step(scene), guess))


@then(parsers.parse("{name}'s proof of identity is refused"))
def answer_is_late(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    if not _is_refused(lambda: scene.world.portal.prove(_step(scene), actor.proof)):
        count = scene.world.order.sign_in.attempts_max
        raise Unmet("there is a limit on guesses", f"the right answer is taken after {count} wrong")


@when(parsers.parse(_CODES))
def uses_up_codes(scene: Scene, name: str) -> None:
    _comes_to_code(scene, scene.actor(name))
    for number in range(1, scene.world.order.sign_in.attempts_max + 1):
        guess = _another(scene.code, number)
        _is_refused(partial(scene.world.portal.enter_code, _step(scene), guess))


@given(parsers.parse("{name} has a one-time code"))
def has_code(scene: Scene, name: str) -> None:
    _comes_to_code(scene, scene.actor(name))


@when("the one-time code expires")
def code_is_old(scene: Scene) -> None:
    minutes = scene.world.order.sign_in.code_minutes
    scene.world.advance(scene.world.now + timedelta(minutes=minutes + 1))


@when("the code is entered")
def code_is_entered(scene: Scene) -> None:
    session = scene.world.portal.enter_code(_step(scene), scene.code)
    if scene.at_code is not None:
        scene.comes_in_by_code(scene.at_code, session)


@then("the code does not work")
def code_opens_nothing(scene: Scene) -> None:
    if not _is_refused(lambda: scene.world.portal.enter_code(_step(scene), scene.code)):
        raise Unmet(
            "a code works once, for a limited time and after few attempts", "it opened a session"
        )


@when(parsers.parse("{name} does nothing for as long as a session lasts"))
def does_nothing(scene: Scene, name: str) -> None:
    minutes = scene.world.order.sign_in.session_minutes
    scene.world.advance(scene.world.now + timedelta(minutes=minutes + 1))


@when(parsers.parse("{name} keeps reading for as long as a session may last"))
def reads_on(scene: Scene, name: str) -> None:
    """Ask in good time, whatever the answer: a portal may end the session sooner."""
    actor, ordered = scene.actor(name), scene.world.order.sign_in
    session, end = actor.session, scene.world.now + timedelta(hours=ordered.session_hours_max)
    assert session is not None, f"{name} never signed in"
    pause = timedelta(minutes=max(1, ordered.session_minutes // 2))
    _is_refused(lambda: scene.world.portal.crimes(session))
    while scene.world.now < end:
        scene.world.advance(scene.world.now + pause)
        _is_refused(lambda: scene.world.portal.crimes(session))


def _comes_to_code(scene: Scene, actor: Actor) -> None:
    """Go as far as the code, which is on the victim's phone or in their mailbox."""
    step = scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    scene.step = prove(scene.world, actor.victim, step, actor.proof)

    def codes() -> list[str]:
        messages = messages_of(scene.world, actor.victim)
        return [scene.world.code_in(each) for each in messages if scene.is_code(each)]

    scene.world.settle()
    scene.world.wait_for(lambda: bool(codes()), timedelta(minutes=1))
    if not codes():
        raise Unmet(f"a one-time code comes to {actor.name}", "none came")
    scene.code, scene.at_code = codes()[-1], actor


def _another(code: str, number: int) -> str:
    """Shift every digit and letter of a code, so that it keeps the form of one."""
    kinds = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    turned = {
        each: kind[(kind.index(each) + number) % len(kind)] for kind in kinds for each in kind
    }
    return "".join(turned.get(each, each) for each in code)


def _step(scene: Scene) -> Step:
    assert scene.step is not None, "nobody has begun to sign in"
    return scene.step


def _is_refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Refused:
        return True
    return False
