"""What a victim reads about the crimes they reported: each in words, and on its own page."""

import re
from collections.abc import Mapping
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from features.people import OKAFOR
from features.running_scenario import Scene, Unmet
from features.steps.progress import allocated
from reference.contract.events import CrimeAllocated
from reference.contract.messages import TimelineEntry
from simulator.clock import LONDON
from simulator.errors import CannotVerify
from simulator.judge.text.practical_advice import ANOTHER_WAY, COMPLAINT, lacking, local_support
from simulator.judge.text.times_in_words import says_when
from simulator.world.victims import look_at_timeline

_RIGHTS = re.compile(r"victims?['\u2019]?s?['\u2019]? code|your rights", re.IGNORECASE)
_LETTERS_MIN = 4
_ALLOCATION_HELD_BACK = (
    "the crime system holds back the allocation of the crime {name} reported to {officer}"
)


@given(parsers.parse("{name} has read the page of each crime they reported"))
def has_read_each(scene: Scene, name: str) -> None:
    scene.actor(name).pages = _pages(scene, name)


@given(parsers.parse(_ALLOCATION_HELD_BACK))
def allocation_held_back(scene: Scene, officer: str, name: str) -> None:
    scene.held_event_id = scene.world.crime_system.record(
        CrimeAllocated(
            crime_reference=scene.actor(name).crime_reference,
            allocated_at=scene.world.now,
            officer_in_charge=scene.officer(officer),
        )
    )
    scene.world.integration.hold_back(scene.held_event_id)


@when(parsers.parse("each crime {name} reported is reallocated twice a day for {days:d} days"))
def each_is_reallocated(scene: Scene, name: str, days: int) -> None:
    actor = scene.actor(name)
    for _day in range(days):
        for whom, hours in ((OKAFOR, 5), ("the team", 19)):
            for reference in actor.crimes.values():
                actor.crime_reference = reference
                allocated(scene, name, whom)
            scene.world.advance(scene.world.now + timedelta(hours=hours))


@then(parsers.re(r"only the page of the (?P<crime>.+) (?P<name>\w+) reported shows something new"))
def only_that_page(scene: Scene, name: str, crime: str) -> None:
    before = scene.actor(name).pages

    def grown() -> list[str]:
        return [each for each, page in _pages(scene, name).items() if page != before[each]]

    scene.comes_true(lambda: bool(grown()))
    if grown() != [crime]:
        raise Unmet(f"what happened appears only on the page of the {crime}", f"on {grown()}")


@then(parsers.parse("{name}'s list says in words what each crime is"))
def says_what_each_is(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    listed = scene.world.portal.crimes(scene.session_of(actor))
    shown = {each.crime_reference: each.offence for each in listed}
    words = [shown.get(reference, "") for reference in actor.crimes.values()]
    if any(sum(each.isalpha() for each in offence) < _LETTERS_MIN for offence in words):
        raise Unmet("each crime is named in words, not by a code", f"{words}")
    if len(set(words)) < len(words):
        raise Unmet("different crimes have different names", f"{words}")


@then(parsers.parse("{name}'s page says where the appointment is now"))
def says_where_now(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    place = scene.data.place(1)
    if not scene.comes_true(lambda: any(place in each for each in scene.new_on_page(actor))):
        shown = scene.new_on_page(actor)
        raise Unmet(f"the page says that the appointment is at {place} now", f"{shown}")


@then(parsers.parse("{name}'s page says when the appointment is"))
def says_when_it_is(scene: Scene, name: str) -> None:
    """Take an entry that says it in words, or is dated so."""
    actor, at = scene.actor(name), scene.appointment_at

    def entries() -> list[TimelineEntry]:
        return scene.world.portal.timeline(scene.session_of(actor), actor.crime_reference)

    def is_said() -> bool:
        return any(e.at == at or says_when(f"{e.title}\n{e.text}", at) for e in entries())

    if not scene.comes_true(is_said):
        shown = [each.text for each in entries()[-2:]]
        wanted = f"the page says that it is on {at.astimezone(LONDON):%d %B at %H:%M} London time"
        raise Unmet(wanted, f"{shown}")


@then(parsers.parse("{officer} is no longer shown as in charge of the crime {name} reported"))
def no_longer_in_charge(scene: Scene, officer: str, name: str) -> None:
    actor = scene.actor(name)

    def shown() -> str:
        listed = scene.world.portal.crimes(scene.session_of(actor))
        mine = [each for each in listed if each.crime_reference == actor.crime_reference]
        return mine[0].officer_in_charge if mine else ""

    before = (scene.as_drawn(officer).rsplit(maxsplit=1)[-1], scene.officer(officer).collar_number)
    if not scene.comes_true(lambda: not any(each in shown() for each in before)):
        raise Unmet(f"{officer}, who is no longer in charge, is not shown as in charge", shown())


@then(parsers.parse("{name} finds the rights of the Victims' Code among the advice"))
def finds_rights(scene: Scene, name: str) -> None:
    pages = scene.world.portal.advice(scene.session_of(scene.actor(name)))
    if not any(_RIGHTS.search(f"{each.title} {each.summary}") for each in pages):
        titles = [each.title for each in pages]
        raise Unmet("a page on the rights of the Victims' Code", f"{titles}")


@then(parsers.parse("{name} finds how to ask for another language or format among the advice"))
def finds_another_way(scene: Scene, name: str) -> None:
    _find_among_advice(scene, name, ANOTHER_WAY)


@then(parsers.parse("{name} finds how to complain among the advice"))
def finds_how_to_complain(scene: Scene, name: str) -> None:
    _find_among_advice(scene, name, COMPLAINT)


@then(parsers.parse("{name} finds local support, and how the police refer victims to it"))
def finds_local_support(scene: Scene, name: str) -> None:
    support = scene.world.order.forces[scene.force].support
    if support is None:
        raise CannotVerify("the order names no support service for this force")
    _find_among_advice(scene, name, local_support(support))


@then(parsers.parse('{name}\'s advice begins with "{words}"'))
def advice_begins_with(scene: Scene, name: str, words: str) -> None:
    """Accept any of several words, because a page may use another."""
    pages = scene.world.portal.advice(scene.session_of(scene.actor(name)))
    first = f"{pages[0].title} {pages[0].summary}".lower() if pages else ""
    if not any(each in first for each in words.split("/")):
        raise Unmet(f"the advice on {words} comes first", f"{[page.title for page in pages]}")


def _find_among_advice(scene: Scene, name: str, asked: Mapping[str, str]) -> None:
    pages = scene.world.portal.advice(scene.session_of(scene.actor(name)))
    missing = lacking(asked, (f"{each.title}\n{each.summary}\n{each.text}" for each in pages))
    if missing:
        raise Unmet(
            f"the advice says {' and '.join(missing)}",
            f"no page says {missing[0]}: {[each.title for each in pages]}",
        )


def _pages(scene: Scene, name: str) -> dict[str, list[str]]:
    actor = scene.actor(name)
    session = scene.session_of(actor)
    return {
        crime: list(look_at_timeline(scene.world, actor.victim, session, reference))
        for crime, reference in actor.crimes.items()
    }
