"""Calls as columns: order, selection, merging and bad input."""

from dataclasses import fields, replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.contact_centre.calls import COLUMNS, Calls, FurtherSteps, merge
from simulator.errors import BadInput

GOOD: dict[str, list[float]] = {
    "at_seconds": [0, 5, 5],
    "line": [0, 1, 1],
    "service_seconds": [60, 0, 86_400],
    "patience_seconds": [0, inf, 1],
}


def calls_from(columns: dict[str, list[float]]) -> Calls:
    """Make calls of plain lists."""
    every: dict[str, Any] = {name: np.array(column) for name, column in columns.items()}
    return Calls(**every)


def test_a_choice_of_calls_keeps_each_call_whole() -> None:
    """A mask keeps each call's line, service and patience with its time."""
    chosen = calls_from(GOOD)[np.array([False, True, True])]

    assert [getattr(chosen, name).tolist() for name in COLUMNS] == [
        [5, 5],
        [1, 1],
        [0, 86_400],
        [inf, 1],
        [0, 0],
        [0, 0],
    ]


@given(
    parts=st.lists(
        st.lists(st.integers(0, 9)).map(sorted).map(lambda at: (at, list(range(len(at))))),
        min_size=1,
        max_size=4,
    )
)
def test_merging_loses_no_call_and_keeps_order(parts: list[tuple[list[int], list[int]]]) -> None:
    """Merged calls are in order of time and, within a second, in order of the arguments."""
    tagged = [
        calls_from(
            {
                "at_seconds": [float(each) for each in at],
                "line": [1] * len(at),
                "service_seconds": [float(part)] * len(at),
                "patience_seconds": [float(each) for each in number],
            }
        )
        for part, (at, number) in enumerate(parts)
    ]

    merged = merge(*tagged)

    assert sorted(
        (second, float(part), float(each))
        for part, (at, number) in enumerate(parts)
        for second, each in zip(at, number, strict=True)
    ) == list(
        zip(
            merged.at_seconds.tolist(),
            merged.service_seconds.tolist(),
            merged.patience_seconds.tolist(),
            strict=True,
        )
    )


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("at_seconds", [-1, 5, 5], "-1.0 at call 0; give seconds from 0 to 316,224,000"),
        ("at_seconds", [0, nan, 5], "nan at call 1; give seconds"),
        ("at_seconds", [0, 6, 5], "5.0 at call 2; earlier than the call before; sort by time"),
        ("at_seconds", [0, 5, 1e12], "1000000000000.0 at call 2; give seconds"),
        ("service_seconds", [60, -1, 60], "-1.0 at call 1; give seconds from 0 to 86,400"),
        ("service_seconds", [60, inf, 60], "inf at call 1; give seconds from 0 to 86,400"),
        ("patience_seconds", [60, -0.5, 60], "-0.5 at call 1; give seconds from 0 to inf"),
        ("patience_seconds", [60, 60, nan], "nan at call 2; give seconds"),
        ("line", [0, 1, 2], "2.0 at call 2; give 0 or 1"),
        ("line", [0, 1], r"shape \(2,\); give one value for each of the 3 calls"),
    ],
)
def test_wrong_calls_are_refused(column: str, values: list[float], words: str) -> None:
    """Negative, missing, unsorted or uneven columns are refused with name, value and fix."""
    columns = {**GOOD, column: [float(each) for each in values]}

    with pytest.raises(BadInput, match=f"^calls.{column}: {words}"):
        calls_from(columns)


@pytest.mark.parametrize(
    ("redials", "gap", "words"),
    [
        (-1, 60, "calls.redials: -1 at call 0; give 0 to 100"),
        (1, 0, "calls.redial_seconds: 0 at call 0; give 1 to 86,400"),
        (1, 90_000, "calls.redial_seconds: 90000 at call 0"),
    ],
)
def test_wrong_redials_are_refused(redials: int, gap: int, words: str) -> None:
    """A caller rings again some seconds after hanging up, a few times at most."""
    with pytest.raises(BadInput, match=words):
        calls_from({**GOOD, "redials": [redials, 0, 0], "redial_seconds": [gap, 0, 0]})


def steps(picks_up_at: list[int], second: list[float]) -> FurtherSteps:
    """What else becomes of calls, with no patience at the second desk."""
    return FurtherSteps(
        picks_up_at=np.array(picks_up_at, dtype=np.int8),
        second_seconds=np.array(second, dtype=np.float64),
        second_patience_seconds=np.zeros(len(picks_up_at)),
    )


def test_further_steps_stay_with_their_call() -> None:
    """A choice and a merger keep them; calls without any have none."""
    first = replace(calls_from(GOOD), further=steps([0, 1, 2], [0, 60, 0]))

    merged = merge(calls_from(GOOD), first[np.array([0, 2])]).further

    assert merged is not None
    assert merged.picks_up_at.tolist() == [0, 0, 0, 0, 2]
    assert [getattr(merged, each.name).dtype for each in fields(merged)] == [
        np.int8,
        np.float64,
        np.float64,
    ]
    assert merge(calls_from(GOOD)).further is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            steps([0, 0], [0, 0]),
            r"calls.picks_up_at: shape \(2,\); give one value",
        ),
        (steps([0, 0, -1], [0, 0, 0]), "calls.picks_up_at: -1 at call 2; give 0 to 100"),
        (steps([0, 0, 0], [0, -1, 0]), "calls.second_seconds: -1.0 at call 1; give seconds from 0"),
    ],
)
def test_wrong_further_steps_are_refused(wrong: FurtherSteps, words: str) -> None:
    """They have one row a call, and no time below 0."""
    with pytest.raises(BadInput, match=words):
        replace(calls_from(GOOD), further=wrong)
