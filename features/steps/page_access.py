"""What stays readable when a crime takes a turn: nothing of it, all of it, or on another page."""

from collections.abc import Iterator
from contextlib import suppress

from pytest_bdd import parsers, then

from features.people import Actor
from features.running_scenario import Scene, Unmet
from simulator.drivers.base import Refused, Session
from simulator.errors import CannotVerify
from simulator.world.victims import look_at_crimes, look_at_timeline, sign_in_again

_CLOSURE = "CrimeClosed"


@then(parsers.re(r"(?P<name>\w+) can read nothing of the (?P<crime>.+)"))
def reads_nothing_of(scene: Scene, name: str, crime: str) -> None:
    """Try with the present session, and by signing in again."""
    actor = scene.actor(name)
    reference = actor.crimes.get(crime, actor.crime_reference)
    for how, session in _sessions(scene, actor):
        shown = _shown(scene, actor, session, reference)
        if shown:
            raise Unmet(f"{name} can read nothing of it any more", f"by {how}: {shown[0]!r}")


@then(parsers.parse("{name} is shown nothing new"))
def nothing_new(scene: Scene, name: str) -> None:
    """A page that can no longer be read shows nothing new either."""
    actor = scene.actor(name)
    try:
        added = scene.new_on_page(actor)
    except Refused:
        return
    if added:
        raise Unmet(f"{name} is shown nothing that was not there before", f"{added[:2]}")


@then(parsers.parse("{name} does not learn from the portal that the crime was closed"))
def does_not_learn_of_closure(scene: Scene, name: str) -> None:
    """Check the list and the page: neither the status nor an entry may say it."""
    actor = scene.actor(name)
    session = scene.session_of(actor)
    look_at_crimes(scene.world, actor.victim, session)
    statuses = {each.crime_reference: each.status for each in scene.world.portal.crimes(session)}
    if statuses.get(actor.crime_reference) == "closed":
        raise Unmet("an officer tells them first", f"{name}'s list says closed")
    entries = scene.world.portal.timeline(session, actor.crime_reference)
    for entry in entries:
        if entry.kind == _CLOSURE:
            raise Unmet("an officer tells them first", f"{name}'s page says {entry.title!r}")
    unknown = next((entry.title for entry in entries if not entry.kind), "")
    if unknown:
        raise CannotVerify(f"what kind of step is {unknown!r}? The driver does not say")


@then(parsers.parse("the old reference leads {name} to the crime {other} reported"))
def is_led_to(scene: Scene, name: str, other: str) -> None:
    """Either the list has the remaining crime, or the old page gives its reference."""
    actor, into = scene.actor(name), scene.actor(other).crime_reference
    session = scene.session_of(actor)
    listed = [each.crime_reference for each in scene.world.portal.crimes(session)]
    page = scene.read_page(actor)
    if into not in listed and not any(into in entry for entry in page):
        raise Unmet(
            f"{name} reaches the crime that their record was merged into", f"listed: {listed}"
        )


@then(parsers.re(r"(?P<name>\w+) can still read what stood on the page(?: of the (?P<crime>.+))?"))
def can_still_read(scene: Scene, name: str, crime: str | None) -> None:
    """Ask by the old reference for all that was on the page when it was last remembered."""
    actor = scene.actor(name)
    reference = actor.crimes.get(crime or "", actor.crime_reference)
    session = scene.session_of(actor)
    shown = look_at_timeline(scene.world, actor.victim, session, reference)
    lost = [entry for entry in actor.page if entry not in shown]
    if lost:
        raise Unmet(f"{name} can still read what was there before", f"gone: {lost[0]!r}")


def _sessions(scene: Scene, actor: Actor) -> Iterator[tuple[str, Session]]:
    if actor.session is not None:
        yield "the old session", actor.session
    try:
        yield "signing in anew", sign_in_again(scene.world, actor.victim, actor.address)
    except Refused:
        return


def _shown(scene: Scene, actor: Actor, session: Session, reference: str) -> list[str]:
    """Give what a session shows of a crime: on its page, and in the list."""
    portal = scene.world.portal
    shown: list[str] = []
    with suppress(Refused):
        shown += look_at_timeline(scene.world, actor.victim, session, reference)
    with suppress(Refused):
        listed = [each for each in portal.crimes(session) if each.crime_reference == reference]
        shown += [f"{each.offence}, {each.status}" for each in listed]
    return shown
