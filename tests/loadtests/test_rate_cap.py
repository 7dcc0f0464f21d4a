"""No second has more than the cap, whatever sends: preparation, receipts, each Locust process."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.doubles import paced
from loadtests.rate_cap import (
    PacedDriver,
    RateCap,
    cap_for,
    places_needed,
    shared_out,
    usable,
)
from loadtests.slots import ALL


class Process:
    """A process that sends as soon as it may, and sometimes stands still."""

    def __init__(self, cap: RateCap, stalls: Sequence[float]) -> None:
        self.now = 1_800_000_000.0
        self._cap = cap
        self._stalls = stalls
        self._slept = 0

    def sleep(self, seconds: float) -> None:
        """Sleep for so long, and perhaps longer."""
        self.now += seconds + self._stalls[self._slept % len(self._stalls)]
        self._slept += 1

    def sent(self, count: int) -> list[float]:
        """Send so many, one after another; return when."""
        times = []
        for _ in range(count):
            self._cap.wait(lambda: self.now, self.sleep)
            times.append(self.now)
        return times


def _most_in_a_second(times: Sequence[float]) -> int:
    ordered = sorted(times)
    return max(sum(begin <= each < begin + 1 for each in ordered) for begin in ordered)


@given(
    st.integers(1, 60),
    st.integers(0, 4),
    st.floats(0, 50),
    st.floats(0.1, 50),
    st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.03, 0.4]), min_size=1, max_size=7),
)
def test_no_second_has_more_than_the_cap(
    cap: int, workers: int, receipts: float, users: float, stalls: list[float]
) -> None:
    """Receipts and all workers together, each as fast as it may, and late now and then."""
    ours, theirs = shared_out(receipts, users, workers=workers)
    parts = [theirs.part(each, max(1, workers)) for each in range(max(1, workers))]
    times = [
        at
        for slots in (ours, *parts)
        for at in Process(RateCap(cap, slots), [*stalls, 0.0]).sent(12)
    ]

    assert _most_in_a_second(times) <= cap


@given(st.integers(1, 1000), st.floats(0, 1000), st.floats(0.1, 1000), st.integers(0, 8))
def test_each_has_the_places_that_it_needs(
    cap: int, receipts: float, users: float, workers: int
) -> None:
    """Where the burst fits, receipts and users both have enough; no place belongs to two."""
    ours, theirs = shared_out(receipts, users, workers=workers)
    places = usable(cap)

    assert not {*ours.mine} & {*theirs.mine}
    assert len(ours.mine) + len(theirs.mine) == ours.of == theirs.of
    assert len(theirs.mine) >= max(1, workers)
    if places_needed(receipts, users, workers=workers) <= places:
        assert places * len(ours.mine) / ours.of >= receipts * 0.999
        assert places * len(theirs.mine) / theirs.of >= users * 0.999


@given(st.floats(0.2, 900))
def test_a_cap_is_known_by_its_places(places: float) -> None:
    """The cap that is advised has as many places as are needed, and one less has not."""
    cap = cap_for(places)

    assert usable(cap) >= places * 0.999
    assert cap == 1 or usable(cap - 1) < places


def test_before_the_burst_all_places_are_ours_and_then_few() -> None:
    """The preparation is as fast as the cap; receipts keep to their places while Locust runs."""
    cap = RateCap(21.0)
    before = Process(cap, [0.0]).sent(40)
    cap.keep_to(shared_out(1.0, 9.0, workers=1)[0])
    later = Process(cap, [0.0]).sent(40)

    assert 39 / (before[-1] - before[0]) == pytest.approx(usable(21.0), rel=0.05)
    assert 39 / (later[-1] - later[0]) == pytest.approx(usable(21.0) / 10, rel=0.05)


def test_without_a_cap_nothing_waits() -> None:
    """0 is no cap: there is not even anything between us and the driver."""
    driver: Any = SimpleNamespace(deliver=lambda _delivery: 202)
    asleep: list[float] = []

    assert paced(driver, RateCap()) is driver
    assert RateCap(0.0, ALL).wait(lambda: 5.0, asleep.append) == 0.0
    assert asleep == []


def test_every_call_to_a_portal_waits_for_a_place() -> None:
    """What the driver says of itself, and its end, are no calls."""
    said: list[str] = []

    def deliver(_delivery: str) -> int:
        said.append("deliver")
        return 202

    driver: Any = SimpleNamespace(
        capabilities=frozenset({"text"}),
        deliver=deliver,
        open_invitation=said.append,
        deliver_receipt=lambda _receipt: said.append("receipt"),
        close=lambda: said.append("close"),
    )
    under: Any = PacedDriver(driver, lambda: said.append("waits"))
    is_texted, status = "text" in under.capabilities, under.deliver("a delivery")
    under.open_invitation("link")
    under.deliver_receipt("a receipt")
    under.close()

    assert (is_texted, status) == (True, 202)
    assert said == ["waits", "deliver", "waits", "link", "waits", "receipt", "close"]
