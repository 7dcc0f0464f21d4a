"""A change is told only where repeats leave no doubt; unlike runs are not compared."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from loadtests.alike_runs import busiest
from loadtests.compare import FALSE_ALARMS_MAX, Ratio, compared
from simulator.errors import BadInput
from simulator.results.load import LoadMeasure, LoadResult
from tests.loadtests.load_results import held

#: All of them together.
pytestmark = pytest.mark.slow(seconds=5)

MEASURE: LoadMeasure = "update_to_message_p95_seconds"
#: A dozen measures, as a burst makes.
MEASURES: tuple[LoadMeasure, ...] = (
    *("update_to_message_p50_seconds", MEASURE, "update_to_message_p99_seconds"),
    *("sign_in_p50_seconds", "sign_in_p95_seconds", "sign_in_p99_seconds"),
    *("all_read_p50_seconds", "all_read_p95_seconds", "all_read_p99_seconds"),
    *("update_to_page_p50_seconds", "update_to_page_p95_seconds", "drain_seconds"),
)
Noise = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
NOISES: dict[str, Noise] = {
    "normal": lambda stream, shape: stream.normal(0, 0.15, shape),
    "heavy tails": lambda stream, shape: 0.1 * stream.standard_t(2, shape),
    "many ties": lambda stream, shape: 0.15 * np.round(stream.normal(0, 1, shape)),
}


def _runs(*seconds: float) -> list[LoadResult]:
    return [held(measures={MEASURE: each}) for each in seconds]


def _only(before: list[LoadResult], after: list[LoadResult]) -> Ratio:
    [found] = compared(before, after).ratios
    return found


def _drawn(
    stream: np.random.Generator, noise: Noise, count: int, times: float = 1.0
) -> list[LoadResult]:
    """Runs whose measures go up and down together by half, as a machine's do."""
    together, apart = noise(stream, (count, 1)), noise(stream, (count, len(MEASURES)))
    values = times * np.exp((together + apart) / 2**0.5)
    return [
        held(measures={name: float(each) for name, each in zip(MEASURES, run, strict=True)})
        for run in values
    ]


@pytest.mark.parametrize(
    ("after", "is_worse", "is_better"),
    [
        ((2.0, 2.1, 1.9, 2.0), True, False),
        ((0.5, 0.52, 0.49, 0.5), False, True),
        ((1.0, 0.9, 1.1, 1.02), False, False),
        ((1.0, 1.05, 0.95, 1.0), False, False),
    ],
)
def test_a_change_beyond_doubt_is_told(
    after: tuple[float, ...],
    is_worse: bool,  # noqa: FBT001
    is_better: bool,  # noqa: FBT001
) -> None:
    """Twice as slow is worse, half is better, noise is neither."""
    found = _only(_runs(1.0, 1.05, 0.95, 1.0), _runs(*after))

    assert (found.is_worse, found.is_better) == (is_worse, is_better)
    assert found.least is not None
    assert found.most is not None
    assert found.least < found.ratio < found.most


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_runs_cannot_tell(count: int) -> None:
    """The ratio is shown, and nothing is called changed: chance would do as much too often."""
    found = compared(_runs(*[1.0] * count), _runs(*[3.0] * count))

    assert not found.can_tell
    assert found.ratios[0].ratio == pytest.approx(3.0, rel=0.01)
    assert (found.ratios[0].least, found.ratios[0].is_worse) == (None, False)


@pytest.mark.parametrize("name", NOISES)
# Five repeats a side can be divided in many more ways than four, and take four times as long.
@pytest.mark.parametrize("count", [4, pytest.param(5, marks=pytest.mark.proof)])
def test_the_same_portal_is_called_changed_1_time_in_20_at_most(name: str, count: int) -> None:
    """Of 300 comparisons of a portal with itself, by a dozen measures that hang together.

    15 are allowed by the rate; up to 26 come of it once in 200 times.
    """
    stream = np.random.default_rng(7)
    alarms = 0
    for _ in range(300):
        before, after = (_drawn(stream, NOISES[name], count) for _ in range(2))
        alarms += any(each.is_worse or each.is_better for each in compared(before, after).ratios)

    assert FALSE_ALARMS_MAX == 0.05
    assert alarms <= 26


@pytest.mark.parametrize(
    ("count", "times", "share"), [(4, 2.0, 0.6), (5, 2.0, 0.9), (6, 1.5, 0.6), (5, 1.0 / 2, 0.9)]
)
def test_a_change_is_found(count: int, times: float, share: float) -> None:
    """The power: so often a change of every measure is found in one of them, of 60 comparisons."""
    stream = np.random.default_rng(7)
    found = 0
    for _ in range(60):
        before = _drawn(stream, NOISES["normal"], count)
        ratios = compared(before, _drawn(stream, NOISES["normal"], count, times)).ratios
        found += any(each.is_worse if times > 1 else each.is_better for each in ratios)

    assert found >= share * 60


def test_many_runs_are_compared_by_a_part_of_their_divisions() -> None:
    """Twelve runs a side can be divided in 2.7 million ways; what is told is the same each time."""
    stream = np.random.default_rng(7)
    before, after = (_drawn(stream, NOISES["normal"], 12, times) for times in (1.0, 1.5))

    assert compared(before, after) == compared(before, after)
    assert any(each.is_worse for each in compared(before, after).ratios)


UNLIKE_MACHINES: list[tuple[dict[str, Any], str]] = [
    ({"processor": "Another"}, "different processors: Another and not known"),
    ({"cores": 8}, "different processor counts: 2 cores and 8 cores"),
    ({"database": "postgresql"}, "different databases: postgresql and the portal's own"),
    ({"pinned": True}, "different pinning: --pin and no --pin"),
    ({"portal_workers": 2}, "different numbers of portal processes: 1 and 2"),
    ({"python": "3.13.0"}, "different versions of Python"),
    ({"versions": {"locust": "3"}}, "different versions of locust: 3 and none"),
    ({"system": "Darwin arm64"}, "different machines"),
]


@pytest.mark.parametrize(("changes", "said"), UNLIKE_MACHINES)
def test_runs_of_another_machine_are_refused(changes: dict[str, Any], said: str) -> None:
    """Another processor, database or pinning is another thing to measure."""
    [run] = _runs(1.0)
    other = structs.replace(run, machine=structs.replace(run.machine, **changes))
    with pytest.raises(BadInput, match=said):
        compared([run], [other])


@pytest.mark.parametrize(
    "changes", [{"name": "Another"}, {"scale": 2.0}, {"seed": 9}, {"events_scheduled": 7}]
)
def test_unlike_runs_are_refused(changes: dict[str, object]) -> None:
    """Another burst, another scale or other arrivals cannot be compared."""
    with pytest.raises(BadInput, match="compare like with like"):
        compared(_runs(1.0), [structs.replace(_runs(1.0)[0], **changes)])


def test_a_run_that_says_nothing_of_the_portal_is_refused() -> None:
    """Where the generator was the limit, its times are the generator's."""
    late = structs.replace(_runs(1.0)[0], limited_by="the generator: late")
    with pytest.raises(BadInput, match="says nothing of the portal"):
        compared(_runs(1.0), [late])


def test_other_work_is_seen() -> None:
    """The highest load average of a core is told: what seems a change may be that."""
    run, idle = _runs(1.0)[0], _runs(1.0)[0]
    busy = structs.replace(run, machine=structs.replace(run.machine, load_average=9.0))

    assert busiest([idle, busy]) == 4.5


def test_a_measure_that_one_side_lacks_is_named() -> None:
    """A burst without visits is compared by its messages; what is left out is told."""
    before = held(measures={MEASURE: 1.0, "sign_in_p95_seconds": 1.0})
    found = compared([before], _runs(1.0))

    assert [each.measure for each in found.ratios] == [MEASURE]
    assert found.left_out == ["sign_in_p95_seconds"]


def test_a_measure_of_nothing_is_compared() -> None:
    """No failed visit before and many after is worse; memory that shrank is nothing."""
    before = [held(measures={"failed_visits_share": 0.0, "memory_growth_megabytes": -3.0})] * 5
    after = [held(measures={"failed_visits_share": 0.2, "memory_growth_megabytes": 0.0})] * 5
    share, memory = compared(before, after).ratios

    assert share.before == pytest.approx(0.0)
    assert share.is_worse
    assert (memory.ratio, memory.is_worse) == (1.0, False)
