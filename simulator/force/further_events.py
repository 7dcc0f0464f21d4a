"""What else happens to a crime beside its main course: milestones, and what puts it off course.

Officers go away; crimes are reopened, merged and handed to another force. Which, how often and how
soon is data, `further` in `scenarios/journeys/`. It is drawn for every crime by column, so that the
same crime has the same events whatever share of crimes is followed; `further_events` gives those of
the crimes that go through a portal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reference.contract.events import Milestone
from simulator.force.crime_journey import SECONDS_IN, Further
from simulator.force.crime_mix import CrimeKinds, Draws
from simulator.force.crimes import Crimes
from simulator.force.event_times import NEVER
from simulator.force.london_days import DAY_SECONDS, LondonDays, Seconds, drawn_seconds
from simulator.streams import Streams

# No event comes later after the one that it follows.
_DAYS_MAX = 730


@dataclass(frozen=True)
class FurtherEvent:
    """One event of one crime, in seconds after the crimes' start.

    `into` is the row of the crime that it is merged into. `until` is when an officer is back.
    """

    at: int
    row: int
    event: str
    milestone: Milestone | None = None
    into: int = -1
    until: int = NEVER


@dataclass(frozen=True)
class FurtherEvents:
    """Events by time, and when a crime's own course stops, by row: it is merged or handed over."""

    events: list[FurtherEvent]
    stops: dict[int, int]


def further_events(crimes: Crimes, rows: NDArray[np.intp], streams: Streams) -> FurtherEvents:
    """Give what else happens to the crimes in `rows`, which are in order, by time."""
    followed = _Followed(
        crimes,
        rows,
        CrimeKinds(crimes.figures, crimes.grade[rows], crimes.outcome[rows], crimes.offence[rows]),
        Draws(len(crimes), crimes.figures, streams),
    )
    first_end = _first_end(crimes)
    times: dict[str, Seconds] = {kind: at[rows] for kind, at in crimes.seconds.items()}
    found: list[FurtherEvent] = []
    for each in crimes.journey.further:
        at = followed.times(each, times[each.after])
        if not each.after_the_end:
            at = np.where(at < first_end[rows], at, NEVER)
        times[each.name] = at
        there = np.flatnonzero(at != NEVER)
        found += [
            _event(each, row, moment)
            for row, moment in zip(rows[there].tolist(), at[there].tolist(), strict=True)
        ]
    found.sort(key=lambda each: (each.at, each.row, each.event))
    stops: dict[int, int] = {}
    kept = _merged(found, crimes, rows, stops)
    return FurtherEvents([each for each in kept if each.at <= stops.get(each.row, each.at)], stops)


def _event(further: Further, row: int, at: int) -> FurtherEvent:
    until = NEVER
    if further.lasts is not None:
        until = at + int(further.lasts.value * SECONDS_IN[further.lasts.unit])
    return FurtherEvent(at, row, further.event, further.milestone, until=until)


@dataclass(frozen=True)
class _Followed:
    """The crimes that go through a portal. Draws are for all crimes, of which theirs are taken."""

    crimes: Crimes
    rows: NDArray[np.intp]
    kinds: CrimeKinds
    draws: Draws

    def times(self, further: Further, after: Seconds) -> Seconds:
        """Draw when this happens to each crime, in hours at which officers work at a desk."""
        name, delay = further.name, further.delay
        happens = (after != NEVER) & self.kinds.matches(delay)
        happens &= self.draws.uniform(f"{name}.share")[self.rows] < further.share.value
        normal = self.draws.stream(f"{name}.delay").standard_normal(self.draws.count)[self.rows]
        median = delay.median.value * SECONDS_IN[delay.median.unit]
        drawn = np.ceil(median * np.exp(delay.spread.value * normal))
        at = after + np.minimum(drawn, _DAYS_MAX * DAY_SECONDS).astype(np.int64)
        weights = self.crimes.journey.desk_by_hour.weights
        second = drawn_seconds(self.draws.stream(f"{name}.hour"), weights, self.draws.count)
        days = LondonDays.of(self.crimes.start, int(at.max(initial=0)) // DAY_SECONDS + 4)
        moved = days.moved(
            np.where(happens, at, 0), second[self.rows], not_before=np.where(happens, after, 0)
        )
        return np.where(happens & (moved > after), moved, NEVER)


def _first_end(crimes: Crimes) -> Seconds:
    last = np.iinfo(np.int64).max
    ending = [each.event for each in crimes.journey.states if each.ends]
    at = [np.where(crimes.seconds[each] == NEVER, last, crimes.seconds[each]) for each in ending]
    first: Seconds = np.min(at, axis=0)
    return first


def _merged(
    found: list[FurtherEvent], crimes: Crimes, rows: NDArray[np.intp], stops: dict[int, int]
) -> list[FurtherEvent]:
    """Find for each merger the crime that it goes into: the followed one before it, still open.

    Without one there is no merger. Notes when a merged or transferred crime's own course stops.
    """
    first_end = _first_end(crimes)
    kept = []
    targets: set[int] = set()
    for each in found:
        if each.at > stops.get(each.row, each.at):
            continue
        if each.event == "CrimeTransferred":
            stops[each.row] = each.at
        elif each.event == "CrimeMerged":
            place = int(np.searchsorted(rows, each.row))
            earlier = rows[max(0, place - 50) : place].tolist()
            into = next(
                (
                    row
                    for row in reversed(earlier)
                    if crimes.force[row] == crimes.force[each.row]
                    and row not in stops
                    and first_end[row] > each.at
                ),
                None,
            )
            if into is None or each.row in targets:
                continue
            targets.add(into)
            stops[each.row] = each.at
            each = FurtherEvent(each.at, each.row, each.event, into=into)  # noqa: PLW2901
        kept.append(each)
    return kept
