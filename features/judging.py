"""Asks the judge about a scenario, and writes into the evidence what it was asked about."""

from msgspec import structs

from features.running_scenario import Scene
from simulator.evidence.records import MessageAccepted, Record
from simulator.evidence.scenario_mark import ScenarioJudged
from simulator.judge.judged_again import findings_about
from simulator.verdicts import Finding


def findings_of(scene: Scene, *, steps_held: bool) -> list[Finding]:
    """Ask the judge what harm came to the people of a scenario, or to nobody who is known."""
    world = scene.world
    judged, own = _asked_about(scene, steps_held=steps_held)
    capabilities = world.portal.capabilities
    return findings_about(
        judged,
        own,
        world.order,
        correlates="correlates" in capabilities,
        carries_ids="carries_correlation_id" in capabilities,
    )


def _asked_about(scene: Scene, *, steps_held: bool) -> tuple[ScenarioJudged, list[Record]]:
    """Write down where a scenario ended, and give what was written down of it before."""
    records = scene.world.evidence.records
    actors = [*scene.actors.values(), *scene.bystanders]
    mark = ScenarioJudged(
        at=scene.world.now,
        scenario=scene.name,
        starts=scene.starts,
        records=0,
        people=tuple(sorted({each.record.person_id for each in actors})),
        crimes=tuple(
            sorted(
                {*scene.recorded, *scene.earlier, *(each.crime_reference for each in actors)} - {""}
            )
        ),
        left_out=(),
        steps_held=steps_held,
    )
    records.append(mark)
    # A portal by URL goes on writing meanwhile: only what comes before the mark is judged.
    place = next(at for at in reversed(range(len(records))) if records[at] is mark)
    own = scene.own_evidence(until=place)
    mine = {each.message_id for each in own if isinstance(each, MessageAccepted)}
    since = records[scene.begun : place]
    left_out = [each.message_id for each in since if isinstance(each, MessageAccepted)]
    judged = structs.replace(
        mark,
        records=len(since),
        left_out=tuple(each for each in left_out if each not in mine),
    )
    records[place] = judged
    return judged, own
