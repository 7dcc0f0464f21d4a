"""A plan adds years until its interval is narrow: how often the interval then holds the mean."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from simulator.planning import study
from simulator.planning.paired_years import OneYear, one_year
from simulator.planning.plan_notes import half_width
from simulator.planning.scenario import Study
from simulator.rehearsal.intervals import estimate
from tests.simulator.planning.small_plans import STUDY, small_plan
from tests.simulator.real_files import parsed

TRIALS = 2_000
#: The share of 101 calls that the made-up years save, in the mean.
MEAN = 0.01
#: How the years differ, in half-widths that are asked for: six are enough; 8, 12, 21 years in the
#: mean; never enough.
SPREADS = (0.5, 1.0, 1.5, 2.2, 4.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, OneYear]:
    """A plan that changes nothing, with the real study's rule, and one of its years."""
    plan = small_plan(tmp_path_factory.mktemp("plan"))
    real = parsed(STUDY)
    rule = structs.replace(
        plan.study,
        replications_min=real["replications_min"],
        replications_max=real["replications_max"],
        half_width=structs.replace(plan.study.half_width, value=real["half_width"]["value"]),
    )
    return replace(plan, study=rule), one_year(plan, 0)


def saving(year: OneYear, share: float) -> OneYear:
    """Give the year with another share of its calls to 101 saved."""
    calls = sum(each[0] for name, each in year.desk["without"].items() if "101" in name)
    today = structs.replace(year.today, calls_saved=share * calls, calls_made=0.0)
    return structs.replace(year, today=today, planned=today)


def years_of(plan: Any, year: OneYear, draw: Callable[[], float]) -> list[OneYear]:
    """Run the rule of a plan on years that save what is drawn."""

    def make_years(_make: object, numbers: Sequence[int]) -> Iterator[OneYear]:
        for _number in numbers:
            yield saving(year, draw())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "plan_result", lambda _plan, years, _breaks: years)
        found: Any = study.run_plan(plan, make_years)  # type: ignore[arg-type]
    return list(found)


def test_years_are_added_until_the_interval_is_narrow(made: tuple[Any, OneYear]) -> None:
    """Years alike stop at the fewest, years that differ much at the most."""
    plan, year = made
    rng = np.random.default_rng(1)
    asked: Study = plan.study

    alike = years_of(plan, year, lambda: MEAN)
    unlike = years_of(plan, year, lambda: rng.normal(MEAN, 50 * asked.half_width.value))
    between = years_of(plan, year, lambda: rng.normal(MEAN, 1.5 * asked.half_width.value))

    assert len(alike) == asked.replications_min
    assert len(unlike) == asked.replications_max
    assert asked.replications_min < len(between) < asked.replications_max
    assert half_width(between) <= asked.half_width.value < half_width(between[:-4])


@pytest.mark.proof
@pytest.mark.slow(seconds=20)
@pytest.mark.parametrize("spread", SPREADS)
def test_the_interval_at_the_stop_covers(made: tuple[Any, OneYear], spread: float) -> None:
    """Of 2,000 plans 91 to 97% hold the mean: to stop when it looks narrow costs some of the 95."""
    plan, year = made
    rng = np.random.default_rng(2027)
    sd = spread * plan.study.half_width.value
    offered = sum(each[0] for name, each in year.desk["without"].items() if "101" in name)
    covered = 0
    for _trial in range(TRIALS):
        years = years_of(plan, year, lambda: rng.normal(MEAN, sd))
        found = estimate([each.today.net / offered for each in years])
        covered += found.low <= MEAN <= found.high

    print(f"spread {spread}: {covered / TRIALS:.2%}")
    assert 0.91 <= covered / TRIALS <= 0.97
