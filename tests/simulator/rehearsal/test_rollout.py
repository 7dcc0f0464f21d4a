"""A rollout: its periods follow from the go-live days, and every number is checked."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.order import GoLive, Order, read_order
from simulator.rehearsal.rollout import Calendar, Rollout, Span, read_rollout, spans
from tests.simulator.real_files import ORDER, ROLLOUT, refusal, spoiled

REAL = read_rollout(ROLLOUT)
TWO_FORCES = read_order(ORDER)


def laid_out(calendar: dict[str, Any], order: Order = TWO_FORCES) -> list[Span]:
    """Lay out the periods of the real rollout with another calendar."""
    changed = structs.replace(REAL, calendar=structs.replace(REAL.calendar, **calendar))
    return spans(changed, order, ROLLOUT)


def test_the_real_rollout_is_the_practice_note_s() -> None:
    """It has 15 weeks of build, tests of 4, 4 and 5 weeks, then a quarter."""
    found = spans(REAL, TWO_FORCES, ROLLOUT)

    assert [(each.name, (each.ends - each.starts).days // 7, each.phase) for each in found] == [
        ("Build", 15, 0),
        ("Phase 1 test", 4, 1),
        ("Phase 1 live", 10, 1),
        ("Phase 2 test", 4, 2),
        ("Phase 2 live", 11, 2),
        ("Phase 3 test", 5, 3),
        ("Phase 3 live", 6, 3),
        ("Quarter live", 13, 3),
    ]
    assert [each.name for each in found if each.is_test] == [
        "Phase 1 test",
        "Phase 2 test",
        "Phase 3 test",
    ]


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    weeks=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    tests=st.tuples(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60)),
    build=st.integers(1, 104),
    quarter=st.integers(1, 104),
)
def test_periods_lie_end_to_end(
    first: date, weeks: tuple[int, int], tests: tuple[int, int, int], build: int, quarter: int
) -> None:
    """Live periods are consecutive, and each test ends when its phase begins."""
    second = first + timedelta(weeks=weeks[0])
    third = second + timedelta(weeks=weeks[1])
    order = structs.replace(
        TWO_FORCES, go_live=GoLive(phase_1=first, phase_2=second, phase_3=third)
    )
    calendar = {"build_weeks": build, "test_weeks": tests, "quarter_weeks": quarter}

    if tests[1] > weeks[0] or tests[2] > weeks[1]:
        with pytest.raises(BadInput, match="move go_live in the order, or test less"):
            laid_out(calendar, order)
        return
    found = laid_out(calendar, order)

    live = [each for each in found if not each.is_test]
    test_periods = [each for each in found if each.is_test]
    assert live[0].ends == test_periods[0].starts
    assert test_periods[0].ends == live[1].starts == first
    assert [each.ends for each in live[1:-1]] == [each.starts for each in live[2:]]
    assert [each.ends for each in test_periods] == [first, second, third]
    assert all(each.starts < each.ends for each in found)
    for test, before in zip(test_periods[1:], live[1:], strict=False):
        assert before.starts <= test.starts < test.ends == before.ends


@pytest.mark.parametrize(
    ("test_weeks", "said"),
    [
        (
            "[4, 11, 5]",
            "calendar.test_weeks: phase 2 would be tested from 2026-05-11, before phase",
        ),
        (
            "[4, 4, 12]",
            "calendar.test_weeks: phase 3 would be tested from 2026-07-20, before phase",
        ),
        ("[4, 4, 1000000000]", "calendar.test_weeks"),
        ("[1000000, 4, 5]", "calendar.test_weeks"),
    ],
)
def test_a_test_period_must_fit(tmp_path: Path, test_weeks: str, said: str) -> None:
    """A phase cannot be tested before the phase before it is live, nor for a thousand years."""
    path = spoiled(tmp_path, ROLLOUT, ("test_weeks = [4, 4, 5]", f"test_weeks = {test_weeks}"))

    assert refusal(lambda at: spans(read_rollout(at), TWO_FORCES, at), path).startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[4, 4, 5]", "[4, 4]", "calendar.test_weeks: expected a list of length >= 3"),
        (
            "[4, 4, 5]",
            "[4, 0, 5]",
            "test_weeks[1]: expected a whole number >= 1 (it is 0)",
        ),
        (
            "[4, 4, 5]",
            "[4, 4.5, 5]",
            "test_weeks[1]: expected a whole number, got a number",
        ),
        (
            "build_weeks = 15",
            "build_weeks = -1",
            "build_weeks: expected a whole number >= 1",
        ),
        ("build_weeks", "built_weeks", "calendar.built_weeks: no such key; did you mean 'build_we"),
        ("seed = 1", "seed = -1", "seed: expected a whole number >= 0 (it is -1)"),
        ("seed = 1", 'seed = "1"', "seed: expected a whole number, got text (it is '1')"),
        ("fraction = 0.02", "fraction = 0", "fraction: expected a number > 0.0 (it is 0)"),
        ("fraction = 0.02", "fraction = 20", "fraction: expected a number <= 1.0 (it is 20)"),
        ("[worry.finds_answer]", "[worry.found_answer]", "worry.found_answer: no such key; did"),
        ("value = 0.97", "value = 97", "victims.safe_to_contact: value is 97.0; a share is betw"),
        ("value = 0.02", "value = -0.02", "integration.twice: value is -0.02; a share is betwee"),
        (
            'value = 10\nunit = "syn',
            'value = -10\nunit = "syn',
            "testers.crimes_a_week_each: value is -10; give a number of 0 or more",
        ),
        ("[polling_minutes]\nvalue = 15", "[polling_minutes]\nvalue = 0", "polling_minutes"),
        ("[polling_minutes]\nvalue = 15", "[polling_minutes]\nvalue = 1441", "polling_minutes"),
        ('unit = "share of events held back"', "", "integration.late.unit: missing; add it"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The sentence names the field, the value and the fix."""
    assert said in refusal(read_rollout, spoiled(tmp_path, ROLLOUT, (old, new)))


@pytest.mark.parametrize("how", ["", 'source = "a"\nassumed = "b"', 'source = ""\nassumed = ""'])
def test_every_number_needs_a_source_or_an_assumption(tmp_path: Path, how: str) -> None:
    """A number with neither, or with both, is a mistake."""
    path = spoiled(tmp_path, ROLLOUT, ('assumed = "Two a working day', 'x = "'))
    text = path.read_text().replace('x = ", each followed to its end."', how)
    path.write_text(text)

    assert refusal(read_rollout, path) == (
        "testers.crimes_a_week_each: give either source or assumed, with a sentence"
    )


def test_a_calendar_has_three_tests() -> None:
    """There is one for each phase."""
    calendar: Calendar = REAL.calendar

    assert len(calendar.test_weeks) == 3
    assert isinstance(REAL, Rollout)
