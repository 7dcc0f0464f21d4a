"""Count from simulated crimes to what share of them each thing of their journey happens.

The shares in the journey's data are of the crimes that the guards of a delay let through; these are
of all crimes to which the thing before happened. `journey_diagram` shows them.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.force.crime_journey import Journey
from simulator.force.event_times import NEVER
from simulator.force.further_events import FurtherEvent, further_events
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.further_records import further_event
from simulator.rehearsal.population import Population
from simulator.streams import Streams


def journey_shares(
    population: Population, rows: NDArray[np.intp], streams: Streams
) -> dict[str, float]:
    """Count the crimes in `rows`, which are in order; give shares by event or further name.

    Each is of those to which the event that it follows happened, 0 to 1; 0 where none did. What
    has nobody to be about, such as a second record of somebody recorded once, does not count.
    """
    all_alike = np.zeros(len(population.crimes.figures.offences), dtype=np.intp)
    [shares] = _shares(population, rows, all_alike, streams)
    return shares


def journey_shares_by_group(
    population: Population, each_group_max: int, streams: Streams
) -> dict[str, dict[str, float]]:
    """Count at most so many crimes of each offence group, spread over the time; in order of name.

    A group of which no crime was recorded is left out.
    """
    crimes = population.crimes
    groups, of_offence = np.unique(
        [each.group for each in crimes.figures.offences], return_inverse=True
    )
    of_crime = of_offence[crimes.offence]
    found = [np.flatnonzero(of_crime == code) for code in range(len(groups))]
    rows = np.sort(np.concatenate([_spread(mine, each_group_max) for mine in found]))
    shares = _shares(population, rows, of_offence, streams)
    return {str(group): shares[code] for code, group in enumerate(groups) if len(found[code])}


def _spread(rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    return rows[:: max(1, -(-len(rows) // most))]


def _shares(
    population: Population,
    rows: NDArray[np.intp],
    part_of_offence: NDArray[np.intp],
    streams: Streams,
) -> list[dict[str, float]]:
    """Count for each part of the offences by itself; all in one go, since drawing is for all."""
    crimes, casework = population.crimes, population.casework
    part = part_of_offence[crimes.offence]
    counts = [Counter[str]() for _part in range(part_of_offence.max() + 1)]
    for kind, at in crimes.seconds.items():
        comes = np.bincount(part[rows[at[rows] != NEVER]], minlength=len(counts))
        for mine, number in zip(counts, comes.tolist(), strict=True):
            mine[kind] = number
    for each in further_events(crimes, rows, streams).events:
        if _is_recorded(casework, each):
            counts[part[each.row]][each.name] += 1
    return [_of_those_before(crimes.journey, mine) for mine in counts]


def _of_those_before(journey: Journey, counts: Mapping[str, int]) -> dict[str, float]:
    after: dict[str, str] = {e.event: e.after for e in journey.states if e.after is not None}
    after |= {each.name: each.after for each in journey.further}
    return {name: counts[name] / max(counts[before], 1) for name, before in after.items()}


def _is_recorded(casework: Casework, further: FurtherEvent) -> bool:
    if further.milestone is not None:  # most of all events, and always about the crime alone
        return True
    if further.event == "VictimDetailsChanged":
        return not casework.recorded.omitted[further.row]
    return further_event(casework, further) is not None
