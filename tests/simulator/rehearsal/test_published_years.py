"""The published years: the right months of the right years, at the volume of each."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.clock import LONDON
from simulator.contact_centre.service_level import ServiceLevel
from simulator.contact_centre.staffing import ContactCentreParameters, read_parameters
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.force.crime_journey import read_journey
from simulator.force.crimes import make_crimes
from simulator.force.figures import load_figures
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls
from simulator.rehearsal.published_figures import read_published, update_calls_elsewhere
from simulator.rehearsal.published_years import (
    Callers,
    CallsAtUptake,
    by_season,
    fall_in,
    figures_of_a_year,
    share_that_gives,
    with_portal_since,
)
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.run import rehearse
from simulator.rehearsal.worries import crime_courses, make_worries
from simulator.results.values import Estimate
from simulator.streams import Streams
from tests.simulator.real_files import CENTRE, ROLLOUT, parsed
from tests.simulator.rehearsal.small import write_small

PUBLISHED = ROOT / "scenarios" / "published.toml"
FORCES = load_figures().forces
# By month from April 2022: calls to 101 with no portal, and with one from August 2023.
CALLS = [100] * 3 + [200, 200, 200] + [400, 400, 400] + [100] * 3
LATER = [100] * 3 + [190, 190, 190] + [380, 380, 380] + [100] * 3


def months(calls: list[int], *, redials: int = 0) -> ForceCalls:
    """Make two years of months, each with both lines; on 101 so many of the calls are redials."""

    def level(month: int, line: str, offered: int) -> ServiceLevel:
        return ServiceLevel(
            from_seconds=month,
            to_seconds=month + 1,
            line=line,
            offered=offered,
            redials=redials if line == "101" else 0,
            answered=offered,
            abandoned=0,
            abandoned_share=0.0,
            wait_seconds_mean=1.0,
            answered_in_target_share=1.0,
        )

    levels = [
        level(month, line, offered if line == "101" else 7)
        for month, offered in enumerate(calls)
        for line in ("999", "101")
    ]
    return ForceCalls(levels, [0] * len(calls))


@pytest.mark.parametrize(("first", "portal"), [(3, 0.10), (6, 0.05)])
def test_a_quarter_is_compared_with_that_of_the_year_before(first: int, portal: float) -> None:
    """July to September is the fourth month on, October to December the seventh."""
    with_portal = [*CALLS, *LATER]
    with_portal[15:18] = [170, 170, 170]
    with_portal[18:21] = [360, 360, 360]

    found = fall_in(
        "a quarter",
        first,
        0.21,
        months([*CALLS, *LATER]),
        CallsAtUptake(months(with_portal)),
        CallsAtUptake(months([*CALLS, *LATER])),
    )

    assert found.published == 0.21
    assert found.without_portal == 0.05
    assert found.by_portal == portal
    assert found.with_portal == pytest.approx(0.05 + portal)


def test_the_calendar_of_a_quarter_is_a_part_by_itself() -> None:
    """By hand: two quarters of the same name differ by their weekdays alone, not by the season.

    July to September 2022 has 14 Fridays and 13 of each other weekday. That of 2023 has 14
    Saturdays, which are quieter on 101, so calls fall. Were nobody to ring but for news, it would
    do nothing.
    """
    callers = read_parameters(CENTRE).non_emergency
    days = callers.profile.by_day_of_week
    before, later = (13 * sum(days) + days[extra] for extra in (4, 5))

    found = by_season(months([900] * 24), callers, 3)

    assert found == pytest.approx(1 - later / before, abs=1e-4)
    assert found > 0.001
    for_news = replace(months([900] * 24), update_calls=[900] * 24)
    assert by_season(for_news, callers, 3) == 0


@given(
    before=st.tuples(st.integers(2, 10**6), st.floats(0, 0.5)),
    other=st.tuples(st.integers(2, 10**6), st.floats(0, 0.5)),
    live=st.integers(0, 10**6),
    off=st.tuples(st.floats(-500, 0), st.floats(0, 500)),
)
def test_the_parts_of_a_fall_add_up(
    before: tuple[int, float], other: tuple[int, float], live: int, off: tuple[float, float]
) -> None:
    """Volume, redial and the portal make the modelled fall; the interval lies around the portal."""
    without = months([before[0]] * 12 + [other[0]] * 12)
    levels = [
        structs.replace(each, redials=int(each.offered * share)) if each.line == "101" else each
        for each, share in zip(without.levels, [before[1]] * 24 + [other[1]] * 24, strict=True)
    ]
    without = replace(without, levels=levels)
    with_portal = months([before[0]] * 12 + [live] * 12)

    found = fall_in(
        "a quarter", 3, 0.14, without, CallsAtUptake(with_portal, off), CallsAtUptake(without)
    )

    assert found.by_volume is not None
    assert found.by_redial is not None
    rounding = 3e-4
    assert found.by_volume + found.by_redial == pytest.approx(found.without_portal, abs=rounding)
    assert found.without_portal + found.by_portal == pytest.approx(found.with_portal, abs=rounding)
    assert found.by_portal_low is not None
    assert found.by_portal_high is not None
    assert found.by_portal_low <= found.by_portal <= found.by_portal_high
    assert found.few == Estimate(mean=0, low=0, high=0)


def test_fewer_who_ring_again_are_a_part_of_their_own() -> None:
    """Of 600 calls in a quarter 60 were redials, and of the next year's 570 none."""
    redials = months([*CALLS, *LATER], redials=20)
    levels = [
        structs.replace(each, redials=0 if each.from_seconds >= 12 else each.redials)
        for each in redials.levels
    ]
    without = replace(redials, levels=levels)

    found = fall_in("a quarter", 3, 0.21, without, *[CallsAtUptake(without)] * 2)

    assert (found.by_volume, found.by_redial, found.by_portal) == (-0.05, 0.1, 0)


def test_as_many_register_as_were_published() -> None:
    """Of 1,000 invited, half of those who would sign in: 100 do if a fifth would."""
    draws = [(np.arange(500) + 0.5) / 1000, (np.arange(500, 1000) + 0.5) / 1000]

    assert share_that_gives(100, draws, signs_in=0.5) == pytest.approx(0.2, abs=0.001)
    assert share_that_gives(499, draws, signs_in=0.5) == pytest.approx(0.9985)


@pytest.mark.parametrize("signs_in", [0.5, 0.0])
def test_where_too_few_were_invited_all_of_them_register(signs_in: float) -> None:
    """More than could have signed in; or nobody in the rehearsal ever did."""
    assert share_that_gives(600, [np.linspace(0, 2, 1000)], signs_in=signs_in) == 1


def test_before_go_live_nothing_differs_and_after_it_all_counts() -> None:
    """The months before are taken over; a portal that does nothing leaves the others too."""
    start = datetime(2026, 6, 1, tzinfo=LONDON)
    edges = [each * 86_400.0 for each in (0, 10, 20, 30)]
    moments = np.arange(0, 30 * 86_400, 5_000)
    raw = parsed(CENTRE)
    for force in raw["forces"].values():
        for line in ("999", "101"):
            force[f"calls_a_year_{line}"]["value"] /= 50
    run = CallComparison(
        msgspec.convert(raw, ContactCentreParameters),
        "hampshire",
        start=start,
        end=start + timedelta(days=30),
        moments=moments,
        arises=np.ones(len(moments), dtype=np.bool_),
        streams=Streams(1),
    )
    without = run.without_portal(edges)

    def live(*, rings: bool) -> ForceCalls:
        callers = Callers(
            moments=moments,
            arises=np.ones(len(moments), dtype=np.bool_),
            rings=np.full(len(moments), rings),
            prompted=np.empty(0, dtype=np.int64),
            kinds=np.zeros(len(moments), dtype=np.intp),
            is_invited=np.ones(len(moments), dtype=np.bool_),
        )
        return with_portal_since(run, callers, without, edges, 12 * 86_400.0)

    same = live(rings=True)
    assert (same.levels, same.update_calls) == (without.levels, without.update_calls)
    silent = live(rings=False)
    assert silent.levels[:2] == without.levels[:2]
    assert silent.update_calls == [without.update_calls[0], 0, 0]


def test_a_year_has_its_own_crimes() -> None:
    """One force's quarters are scaled to the year, and its offences keep their mix."""
    figures = load_figures()
    found = figures_of_a_year(figures, "hampshire", 175_165)

    assert found.forces == ("hampshire",)
    assert sum(each.count for each in found.quarters) == pytest.approx(175_165, abs=2)
    mine = tuple(each for each in figures.offences if each.force == "hampshire")
    assert found.offences == mine


def test_every_published_figure_has_its_source() -> None:
    """The falls, shares and crimes of both forces are there, each with where it was published."""
    published = read_published(PUBLISHED, FORCES)

    assert {published.forces[each].fall_in_101_calls.value for each in FORCES} == {0.14, 0.21}
    for force in published.forces.values():
        for name in force.__struct_fields__:
            assert getattr(force, name).source
    for other in published.elsewhere.values():
        assert all(each.source for each in (other.update_calls, *other.crimes.values()))


def test_a_force_without_figures_is_named(tmp_path: Path) -> None:
    """The error names the file and the force."""
    with pytest.raises(BadInput, match=r"published.toml: forces: kent is missing; add what was"):
        read_published(PUBLISHED, ["kent"])


def test_humberside_is_a_force_that_nothing_is_fitted_to() -> None:
    """At 0.54 calls for each crime its published 54,000 lie between two of three years."""
    published = read_published(PUBLISHED, FORCES)
    rate = read_rollout(ROLLOUT).worry.moments_mean.value

    [found] = update_calls_elsewhere(published, rate, Streams(1))

    assert (found.force, found.published, found.calls_a_crime) == ("humberside", 54_000, 0.54)
    assert {each.year: each.calls for each in found.modelled} == {
        "2021-22": 49_592,
        "2022-23": 54_666,
        "2023-24": 53_486,
    }


@pytest.mark.proof
@pytest.mark.parametrize("force", FORCES)
def test_the_year_before_is_as_it_was_published(force: str) -> None:
    """The mean of 8 seeds is within 0.05 points of 999 calls abandoned and 2 s of their mean wait.

    The abandoned are of 2022-23, and the waits of November 2021 to April 2022: both before the
    portal. A single seed may be twice as far off.
    """
    abandoned, waits = np.mean([_year_before(force, seed) for seed in range(1, 9)], axis=0)

    facts = read_published(PUBLISHED, FORCES).forces[force]
    published = {"hampshire": 12.2, "thames_valley": 11.3}
    assert abandoned == pytest.approx(facts.abandoned_999_2022_23.value, abs=0.0005)
    assert waits == pytest.approx(published[force], abs=2)


def _year_before(force: str, seed: int) -> tuple[float, float]:
    """Give the share of 999 calls abandoned in 2022-23, and the mean wait, without a portal."""
    facts, worry = read_published(PUBLISHED, FORCES).forces[force], read_rollout(ROLLOUT).worry
    crimes = make_crimes(
        figures=figures_of_a_year(load_figures(), force, facts.crimes_2022_23.value),
        start=date(2022, 2, 1),
        end=date(2023, 4, 1),
        journey=read_journey(),
        streams=Streams(seed),
    )
    worries = make_worries(crime_courses(crimes, worry), worry, Streams(seed))
    run = CallComparison(
        read_parameters(CENTRE),
        force,
        start=crimes.start,
        end=crimes.start + timedelta(days=424),
        moments=worries.at_seconds,
        arises=worries.arises,
        streams=Streams(seed),
    )
    emergency = run.without_portal([59 * 86_400.0, 424 * 86_400.0]).levels[0]
    assert emergency.abandoned_share is not None
    assert emergency.wait_seconds_mean is not None
    return emergency.abandoned_share, emergency.wait_seconds_mean


@pytest.mark.proof
def test_both_years_are_run_for_both_forces(tmp_path: Path) -> None:
    """Without a portal the years differ by little; with it some calls are saved, after August.

    With the 6,000 registered that were published, none are: messages make more. So few crimes are
    followed here that the interval may reach beyond 0.
    """

    def with_published(raw: dict[str, object]) -> None:
        raw["published"] = str(PUBLISHED)

    path = write_small(tmp_path, rollout=with_published)
    years = rehearse(path, seed=1, fraction=0.005, compares_years=True).result.published

    assert [each.force for each in years] == list(FORCES)
    for each in years:
        summer, autumn = each.falls
        assert -0.02 < summer.without_portal < 0.05
        assert summer.by_portal < autumn.by_portal < 0.05
        for fall in each.falls:
            assert fall.few is not None
            assert fall.ceiling is not None
            assert fall.few.low < fall.few.mean < fall.few.high
            assert fall.few.mean < 0 < fall.by_portal < fall.ceiling
            assert fall.ceiling < 0.1 < fall.published
        assert each.abandoned_999_with[0] == each.abandoned_999_without[0]
        # What the portal does to 999 is at most some hundredths of a point, and less than chance in
        # one history: which of the two is larger no seed can say.
        low, high = each.abandoned_999_with_spans[1]
        assert low < each.abandoned_999_without[1] < high
        for share, (low, high) in zip(
            each.abandoned_999_with, each.abandoned_999_with_spans, strict=True
        ):
            assert 0 < low < share < high < 2 * share


def test_the_ceiling_leaves_out_worries_that_only_a_portal_makes() -> None:
    """Without a portal nobody would have rung because of them."""
    callers = Callers(
        moments=np.arange(4),
        arises=np.array([True, False, True, True]),
        rings=np.ones(4, dtype=np.bool_),
        prompted=np.empty(0, dtype=np.int64),
        kinds=np.zeros(4, dtype=np.intp),
        is_invited=np.array([True, True, False, True]),
    )

    assert callers.of_invited(0, 4) == 2
    assert callers.of_invited(1, 3) == 0
