"""How many officers there are, and how soon they come to a task by what they carry."""

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


@given(st.floats(-2, 2), st.floats(0.1, 5))
def test_twice_the_crimes_take_twice_as_long(normal: float, load: float) -> None:
    """Until the officer comes to a task, and of their shifts; at the load 1 as the rollout says."""
    median = BEHAVIOUR.answer_hours_median
    once, twice = (BEHAVIOUR.hours_until_turned_to(median, normal, e) for e in (load, 2 * load))

    assert twice == pytest.approx(2 * once)
    assert BEHAVIOUR.hours_until_turned_to(median, 0, 1) == median.value
    work = BEHAVIOUR.work(load).total_seconds()
    assert BEHAVIOUR.work(2 * load).total_seconds() == pytest.approx(2 * work, abs=2)


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
        ("caseload", 0.0, "caseload is 0.0; give 1 or more"),
        ("share_of_shift", 0.0, "share_of_shift is 0: nobody would be answered"),
        ("leave", 1.0, "leave is 1.0; give at most 0.9"),
        ("team_size", 0.0, "team_size is 0.0; give a whole number from 1"),
        ("team_size", 2.5, "team_size is 2.5; give a whole number from 1"),
    ],
)
def test_officers_who_never_work_are_refused(name: str, value: float, words: str) -> None:
    """Each mistake names the number and what to give."""
    with pytest.raises(ValueError, match=words):
        changed(**{name: value})
