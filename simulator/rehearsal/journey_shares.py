"""Count from simulated crimes to what share of them each thing of their journey happens.

The shares in the journey's data are of the crimes that the guards of a delay let through; these are
of all crimes to which the thing before happened. `journey_diagram` shows them.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

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
    crimes, casework = population.crimes, population.casework
    journey = crimes.journey
    counts = Counter[str]()
    for kind, at in crimes.seconds.items():
        counts[kind] = int((at[rows] != NEVER).sum())
    found = further_events(crimes, rows, streams).events
    counts.update(each.name for each in found if _is_recorded(casework, each))
    after: dict[str, str] = {e.event: e.after for e in journey.states if e.after is not None}
    after |= {each.name: each.after for each in journey.further}
    return {name: counts[name] / max(counts[before], 1) for name, before in after.items()}


def _is_recorded(casework: Casework, further: FurtherEvent) -> bool:
    if further.event == "VictimDetailsChanged":
        return not casework.recorded.omitted[further.row]
    return further_event(casework, further) is not None
