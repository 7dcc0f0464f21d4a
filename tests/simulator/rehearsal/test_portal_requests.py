"""Requests a second of a live portal: what is asked of its driver, by hour of London's day."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from simulator.clock import WorldClock
from simulator.drivers.base import Delivery, Driver
from simulator.rehearsal.portal_requests import CountedPortal, requests_a_second
from simulator.rehearsal.run import CompletedRehearsal
from tests.simulator.rehearsal.small import FRACTION

#: The first London midnight of 2026, and one in summer time.
WINTER, SUMMER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 31, 23, tzinfo=UTC)


def counted(clock: WorldClock) -> Any:
    """Put the count before a driver that takes everything."""
    driver = SimpleNamespace(
        capabilities=frozenset({"test_clock"}),
        deliver=lambda _delivery: 202,
        crimes=lambda session: [session],
        advance_to=lambda _now: None,
        enter_phase=lambda _phase: None,
    )
    return CountedPortal(cast("Driver", driver), clock)


def test_each_event_and_each_step_is_one_in_its_hour() -> None:
    """A delivery of three events is three; clock and phases are none; answers come through."""
    clock = WorldClock(WINTER)
    portal = counted(clock)

    assert portal.deliver(Delivery("one", [b"{}", b"{}", b"{}"])) == 202
    clock.run_to(WINTER + timedelta(minutes=90))
    assert portal.crimes("a session") == ["a session"]
    assert portal.crimes("another") == ["another"]
    portal.advance_to(clock.now)
    portal.enter_phase(2)
    assert "test_clock" in portal.capabilities

    assert portal.by_hour == Counter({0: 3, 1: 2})


def test_the_busiest_hour_is_one_of_londons_day_in_the_mean_of_the_last_period() -> None:
    """By hand, of ten days of which the last two count: hour 9 in summer time is 8 in UTC."""
    by_hour = {24 * day + 9: 36 for day in range(10)} | {24 * 9 + 20: 60, 5: 1000}

    found = requests_a_second(
        by_hour,
        SUMMER,
        live=date(2026, 6, 2),
        last=(date(2026, 6, 9), date(2026, 6, 11)),
        fraction=0.5,
    )

    # Two days of 36 at nine, beside 60 once at eight in the evening. Before go-live nothing counts.
    assert found.busiest_hour == 9
    assert found.in_busiest_hour == pytest.approx(36 / 3600 / 0.5)
    assert found.mean == pytest.approx((9 * 36 + 60) / (9 * 86_400) / 0.5, abs=5e-5)


def test_an_hour_of_the_day_is_the_same_when_the_clocks_change() -> None:
    """Nine in London is nine on both sides of the last Sunday of March."""
    winter, summer = (24 * 80 + 9, 24 * 100 + 8)

    found = requests_a_second(
        {winter: 10, summer: 10},
        WINTER,
        live=date(2026, 1, 1),
        last=(date(2026, 1, 1), date(2026, 5, 1)),
        fraction=1,
    )

    assert found.busiest_hour == 9
    assert found.in_busiest_hour == pytest.approx(20 / (120 * 3600), abs=5e-5)


def test_a_rehearsal_counts_them(ordinary: CompletedRehearsal) -> None:
    """At least what its evidence has of the live portal: events, receipts, codes and readings."""
    life = ordinary.result.life
    assert life is not None
    assert life.requests is not None
    kinds = Counter(type(each).__name__ for each in ordinary.evidence["live"])
    seen = kinds["EventDelivered"] + kinds["ReceiptSent"] + kinds["SignedIn"] + kinds["Seen"]
    live = [each for each in ordinary.result.periods if each.phase and not each.is_test]
    seconds = (live[-1].ends - live[0].starts).total_seconds()
    total = life.requests.mean * seconds * FRACTION

    assert seen > 200
    assert seen <= total * 1.01 < 3 * seen
    assert life.requests.in_busiest_hour > life.requests.mean
    assert 7 <= life.requests.busiest_hour <= 19
