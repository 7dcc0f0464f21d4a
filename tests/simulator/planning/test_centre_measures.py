"""What is said of call-backs: whether the promise was kept, and how long all callers waited."""

import numpy as np
import pytest

from simulator.contact_centre.call_outcomes import CallBacks
from simulator.contact_centre.service_level import ServiceLevel
from simulator.planning.centre_measures import CallBacksKept, call_backs_kept, wait_of_all

YEAR = (1000.0, 9000.0)


def backs(*rows: tuple[float, float]) -> CallBacks:
    """Call-backs, each with when it was asked for and how long the first try took."""
    asked, wait = np.array(rows).T
    return CallBacks(
        call=np.arange(len(rows)),
        asked_at_seconds=asked,
        first_wait_seconds=wait,
        wait_seconds=wait + 5000,
        attempts=np.full(len(rows), 2),
        reached=np.ones(len(rows), dtype=np.bool_),
    )


def test_a_promise_is_kept_by_the_first_try() -> None:
    """Later tries do not count, nor do those who asked before or after the time."""
    kept = call_backs_kept(
        backs((500, 9), (1000, 600), (2000, 601), (8999, 0), (9000, 5)), YEAR, 600
    )

    assert kept == CallBacksKept(asked=3, in_time=2, waiting_at_end=0, overdue_at_end=0)
    assert kept.in_time_share == pytest.approx(2 / 3)


def test_who_waits_at_the_end_is_overdue_after_the_promise() -> None:
    """One who asked just before the end waits as anybody does; one who asked long ago does not."""
    kept = call_backs_kept(backs((8000, 5000), (8800, 300), (8900, 50)), YEAR, 600)

    assert kept == CallBacksKept(asked=3, in_time=2, waiting_at_end=2, overdue_at_end=1)


def test_a_promise_to_nobody_is_kept() -> None:
    """Of no call-backs, none was late."""
    assert call_backs_kept(backs((1, 1)), YEAR, 600).in_time_share == 1.0


def level(answered: int, called_back: int) -> ServiceLevel:
    """A line whose callers waited 20 seconds, or 1,200 to be rung back."""
    return ServiceLevel(
        from_seconds=0,
        to_seconds=1,
        line="101",
        offered=200,
        redials=0,
        answered=answered,
        abandoned=0,
        abandoned_share=0.0,
        wait_seconds_mean=20.0 if answered else None,
        answered_in_target_share=None,
        left_for_call_back=called_back,
        called_back=called_back,
        call_back_seconds_mean=1200.0 if called_back else None,
    )


def test_the_wait_of_all_callers_has_the_call_backs_in_it() -> None:
    """Who was rung back waited on the line until it was offered, and then for the call."""
    assert wait_of_all(level(90, 10), 180) == pytest.approx((90 * 20 + 10 * (180 + 1200)) / 100)
    assert wait_of_all(level(90, 0), 180) == 20
    assert wait_of_all(level(0, 0), 180) == 0
