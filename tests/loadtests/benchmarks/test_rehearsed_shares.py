"""What a crime more costs, and what all would, from a few shares."""

import pytest

from loadtests.benchmarks.rehearsed_shares import costs, memory_of_all

SHARES = (0.01, 0.02, 0.05)


def told(seconds: tuple[float, float, float]) -> dict[str, float]:
    """Give the numbers for 1,000, 2,000 and 5,000 crimes that took so many seconds."""
    found = list(zip((1000, 2000, 5000), seconds, strict=True))
    lines = [each.split() for each in costs(found, SHARES)]
    return {name: float(value) for _kind, name, value, *_unit in lines}


def test_a_cost_that_is_linear_is_said_to_be() -> None:
    """Ten seconds, and one for every hundred crimes: all 100,000 take a thousand seconds more."""
    numbers = told((20, 30, 60))

    assert numbers["rehearsal_linear"] == 1.0
    assert numbers["rehearsal_crimes_to_0.02"] == numbers["rehearsal_crimes_to_0.05"] == 100.0
    assert numbers["rehearsal_at_1_expected"] == round(1010 / 60, 1)


def test_a_cost_that_grows_faster_is_seen() -> None:
    """With a square in it the last crimes cost more than the mean."""
    assert told((20, 40, 160))["rehearsal_linear"] > 1.1


def test_the_memory_of_all_grows_as_the_last_step_did() -> None:
    """500 MB whatever is followed, and 30 MB for every hundredth: 3.5 GB."""
    assert memory_of_all([500, 560, 650], SHARES) == pytest.approx(650 + 95 * 30)
    assert memory_of_all([500, 500, 490], SHARES) == 490
