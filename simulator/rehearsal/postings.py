"""Who has each crime, and when: officers in teams, away on leave, leaving, and taking over.

Each place in a team is one officer's until they leave, then another's. A crime is given to the
officer of a place, or to a colleague while that officer is away. The roster decides who is away:
`Officers` has the work done by whom this names, and `PortalRun` records it as events.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.contract.events import CrimeAllocated, Officer, OfficerUnavailable
from simulator.clock import LONDON
from simulator.force.crimes import Crimes
from simulator.force.event_times import NEVER
from simulator.force.further_events import first_end
from simulator.force.london_days import Seconds
from simulator.population.people import FAMILY_NAMES
from simulator.rehearsal.officer_behaviour import OfficerBehaviour
from simulator.rehearsal.rosters import DutyTimes, Roster
from simulator.streams import Occasions

_DAY = 86_400
#: The place of a crime that no officer has.
NOBODY = -1
_WEEK = timedelta(weeks=1)
_WEEKS_A_YEAR = 365.25 / 7


@dataclass(frozen=True)
class GivenCrimes:
    """The crimes of a run that officers share out: one entry a crime, in seconds.

    `allocated` is -1 where nobody is given the crime; `ends` is when it ends, if ever. `is_named`
    says whether the portal is told of an officer rather than of a team.
    """

    rows: NDArray[np.intp]
    allocated: Seconds
    ends: Seconds
    is_named: NDArray[np.bool_]


class PostingEvent(NamedTuple):
    """The officer of a crime is away or has left, or the crime is given to another, at `at`."""

    at: int
    row: int
    kind: Literal["away", "left", "given"]
    officer: Officer
    until: int = NEVER


class _Hold(NamedTuple):
    """From when until when a place has a crime, and whether its officer leaves then."""

    since: int
    until: int
    place: int
    has_left: bool


def given_crimes(
    crimes: Crimes, rows: NDArray[np.intp], has_named_officer: NDArray[np.bool_]
) -> GivenCrimes:
    """Take what postings hang on from the crimes in `rows`."""
    return GivenCrimes(
        rows,
        crimes.seconds["CrimeAllocated"][rows],
        first_end(crimes)[rows],
        has_named_officer[rows],
    )


class Postings:
    """Where each of `number` officers is, and which crimes they have, until `ends`.

    Seconds count from `start`. Places are numbered from 0; a crime's own is its row's.
    """

    def __init__(
        self,
        given: GivenCrimes,
        behaviour: OfficerBehaviour,
        *,
        number: int,
        start: datetime,
        ends: int,
        draws: Occasions,
    ) -> None:
        self._number = number
        self._behaviour = behaviour
        self._team = int(behaviour.team_size.value)
        self._start = start
        self._draws = draws
        self.roster = Roster(behaviour.shifts, behaviour.leave, draws)
        self.duty = DutyTimes(self.roster, start, ends)
        self._mondays = list(_mondays(start, ends))
        self._away: dict[int, tuple[list[int], list[int]]] = {}
        self._leavings: dict[int, list[int]] = {}
        self._holds: dict[int, list[_Hold]] = {}
        self._is_named: set[int] = set()
        columns = (given.rows, given.allocated, given.ends, given.is_named)
        for row, at, end, is_named in zip(*(each.tolist() for each in columns), strict=True):
            if at != NEVER and at < ends:
                self._post(row, at, min(end, ends), is_named=is_named)

    def team(self, row: int) -> int:
        """Give the number of the team that has a crime: its officers stand in for each other."""
        return row % self._number // self._team

    def officer(self, row: int, at: int) -> Officer | None:
        """Give the officer in charge of a crime; None where a team has it, or nobody."""
        if row not in self._is_named:
            return None
        held = next((e for e in self._holds[row] if e.since <= at < e.until), None)
        return None if held is None else self.officer_at(held.place, at)

    def officer_at(self, place: int, at: int) -> Officer:
        """Give the officer whose place it is at a time."""
        number = place + self._number * bisect_right(self._left(place), at)
        return Officer(f"PC {FAMILY_NAMES[number % len(FAMILY_NAMES)]}", f"{1000 + number}")

    def works(self, row: int, at: int) -> int:
        """Give the place whose officer does a task about a crime at a time.

        It is who has the crime, or a colleague of the team while they are away or have left.
        """
        place = row % self._number
        for held in self._holds.get(row, ()):
            if held.since <= at:
                place = held.place
                if held.has_left and held.until <= at:
                    place = self._next(place)
        return self._at_work(place, at)

    def replies(self, row: int, at: int) -> Officer | None:
        """Give the officer whose name is on a reply about a crime; None where a team has it."""
        return self.officer_at(self.works(row, at), at) if row in self._is_named else None

    def places_of(
        self, rows: NDArray[np.intp], at: Seconds
    ) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Give the places that have some crimes at some times, and when they come to them.

        What comes between two officers waits for the second: NOBODY where there is none.
        """
        size = int(rows.max(initial=-1)) + 1
        firsts = np.full(size, NOBODY, dtype=np.intp)
        untils = np.zeros(size, dtype=np.int64)
        for row, holds in self._holds.items():
            if row < size:
                firsts[row], untils[row] = holds[0].place, holds[0].until
        places, comes = firsts[rows], at.copy()
        for number in np.flatnonzero(at >= untils[rows]).tolist():
            places[number], comes[number] = self._later(int(rows[number]), int(at[number]))
        return places, comes

    def _later(self, row: int, at: int) -> tuple[int, int]:
        """Give who has a crime at a time, or is given it next, and from when."""
        for held in self._holds.get(row, ()):
            if at < held.until:
                return held.place, max(at, held.since)
        return NOBODY, at

    def events(self) -> list[PostingEvent]:
        """List what the crime system records of it about crimes with a named officer, by time."""
        found = [
            event
            for row, holds in self._holds.items()
            if row in self._is_named
            for event in self._events(row, holds)
        ]
        return sorted(found, key=lambda each: each[:3])

    def recorded(
        self, event: PostingEvent, crime_reference: str
    ) -> OfficerUnavailable | CrimeAllocated:
        """Give the contract's event for what happened."""
        at = self._start + timedelta(seconds=event.at)
        if event.kind == "given":
            return CrimeAllocated(
                crime_reference=crime_reference, allocated_at=at, officer_in_charge=event.officer
            )
        until = None if event.until == NEVER else self._start + timedelta(seconds=event.until)
        return OfficerUnavailable(
            crime_reference=crime_reference,
            officer=event.officer,
            why=event.kind,
            unavailable_at=at,
            until=until,
        )

    def _post(self, row: int, at: int, end: int, *, is_named: bool) -> None:
        """Give a crime to a place, and to others as officers leave, until it ends."""
        holds = self._holds[row] = []
        if is_named:
            self._is_named.add(row)
        place = self._at_work(row % self._number, at)
        while True:
            leavings = self._left(place)
            following = leavings[bisect_right(leavings, at) :]
            has_left = bool(following) and following[0] < end
            until = following[0] if has_left else end
            holds.append(_Hold(at, until, place, has_left))
            if not has_left:
                return
            mean = _DAY * self._behaviour.handover_days_mean.value
            moment = until + int(self._draws.exponential(mean, row, "handed over", until))
            place = self._at_work(self._next(place), moment)
            at = self._seconds(self.roster.next_at_work(place, self._moment(moment)))
            if at >= end:
                return

    def _events(self, row: int, holds: list[_Hold]) -> Iterator[PostingEvent]:
        for number, held in enumerate(holds):
            officer = self.officer_at(held.place, held.since)
            if number:
                yield PostingEvent(held.since, row, "given", officer)
            begins, returns = self._absences(held.place)
            first, last = bisect_right(begins, held.since), bisect_left(begins, held.until)
            for begun, until in zip(begins[first:last], returns[first:last], strict=True):
                yield PostingEvent(begun, row, "away", officer, until)
            if held.has_left:
                yield PostingEvent(held.until, row, "left", officer)

    def _next(self, place: int) -> int:
        """Give the next place of the same team, round and round."""
        first = place // self._team * self._team
        return first + (place - first + 1) % min(self._team, self._number - first)

    def _at_work(self, place: int, at: int) -> int:
        """Give the first place from this one on whose officer is not away; this one if all are."""
        found = place
        while self._is_away(found, at):
            found = self._next(found)
            if found == place:
                break
        return found

    def _is_away(self, place: int, at: int) -> bool:
        begins, returns = self._absences(place)
        last = bisect_right(begins, at) - 1
        return last >= 0 and at < returns[last]

    def _absences(self, place: int) -> tuple[list[int], list[int]]:
        """Find when the officer of a place goes on leave, and when they are at work again."""
        found = self._away.get(place)
        if found is None:
            found = self._away[place] = ([], [])
            for second, monday in self._mondays:
                if not self.roster.is_on_leave(place, monday.astimezone(LONDON).date()):
                    continue
                if found[1] and second < found[1][-1]:
                    continue
                found[0].append(second)
                # Whole weeks of leave are skipped, and the rest days after them.
                found[1].append(self._seconds(self.roster.next_at_work(place, monday)))
        return found

    def _left(self, place: int) -> list[int]:
        """Find when an officer leaves a place for good; another has it from then on."""
        found = self._leavings.get(place)
        if found is None:
            share = self._behaviour.leaves_in_year.value / _WEEKS_A_YEAR
            found = self._leavings[place] = [
                second
                for number, (second, _monday) in enumerate(self._mondays)
                if self._draws.uniform(place, "leaves for good", number) < share
            ]
        return found

    def _moment(self, seconds: int) -> datetime:
        return self._start + timedelta(seconds=seconds)

    def _seconds(self, moment: datetime) -> int:
        return int((moment - self._start).total_seconds())


def _mondays(start: datetime, ends: int) -> Iterator[tuple[int, datetime]]:
    """List the Monday midnights of London from the first one of a run on."""
    first = start.astimezone(LONDON).date()
    day = first + timedelta(days=-first.weekday() % 7)
    while True:
        monday = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
        second = int((monday - start).total_seconds())
        if second >= ends:
            return
        yield second, monday
        day += _WEEK
