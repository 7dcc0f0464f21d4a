"""The queues of a national service: checked against known results, SimPy, and arithmetic."""

from typing import Any

import msgspec
import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from loadtests.measured import read_sizing
from loadtests.sizing import Design, Sizing, arithmetic, served, simulate
from tests.simulator.real_files import ROOT


def _amount(value: float) -> dict[str, Any]:
    return {"value": value, "unit": "each", "assumed": "a test"}


def sizing(**changes: Any) -> Sizing:
    """A small country of four forces, with 1,000 updates in all."""
    values: dict[str, Any] = {
        "name": "A small country",
        "seed": 1,
        "batch_events": 100,
        "forces": _amount(4),
        "crimes_a_year": _amount(52_000),
        "largest_share": _amount(0.4),
        "in_portal_share": _amount(1.0),
        "weeks_at_once": _amount(1),
        "closures_per_second": _amount(1000),
        "spread_minutes": _amount(0),
        "seconds_per_update": _amount(0.01),
        "retry_seconds": _amount(15),
        "designs": [{"name": "A", "portals": "one", "portal_workers": 1, "services": "one"}],
    }
    return msgspec.convert({**values, **changes}, Sizing)


def design(**changes: Any) -> Design:
    """One portal with one process and no limit at the gateway."""
    values: dict[str, Any] = {
        "name": "A",
        "portals": "one",
        "portal_workers": 1,
        "services": "one",
        "per_minute_max": 0,
    }
    return msgspec.convert({**values, **changes}, Design)


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 10)), min_size=1, max_size=40),
    st.integers(1, 5),
)
def test_the_queue_is_the_same_as_in_simpy(
    customers: list[tuple[float, float]], workers: int
) -> None:
    """First come, first served, by so many workers: another program comes to the same."""
    customers.sort()
    env = simpy.Environment()
    counter = simpy.Resource(env, workers)
    ends: dict[int, float] = {}

    def customer(number: int, at: float, took: float) -> Any:
        yield env.timeout(at)
        with counter.request() as turn:
            yield turn
            yield env.timeout(took)
        ends[number] = env.now

    for number, (at, took) in enumerate(customers):
        env.process(customer(number, at, took))
    env.run()

    found = served([at for at, _ in customers], [took for _, took in customers], workers)
    assert found == pytest.approx([ends[number] for number in range(len(customers))])


@pytest.mark.parametrize(("workers", "wait"), [(1, 1.0), (2, 1 / 3)])
def test_the_mean_wait_is_that_of_the_textbook(workers: int, wait: float) -> None:
    """M/M/c at half of its capacity, Erlang: 1 for one server, a third for two (service of 1)."""
    stream = np.random.default_rng(1)
    count = 200_000
    arrivals = np.cumsum(stream.exponential(2.0 / workers, count))
    took = stream.exponential(1.0, count)
    ends = served([float(each) for each in arrivals], took, workers)
    waits = np.array(ends) - arrivals - took

    assert waits.mean() == pytest.approx(wait, rel=0.05)


@pytest.mark.parametrize(
    ("changes", "slowest", "seconds"),
    [
        ({}, "the portal", 10.0),
        ({"portal_workers": 2}, "the portal", 5.0),
        ({"portal_workers": 20}, "the portal", 0.5),
        ({"portal_workers": 2, "per_minute_max": 600}, "the gateway", (1000 - 201) / 10),
        ({"portals": "each force", "portal_workers": 2}, "the portal", 2.0),
    ],
)
def test_the_simulation_bears_the_arithmetic_out(
    changes: dict[str, Any], slowest: str, seconds: float
) -> None:
    """It is never faster than the slowest part, and where nothing is turned away hardly slower."""
    found = simulate(sizing(), design(**changes))

    assert found.slowest_part == slowest
    assert found.arithmetic_seconds == pytest.approx(seconds, rel=0.01)
    assert found.all_told_seconds >= seconds * 0.9
    if not found.turned_away:
        assert found.all_told_seconds <= seconds * 1.3 + 0.5
    assert found.updates == pytest.approx(1000, abs=4)


def test_what_is_turned_away_is_told_later_and_once() -> None:
    """To wait one's turn keeps to the limit's own rate; to wait twice as long each time idles."""
    limited = {"portal_workers": 10, "per_minute_max": 600}
    found = simulate(sizing(), design(**limited))
    doubling = design(**limited, when_limited="waits twice as long")
    slower = simulate(sizing(), doubling)

    assert slower.turned_away > 500
    assert found.updates == slower.updates == pytest.approx(1000, abs=4)
    assert found.arithmetic_seconds <= found.all_told_seconds < 1.1 * found.arithmetic_seconds
    assert slower.all_told_seconds > 3 * found.all_told_seconds
    assert found.in_time_share == 1.0


def test_the_same_seed_comes_to_the_same() -> None:
    """And another to something else."""
    one = simulate(sizing(), design())

    assert one == simulate(sizing(), design())
    assert one != simulate(sizing(seed=2), design())


def test_the_forces_make_the_whole() -> None:
    """The largest has its share, and each further one is smaller."""
    by_force = sizing().by_force()

    assert by_force[0] == 400
    assert by_force == sorted(by_force, reverse=True)
    assert sum(by_force) == pytest.approx(1000, abs=4)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"designs": []}, "designs is empty"),
        ({"forces": _amount(0)}, "forces.value is 0"),
        ({"forces": _amount(2.5)}, "forces.value is 2.5; give a whole number"),
        ({"largest_share": _amount(0.1)}, "the largest of 4 forces has 0.250 or more"),
        ({"crimes_a_year": _amount(1e9)}, "updates at once; 500,000 is the most"),
        ({"seconds_per_update": _amount(0)}, "seconds_per_update.value is 0"),
        ({"measured": "load.json"}, "give either seconds_per_update or measured"),
    ],
)
def test_what_cannot_be_sized_is_named(changes: dict[str, Any], said: str) -> None:
    """The field, its value and how to mend it."""
    with pytest.raises(msgspec.ValidationError, match=said):
        sizing(**changes)


def test_one_service_does_not_carry_the_country() -> None:
    """What docs/capacity.md says of 43 forces: one service is too slow, one for each is not."""
    national = read_sizing(ROOT / "scenarios" / "sizing" / "national.toml")
    by_name = {each.name: each for each in national.designs}
    alone = by_name["One portal, 8 processes, one service"]
    apart = by_name["A portal of 2 and a service a force"]

    assert arithmetic(national, alone)["the gateway"] > 900
    assert not simulate(national, alone).holds
    assert simulate(national, apart).holds


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("2 processes, Notify's limit", 183.6), ("The same, but waits double", 267.7)],
)
def test_the_simulation_comes_to_what_was_measured(name: str, seconds: float) -> None:
    """Within a tenth of what 10,000 closures took, with the reference as it is and as it was."""
    measured = read_sizing(ROOT / "scenarios" / "sizing" / "ten-thousand.toml")
    [found] = [simulate(measured, each) for each in measured.designs if each.name == name]

    assert found.updates == 10_000
    assert found.all_told_seconds == pytest.approx(seconds, rel=0.1)
