"""How many officers there are, when victims can be reached, and which numbers are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.rehearsal.officer_behaviour import OfficerBehaviour
from simulator.rehearsal.rollout import read_rollout
from tests.simulator.real_files import ROLLOUT

BEHAVIOUR = read_rollout(ROLLOUT).officers


def changed(**values: float) -> OfficerBehaviour:
    """Change some numbers of the rollout."""
    return structs.replace(
        BEHAVIOUR,
        **{
            name: structs.replace(getattr(BEHAVIOUR, name), value=value)
            for name, value in values.items()
        },
    )


@given(st.floats(0, 2))
def test_half_of_victims_are_reached_within_the_median(normal: float) -> None:
    """The other half later, and nobody after more than two months."""
    median = BEHAVIOUR.mend_hours_median
    sooner, later = (BEHAVIOUR.hours_until_reached(median, each) for each in (-normal, normal))

    assert sooner <= median.value == BEHAVIOUR.hours_until_reached(median, 0) <= later
    assert BEHAVIOUR.hours_until_reached(median, 9) == 24 * 60


def test_the_share_used_is_of_the_time_for_crimes() -> None:
    """Of 5.4 hours a day, less leave, half is for crimes: an hour a week of it is 6%."""
    hours_a_week = 7 * 5.4 * (1 - 0.13) / 2

    assert BEHAVIOUR.share_used(60 * 52, 1, 52) == pytest.approx(1 / hours_a_week)
    assert BEHAVIOUR.share_used(60 * 52, 2, 52) == pytest.approx(0.5 / hours_a_week)


@pytest.mark.parametrize(
    ("crimes", "days", "expected"), [(600, 365.25, 10), (10, 28, 2), (0, 0, 1), (1, 0, 6)]
)
def test_officers_are_as_many_as_their_caseload_makes_them(
    crimes: int, days: float, expected: int
) -> None:
    """60 crimes a year each; at least one officer."""
    assert BEHAVIOUR.number_of_officers(crimes, days) == expected


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("caseload", 0.0, "value is 0; give a number of 1 or more"),
        ("share_of_shift", 0.0, "share_of_shift is 0: nobody would be answered"),
        ("work_days_mean", 0.0, "value is 0; give a number above 0"),
        ("leave", 1.0, "leave is 1.0; give at most 0.9"),
        ("team_size", 0.0, "value is 0; give a number of 1 or more"),
        ("team_size", 2.5, "team_size is 2.5; give a whole number from 1"),
    ],
)
def test_officers_who_never_work_are_refused(name: str, value: float, words: str) -> None:
    """Each mistake names the number and what to give."""
    with pytest.raises(ValueError, match=words):
        changed(**{name: value})
