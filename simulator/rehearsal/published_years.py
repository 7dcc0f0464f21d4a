"""The two years whose figures were published, with the portal and without it, by force.

The published fall in calls to 101 is of "the third quarter of 2023". That may be July to September,
or a financial year's third, October to December: both are given, with the same quarter of the year
before. The published shares of 999 calls abandoned are of years. Every crime is drawn anew, at the
volume of its year; what the portal does is what the rehearsal saw in phase 1.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.service_level import ServiceLevel, add_up
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.figures import Figures
from simulator.population.access_needs import make_access_needs
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls, abandoned_span
from simulator.rehearsal.full_volume import KINDS, Settled, kinds_of_worry, rings_by_chance
from simulator.rehearsal.plan import Plan, seconds_until
from simulator.rehearsal.population import draws_to_register
from simulator.rehearsal.portal_use import PortalUse
from simulator.rehearsal.resampled_victims import (
    FollowedVictims,
    QuarterOfCalls,
    interval_of_saved,
)
from simulator.rehearsal.worries import Seconds, crime_courses, make_worries
from simulator.results.values import PublishedFall, PublishedYears
from simulator.streams import Streams

_YEARS = (date(2022, 4, 1), date(2023, 4, 1), date(2024, 4, 1))
# Crimes before the first year, so that it begins with people who wait for news.
_WARM_UP = date(2022, 2, 1)
# Each reading of the third quarter, with its first month, counted from April.
_QUARTERS = {"July to September": 3, "October to December": 6}


class PublishedForce(Strict, frozen=True, kw_only=True):
    """What was published of one force."""

    crimes_2022_23: Amount
    crimes_2023_24: Amount
    fall_in_101_calls: Share
    abandoned_999_2022_23: Share
    abandoned_999_2023_24: Share


class Published(Strict, frozen=True, kw_only=True):
    """All of `scenarios/published.toml`."""

    name: str
    phase_1_live: date
    forces: dict[str, PublishedForce]


def read_published(path: Path, forces: Sequence[str]) -> Published:
    """Read and check the published figures of these forces; raises BadInput naming the field."""
    published = checked_toml.read(path, Published)
    for force in forces:
        if force not in published.forces:
            raise BadInput(f"{path}: forces: {force} is missing; add what was published of it")
    return published


@dataclass(frozen=True)
class PhaseOne:
    """What the portal did in phase 1 of the rehearsal: the shares settled, and who was told.

    `invited_share` has one entry an offence. Messages made `made_each` calls for each invited
    crime, so many seconds (`lags`) after it was recorded.
    """

    settled: Settled
    invited_share: NDArray[np.float64]
    made_each: float
    lags: Seconds
    victims: FollowedVictims


def compare_years(plan: Plan, use: PortalUse, published: Published) -> list[PublishedYears]:
    """Run both years of each force, without the portal and with it."""
    seen = phase_one(plan, use)
    off = interval_of_saved(seen.victims, plan.streams)
    return [
        _compare(plan, seen, published, force, off)
        for force in plan.population.crimes.figures.forces
    ]


def phase_one(plan: Plan, use: PortalUse) -> PhaseOne:
    """Take from the rehearsal what the portal did while phase 1 was live."""
    crimes = plan.population.crimes
    live = next(each for each in plan.periods if each.phase == 1 and not each.is_test)
    first, last = (seconds_until(day, crimes.start) for day in (live.starts, live.ends))
    recorded = crimes.seconds["CrimeRecorded"]
    of_offence = np.bincount(crimes.offence, minlength=len(crimes.figures.offences))
    invited = np.bincount(
        crimes.offence,
        weights=plan.population.would_be_invited,
        minlength=len(crimes.figures.offences),
    )
    chances = use.told.chances(plan.rollout.worry)
    here = (chances > 0) & (use.told.at_seconds >= first) & (use.told.at_seconds < last)
    lags = use.told.at_seconds[here] - recorded[use.told.row[here]]
    followed = use.may_register & plan.population.followed & (recorded >= first) & (recorded < last)
    return PhaseOne(
        settled=use.settled,
        invited_share=invited / np.maximum(of_offence, 1),
        made_each=float(chances[here].sum()) / max(int(followed.sum()), 1),
        lags=lags,
        victims=FollowedVictims(
            kinds=use.followed_kinds,
            phases=use.followed_phases,
            saved=use.followed_saved,
            rows=use.followed_rows,
            told_rows=use.told.row[here],
            chances=chances[here],
            phase_1_rows=np.flatnonzero(followed),
        ),
    )


def _compare(
    plan: Plan,
    seen: PhaseOne,
    published: Published,
    force: str,
    off: Callable[[QuarterOfCalls], tuple[float, float]],
) -> PublishedYears:
    facts = published.forces[force]
    start = _midnight(_WARM_UP)
    edges = [float(seconds_until(day, start)) for day in _MONTHS]
    callers = _callers(plan, seen, published, force)
    run = CallComparison(
        plan.centres,
        force,
        start=start,
        end=_midnight(_YEARS[-1]),
        moments=callers.moments,
        arises=callers.arises,
        streams=plan.streams,
    )
    without = run.without_portal(edges)
    with_portal = run.with_portal(callers.rings, callers.prompted, edges)
    years = [
        [_of_months(each, 0, 12 * n, 12 * n + 12) for n in (0, 1)]
        for each in (without, with_portal)
    ]
    return PublishedYears(
        force=force,
        falls=[
            fall_in(
                quarter,
                first,
                facts.fall_in_101_calls.value,
                without,
                with_portal,
                off=off(callers.between(*(edges[month + first] for month in (12, 15)))),
            )
            for quarter, first in _QUARTERS.items()
        ],
        abandoned_999_published=[
            facts.abandoned_999_2022_23.value,
            facts.abandoned_999_2023_24.value,
        ],
        abandoned_999_without=[_rounded(each.abandoned_share, 5) for each in years[0]],
        abandoned_999_with=[_rounded(each.abandoned_share, 5) for each in years[1]],
        abandoned_999_with_spans=[
            abandoned_span(_months_of(with_portal, 0, 12 * n, 12 * n + 12)) or (0.0, 0.0)
            for n in (0, 1)
        ],
        wait_999_seconds_without=[_rounded(each.wait_seconds_mean, 1) for each in years[0]],
    )


@dataclass(frozen=True)
class _Callers:
    """Every worry of both years in order, which of them ring, and the calls of messages.

    `arises` says which ring without a portal, and `rings` which do with it. `kinds` are those of
    worries since go-live; before it they are -1.
    """

    moments: Seconds
    arises: NDArray[np.bool_]
    rings: NDArray[np.bool_]
    prompted: Seconds
    kinds: NDArray[np.intp]

    def between(self, first: float, end: float) -> QuarterOfCalls:
        """Count what happened between two seconds."""
        here = (self.moments >= first) & (self.moments < end) & (self.kinds >= 0)
        prompted = (self.prompted >= first) & (self.prompted < end)
        worries = np.bincount(self.kinds[here], minlength=KINDS)
        return QuarterOfCalls(worries=worries, prompted=int(prompted.sum()))


def _callers(plan: Plan, seen: PhaseOne, published: Published, force: str) -> _Callers:
    facts = published.forces[force]
    start = _midnight(_WARM_UP)
    live = seconds_until(published.phase_1_live, start)
    parts = []
    for number, (first, end, crimes_a_year) in enumerate(
        (
            (_WARM_UP, _YEARS[1], facts.crimes_2022_23.value),
            (_YEARS[1], _YEARS[2], facts.crimes_2023_24.value),
        )
    ):
        streams = Streams(plan.streams.seed ^ (_APART + number))
        crimes = make_crimes(
            figures=figures_of_a_year(plan.population.crimes.figures, force, crimes_a_year),
            start=first,
            end=end,
            journey=plan.population.crimes.journey,
            streams=streams,
        )
        parts.append(_of_crimes(plan, seen, crimes, seconds_until(first, start), live, streams))
    moments = np.concatenate([each.moments for each in parts])
    order = np.argsort(moments, kind="stable")
    return _Callers(
        moments[order],
        np.concatenate([each.arises for each in parts])[order],
        np.concatenate([each.rings for each in parts])[order],
        np.sort(np.concatenate([each.prompted for each in parts])),
        np.concatenate([each.kinds for each in parts])[order],
    )


def _of_crimes(
    plan: Plan, seen: PhaseOne, crimes: Crimes, offset: int, live: int, streams: Streams
) -> _Callers:
    """Make the callers of some crimes; `offset` and `live` are seconds after the warm-up began."""
    worry = plan.rollout.worry
    worries = make_worries(crime_courses(crimes, worry), worry, streams)
    recorded = crimes.seconds["CrimeRecorded"] + offset
    share = seen.invited_share[_offences(plan, crimes)]
    invited = (streams.for_("invited").random(len(crimes)) < share) & (recorded >= live)
    needs = make_access_needs(len(crimes), plan.rollout.access_needs, streams)
    registers = draws_to_register(needs, streams) < plan.rollout.victims.registers.value
    at = worries.at_seconds + offset
    whose = worries.row
    kinds = kinds_of_worry(worries, invited[whose], (invited & registers)[whose], worry)
    chance = seen.settled.chance(kinds, (at >= live).astype(np.intp))
    stream = streams.for_("calls that messages make")
    told = stream.poisson(seen.made_each * invited)
    lags = stream.choice(seen.lags, told.sum()) if len(seen.lags) else np.empty(0, dtype=np.int64)
    return _Callers(
        at,
        worries.arises,
        rings_by_chance(worries, chance),
        np.repeat(recorded, told) + lags,
        np.where(at >= live, kinds, -1),
    )


def _offences(plan: Plan, crimes: Crimes) -> NDArray[np.intp]:
    """Find each crime's offence among those of the rehearsal's figures."""
    every = plan.population.crimes.figures.offences
    places = {(each.force, each.offence_code): n for n, each in enumerate(every)}
    mine = [places[each.force, each.offence_code] for each in crimes.figures.offences]
    return np.array(mine, dtype=np.intp)[crimes.offence]


def figures_of_a_year(figures: Figures, force: str, crimes: float) -> Figures:
    """Give one force's figures at the volume of another year."""
    quarters = [each for each in figures.quarters if each.force == force]
    factor = crimes / sum(each.count for each in quarters)
    return structs.replace(
        figures,
        offences=tuple(each for each in figures.offences if each.force == force),
        outcomes=tuple(each for each in figures.outcomes if each.force == force),
        quarters=tuple(
            structs.replace(each, count=round(each.count * factor)) for each in quarters
        ),
    )


def fall_in(
    quarter: str,
    first: int,
    published: float,
    without: ForceCalls,
    with_portal: ForceCalls,
    *,
    off: tuple[float, float] = (0.0, 0.0),
) -> PublishedFall:
    """Compare a quarter of 2023, from its `first` month after April, with that of 2022.

    The calls saved may be `off` by so many, low and high.
    """
    before = _of_months(without, 1, first, first + 3).offered
    other, live = (
        _of_months(each, 1, first + 12, first + 15).offered for each in (without, with_portal)
    )
    return PublishedFall(
        quarter=quarter,
        published=published,
        without_portal=round(1 - other / before, 4),
        with_portal=round(1 - live / before, 4),
        by_portal=round((other - live) / before, 4),
        by_portal_low=round((other - live + off[0]) / before, 4),
        by_portal_high=round((other - live + off[1]) / before, 4),
    )


def _of_months(calls: ForceCalls, line: int, first: int, end: int) -> ServiceLevel:
    return add_up(_months_of(calls, line, first, end))


def _months_of(calls: ForceCalls, line: int, first: int, end: int) -> list[ServiceLevel]:
    return [calls.levels[2 * month + line] for month in range(first, end)]


def _rounded(value: float | None, digits: int) -> float:
    return round(value or 0.0, digits)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def _months() -> Iterator[date]:
    """Give the first day of each month of both years, and the day after the last."""
    for month in range(25):
        yield date(2022 + (3 + month) // 12, (3 + month) % 12 + 1, 1)


_MONTHS = tuple(_months())
# Draws of their own, apart from the rehearsal's: other crimes, in other years.
_APART = 0x2022
