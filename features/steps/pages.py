"""What people read on the portal's pages once they have signed in."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pytest_bdd import parsers, then, when

from features.people import Actor
from features.places import OTHER_FORCE
from features.running_scenario import Scene, Unmet
from reference.contract.events import Officer
from reference.contract.messages import CrimeSummary
from simulator.drivers.base import Refused
from simulator.world.victims import messages_of

_SHOWN_AS = (
    r"the crime (?P<name>\w+) reported is shown as (?P<status>open|charged|closed|transferred)"
)
#: The phase in which victims can write to their officer.
TWO_WAY = 3
#: A number is a collar number where it is called so, or follows an officer's name.
_CALLED_SO = r"\b(?:collar|shoulder) (?:number|no)\b\W*(?:is\b)?"


@when(parsers.parse("{name} asks the portal for the crime {other} reported"))
def asks_for_crime(scene: Scene, name: str, other: str) -> None:
    session = scene.session_of(scene.actor(name))
    scene.refused = ""
    try:
        entries = scene.world.portal.timeline(session, scene.actor(other).crime_reference)
        scene.shown_of_another += [f"{entry.title}\n{entry.text}" for entry in entries]
    except Refused as refused:
        scene.refused = refused.title


@then(parsers.parse("{name} is shown nothing of the crime {other} reported"))
def shown_nothing(scene: Scene, name: str, other: str) -> None:
    if scene.shown_of_another or not scene.refused:
        shown = scene.shown_of_another[:2]
        raise Unmet(f"{name} is refused the crime {other} reported", f"was shown {shown}")
    own = {each.crime_reference for each in _list_of(scene, scene.actor(name))}
    if scene.actor(other).crime_reference in own:
        observed = f"the one {other} reported is among them"
        raise Unmet(f"{name} sees only the crimes they reported", observed)


@then(parsers.parse("{name}'s page shows nothing new"))
def has_nothing_new(scene: Scene, name: str) -> None:
    new = scene.new_on_page(scene.actor(name))
    if new:
        raise Unmet(f"nothing is new on {name}'s page", f"new: {[each[:60] for each in new]}")


@then(parsers.parse("{name}'s page shows something new"))
def has_something_new(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    if not scene.comes_true(lambda: bool(scene.new_on_page(actor))):
        raise Unmet(f"{name}'s page says what the update is", "nothing that was not there before")
    scene.take_note_of_page(actor)


@then(parsers.parse("{name}'s report shows its crime reference and how to reach {officer}"))
def says_how_to_reach(scene: Scene, name: str, officer: str) -> None:
    """The number and the website may be left out once victims can write to the officer."""
    actor, named = scene.actor(name), scene.officer(officer)
    force = scene.world.order.forces[scene.force]
    wanted = [named.name, named.collar_number]
    if scene.world.order.phase_at(scene.world.now) < TWO_WAY:
        wanted += [force.non_emergency, urlsplit(force.website).netloc.removeprefix("www.")]

    def missing() -> list[str]:
        said = _summary(scene, actor).how_to_reach
        return [each for each in wanted if each not in said]

    if not scene.comes_true(lambda: not missing()):
        said = _summary(scene, actor).how_to_reach
        raise Unmet(f"how to reach {named.name} names {missing()[0]}", repr(said))


@then(parsers.parse("{name}'s page names {officer} and the collar number"))
def names_officer(scene: Scene, name: str, officer: str) -> None:
    """Check the crime's summary: an old entry may name another officer."""
    actor = scene.actor(name)
    wanted = (scene.officer(officer).name, scene.officer(officer).collar_number)

    def missing() -> list[str]:
        shown = _summary(scene, actor).officer_in_charge
        return [each for each in wanted if each not in shown]

    if not scene.comes_true(lambda: not missing()):
        shown = _summary(scene, actor).officer_in_charge
        raise Unmet(f"the officer in charge is shown as {missing()[0]}", repr(shown))
    for entry in scene.read_page(actor):
        _refuse_other_numbers(entry, scene.officers.values())


@then(parsers.parse("{name}'s page says where the appointment is"))
def says_where(scene: Scene, name: str) -> None:
    place = scene.data.place(0)
    if not _comes_to_say(scene, name, place):
        shown = scene.read_page(scene.actor(name))
        raise Unmet(f"{name}'s page says that the appointment is at {place}", f"{shown}")


@then(parsers.parse("{name}'s page says who keeps them informed after a charge"))
def says_who_informs(scene: Scene, name: str) -> None:
    if not _comes_to_say(scene, name, "witness care"):
        shown = scene.read_page(scene.actor(name))
        raise Unmet(f"{name}'s page names the witness care unit", f"{shown[-2:]}")


@then(parsers.parse("{name}'s page says which force has the case now"))
def says_which_force(scene: Scene, name: str) -> None:
    if not _comes_to_say(scene, name, OTHER_FORCE):
        shown = scene.read_page(scene.actor(name))
        raise Unmet(f"{name}'s page names {OTHER_FORCE}", f"{shown[-2:]}")


@then(parsers.parse("{name}'s page shows every step"))
def shows_all(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    shown, wanted = len(scene.new_on_page(actor)), scene.steps_recorded(actor)
    if shown < wanted:
        raise Unmet(f"the page shows all {wanted} steps, announced or not", f"{shown} new entries")


@then(parsers.re(_SHOWN_AS))
def is_shown_as(scene: Scene, name: str, status: str) -> None:
    actor = scene.actor(name)
    if not scene.comes_true(lambda: _summary(scene, actor).status == status):
        shown = _summary(scene, actor).status
        raise Unmet(f"the crime {name} reported is shown as {status}", f"as {shown}")


@then(parsers.parse("{name} and {other} read different reasons"))
def different_reasons(scene: Scene, name: str, other: str) -> None:
    actors = [scene.actor(name), scene.actor(other)]
    scene.comes_true(lambda: all(_new_words(scene, each) for each in actors))
    reasons = [_new_words(scene, each) for each in actors]
    if reasons[0] == reasons[1]:
        raise Unmet("different outcomes give different reasons", f"both read {reasons[0][:160]!r}")


@then(parsers.parse("nothing on {name}'s page says closed"))
def never_closed(scene: Scene, name: str) -> None:
    for entry in scene.read_page(scene.actor(name)):
        if "closed" in entry.lower():
            raise Unmet("a charge is not a closure", repr(entry))


@then(parsers.parse('{name} never sees "{words}"'))
def never_sees(scene: Scene, name: str, words: str) -> None:
    actor, words = scene.actor(name), scene.as_drawn(words)
    for message in messages_of(scene.world, actor.victim):
        _refuse_words(words, [message.subject, message.body], name)
    _refuse_words(words, scene.read_page(actor), name)
    _refuse_words(words, scene.read_conversation(actor), name)


@then(parsers.parse("{name} never sees where the appointment is"))
def never_sees_where(scene: Scene, name: str) -> None:
    if place := scene.data.place(0):
        never_sees(scene, name, place)


@then(parsers.parse("{name}'s advice begins with bicycles"))
def advice_fits(scene: Scene, name: str) -> None:
    pages = scene.world.portal.advice(scene.session_of(scene.actor(name)))
    if not pages or "bicycle" not in f"{pages[0].title} {pages[0].summary}".lower():
        raise Unmet("the advice that fits the offence comes first", f"{[p.title for p in pages]}")


def _refuse_other_numbers(entry: str, officers: Iterable[Officer]) -> None:
    """Refuse another officer's collar number where only one officer is named."""
    named = [each for each in officers if each.name in entry]
    if len(named) != 1:
        return
    pattern = rf"(?:{_CALLED_SO}|{re.escape(named[0].name)})[\s,(:-]*(\d+)\b"
    for number in re.findall(pattern, entry, re.IGNORECASE):
        if number != named[0].collar_number:
            raise Unmet(f"{named[0].name} is {named[0].collar_number}", repr(entry))


def _new_words(scene: Scene, actor: Actor) -> str:
    """Read what is new without numbers, in which two crimes differ anyway."""
    return re.sub(r"\d+", "", " ".join(scene.new_on_page(actor)))


def _comes_to_say(scene: Scene, name: str, words: str) -> bool:
    """Wait for some words to appear on a person's page; say whether they did."""
    actor = scene.actor(name)
    return scene.comes_true(
        lambda: any(words.casefold() in entry.casefold() for entry in scene.read_page(actor))
    )


def _refuse_words(words: str, places: list[str], name: str) -> None:
    for place in places:
        if words.lower() in place.lower():
            raise Unmet(f"{name} never sees {words!r}", repr(place[:160]))


def _list_of(scene: Scene, actor: Actor) -> list[CrimeSummary]:
    return scene.world.portal.crimes(scene.session_of(actor))


def _summary(scene: Scene, actor: Actor) -> CrimeSummary:
    for summary in _list_of(scene, actor):
        if summary.crime_reference == actor.crime_reference:
            return summary
    raise Unmet(f"the crime {actor.name} reported is in their list", "it is not")
