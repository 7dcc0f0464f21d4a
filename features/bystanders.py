"""A bystander of a scenario: another person, with a crime about which nothing may be told.

The order has that offence not, or it excludes a marker of the crime. The force writes a note on it.
"""

from features.offences import OFFENCES
from features.people import Actor, Register
from features.real_data import BYSTANDER, NOTE, offences
from features.scenario_data import ScenarioData
from reference.contract.events import CrimeRecorded
from simulator.world.world import World

_NOTE = "CCTV shows the neighbour at number 12; do not disclose"


def record_beside(world: World, register: Register, data: ScenarioData, force: str) -> list[Actor]:
    """Record what was dealt beside a scenario's own crime, and give whose it is."""
    dealt = data.take(BYSTANDER)
    if not dealt:
        return []
    actor = register.bystander(world.now, scenario=data.scenario)
    world.meet(actor.known)
    others = {each.code: each for each in offences(world.order)[1]}
    offence = others.get(dealt, OFFENCES["bicycle theft"])
    prefix = world.order.forces[force].reference_prefix
    actor.crime_reference = register.crime_reference(prefix, world.now)
    world.crime_system.record(
        CrimeRecorded(
            crime_reference=actor.crime_reference,
            force=force,
            offence_code=offence.code,
            offence_subgroup=offence.subgroup,
            offence=offence.offence,
            recorded_at=world.now,
            safeguarding=() if dealt in others else (dealt,),
            victims=(actor.record,),
        )
    )
    note = data.words(NOTE, _NOTE)
    world.crime_system.write_note(actor.crime_reference, note, author="PC Ashdown")
    return [actor]
