"""Changes to a crime: offence, force, cancellation, reopening, merger, milestones, absence."""

from datetime import timedelta

from pytest_bdd import given, parsers, when

from features.offences import read_offence
from features.places import OTHER_FORCE
from features.running_scenario import Scene
from features.steps.world import next_monday
from simulator.errors import CannotVerify

_RECLASSIFIED = r"the (?P<crime>.+) (?P<name>\w+) reported is reclassified as an? (?P<offence>.+)"
_CRIME = "bicycle theft|burglary at home|robbery"
_OWN_MERGED = (
    rf"the (?P<crime>{_CRIME}) (?P<name>\w+) reported is merged into the (?P<other>{_CRIME})"
)


@when(parsers.re(_RECLASSIFIED))
def reclassified(scene: Scene, name: str, crime: str, offence: str) -> None:
    """Take "crime" for the latest; of several each is named by its own words."""
    actor = scene.actor(name)
    reference = actor.crimes.get(crime, actor.crime_reference)
    words, markers = read_offence(offence)
    recorded_as = scene.offence(words)
    scene.secrets.add(recorded_as.offence)
    scene.happened(
        scene.world.crime_system.reclassify(
            reference,
            offence_code=recorded_as.code,
            offence_subgroup=recorded_as.subgroup,
            offence=recorded_as.offence,
            safeguarding=markers,
        )
    )


@when(parsers.parse("the crime {name} reported is cancelled"))
def cancelled(scene: Scene, name: str) -> None:
    scene.happened(scene.world.crime_system.cancel(scene.actor(name).crime_reference))


@when(parsers.parse("the crime {name} reported is transferred to another force"))
def transferred(scene: Scene, name: str) -> None:
    reference = scene.actor(name).crime_reference
    scene.secrets.add(OTHER_FORCE)
    scene.happened(scene.world.crime_system.transfer(reference, to_force=OTHER_FORCE))


@when(parsers.parse("the crime {name} reported is reopened"))
def reopened(scene: Scene, name: str) -> None:
    """Nothing is reopened in the minute in which it ended."""
    scene.world.advance(scene.world.now + timedelta(minutes=1))
    scene.happened(scene.world.crime_system.reopen(scene.actor(name).crime_reference))


@when(parsers.parse("the crime {name} reported is merged into the one {other} reported"))
def merged(scene: Scene, name: str, other: str) -> None:
    into = scene.actor(other).crime_reference
    scene.happened(scene.world.crime_system.merge(scene.actor(name).crime_reference, into=into))


@when(parsers.parse("the merger of the crime {name} reported is taken back"))
def unmerged(scene: Scene, name: str) -> None:
    scene.happened(scene.world.crime_system.unmerge(scene.actor(name).crime_reference))


@when(parsers.parse("the {crime} {name} reported first is merged into the one {other} reported"))
def duplicate_merged(scene: Scene, crime: str, name: str, other: str) -> None:
    """Find the first crime of its kind in which the person is recorded: the duplicate report."""
    person_id, offence = scene.actor(name).record.person_id, scene.offence(crime).offence
    duplicate = next(
        reference
        for reference, recorded in scene.recorded.items()
        if recorded.offence == offence
        and any(each.person_id == person_id for each in recorded.victims)
    )
    into = scene.actor(other).crimes[crime]
    assert duplicate != into, f"{name} reported no other {crime}"
    scene.happened(scene.world.crime_system.merge(duplicate, into=into))


@when(parsers.re(_OWN_MERGED))
def own_merged(scene: Scene, name: str, crime: str, other: str) -> None:
    crimes = scene.actor(name).crimes
    scene.happened(scene.world.crime_system.merge(crimes[crime], into=crimes[other]))


@when(parsers.parse('the investigation of the crime {name} reported reaches "{milestone}"'))
def milestone_reached(scene: Scene, name: str, milestone: str) -> None:
    """Reach it; a statement is the one that this person gave."""
    actor, reached = scene.actor(name), milestone.replace(" ", "_")
    giver = actor.record.person_id if reached == "statement_taken" else None
    scene.happened(
        scene.world.crime_system.reach_milestone(
            actor.crime_reference,
            reached,  # type: ignore[arg-type]
            person_id=giver,
        )
    )


@given(parsers.parse('the order has an officer tell victims with enhanced rights of "{milestone}"'))
def ordered_in_person(scene: Scene, milestone: str) -> None:
    told = scene.world.order.sensitive_milestones.enhanced_rights
    if milestone.replace(" ", "_") not in told:
        raise CannotVerify(f"the order has no officer tell {milestone!r} first: not verified")


@when(parsers.parse("an officer has spoken to {name}"))
def officer_spoke(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    person_id = actor.record.person_id
    scene.happened(scene.world.crime_system.note_contact(actor.crime_reference, person_id))


@when(parsers.parse("an officer speaks to {name} about the {crime}"))
def officer_speaks_about(scene: Scene, name: str, crime: str) -> None:
    actor = scene.actor(name)
    person_id = actor.record.person_id
    scene.happened(scene.world.crime_system.note_contact(actor.crimes[crime], person_id))


@given(parsers.parse("{officer} has left the force"))
def has_left(scene: Scene, officer: str) -> None:
    reference = scene.first.crime_reference
    scene.happened(
        scene.world.crime_system.be_unavailable(reference, scene.officer(officer), why="left")
    )


@given(parsers.parse("{officer} is away with no return date"))
def is_away(scene: Scene, officer: str) -> None:
    reference = scene.first.crime_reference
    scene.happened(scene.world.crime_system.be_unavailable(reference, scene.officer(officer)))


@given(parsers.parse("{officer} is on rest days until Monday"))
@when(parsers.parse("{officer} is on rest days until Monday"))
def is_on_rest_days(scene: Scene, officer: str) -> None:
    until = next_monday(scene.world.now)
    reference = scene.first.crime_reference
    scene.happened(
        scene.world.crime_system.be_unavailable(reference, scene.officer(officer), until=until)
    )
