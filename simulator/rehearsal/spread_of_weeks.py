"""How far a week's calls would be from the simulated ones by chance, without a portal.

Calls are Poisson by the hour, and some days are busier than others. Those who ring again, and the
crimes of the week, add a little that is left out.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import sqrt

from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.results.portal_life import SpreadOfWeek

_SPREADS = 1.96
_LINE_101 = 1


def spread_of_weeks(
    without: Mapping[str, ForceCalls], weeks: Sequence[date], centres: ContactCentreParameters
) -> list[SpreadOfWeek]:
    """Give, for each week, where 95 in 100 with the same demand would lie, both forces together."""
    callers = centres.non_emergency
    weights = callers.profile.by_day_of_week
    of_days = sum(each**2 for each in weights) / sum(weights) ** 2
    busier = callers.day_variation.value**2 * of_days
    found = []
    for place, starts in enumerate(weeks):
        calls = [each.levels[2 * place + _LINE_101].offered for each in without.values()]
        updates = [each.update_calls[place] for each in without.values()]
        others = [one - asking for one, asking in zip(calls, updates, strict=True)]
        far = _SPREADS * sqrt(sum(calls) + busier * sum(each**2 for each in others))
        far_updates = _SPREADS * sqrt(sum(updates))
        found.append(
            SpreadOfWeek(
                starts=starts,
                calls_101_low=max(0, round(sum(calls) - far)),
                calls_101_high=round(sum(calls) + far),
                update_calls_low=max(0, round(sum(updates) - far_updates)),
                update_calls_high=round(sum(updates) + far_updates),
            )
        )
    return found
