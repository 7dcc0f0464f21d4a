"""A quarter at other uptakes in hours and pounds: by hand, and at its own share as rehearsed."""

import pytest

from simulator.files.checked_toml import read
from simulator.files.paths import ROOT
from simulator.rehearsal.net_benefit import NET, Costs, UseOfPortal, benefit_of
from simulator.rehearsal.uptake_benefit import benefit_by_uptake
from simulator.results.values import Uptake, UptakeShare

COSTS = read(ROOT / "scenarios" / "costs.toml", Costs)
FRACTION = 0.1


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
    [found] = benefit_by_uptake(uptake(HALF), HALF, [WEEK, WEEK], COSTS, FRACTION)

    assert found.calls_saved.mean == 600
    assert found.handler_hours.mean == pytest.approx(60)
    assert found.question_hours.mean == pytest.approx(200)
    assert found.pounds.mean == pytest.approx(2 * benefit_of(WEEK, COSTS)[NET])


def test_each_share_is_reckoned_as_by_hand() -> None:
    """At a fifth of the share: 900 calls fewer, a fifth of the questions, the same tasks and texts.

    The error of 1,000 questions of 100 followed ones is a tenth of them.
    """
    [found] = benefit_by_uptake(uptake(TENTH), HALF, [WEEK, WEEK], COSTS, FRACTION)

    assert found.calls_saved.mean == 600 - 900
    assert found.calls_saved.half_width == pytest.approx(1.96 * 50)
    assert found.handler_hours.mean == pytest.approx(-30)
    assert found.question_hours.mean == pytest.approx(40)
    assert found.question_hours.half_width == pytest.approx(1.96 * 0.1 * 40)
    dearer = 900 * (
        0.1 * COSTS.handler_hour.value
        + COSTS.call_back_share.value
        * COSTS.call_back_minutes.value
        / 60
        * COSTS.officer_hour.value
    )
    cheaper = 160 * COSTS.officer_hour.value
    rehearsed = 2 * benefit_of(WEEK, COSTS)[NET]
    assert found.pounds.mean == pytest.approx(rehearsed - dearer + cheaper)
    assert found.pounds.low < found.pounds.mean < found.pounds.high


def test_where_nobody_registers_there_is_nothing_to_reckon_from() -> None:
    """No questions stand for others, and of no weeks there is nothing."""
    nobody = share(0.0, 0, 600)

    assert benefit_by_uptake(uptake(HALF, rehearsed=0), nobody, [WEEK], COSTS, FRACTION) == []
    assert benefit_by_uptake(uptake(HALF), HALF, [], COSTS, FRACTION) == []
