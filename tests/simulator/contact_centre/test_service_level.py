"""The service level: counted by hand, at extremes, and from bad input."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.contact_centre.call_outcomes import CallOutcomes, Redials
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls
from simulator.contact_centre.service_level import ServiceLevel, add_up, by_hour_of_day, summarise
from simulator.contact_centre.staffing import ContactCentreParameters, read_parameters
from simulator.errors import BadInput
from simulator.files.checked_toml import Amount

FILE = Path(__file__).parents[3] / "scenarios" / "contact-centre.toml"


def counting_after(seconds: float) -> ContactCentreParameters:
    """The parameters, where Hampshire counts hang-ups from `seconds` on."""
    parameters = read_parameters(FILE)
    after = Amount(value=seconds, unit="seconds", assumed="for a test")
    centre = msgspec.structs.replace(parameters.forces["hampshire"], abandoned_after_seconds=after)
    return msgspec.structs.replace(parameters, forces={"hampshire": centre})


def example() -> tuple[Calls, CallOutcomes]:
    """Six calls in two hours: at, line, wait, hung up."""
    rows = [
        (0, 0, 10, False),
        (10, 0, 11, False),
        (20, 1, 59, True),
        (30, 1, 60, True),
        (3599, 1, 30, False),
        (3600, 1, 0, False),
    ]
    at, line, wait, gone = (np.array(each) for each in zip(*rows, strict=True))
    zeros = np.zeros(len(rows))
    calls = Calls(at_seconds=at, line=line, service_seconds=zeros, patience_seconds=zeros)
    return calls, CallOutcomes(call=np.arange(len(rows)), wait_seconds=wait, abandoned=gone)


def test_hours_of_the_day_are_those_of_london() -> None:
    """A call at 07:59 in UTC's summer is one of eight; hours of several days are put together."""
    calls, answered = example()
    found = by_hour_of_day(
        calls,
        answered,
        datetime(2026, 6, 1, 7, tzinfo=UTC),
        (0, 7200),
        parameters=counting_after(60),
        force="hampshire",
    )
    busy = {(each.line, each.hour): each for each in found if each.offered}

    assert len(found) == 48
    assert sorted(busy) == [("101", 8), ("101", 9), ("999", 8)]
    assert busy["999", 8].offered == 2
    assert busy["999", 8].wait_seconds_mean == 10.5
    assert busy["101", 8].abandoned_share == pytest.approx(1 / 3)
    assert next(each for each in found if not each.offered).abandoned_share is None


def test_hours_count_only_the_days_that_are_asked_for() -> None:
    """The call at the end of the span is in the next."""
    calls, answered = example()
    found = by_hour_of_day(
        calls,
        answered,
        datetime(2026, 1, 1, tzinfo=UTC),
        (20, 3600),
        parameters=counting_after(60),
        force="hampshire",
    )

    assert sum(each.offered for each in found) == 3


def test_each_line_and_period_is_counted_as_by_hand() -> None:
    """Hang-ups before the force's threshold are offered, but neither answered nor abandoned."""
    calls, answered = example()

    levels = summarise(
        calls, answered, [0, 3600, 7200], parameters=counting_after(60), force="hampshire"
    )

    nobody: dict[str, Any] = {"left_for_call_back": 0, "called_back": 0}
    nobody |= {"call_back_seconds_mean": None, "hung_up_after": {0: 0, 5: 0, 10: 0, 60: 0}}
    common = {"from_seconds": 0, "to_seconds": 3600, **nobody}
    later = {"from_seconds": 3600, "to_seconds": 7200, **nobody}
    assert [msgspec.structs.asdict(each) for each in levels] == [
        {
            **common,
            "line": "999",
            "offered": 2,
            "redials": 0,
            "answered": 2,
            "abandoned": 0,
            "abandoned_share": 0.0,
            "wait_seconds_mean": 10.5,
            "answered_in_target_share": 0.5,
        },
        {
            **common,
            "line": "101",
            "offered": 3,
            "redials": 0,
            "answered": 1,
            "abandoned": 1,
            "hung_up_after": {0: 2, 5: 2, 10: 2, 60: 1},
            "abandoned_share": 1 / 3,
            "wait_seconds_mean": 30.0,
            "answered_in_target_share": 0.0,
        },
        {
            **later,
            "line": "999",
            "offered": 0,
            "redials": 0,
            "answered": 0,
            "abandoned": 0,
            "abandoned_share": None,
            "wait_seconds_mean": None,
            "answered_in_target_share": None,
        },
        {
            **later,
            "line": "101",
            "offered": 1,
            "redials": 0,
            "answered": 1,
            "abandoned": 0,
            "abandoned_share": 0.0,
            "wait_seconds_mean": 0.0,
            "answered_in_target_share": 1.0,
        },
    ]


def test_hang_ups_by_each_definition_add_up() -> None:
    """Both hours of 101: two hung up, one of them after a minute; one of four was answered in time.

    By hour, in time were half of the 999 calls, then none and all of those to 101.
    """
    calls, answered = example()

    levels = summarise(
        calls, answered, [0, 3600, 7200], parameters=counting_after(60), force="hampshire"
    )

    assert [each.in_target_share_of_offered for each in levels] == [0.5, 0.0, None, 1.0]
    whole = add_up([levels[1], levels[3]])
    assert whole.hung_up_after == {0: 2, 5: 2, 10: 2, 60: 1}
    assert whole.in_target_share_of_offered == 1 / 4


@given(
    at=st.lists(st.integers(0, 1000), max_size=40).map(sorted),
    cut=st.integers(1, 1000),
    threshold=st.integers(0, 300),
)
def test_every_call_is_counted_once(at: list[int], cut: int, threshold: int) -> None:
    """Over periods that cover all, offered is every call, and no part is more than the whole."""
    seconds = np.array(at, dtype=np.float64)
    calls = Calls(
        at_seconds=seconds,
        line=(np.arange(len(at)) % 2).astype(np.int8),
        service_seconds=np.full(len(at), 200.0),
        patience_seconds=seconds % 300,
    )
    desk = Desk(roster=[1] * 168, start=datetime(2026, 2, 2, tzinfo=UTC))
    settled, left = desk.run(calls), desk.finish()
    order = np.argsort(np.concatenate([settled.call, left.call]))
    answered = CallOutcomes(
        call=np.arange(len(at)),
        wait_seconds=np.concatenate([settled.wait_seconds, left.wait_seconds])[order],
        abandoned=np.concatenate([settled.abandoned, left.abandoned])[order],
    )

    levels = summarise(
        calls, answered, [0, cut, 1001], parameters=counting_after(threshold), force="hampshire"
    )

    assert sum(each.offered for each in levels) == len(at)
    assert sum(each.answered for each in levels) == (~answered.abandoned).sum()
    assert all(each.answered + each.abandoned <= each.offered for each in levels)


def test_a_redial_is_a_call_of_its_own() -> None:
    """It is offered, answered or abandoned in the period in which it comes."""
    calls, answered = example()
    again = Redials(
        call=np.array([2, 3]),
        at_seconds=np.array([100.0, 3700.0]),
        line=np.array([1, 1], dtype=np.int8),
        wait_seconds=np.array([70.0, 12.0]),
        abandoned=np.array([True, False]),
    )

    levels = summarise(
        calls,
        answered,
        [0, 3600, 7200],
        parameters=counting_after(0),
        force="hampshire",
        redials=again,
    )

    first, later = levels[1], levels[3]
    assert (first.offered, first.redials, first.answered, first.abandoned) == (4, 1, 1, 3)
    assert (later.offered, later.redials, later.answered, later.abandoned) == (2, 1, 2, 0)
    assert later.wait_seconds_mean == 6
    whole = add_up([first, later])
    assert (whole.offered, whole.redials, whole.answered, whole.abandoned) == (6, 2, 3, 3)
    assert whole.wait_seconds_mean == pytest.approx((30 + 0 + 12) / 3)
    assert whole.abandoned_share == 0.5
    assert whole.answered_in_target_share == pytest.approx(1 / 3)


def total(levels: list[ServiceLevel]) -> int:
    """All that was offered."""
    return sum(each.offered for each in levels)


def test_calls_outside_the_edges_are_left_out() -> None:
    """A period has the calls from its first edge to just before its last."""
    calls, answered = example()

    levels = summarise(calls, answered, [10, 3599], parameters=counting_after(0), force="hampshire")

    assert total(levels) == 3


def test_calls_without_an_outcome_are_refused() -> None:
    """A summary needs all outcomes, including those of finish()."""
    calls, answered = example()
    part = CallOutcomes(
        call=answered.call[:5],
        wait_seconds=answered.wait_seconds[:5],
        abandoned=answered.abandoned[:5],
    )

    with pytest.raises(BadInput, match="5 of 6 calls have an outcome; join all"):
        summarise(calls, part, [0, 3600], parameters=counting_after(0), force="hampshire")


@pytest.mark.parametrize("edges", [[], [0], [3600, 0], [0, 0]])
def test_wrong_edges_are_refused(edges: list[float]) -> None:
    """Periods need two edges or more, in order."""
    calls, answered = example()

    with pytest.raises(BadInput, match=r"^edges_seconds: .* give two or more, each later"):
        summarise(calls, answered, edges, parameters=counting_after(0), force="hampshire")
