"""Two records of persons that the force merges, and takes apart again."""

from msgspec import structs
from pytest_bdd import given, parsers, then, when

from features.running_scenario import Scene, Unmet
from features.steps.roles import recorded_twice
from features.steps.sign_in import let_it_be_known
from reference.contract.events import PersonsMerged, PersonsUnmerged
from simulator.drivers.base import Refused

_AGAIN = "{other} is {name} again, recorded with another number"
_NAMESAKE = "{other} has the name of {name}, and a date of birth that nobody recorded"
_FAMILY_NAME = "Dunmore-Garside"


@given(parsers.parse(_AGAIN))
def recorded_again(scene: Scene, other: str, name: str) -> None:
    """Give one person two records, each with a phone that they hold."""
    recorded_twice(scene, other, name)
    actor, first = scene.actor(other), scene.actor(name)
    actor.known = structs.replace(actor.known, same_as=first.known.person_id)


@given(parsers.parse(_NAMESAKE))
def is_a_namesake(scene: Scene, other: str, name: str) -> None:
    """Give two people one name: their records say nothing that tells them apart."""
    first = scene.actor(name).record
    names = {"given_name": first.given_name, "family_name": first.family_name}
    scene.change(scene.actor(other), **names, born=None)


@given(parsers.parse("{name} has another family name on record"))
def has_another_name(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), family_name=_FAMILY_NAME)


@when(parsers.parse("the record of {other} is merged into the record of {name}"))
def merged(scene: Scene, other: str, name: str) -> None:
    actor, survivor = scene.actor(other), scene.actor(name)
    scene.happens(
        PersonsMerged(
            crime_reference=actor.crime_reference,
            person_id=actor.record.person_id,
            into=survivor.record.person_id,
            merged_at=scene.world.now,
        )
    )


@when(parsers.parse("the merger of the record of {name} is taken back"))
def unmerged(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.happens(
        PersonsUnmerged(
            crime_reference=actor.crime_reference,
            person_id=actor.record.person_id,
            unmerged_at=scene.world.now,
        )
    )


@when(parsers.parse("the force confirms the record of {name}"))
def written_again(scene: Scene, name: str) -> None:
    scene.mend(scene.actor(name))


@then(parsers.parse("{name}'s session shows no report that {other} made"))
def shows_nothing_of(scene: Scene, name: str, other: str) -> None:
    """A session may end, or show only what is the person's own."""
    session = scene.actor(name).session
    assert session is not None, f"{name} never signed in"
    let_it_be_known(scene)
    portal, theirs = scene.world.portal, {*scene.actor(other).crimes.values()}
    for reference in sorted(theirs):
        try:
            shown = [each.crime_reference for each in portal.crimes(session)]
            entries = len(portal.timeline(session, reference))
        except Refused:
            continue
        if entries or reference in shown:
            raise Unmet(f"{name} is shown only what is theirs", f"{reference} is shown as well")
