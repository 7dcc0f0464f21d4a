"""Asks the judge, once a scenario has run, what harm came to its people."""

from features.scene import Scene
from simulator.judge.fold import judge
from simulator.judge.verdicts import Finding


def findings_of(scene: Scene) -> list[Finding]:
    """Ask the judge what harm came to the people of a scenario, or to nobody who is known."""
    world = scene.world
    judgement = judge(
        world.order,
        scene.own_evidence(),
        correlates="correlates" in world.portal.capabilities,
        end=world.now,
    )
    people = {actor.record.person_id for actor in scene.actors.values()}
    crimes = {actor.crime_reference for actor in scene.actors.values()} - {""}
    return [
        finding
        for finding in judgement.findings
        if finding.person_id in people
        or finding.crime_reference in crimes
        or (not finding.person_id and finding.at >= scene.starts)
    ]
