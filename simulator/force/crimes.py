"""Stage 3 of a rehearsal: every crime that the forces record, and what happens to each.

The numbers, offences and outcomes are published figures. How long things take is data in
`scenarios/journeys/`. A year of crimes is columns, drawn at once. `schedule` sorts the events of
the crimes that go through a portal by time.
"""

import difflib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import BadInput
from simulator.force.crime_journey import EVENT_KINDS, EventKind, Journey
from simulator.force.crime_mix import (
    CrimeKinds,
    Draws,
    decided_by,
    domestic_abuse,
    grades,
    interviewed,
    offences,
    outcomes,
    recorded,
)
from simulator.force.event_times import FOLLOWED_DAYS_MAX, NEVER, event_times, report_times
from simulator.force.figures import Figures, Offence
from simulator.force.london_days import LondonDays, Seconds
from simulator.streams import Streams

DAYS_MAX = 3660


@dataclass(frozen=True)
class Crimes:
    """Recorded crimes: arrays of one length, one row a crime, by time of recording.

    `force` and `offence` index `figures.forces` and `figures.offences`. `outcome` is the Home
    Office code, or 0 while open. `decided_by` indexes DECIDERS. `interviewed_under_caution` is 1,
    0, or -1 for not written down. `seconds` has, by kind of event, whole seconds after `start` (the
    first London midnight, in UTC), or -1 if the event never happens; so has `appointment_starts`.
    `reported` is when somebody told the police: when it was recorded, or before.
    """

    start: datetime
    figures: Figures
    journey: Journey
    force: NDArray[np.int8]
    offence: NDArray[np.int16]
    has_individual_victim: NDArray[np.bool_]
    domestic_abuse: NDArray[np.bool_]
    grade: NDArray[np.int8]
    outcome: NDArray[np.int8]
    decided_by: NDArray[np.int8]
    interviewed_under_caution: NDArray[np.int8]
    seconds: dict[EventKind, Seconds]
    appointment_starts: Seconds
    reported: Seconds

    def __len__(self) -> int:
        return len(self.force)

    def offence_of(self, row: int) -> Offence:
        """Give the offence of one crime, with its force, group, subgroup, code and description."""
        return self.figures.offences[int(self.offence[row])]

    def safeguarding(self, row: int) -> tuple[str, ...]:
        """Give the safeguarding markers of one crime, as an order names them."""
        always = self.markers_of(self.offence_of(row))
        return (*(["domestic_abuse"] if self.domestic_abuse[row] else []), *always)

    def markers_of(self, offence: Offence) -> list[str]:
        """Give the markers that follow from the offence itself."""
        return [
            each.marker
            for each in self.journey.safeguarding
            if offence.subgroup in each.offence_subgroups
            or offence.offence_code in each.offence_codes
        ]


class Schedule(NamedTuple):
    """Events by time; `kind` indexes EVENT_KINDS."""

    times: Seconds
    row: NDArray[np.intp]
    kind: NDArray[np.int8]


def make_crimes(
    *, figures: Figures, start: date, end: date, journey: Journey, streams: Streams
) -> Crimes:
    """Make every crime that the forces record from `start` to the day before `end`, London days.

    Raises BadInput if the days are in the wrong order or too many, and for an offence subgroup of
    the journey that is not in the figures.
    """
    if not timedelta(0) < end - start <= timedelta(days=DAYS_MAX):
        raise BadInput(
            f"crimes from {start} to {end}: make the end 1 to {DAYS_MAX} days after the start"
        )
    _check_subgroups(journey, figures)
    days = LondonDays.between(start, end + timedelta(days=FOLLOWED_DAYS_MAX))
    force, moments = recorded(figures, (end - start).days, start, journey, days, streams)
    draws = Draws(len(force), figures, streams)
    offence = offences(force, draws)
    outcome = outcomes(offence, draws)
    grade = grades(journey, offence, draws)
    kinds = CrimeKinds(figures, grade, outcome, offence)
    reported = report_times(journey, moments, kinds, draws)
    seconds, appointment_starts = event_times(journey, reported, moments, kinds, days, draws)
    return Crimes(
        start=days.start,
        figures=figures,
        journey=journey,
        force=force,
        offence=offence,
        has_individual_victim=~kinds.in_subgroups(journey.no_individual_victim.offence_subgroups),
        domestic_abuse=domestic_abuse(journey, kinds, draws),
        grade=grade,
        outcome=outcome,
        decided_by=decided_by(journey, outcome, draws),
        interviewed_under_caution=interviewed(journey, outcome, draws),
        seconds=seconds,
        appointment_starts=appointment_starts,
        reported=reported,
    )


def schedule(crimes: Crimes, rows: NDArray[np.intp]) -> Schedule:
    """List every event of the crimes in `rows`, by time."""
    times, row, kind = [], [], []
    for code, name in enumerate(EVENT_KINDS):
        at = crimes.seconds[name][rows]
        happens = at != NEVER
        times.append(at[happens])
        row.append(rows[happens])
        kind.append(np.full(happens.sum(), code, dtype=np.int8))
    all_times, all_rows, all_kinds = map(np.concatenate, (times, row, kind))
    order = np.lexsort((all_kinds, all_rows, all_times))
    return Schedule(all_times[order], all_rows[order], all_kinds[order])


def _check_subgroups(journey: Journey, figures: Figures) -> None:
    for name in sorted(journey.subgroups_named):
        if name not in figures.subgroups:
            near = difflib.get_close_matches(name, figures.subgroups, n=1)
            fix = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(figures.subgroups)}"
            raise BadInput(f"journey {journey.name!r}: no offence subgroup {name!r}; {fix}")
