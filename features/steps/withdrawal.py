"""How a victim asks to talk about no longer supporting the investigation, and what comes of it."""

from datetime import timedelta

from pytest_bdd import parsers, then, when

from features.people import LUND, OKAFOR, TEAM, Actor
from features.running_scenario import Scene, Unmet
from simulator.drivers.base import Refused
from simulator.evidence.records import TaskRaised
from simulator.world.victims import withdraw_support


@when(parsers.parse("{name} asks to talk to an officer about no longer supporting the case"))
def asks_to_talk(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    withdraw_support(scene.world, actor.victim, scene.session_of(actor), actor.crime_reference)


@when(parsers.parse("{name} opens the page about no longer supporting the case and presses once"))
def presses_once(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    session = scene.session_of(actor)
    withdraw_support(scene.world, actor.victim, session, actor.crime_reference, "asked again")


@then(
    parsers.parse("{name} cannot ask to talk about no longer supporting the case {other} reported")
)
def cannot_ask_for(scene: Scene, name: str, other: str) -> None:
    actor, theirs = scene.actor(name), scene.actor(other).crime_reference
    try:
        withdraw_support(scene.world, actor.victim, scene.session_of(actor), theirs)
    except Refused as refused:
        if refused.status in (0, 403, 404):
            return
        raise Unmet("another person's crime is answered as none", f"{refused.status}") from None
    raise Unmet(f"the crime {other} reported is not {name}'s to ask about", "the portal took it")


@then(parsers.parse("{who} is asked once to speak to {name} about no longer supporting the case"))
def asked_once(scene: Scene, who: str, name: str) -> None:
    actor = scene.actor(name)
    scene.comes_true(lambda: bool(_tasks(scene, actor)))
    units = {each.witness_care for each in scene.world.order.forces.values()}
    found = [each for each in _tasks(scene, actor) if each.assignee not in units]
    wanted = f"{who} is asked once to speak to {name}"
    if len(found) != 1:
        raise Unmet(wanted, f"{len(found)} tasks")
    theirs = {each: scene.officer(each).collar_number for each in (OKAFOR, LUND)}
    expected = {**theirs, "the burglary team": TEAM}.get(who)
    if expected is not None and found[0].assignee != expected:
        raise Unmet(wanted, f"the task is for {found[0].assignee!r}")


@then(parsers.parse("nobody is asked to speak to {name} about no longer supporting the case"))
def nobody_is_asked(scene: Scene, name: str) -> None:
    scene.world.advance(scene.world.now + timedelta(minutes=1))
    count = len(_tasks(scene, scene.actor(name)))
    if count:
        raise Unmet(f"{name} did not ask to talk about it", f"{count} tasks say that they did")


def _tasks(scene: Scene, actor: Actor) -> list[TaskRaised]:
    return [
        each
        for each in scene.written(TaskRaised)
        if each.person_id == actor.record.person_id and each.task_kind == "withdrawal_discussion"
    ]
