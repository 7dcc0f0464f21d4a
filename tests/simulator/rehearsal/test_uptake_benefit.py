"""A quarter at other uptakes in hours and pounds: by hand, and at its own share as rehearsed."""

from dataclasses import replace

import pytest
from msgspec import structs

from simulator.files.checked_toml import read
from simulator.files.paths import ROOT
from simulator.rehearsal.intervals import t_quantile
from simulator.rehearsal.net_benefit import (
    CALLS_SAVED,
    NET,
    QUESTION_HOURS,
    Costs,
    UseOfPortal,
    benefit_of,
    weekly_benefit,
)
from simulator.rehearsal.uptake_benefit import benefit_by_uptake
from simulator.results.values import Uptake, UptakeShare

COSTS = read(ROOT / "scenarios" / "costs.toml", Costs)


def share(registers: float, saved: int, made: int) -> UptakeShare:
    """Give the calls at one share; 50 is the standard error of the two together."""
    return UptakeShare(
        registers=registers,
        registered=0,
        calls_saved=saved,
        calls_made=made,
        net_share_of_101=0.0,
        net_error=50.0,
    )


HALF, TENTH = share(0.5, 900, 300), share(0.1, 200, 500)
WEEK = UseOfPortal(
    weeks=1,
    calls_saved=300,
    questions=500,
    other_tasks=200,
    texts=4_000,
    call_seconds=360,
    task_minutes=12,
)


def uptake(*shares: UptakeShare, rehearsed: float = 0.5) -> Uptake:
    """Give a quarter whose run was at a half."""
    return Uptake(
        shares=list(shares), break_even=0.2, rehearsed=rehearsed, published_registered=6_000
    )


def test_at_the_rehearsed_share_it_is_the_benefit_of_the_weeks() -> None:
    """Calls, hours and pounds of both weeks, added up."""
    [found] = benefit_by_uptake(uptake(HALF), HALF, [WEEK, WEEK], COSTS, 50)

    assert found.registered is None
    assert found.calls_saved.mean == 600
    assert found.handler_hours.mean == pytest.approx(60)
    assert found.question_hours.mean == pytest.approx(200)
    assert found.pounds.mean == pytest.approx(2 * benefit_of(WEEK, COSTS)[NET])


def test_a_net_benefit_has_one_interval() -> None:
    """At the rehearsed share it is that of the benefit's own table, with both sources in it."""
    weeks = [WEEK, replace(WEEK, calls_saved=100, questions=700)]
    own = {each.name: each.value for each in weekly_benefit(weeks, COSTS, saved_error=70)}

    [found] = benefit_by_uptake(uptake(HALF), HALF, weeks, COSTS, 70)

    assert found.pounds == own[NET]
    assert found.calls_saved == own[CALLS_SAVED]
    assert found.question_hours == own[QUESTION_HOURS]
    alike = {e.name: e.value for e in weekly_benefit(weeks, COSTS)}
    assert own[NET].half_width > alike[NET].half_width > 0


def test_the_published_number_stands_beside_the_shares() -> None:
    """As the last, with how many have registered; its error is in the measure of its calls'."""
    few = structs.replace(share(0.07, 100, 250), registered=6_000, net_error=25.0)
    at_few = structs.replace(uptake(HALF), at_published=few)

    half, published = benefit_by_uptake(at_few, HALF, [WEEK, WEEK], COSTS, 50)

    assert (half.registered, published.registered, published.registers) == (None, 6_000, 0.07)
    assert published.calls_saved.mean == 600 - 750
    assert published.calls_saved.half_width == pytest.approx(half.calls_saved.half_width / 2)


def test_each_share_is_reckoned_as_by_hand() -> None:
    """At a fifth of the share: 900 calls fewer, a fifth of the questions, the same tasks and texts.

    Of two weeks that are alike, who was followed is all that the calls' interval has in it.
    """
    [found] = benefit_by_uptake(uptake(TENTH), HALF, [WEEK, WEEK], COSTS, 50)

    assert found.calls_saved.mean == 600 - 900
    assert found.calls_saved.half_width == pytest.approx(t_quantile(1) * 50)
    assert found.handler_hours.mean == pytest.approx(-30)
    assert found.question_hours.mean == pytest.approx(40)
    assert found.question_hours.half_width == 0
    dearer = 900 * (
        0.1 * COSTS.handler_hour.value
        + COSTS.call_back_share.value * COSTS.call_back_minutes_mean / 60 * COSTS.officer_hour.value
    )
    cheaper = 160 * COSTS.officer_hour.value
    rehearsed = 2 * benefit_of(WEEK, COSTS)[NET]
    assert found.pounds.mean == pytest.approx(rehearsed - dearer + cheaper)
    assert found.pounds.low < found.pounds.mean < found.pounds.high


def test_where_nobody_registers_there_is_nothing_to_reckon_from() -> None:
    """No questions stand for others, and of no weeks there is nothing."""
    nobody = share(0.0, 0, 600)

    assert benefit_by_uptake(uptake(HALF, rehearsed=0), nobody, [WEEK], COSTS, 50) == []
    assert benefit_by_uptake(uptake(HALF), HALF, [WEEK], COSTS, 50) == []
