"""The queue of each officer: the work of crimes and victims' tasks, first come, first served."""

from datetime import UTC, datetime
from statistics import mean

import numpy as np
import pytest
from msgspec import structs

from simulator.clock import LONDON
from simulator.rehearsal.officer_behaviour import OfficerBehaviour
from simulator.rehearsal.officers_time import OfficersTime, Pieces, other_work
from simulator.rehearsal.postings import GivenCrimes, Postings
from simulator.rehearsal.rollout import read_rollout
from simulator.streams import Streams
from tests.simulator.real_files import ROLLOUT

DAY, HOUR = 86_400, 3_600
START = datetime(2026, 3, 2, tzinfo=LONDON).astimezone(UTC)
ENDS = 400 * DAY
#: Officers who are always there, for their crimes alone: what is left is the queue.
ALWAYS = {
    "leave": 0.0,
    "leaves_in_year": 0.0,
    "share_of_shift": 1.0,
    "team_size": 1.0,
    "work_days_mean": 10.0,
}


def behaviour(**values: float) -> OfficerBehaviour:
    """Give officers who are always on duty, with some numbers changed."""
    found = read_rollout(ROLLOUT).officers
    changed = {
        name: structs.replace(getattr(found, name), value=value)
        for name, value in (ALWAYS | values).items()
    }
    shifts = structs.replace(found.shifts, cycle=((0, 24),))
    return structs.replace(found, shifts=shifts, **changed)


def given_crimes(count: int, *, allocated: int = 0, ends: int = ENDS) -> GivenCrimes:
    """Give crimes that are open all through the run."""
    whole = np.full(count, 1, dtype=np.int64)
    return GivenCrimes(np.arange(count), allocated * whole, ends * whole, whole == 1)


def queues(
    given: GivenCrimes, officers: OfficerBehaviour, *, number: int, pieces: Pieces | None = None
) -> OfficersTime:
    """Share crimes out among officers, with the work that they bring."""
    draws = Streams(1).of_occasions("live: officers")
    postings = Postings(given, officers, number=number, start=START, ends=ENDS, draws=draws)
    if pieces is None:
        pieces = other_work(given, officers, ENDS, draws)
    return OfficersTime(postings, pieces, officers)


def pieces_of(*each: tuple[int, int, float]) -> Pieces:
    """Make pieces of work: when, of which crime, and how many minutes."""
    at, rows, minutes = zip(*each, strict=True)
    return Pieces(np.array(at), np.array(rows), np.array(minutes, dtype=np.float64))


def test_a_task_waits_for_what_came_before_it_and_for_nothing_else() -> None:
    """An hour and half an hour of work are in the way; what comes after the task is not."""
    given = given_crimes(2)
    pieces = pieces_of((0, 0, 60), (10, 0, 30), (0, 1, 600), (21, 0, 600))
    time = queues(given, behaviour(), number=2, pieces=pieces)

    assert time.done_at(0, 20, 10) == (60 + 30 + 10) * 60
    # The next comes after the long piece too.
    assert time.done_at(0, 30, 10) == (100 + 600 + 10) * 60
    assert time.done_at(1, 30, 10) == (600 + 10) * 60
    # Long after all of it there is nothing to wait for.
    assert time.done_at(0, DAY, 10) == DAY + 600


def test_half_of_a_shift_takes_twice_as_long() -> None:
    """The share of a shift that is left for crimes stretches work and tasks alike."""
    time = queues(
        given_crimes(1), behaviour(share_of_shift=0.5), number=1, pieces=pieces_of((0, 0, 60))
    )

    assert time.done_at(0, 0, 10) == 2 * 70 * 60


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_the_wait_is_that_of_theory(load: float) -> None:
    """Work that comes at random and takes exponential times: the wait of M/M/1, within a tenth.

    So nothing but the queue decides it: twice the load is not twice the wait.
    """
    crimes, number = 24_000, 240
    # Each officer has 100 crimes, and so ten pieces a day.
    officers = behaviour(work_hours_mean=24 * load / 10)
    time = queues(given_crimes(crimes), officers, number=number)

    asked = range(100 * DAY, 390 * DAY, 5 * DAY + 1_234)
    waits = [(time.done_at(place, at, 0) - at) / HOUR for place in range(number) for at in asked]

    assert mean(waits) == pytest.approx(load / (1 - load) * 24 * load / 10, rel=0.1)


def test_the_work_of_a_crime_is_the_same_for_any_officer() -> None:
    """It depends on the crime alone: half the officers have the same work, twice as much each."""
    draws = Streams(1).of_occasions("live: officers")
    all_of_them = other_work(given_crimes(50), behaviour(), ENDS, draws)
    some = other_work(given_crimes(20), behaviour(), ENDS, draws)
    is_some = all_of_them.row < 20

    assert len(some.row) > 20 * 20
    for one, other in zip(some, all_of_them, strict=True):
        assert sorted(one.tolist()) == sorted(other[is_some].tolist())


def test_work_comes_from_the_allocation_until_the_end() -> None:
    """The first piece with the allocation, then one in ten days; none for a crime without one."""
    officers = behaviour(work_hours_mean=2.0)
    draws = Streams(1).of_occasions("live: officers")
    open_days = 90
    found = other_work(
        given_crimes(2_000, allocated=DAY, ends=(1 + open_days) * DAY), officers, ENDS, draws
    )

    assert found.at.min() == DAY
    assert found.at.max() < (1 + open_days) * DAY
    assert (np.bincount(found.row[found.at == DAY], minlength=2_000) >= 1).all()
    # Four standard deviations of nine more for each crime, and of the minutes.
    assert len(found.row) / 2_000 == pytest.approx(1 + open_days / 10, abs=4 * (9 / 2_000) ** 0.5)
    assert found.minutes.mean() == pytest.approx(120, rel=4 / len(found.row) ** 0.5)
    assert found.between(0, ENDS) == pytest.approx(found.minutes.sum())
    assert found.between(0, DAY) == 0
    assert not len(other_work(given_crimes(5, allocated=-1), officers, ENDS, draws).row)


def test_more_work_than_time_is_never_caught_up() -> None:
    """What cannot be done by the end is done after it; nothing loops or fails."""
    time = queues(given_crimes(100), behaviour(work_hours_mean=10.0), number=1)

    assert time.done_at(0, 300 * DAY, 10) > ENDS
