"""Which number decides: a quarter reckoned again by hand, with one number low and high."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from msgspec import structs

from simulator.errors import BadInput
from simulator.files.checked_toml import read
from simulator.files.paths import ROOT
from simulator.rehearsal.net_benefit import Costs, UseOfPortal
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.what_decides import (
    RECKONED,
    Number,
    QuarterAsRun,
    changed,
    read_numbers,
    swings,
)
from simulator.results.values import NumberSwing
from tests.simulator.real_files import ROLLOUT
from tests.simulator.rehearsal.test_uptake import CRIMES, use

PLANNING = "scenarios/planning.toml"
COSTS = read(ROOT / "scenarios" / "costs.toml", Costs)


def quarter(**of_use: float) -> QuarterAsRun:
    """Make the quarter of the uptake tests, in which half register, with the rollout's numbers."""
    made = use(**of_use)
    rollout = changed(read_rollout(ROLLOUT), "victims.registers", made.registers)
    return QuarterAsRun(
        use=made,
        whole=UseOfPortal(
            weeks=13,
            calls_saved=made.calls_saved - made.calls_made,
            questions=1_000,
            other_tasks=300,
            texts=5_000,
            call_seconds=300,
            task_minutes=rollout.officers.task_minutes.value,
        ),
        rollout=structs.replace(rollout, worry=made.parameters),
        costs=COSTS,
    )


def swing(field: str, low: float, high: float, *, of: QuarterAsRun | None = None) -> NumberSwing:
    """Reckon one number."""
    file: Literal["rollout", "costs"] = "rollout" if "." in field else "costs"
    number = Number(name=field, file=file, field=field, low=low, high=high, why="a test")
    [found] = swings(of or quarter(), [number])
    return found


def test_there_are_ten_numbers_or_more_and_each_is_in_the_file_of_plans() -> None:
    """Whatever can be reckoned is asked for, under the name that plans give it."""
    found = read_numbers(PLANNING)

    assert len(found) >= 10
    assert {f"{each.file}: {each.field}" for each in found} == RECKONED
    assert read_numbers("") == ()


def test_uptake_moves_what_is_saved_and_what_is_made() -> None:
    """At 10%: 500 of 2,500 saved and 540 of 300 made. At 90%: 4,500 and 60."""
    found = swing("victims.registers", 0.1, 0.9)

    assert (found.calls_at_low, found.calls_at_high) == (-2000 - 240, 2000 + 240)
    assert (found.usual, found.low, found.high) == (0.5, 0.1, 0.9)
    assert found.unit == quarter().rollout.victims.registers.unit


def test_messages_that_make_calls_move_those_alone() -> None:
    """300 at one in a hundred: none at none, and 900 at three."""
    found = swing("worry.message_makes_call", 0.0, 0.03)

    assert (found.calls_at_low, found.calls_at_high) == (300, -600)


def test_more_worries_are_more_calls_saved() -> None:
    """Half as many worries, half as many saved; those of too many messages are as they were."""
    of = quarter(too_many=0.04)
    usual = of.rollout.worry.moments_mean.value
    found = swing("worry.moments_mean", usual / 2, usual * 2, of=of)

    assert (found.calls_at_low, found.calls_at_high) == (-1250, 2500)


def test_who_looks_first_decides_what_is_settled() -> None:
    """Who does not look is settled by nothing but calm: here by less than who looks."""
    of = quarter()
    shares = of.use.settled.shares.copy()
    shares[[1, 6]] = 0.0
    draws = np.linspace(0, 1, 2 * CRIMES, endpoint=False)
    worries = replace(of.use.worries, looks=draws[np.random.default_rng(1).permutation(2 * CRIMES)])
    used = replace(of.use, worries=worries, settled=replace(of.use.settled, shares=shares))
    found = swing("worry.looks_at_portal_first", 0.0, 1.0, of=replace(of, use=used))
    usual = of.rollout.worry.looks_at_portal_first.value

    assert found.calls_at_low == -2500
    # 5,000 worry of whom half would be settled: a twentieth off by who happens to look.
    assert found.calls_at_high == pytest.approx(2500 * (1 / usual - 1), rel=0.1)


def test_costs_move_pounds_alone() -> None:
    """1,300 tasks of 10 minutes, at the rate of an officer's hour, and the programme's 13 weeks."""
    rate = COSTS.officer_hour.value
    minutes = swing("officers.task_minutes", 4, 16)
    licence = swing("licence_a_year", 0.0, 100_000.0)

    assert minutes.calls_at_low == minutes.calls_at_high == licence.calls_at_high == 0
    assert minutes.pounds_at_low == pytest.approx(1_300 * 6 / 60 * rate, abs=1)
    assert minutes.pounds_at_high == pytest.approx(-1_300 * 6 / 60 * rate, abs=1)
    assert licence.pounds_at_low == 0
    assert licence.pounds_at_high == pytest.approx(-100_000 * 13 * 7 / 365.25, abs=1)


def test_the_widest_comes_first() -> None:
    """By calls, and of those that move none by pounds."""
    found = swings(quarter(), read_numbers(PLANNING))

    assert [each.width for each in found] == sorted((e.width for e in found), reverse=True)
    still = [each.width_pounds for each in found if not each.width]
    assert len(still) > 2
    assert still == sorted(still, reverse=True)


def test_low_above_high_is_refused() -> None:
    """In the sentence that says how to mend it."""
    with pytest.raises(ValueError, match="Tasks: low is not less than high; swap them"):
        Number(name="Tasks", file="costs", field="officer_hour", low=2, high=1, why="")
    with pytest.raises(BadInput):
        read_numbers("scenarios/costs.toml")
