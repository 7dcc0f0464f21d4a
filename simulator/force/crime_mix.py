"""Draw which crimes are recorded, when, and of what kind, from the published figures.

Used by `crimes`. Every function returns columns, one row a crime.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.force.crime_journey import Delay, Journey, OutcomeShare
from simulator.force.figures import Figures
from simulator.force.london_days import LondonDays, Seconds, drawn_seconds
from simulator.streams import Streams

DECIDERS: tuple[Literal["police", "CPS", "unknown"], ...] = ("police", "CPS", "unknown")


@dataclass(frozen=True)
class Draws:
    """Draws for `count` crimes, each from a stream named after what is drawn."""

    count: int
    figures: Figures
    streams: Streams

    def stream(self, name: str) -> np.random.Generator:
        """Make the stream of this name."""
        return self.streams.for_(f"journeys.{name}")

    def uniform(self, name: str) -> NDArray[np.float64]:
        """Draw a number from 0 to 1 for each crime."""
        return self.stream(name).random(self.count)


@dataclass(frozen=True)
class CrimeKinds:
    """The properties of crimes on which a delay or a share may depend."""

    figures: Figures
    grade: NDArray[np.int8]
    outcome: NDArray[np.int8]
    offence: NDArray[np.int16]

    def in_subgroups(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Return which crimes are of these offence subgroups."""
        return _in_subgroups(self.figures, self.offence, names)

    def matches(self, delay: Delay) -> NDArray[np.bool_]:
        """Return which crimes a delay applies to."""
        found = np.ones(len(self.grade), dtype=np.bool_)
        if delay.grades:
            found &= np.isin(self.grade, delay.grades)
        if delay.outcomes:
            found &= np.isin(self.outcome, delay.outcomes)
        if delay.offence_subgroups:
            found &= self.in_subgroups(delay.offence_subgroups)
        return found


def recorded(
    figures: Figures,
    day_count: int,
    first: date,
    journey: Journey,
    days: LondonDays,
    streams: Streams,
) -> tuple[NDArray[np.int8], Seconds]:
    """Draw when each force records its crimes; return force and seconds, in order of time."""
    weekday = np.array(journey.recorded_by_weekday.weights)
    weekday /= weekday.mean()
    dates = [first + timedelta(days=i) for i in range(day_count)]
    forces, moments = [], []
    for code, force in enumerate(figures.forces):
        rng = streams.for_(f"journeys.recorded.{force}")
        rates = [figures.per_day(force, each.month) * weekday[each.weekday()] for each in dates]
        day = np.repeat(np.arange(day_count), rng.poisson(rates))
        second = drawn_seconds(rng, journey.recorded_by_hour.weights, len(day))
        moments.append(days.at(day, second))
        forces.append(np.full(len(day), code, dtype=np.int8))
    all_moments = np.concatenate(moments)
    order = np.argsort(all_moments, kind="stable")
    return np.concatenate(forces)[order], all_moments[order]


def offences(force: NDArray[np.int8], draws: Draws) -> NDArray[np.int16]:
    """Draw each crime's offence from its force's mix."""
    uniform = draws.uniform("offence")
    offence = np.zeros(draws.count, dtype=np.int16)
    for code, name in enumerate(draws.figures.forces):
        counts = [each.count * (each.force == name) for each in draws.figures.offences]
        here = force == code
        offence[here] = _pick(counts, uniform[here])
    return offence


def grades(journey: Journey, offence: NDArray[np.int16], draws: Draws) -> NDArray[np.int8]:
    """Draw each crime's response grade, 1 to 4, from those of its offence subgroup."""
    uniform = draws.uniform("grade")
    grade = 1 + _pick([each.value for each in journey.grades], uniform)
    for each in journey.grades_by_offence:
        here = _in_subgroups(draws.figures, offence, each.offence_subgroups)
        grade[here] = 1 + _pick(each.shares, uniform[here])
    return grade.astype(np.int8)


def outcomes(offence: NDArray[np.int16], draws: Draws) -> NDArray[np.int8]:
    """Draw each crime's outcome from the outcomes of its offence group at its force."""
    figures = draws.figures
    uniform = draws.uniform("outcome")
    outcome = np.zeros(draws.count, dtype=np.int8)
    cells = sorted({(each.force, each.group) for each in figures.offences})
    cell_of = np.array([cells.index((each.force, each.group)) for each in figures.offences])
    cell = cell_of[offence]
    for code, (force, group) in enumerate(cells):
        found = [each for each in figures.outcomes if (each.force, each.group) == (force, group)]
        codes = np.array([each.outcome for each in found], dtype=np.int8)
        here = cell == code
        outcome[here] = codes[_pick([each.count for each in found], uniform[here])]
    return outcome


def domestic_abuse(journey: Journey, kinds: CrimeKinds, draws: Draws) -> NDArray[np.bool_]:
    """Draw which crimes are marked as domestic abuse."""
    share = np.zeros(draws.count)
    for each in journey.domestic_abuse:
        share[kinds.in_subgroups(each.offence_subgroups)] = each.share.value
    return draws.uniform("domestic_abuse") < share


def interviewed(journey: Journey, outcome: NDArray[np.int8], draws: Draws) -> NDArray[np.int8]:
    """Draw whether a suspect was interviewed under caution: 1, 0, or -1 for not written down."""
    share = _by_outcome(journey.interviewed_under_caution)[outcome]
    was = draws.uniform("interviewed") < share
    return np.where(_written(journey, outcome, draws, "interviewed"), was, -1).astype(np.int8)


def decided_by(journey: Journey, outcome: NDArray[np.int8], draws: Draws) -> NDArray[np.int8]:
    """Draw who decided the outcome, as an index of DECIDERS."""
    share = _by_outcome(journey.decided_by_cps)[outcome]
    cps = draws.uniform("decided_by") < share
    written = _written(journey, outcome, draws, "decided_by")
    return np.where(written, cps, DECIDERS.index("unknown")).astype(np.int8)


def _in_subgroups(
    figures: Figures, offence: NDArray[np.int16], names: Sequence[str]
) -> NDArray[np.bool_]:
    found = np.array([each.subgroup in names for each in figures.offences])
    among: NDArray[np.bool_] = found[offence]
    return among


def _written(
    journey: Journey, outcome: NDArray[np.int8], draws: Draws, name: str
) -> NDArray[np.bool_]:
    return (outcome > 0) & (draws.uniform(f"{name}.written") >= journey.not_written_down.value)


def _by_outcome(shares: Sequence[OutcomeShare]) -> NDArray[np.float64]:
    table = np.zeros(23)
    for each in shares:
        table[list(each.outcomes)] = each.share.value
    return table


def _pick(weights: Sequence[float], uniform: NDArray[np.float64]) -> NDArray[np.intp]:
    bounds = np.cumsum(weights)
    places: NDArray[np.intp] = np.searchsorted(bounds, uniform * bounds[-1], side="right")
    return places
