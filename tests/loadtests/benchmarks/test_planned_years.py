"""A planner's year is measured in a process of its own, at full volume."""

import pytest

from loadtests.benchmarks.planned_years import measure


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_a_few_weeks_are_measured() -> None:
    """Three weeks have thousands of events and calls, and take seconds."""
    lines = [each.split() for each in measure(3)]
    numbers = {name: float(value.replace(",", "")) for _rate, name, value, *_unit in lines}

    assert numbers["planned_year"] >= numbers["planned_year_model"] > 0
    assert numbers["planned_year_events"] > 10_000
    assert numbers["planned_year_calls"] > 20_000
    assert numbers["planned_year_memory"] > 50
