"""What else happens to a crime beside its main course: milestones, and what puts it off course.

Crimes are reopened, reclassified, merged, cancelled and handed to another force; victims move, and
die. Which, how often and how soon is data, `further` in `scenarios/journeys/`. It is drawn for
every crime by column, so that the same crime has the same events whatever share of crimes is
followed; `further_events` gives those of the crimes that go through a portal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.contract.events import Milestone
from simulator.force.crime_journey import SECONDS_IN, Change, Further
from simulator.force.crime_mix import CrimeKinds, Draws
from simulator.force.crimes import Crimes
from simulator.force.event_times import NEVER
from simulator.force.london_days import DAY_SECONDS, LondonDays, Seconds, drawn_seconds
from simulator.streams import Streams

# No event comes later after the one that it follows.
_DAYS_MAX = 730
_ENDING = frozenset({"CrimeTransferred", "CrimeCancelled"})
_OF_AN_APPOINTMENT = frozenset({"AppointmentChanged", "AppointmentCancelled"})


class FurtherEvent(NamedTuple):
    """One event of one crime, in seconds after the crimes' start.

    `into` is the row of the crime that it is merged into. `name`, `change`, `to` and `before` are
    those of the journey's entry.
    """

    at: int
    row: int
    event: str
    name: str
    milestone: Milestone | None = None
    into: int = -1
    change: Change | None = None
    to: str = ""
    before: bool = False


@dataclass(frozen=True)
class FurtherEvents:
    """Events by time, and when a crime's own course stops, by row: it is merged, handed over, gone.

    `resumes` is when it goes on: the merger was a mistake.
    """

    events: list[FurtherEvent]
    stops: dict[int, int]
    resumes: dict[int, int]

    def happens(self, row: int, at: int) -> bool:
        """Say whether a crime still has a course of its own at a time."""
        return _goes_on(row, at, self.stops, self.resumes)


def further_events(
    crimes: Crimes,
    rows: NDArray[np.intp],
    streams: Streams,
    *,
    never: Collection[str] = (),
) -> FurtherEvents:
    """Give what else happens to the crimes in `rows`, which are in order, by time.

    Kinds of event in `never` are left out: some portals are not to be sent them.
    """
    followed = _Followed(
        crimes,
        rows,
        CrimeKinds(crimes.figures, crimes.grade[rows], crimes.outcome[rows], crimes.offence[rows]),
        Draws(len(crimes), crimes.figures, streams),
    )
    ends = first_end(crimes)
    times: dict[str, Seconds] = {kind: at[rows] for kind, at in crimes.seconds.items()}
    found: list[FurtherEvent] = []
    for each in crimes.journey.further:
        at = followed.reports() if each.before else followed.times(each, times[each.after])
        if each.event in never:
            at = np.full(len(rows), NEVER)
        if not each.after_the_end:
            at = np.where(at < ends[rows], at, NEVER)
        if each.event in _OF_AN_APPOINTMENT:
            at = np.where(at < crimes.appointment_starts[rows], at, NEVER)
        times[each.name] = at
        there = np.flatnonzero(at != NEVER)
        found += [
            _event(each, row, moment)
            for row, moment in zip(rows[there].tolist(), at[there].tolist(), strict=True)
        ]
    found.sort(key=itemgetter(0, 1, 2))
    stops: dict[int, int] = {}
    resumes: dict[int, int] = {}
    kept = _merged(found, crimes, rows, stops, resumes)
    return FurtherEvents(
        [each for each in kept if _goes_on(each.row, each.at, stops, resumes)], stops, resumes
    )


def first_end(crimes: Crimes) -> Seconds:
    """Give when each crime is charged or closed first; far beyond every run where never."""
    last = np.iinfo(np.int64).max
    ending = [each.event for each in crimes.journey.states if each.ends]
    at = [np.where(crimes.seconds[each] == NEVER, last, crimes.seconds[each]) for each in ending]
    first: Seconds = np.min(at, axis=0)
    return first


def _goes_on(row: int, at: int, stops: Mapping[int, int], resumes: Mapping[int, int]) -> bool:
    return at <= stops.get(row, at) or at >= resumes.get(row, at + 1)


def _event(further: Further, row: int, at: int) -> FurtherEvent:
    return FurtherEvent(
        at,
        row,
        further.event,
        further.name,
        further.milestone,
        change=further.change,
        to=further.to,
        before=further.before,
    )


@dataclass(frozen=True)
class _Followed:
    """The crimes that go through a portal. Draws are for all crimes, of which theirs are taken."""

    crimes: Crimes
    rows: NDArray[np.intp]
    kinds: CrimeKinds
    draws: Draws

    def reports(self) -> Seconds:
        """Give when each crime was reported; never by itself where that was in the same call."""
        reported = self.crimes.reported[self.rows]
        is_earlier = reported < self.crimes.seconds["CrimeRecorded"][self.rows]
        return np.where(is_earlier, reported, NEVER)

    def times(self, further: Further, after: Seconds) -> Seconds:
        """Draw when this happens to each crime, in hours at which officers work at a desk."""
        name, delay = further.name, further.delay
        happens = (after != NEVER) & self.kinds.matches(delay)
        happens &= self.draws.uniform(f"{name}.share")[self.rows] < further.share.value
        at = np.full(len(self.rows), NEVER)
        there = np.flatnonzero(happens)
        if not len(there):
            return at
        rows, after = self.rows[there], after[there]
        normal = self.draws.stream(f"{name}.delay").standard_normal(self.draws.count)[rows]
        median = delay.median.value * SECONDS_IN[delay.median.unit]
        drawn = np.ceil(median * np.exp(delay.spread.value * normal))
        drawn = np.minimum(drawn, _DAYS_MAX * DAY_SECONDS).astype(np.int64)
        weights = self.crimes.journey.desk_by_hour.weights
        hours = self.draws.stream(f"{name}.hour")
        second = drawn_seconds(hours, weights, self.draws.count, rows)
        days = LondonDays.of(self.crimes.start, int((after + drawn).max()) // DAY_SECONDS + 4)
        moved = days.moved(after + drawn, second, not_before=after)
        at[there] = np.where(moved > after, moved, NEVER)
        return at


def _merged(
    found: list[FurtherEvent],
    crimes: Crimes,
    rows: NDArray[np.intp],
    stops: dict[int, int],
    resumes: dict[int, int],
) -> list[FurtherEvent]:
    """Find for each merger the crime that it goes into: the followed one before it, still open.

    Without one there is no merger. Notes when a crime's own course stops, and when it goes on as a
    merger was a mistake.
    """
    ends = first_end(crimes)
    kept = []
    targets: set[int] = set()
    merged: set[int] = set()
    for each in found:
        if each.event == "CrimeUnmerged" and each.row in merged:
            resumes[each.row] = each.at
        elif each.event == "CrimeUnmerged" or not _goes_on(each.row, each.at, stops, resumes):
            continue
        elif each.event in _ENDING:
            # A crime goes its own way once at most.
            if each.row in resumes or (each.event == "CrimeCancelled" and each.row in targets):
                continue
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
                    and ends[row] > each.at
                ),
                None,
            )
            if into is None or each.row in targets or each.row in resumes:
                continue
            targets.add(into)
            merged.add(each.row)
            stops[each.row] = each.at
            each = each._replace(into=into)  # noqa: PLW2901
        kept.append(each)
    return kept
