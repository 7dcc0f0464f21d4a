"""How far a week's calls lie from the simulated ones by chance."""

from datetime import date
from math import sqrt

import numpy as np
import pytest
from msgspec import structs

from simulator.contact_centre.service_level import ServiceLevel
from simulator.contact_centre.staffing import ContactCentreParameters, read_parameters
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.spread_of_weeks import spread_of_weeks
from tests.simulator.real_files import CENTRE

MONDAY = date(2026, 6, 1)


def centres(variation: float) -> ContactCentreParameters:
    """Read the contact centre, with another variation of its days."""
    read = read_parameters(CENTRE)
    days = structs.replace(read.non_emergency.day_variation, value=variation)
    callers = structs.replace(read.non_emergency, day_variation=days)
    return structs.replace(read, non_emergency=callers)


def calls(on_101: int, updates: int) -> ForceCalls:
    """Make one week of a force's calls."""
    levels = [
        ServiceLevel(
            from_seconds=0,
            to_seconds=1,
            line=line,
            offered=offered,
            redials=0,
            answered=offered,
            abandoned=0,
            abandoned_share=0,
            wait_seconds_mean=1,
            answered_in_target_share=1,
        )
        for line, offered in (("999", 9_999), ("101", on_101))
    ]
    return ForceCalls(levels=levels, update_calls=[updates])


def test_equal_days_leave_the_chance_of_poisson() -> None:
    """Both forces together; calls to 999 are not among them."""
    both = {"one": calls(6_000, 1_000), "other": calls(4_000, 600)}
    [found] = spread_of_weeks(both, [MONDAY], centres(0))

    far, far_updates = 1.96 * sqrt(10_000), 1.96 * sqrt(1_600)
    assert (found.calls_101_low, found.calls_101_high) == (10_000 - far, 10_000 + far)
    assert found.update_calls_high == round(1_600 + far_updates)


def test_busier_days_widen_it_as_drawn_weeks_do() -> None:
    """95 in 100 weeks drawn day by day lie within, give or take one."""
    parameters = centres(0.08)
    [found] = spread_of_weeks({"one": calls(10_000, 0)}, [MONDAY], parameters)
    rng = np.random.default_rng(1)
    weights = np.array(parameters.non_emergency.profile.by_day_of_week)
    days = 10_000 * weights / weights.sum()
    drawn = rng.poisson(days * rng.gamma(1 / 0.08**2, 0.08**2, (20_000, 7))).sum(axis=1)
    inside = (drawn >= found.calls_101_low) & (drawn <= found.calls_101_high)

    assert inside.mean() == pytest.approx(0.95, abs=0.01)


def test_it_never_goes_below_no_calls() -> None:
    """A force with a call a week may have none."""
    [found] = spread_of_weeks({"one": calls(1, 1)}, [MONDAY], centres(0.1))

    assert (found.calls_101_low, found.update_calls_low) == (0, 0)
