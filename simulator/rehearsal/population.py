"""Stages 1 to 3 of a rehearsal: every crime, its victim, and what the force wrote down."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.files.units import Rate
from simulator.force import crime_journey
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.figures import load_figures
from simulator.inputs.order import Order
from simulator.population import data_quality, people
from simulator.population.access_needs import AccessNeeds, make_access_needs
from simulator.population.faults import rates as fault_rates
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.rollout import Rollout
from simulator.streams import Streams

_WEEK_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Population:
    """All rows of a rehearsal: `would_be_invited`, `followed`, `registers` have one entry a crime.

    A victim registers if their draw is below the rollout's share, so more would at a higher share.
    `access_needs` are what keeps victims from a portal; such victims register less. `sources`
    are the parameter files from which the rows were drawn, for the report.
    """

    crimes: Crimes
    casework: Casework
    would_be_invited: NDArray[np.bool_]
    followed: NDArray[np.bool_]
    registers: NDArray[np.bool_]
    registers_draws: NDArray[np.float64]
    access_needs: AccessNeeds
    sources: dict[str, object]


def make_population(
    rollout: Rollout,
    order: Order,
    *,
    root: Path,
    start: date,
    end: date,
    fraction: float,
    identity_key: str,
    streams: Streams,
    journey: crime_journey.Journey | None = None,
    faults: fault_rates.FaultRates | None = None,
) -> Population:
    """Make every crime from `start` to `end`, and choose the `fraction` of them to follow.

    A larger fraction follows the same crimes and more. `journey` and `faults` are read from the
    rollout's files where they are not given.
    """
    journey = journey or crime_journey.read_journey(path=root / rollout.journey)
    crimes = make_crimes(
        figures=load_figures(), start=start, end=end, journey=journey, streams=streams
    )
    people_rates = people.read_people_parameters()
    everybody = people.make_people(
        len(crimes), parameters=people_rates, streams=streams, numbers=rollout.numbers
    )
    faults = faults or fault_rates.read_fault_rates(path=root / rollout.data_quality)
    if rollout.entry_checks:
        faults = fault_rates.with_entry_checks(faults, root / rollout.entry_checks)
    weeks = 1 + crimes.seconds["CrimeRecorded"] // _WEEK_SECONDS
    recorded = data_quality.record_with_faults(
        everybody, weeks.astype(np.int16), rates=faults, streams=streams
    )
    needs = make_access_needs(len(crimes), rollout.access_needs, streams)
    registers_draws = draws_to_register(needs, streams)

    def drawn(name: str, share: Rate) -> NDArray[np.bool_]:
        below: NDArray[np.bool_] = streams.for_(name).random(len(crimes)) < share.value
        return below

    casework = Casework(
        crimes,
        everybody,
        recorded,
        order=order,
        is_safe=drawn("safe to contact", rollout.victims.safe_to_contact),
        has_named_officer=drawn("named officer", rollout.officers.named),
        has_enhanced_rights=drawn("enhanced rights", rollout.victims.enhanced_rights),
        identity_key=identity_key,
    )
    return Population(
        crimes=crimes,
        casework=casework,
        would_be_invited=casework.would_be_invited(),
        followed=streams.for_("followed").random(len(crimes)) < fraction,
        registers=registers_draws < rollout.victims.registers.value,
        registers_draws=registers_draws,
        access_needs=needs,
        sources={"people": people_rates, "contact details": faults, "journey": journey},
    )


def draws_to_register(needs: AccessNeeds, streams: Streams) -> NDArray[np.float64]:
    """Draw for each victim below which share of those invited they register.

    A draw is over 1, and the victim never registers, if a need keeps them from it.
    """
    draws = streams.for_("registers").random(len(needs))
    with np.errstate(divide="ignore"):
        found: NDArray[np.float64] = draws / needs.registers()
    return found
