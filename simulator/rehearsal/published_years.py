"""The two years whose figures were published, with the portal and without it, by force.

The published fall in calls to 101 is of "the third quarter of 2023". That may be July to September,
or a financial year's third, October to December: both are given, with the same quarter of the year
before. The published shares of 999 calls abandoned are of years. Every crime is drawn anew, at the
volume of its year; what the portal does is what the rehearsal saw in phase 1. It is run twice: with
as many registered as in the rehearsal, and with as many as were published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.service_level import ServiceLevel, add_up
from simulator.contact_centre.staffing import Callers as LineCallers
from simulator.contact_centre.staffing import calendar_calls
from simulator.force.crimes import make_crimes
from simulator.force.figures import Figures
from simulator.population.access_needs import make_access_needs
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls, abandoned_span
from simulator.rehearsal.full_volume import KINDS, kinds_of_worry, rings_by_chance
from simulator.rehearsal.phase_one import MadeCalls, PhaseOne, made_calls, phase_one
from simulator.rehearsal.plan import Plan, seconds_until
from simulator.rehearsal.population import draws_to_register
from simulator.rehearsal.portal_use import PortalUse
from simulator.rehearsal.published_figures import Published, PublishedForce
from simulator.rehearsal.resampled_victims import OffBy, QuarterOfCalls, interval_of_saved
from simulator.rehearsal.uptake import PUBLISHED_REGISTERED
from simulator.rehearsal.worries import Seconds, Worries, crime_courses, make_worries
from simulator.rehearsal.years_drawn_again import both_off, fall_drawn_again
from simulator.results.values import Estimate, PublishedFall, PublishedYears
from simulator.streams import Streams

_YEARS = (date(2022, 4, 1), date(2023, 4, 1), date(2024, 4, 1))
# Crimes before the first year, so that it begins with people who wait for news.
_WARM_UP = date(2022, 2, 1)
# Each reading of the third quarter, with its first month, counted from April.
_QUARTERS = {"July to September": 3, "October to December": 6}
# So long before a desk that begins empty counts, it answers as one that was never empty.
_SETTLES_SECONDS = 86_400.0


def compare_years(plan: Plan, use: PortalUse, published: Published) -> list[PublishedYears]:
    """Run both years of each force: without the portal, and with it at both uptakes."""
    seen = phase_one(plan, use)
    victims = {
        force: _victims_of(plan, seen, published, force)
        for force in plan.population.crimes.figures.forces
    }
    rehearsed = plan.rollout.victims.registers.value
    few = share_that_gives(
        PUBLISHED_REGISTERED,
        [part.draws[part.invited] for parts in victims.values() for part in parts],
        signs_in=seen.signs_in,
    )
    uptakes = [
        _Uptake(made, interval_of_saved(made.victims, plan.streams))
        for made in (made_calls(plan, use, each) for each in (rehearsed, few))
    ]
    return [
        _compare(plan, seen, published, force, parts, uptakes) for force, parts in victims.items()
    ]


def share_that_gives(
    registered: int, draws: Sequence[NDArray[np.float64]], *, signs_in: float
) -> float:
    """Give the share of those invited who must register for so many to have signed in; at most 1.

    `draws` are those of everybody invited: below which share they register. Of those who would,
    `signs_in` do in time.
    """
    inside = np.sort(np.concatenate(draws))
    wanted = round(registered / signs_in) if signs_in else len(inside)
    return min(float(inside[wanted]), 1.0) if wanted < len(inside) else 1.0


@dataclass(frozen=True)
class _Uptake:
    """What messages make at one share that registers, and how far the calls saved may be off."""

    made: MadeCalls
    off: OffBy


@dataclass(frozen=True, kw_only=True)
class _Victims:
    """The victims of some of a force's crimes: one entry a crime, all seconds after the warm-up.

    `invited` says that the victim was since go-live, and `draws` below which share they register.
    """

    worries: Worries
    recorded: Seconds
    invited: NDArray[np.bool_]
    draws: NDArray[np.float64]
    streams: Streams


@dataclass(frozen=True)
class Callers:
    """Every worry of both years in order, which of them ring, and the calls of messages.

    `arises` says which ring without a portal, and `rings` which do with it. `kinds` are those of
    worries since go-live; before it they are -1. `is_invited` says that the victim was.
    """

    moments: Seconds
    arises: NDArray[np.bool_]
    rings: NDArray[np.bool_]
    prompted: Seconds
    kinds: NDArray[np.intp]
    is_invited: NDArray[np.bool_]

    def between(self, first: float, end: float) -> QuarterOfCalls:
        """Count what happened between two seconds."""
        here = (self.moments >= first) & (self.moments < end) & (self.kinds >= 0)
        prompted = (self.prompted >= first) & (self.prompted < end)
        worries = np.bincount(self.kinds[here], minlength=KINDS)
        return QuarterOfCalls(worries=worries, prompted=int(prompted.sum()))

    def of_invited(self, first: float, end: float) -> int:
        """Count the worries of invited victims between two seconds that arise without a portal."""
        of_invited = self.is_invited & self.arises
        return int((of_invited & (self.moments >= first) & (self.moments < end)).sum())


@dataclass(frozen=True)
class CallsAtUptake:
    """A force's calls at one share that registers; the calls saved may be `off`, low and high."""

    calls: ForceCalls
    off: tuple[float, float] = (0.0, 0.0)


def _compare(
    plan: Plan,
    seen: PhaseOne,
    published: Published,
    force: str,
    parts: Sequence[_Victims],
    uptakes: Sequence[_Uptake],
) -> PublishedYears:
    facts = published.forces[force]
    start = _midnight(_WARM_UP)
    edges = [float(seconds_until(day, start)) for day in _MONTHS]
    live = float(seconds_until(published.phase_1_live, start))
    callers = [_callers(plan, seen, parts, each.made, int(live)) for each in uptakes]
    run = CallComparison(
        plan.centres,
        force,
        start=start,
        end=_midnight(_YEARS[-1]),
        moments=callers[0].moments,
        arises=callers[0].arises,
        streams=plan.streams,
    )
    without = run.without_portal(edges)
    with_portal = [with_portal_since(run, each, without, edges, live) for each in callers]
    falls = []
    for quarter, first in _QUARTERS.items():
        span = (edges[first + 12], edges[first + 15])
        offs = [
            uptake.off(each.between(*span)) for uptake, each in zip(uptakes, callers, strict=True)
        ]
        both = [CallsAtUptake(*each) for each in zip(with_portal, offs, strict=True)]
        fall = fall_in(quarter, first, facts.fall_in_101_calls.value, without, *both)
        before = _of_months(without, 1, first, first + 3).offered
        ceiling = round(callers[0].of_invited(*span) / before, 4)
        callers_101 = plan.centres.non_emergency
        season = by_season(without, callers_101, first)
        fall = structs.replace(fall, ceiling=ceiling, by_season=season)
        rng = plan.streams.for_(f"{force}: {quarter}, drawn again")
        falls.append(_with_span(fall, before, callers_101.day_variation.value, rng))
    return _years(force, facts, falls, without, with_portal[0], uptakes)


def _with_span(
    fall: PublishedFall, before: float, day_variation: float, rng: np.random.Generator
) -> PublishedFall:
    """Give the fall that the model predicts its interval: of chance, and of who was followed."""
    mean = fall.with_portal
    chance = fall_drawn_again(before, before * (1 - mean), day_variation, rng)
    low, high = (each or 0.0 for each in (fall.by_portal_low, fall.by_portal_high))
    off = (low - fall.by_portal, high - fall.by_portal)
    span = both_off(mean, chance, off)
    return structs.replace(
        fall, with_portal_low=round(span[0], 4), with_portal_high=round(span[1], 4)
    )


def _years(
    force: str,
    facts: PublishedForce,
    falls: list[PublishedFall],
    without: ForceCalls,
    with_portal: ForceCalls,
    uptakes: Sequence[_Uptake],
) -> PublishedYears:
    before, live = (
        [_of_months(each, 0, 12 * n, 12 * n + 12) for n in (0, 1)]
        for each in (without, with_portal)
    )
    return PublishedYears(
        force=force,
        falls=falls,
        abandoned_999_published=[
            facts.abandoned_999_2022_23.value,
            facts.abandoned_999_2023_24.value,
        ],
        abandoned_999_without=[_rounded(each.abandoned_share, 5) for each in before],
        abandoned_999_with=[_rounded(each.abandoned_share, 5) for each in live],
        abandoned_999_with_spans=[
            abandoned_span(_months_of(with_portal, 0, 12 * n, 12 * n + 12)) or (0.0, 0.0)
            for n in (0, 1)
        ],
        wait_999_seconds_without=[_rounded(each.wait_seconds_mean, 1) for each in before],
        registers=uptakes[0].made.registers,
        registers_few=round(uptakes[1].made.registers, 4),
    )


def with_portal_since(
    run: CallComparison,
    callers: Callers,
    without: ForceCalls,
    edges_seconds: Sequence[float],
    live_seconds: float,
) -> ForceCalls:
    """Answer the calls with the portal from the month of go-live on; before, nothing differs."""
    same = next(n for n, (_, end) in enumerate(pairwise(edges_seconds)) if end > live_seconds)
    since = run.with_portal(
        callers.rings,
        callers.prompted,
        edges_seconds[same:],
        from_seconds=max(edges_seconds[same] - _SETTLES_SECONDS, 0),
    )
    return ForceCalls(
        levels=without.levels[: 2 * same] + since.levels,
        update_calls=without.update_calls[:same] + since.update_calls,
        ended=since.ended,
    )


def _victims_of(plan: Plan, seen: PhaseOne, published: Published, force: str) -> list[_Victims]:
    facts = published.forces[force]
    years = (
        (_WARM_UP, _YEARS[1], facts.crimes_2022_23.value),
        (_YEARS[1], _YEARS[2], facts.crimes_2023_24.value),
    )
    live = seconds_until(published.phase_1_live, _midnight(_WARM_UP))
    return [
        _victims_of_year(plan, seen, force, number, year, live) for number, year in enumerate(years)
    ]


def _victims_of_year(
    plan: Plan,
    seen: PhaseOne,
    force: str,
    number: int,
    year: tuple[date, date, float],
    live: int,
) -> _Victims:
    """Make the victims of the crimes from one day to another, at so many crimes a year."""
    first, end, crimes_a_year = year
    streams, worry = Streams(plan.streams.seed ^ (_APART + number)), plan.rollout.worry
    figures = figures_of_a_year(plan.population.crimes.figures, force, crimes_a_year)
    crimes = make_crimes(
        figures=figures,
        start=first,
        end=end,
        journey=plan.population.crimes.journey,
        streams=streams,
    )
    offset = seconds_until(first, _midnight(_WARM_UP))
    worries = make_worries(crime_courses(crimes, worry), worry, streams)
    recorded = crimes.seconds["CrimeRecorded"] + offset
    share = seen.invited_share[_offences(plan, figures)[crimes.offence]]
    invited = (streams.for_("invited").random(len(crimes)) < share) & (recorded >= live)
    needs = make_access_needs(len(crimes), plan.rollout.access_needs, streams)
    return _Victims(
        worries=replace(worries, at_seconds=worries.at_seconds + offset),
        recorded=recorded,
        invited=invited,
        draws=draws_to_register(needs, streams),
        streams=streams,
    )


def _callers(
    plan: Plan, seen: PhaseOne, victims: Sequence[_Victims], made: MadeCalls, live: int
) -> Callers:
    """Make the callers of all crimes if a share registers; `live` is a second after the warm-up."""
    parts = [_of_part(plan, seen, each, made, live) for each in victims]
    moments = np.concatenate([each.moments for each in parts])
    order = np.argsort(moments, kind="stable")
    return Callers(
        moments[order],
        np.concatenate([each.arises for each in parts])[order],
        np.concatenate([each.rings for each in parts])[order],
        np.sort(np.concatenate([each.prompted for each in parts])),
        np.concatenate([each.kinds for each in parts])[order],
        np.concatenate([each.is_invited for each in parts])[order],
    )


def _of_part(plan: Plan, seen: PhaseOne, part: _Victims, made: MadeCalls, live: int) -> Callers:
    worries = part.worries
    at, invited = worries.at_seconds, part.invited[worries.row]
    registers = (part.draws < made.registers)[worries.row]
    kinds = kinds_of_worry(worries, invited, invited & registers, plan.rollout.worry)
    chance = seen.settled.chance(kinds, (at >= live).astype(np.intp))
    stream = part.streams.for_("calls that messages make")
    told = stream.poisson(made.each * part.invited)
    lags = stream.choice(made.lags, told.sum(), p=made.of_lags) if len(made.lags) else made.lags
    return Callers(
        at,
        worries.arises,
        rings_by_chance(worries, chance),
        np.repeat(part.recorded, told) + lags,
        np.where(at >= live, kinds, -1),
        invited,
    )


def _offences(plan: Plan, figures: Figures) -> NDArray[np.intp]:
    """Find each offence of one force's figures among those of the rehearsal."""
    every = plan.population.crimes.figures.offences
    places = {(each.force, each.offence_code): n for n, each in enumerate(every)}
    return np.array(
        [places[each.force, each.offence_code] for each in figures.offences], dtype=np.intp
    )


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
    rehearsed: CallsAtUptake,
    few: CallsAtUptake,
) -> PublishedFall:
    """Compare a quarter of 2023, from its `first` month after April, with that of 2022.

    The portal is there as it was rehearsed, and with as few registered as were published.
    """
    before, other = (_of_months(without, 1, month, month + 3) for month in (first, first + 12))
    live = _of_months(rehearsed.calls, 1, first + 12, first + 15).offered
    with_few = _of_months(few.calls, 1, first + 12, first + 15).offered

    def of_before(calls: float) -> float:
        return round(calls / before.offered, 4)

    return PublishedFall(
        quarter=quarter,
        published=published,
        without_portal=of_before(before.offered - other.offered),
        with_portal=of_before(before.offered - live),
        by_portal=of_before(other.offered - live),
        by_portal_low=of_before(other.offered - live + rehearsed.off[0]),
        by_portal_high=of_before(other.offered - live + rehearsed.off[1]),
        by_volume=of_before(
            before.offered - before.redials - (other.offered - other.redials),
        ),
        by_redial=of_before(before.redials - other.redials),
        few=Estimate(
            mean=of_before(other.offered - with_few),
            low=of_before(other.offered - with_few + few.off[0]),
            high=of_before(other.offered - with_few + few.off[1]),
        ),
    )


def by_season(without: ForceCalls, callers: LineCallers, first: int) -> float:
    """Give the part of a quarter's fall that its calendar brings: its weekdays and season.

    It is of the calls that are not for news: these follow the crimes, and so do their seasons.
    """
    before = _of_months(without, 1, first, first + 3)
    calls = before.offered - before.redials - sum(without.update_calls[first : first + 3])
    quarter, later = (
        calendar_calls(callers, _midnight(_MONTHS[month]), _midnight(_MONTHS[month + 3]))
        for month in (first, first + 12)
    )
    return round(calls * (1 - later / quarter) / before.offered, 4)


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
