"""A change is told only where repeats leave no doubt; unlike runs are not compared."""

import numpy as np
import pytest
from msgspec import structs

from loadtests.compare import compared
from simulator.errors import BadInput
from simulator.results.load import LoadResult
from tests.loadtests.load_results import held

MEASURE = "update_to_message_p95_seconds"


def _runs(*seconds: float) -> list[LoadResult]:
    return [held(measures={MEASURE: each}) for each in seconds]


@pytest.mark.parametrize(
    ("after", "is_worse", "is_better"),
    [
        ((2.0, 2.1, 1.9, 2.0), True, False),
        ((0.5, 0.52, 0.49, 0.5), False, True),
        ((1.0, 0.9, 1.1, 1.02), False, False),
    ],
)
def test_a_change_beyond_doubt_is_told(
    after: tuple[float, ...],
    is_worse: bool,  # noqa: FBT001
    is_better: bool,  # noqa: FBT001
) -> None:
    """Twice as slow is worse, half is better, noise is neither."""
    [found] = compared(_runs(1.0, 1.05, 0.95, 1.0), _runs(*after))

    assert (found.is_worse, found.is_better) == (is_worse, is_better)


def test_two_runs_are_too_few_for_an_interval() -> None:
    """The ratio is shown, and nothing is called changed."""
    [found] = compared(_runs(1.0, 1.0), _runs(3.0, 3.0))

    assert found.ratio == pytest.approx(3.0)
    assert (found.least, found.is_worse) == (None, False)


def test_the_same_portal_is_seldom_called_changed() -> None:
    """Of 200 comparisons of one portal with itself, at most 1 in 8 finds a change."""
    stream = np.random.default_rng(7)
    changed = 0
    for _ in range(200):
        before, after = (_runs(*stream.normal(1.0, 0.1, 5).clip(0.1)) for _ in range(2))
        [found] = compared(before, after)
        changed += found.is_worse or found.is_better

    assert changed <= 25


@pytest.mark.parametrize("changes", [{"name": "Another"}, {"scale": 2.0}])
def test_unlike_runs_are_refused(changes: dict[str, object]) -> None:
    """Another burst, another scale or another machine cannot be compared."""
    with pytest.raises(BadInput, match="compare like with like"):
        compared(_runs(1.0), [structs.replace(_runs(1.0)[0], **changes)])


def test_a_measure_that_one_side_lacks_is_left_out() -> None:
    """A burst without visits is compared by its messages."""
    before = held(measures={MEASURE: 1.0, "sign_in_p95_seconds": 1.0})

    assert [each.measure for each in compared([before], _runs(1.0))] == [MEASURE]
