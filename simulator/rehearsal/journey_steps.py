"""The journey of a crime as a report draws it: of all crimes, and of each offence group by itself.

A rehearsal and a plan have the same steps of the same crimes. Shares are counted from some of them.
"""

from collections.abc import Mapping

import numpy as np

from simulator.force.crime_journey import Journey
from simulator.force.journey_by_group import journey_of_group, subgroups_of
from simulator.force.journey_diagram import steps
from simulator.rehearsal.journey_shares import journey_shares, journey_shares_by_group
from simulator.rehearsal.population import Population
from simulator.results.portal_life import JourneyOfGroup, JourneyStep
from simulator.streams import Streams

#: From about so many crimes, followed or not, the shares are counted.
_COUNTED_CRIMES = 8000
#: And of each offence group by itself from at most so many.
_COUNTED_OF_GROUP = 2000


def journey_of_all(population: Population, streams: Streams) -> list[JourneyStep]:
    """Give the steps of all crimes."""
    crimes = population.crimes
    rows = np.arange(0, len(crimes), max(1, len(crimes) // _COUNTED_CRIMES))
    return _steps(crimes.journey, journey_shares(population, rows, streams))


def journeys_by_group(population: Population, streams: Streams) -> list[JourneyOfGroup]:
    """Give those of each offence group, by name, as far as they happened to any that is counted."""
    journey, subgroups = population.crimes.journey, subgroups_of(population.crimes.figures)
    counted = journey_shares_by_group(population, _COUNTED_OF_GROUP, streams)
    return [
        JourneyOfGroup(
            group=group, steps=_steps(journey_of_group(journey, subgroups[group], shares), shares)
        )
        for group, shares in counted.items()
    ]


def _steps(journey: Journey, shares: Mapping[str, float]) -> list[JourneyStep]:
    return [
        JourneyStep(name=each.name, after=each.after, share=round(each.share, 4), soon=each.soon)
        for each in steps(journey, shares)
    ]
