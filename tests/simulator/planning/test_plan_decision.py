"""Whether callers are answered as the targets ask is said of every plan, kept or missed."""

from pathlib import Path
from typing import Any, cast

import pytest

from simulator.planning.paired_years import OneYear
from simulator.planning.plan_decision import decision, targets_kept
from simulator.results.values import BenefitLine, Estimate
from tests.simulator.planning.small_plans import small_plan


class _Year:
    """A year with its desk alone."""

    def __init__(self, in_time: float, lost: float) -> None:
        line = {"hampshire 999": (9.0, 0.01, 9.0, in_time), "hampshire 101": (9.0, lost, 9.0, 0.5)}
        before = {"hampshire 999": (9.0, 0.01, 9.0, 0.8), "hampshire 101": (9.0, 0.04, 9.0, 0.5)}
        self.desk = {"without": before, "today": line, "planned": line}


def said(folder: Path, *years: _Year) -> str:
    """Say of these years what is kept."""
    return targets_kept(small_plan(folder), cast("list[OneYear]", cast("Any", years)))


@pytest.mark.parametrize(
    ("in_time", "lost", "sentence"),
    [
        (0.9, 0.05, "keeps 90% of 999 in 10 s and at most 5% of 101 abandoned"),
        (0.82, 0.05, "misses 90% of 999 in 10 s (Hampshire 82.0%, no portal 80.0%)"),
        (0.95, 0.06, "has more than 5% of 101 abandoned (Hampshire 6.0%, no portal 4.0%)"),
    ],
)
def test_a_missed_target_is_named_with_its_share(
    tmp_path: Path, in_time: float, lost: float, sentence: str
) -> None:
    """A share that is just as asked keeps it; without a portal it may be missed too."""
    assert said(tmp_path, _Year(in_time, lost), _Year(in_time, lost)) == sentence


def test_both_may_be_missed_and_years_are_averaged(tmp_path: Path) -> None:
    """The mean of the years decides."""
    found = said(tmp_path, _Year(0.8, 0.02), _Year(0.9, 0.1))

    assert "misses 90% of 999 in 10 s (Hampshire 85.0%, no portal 80.0%) and " in found
    assert "has more than 5% of 101 abandoned (Hampshire 6.0%" in found


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        (-300.0, -300.0, "costs £300 more than today's plan, in every year alike"),
        (200.0, 200.0, "costs £200 less than today's plan, in every year alike"),
        (0.0, 0.0, "the same as today's plan"),
        (-300.0, -100.0, "worse than today's plan by £100 to £300"),
        (100.0, 300.0, "better than today's plan by £100 to £300"),
        (-10.0, 10.0, "no difference from today's plan that shows, -£10 to £10"),
    ],
)
def test_pay_is_no_interval(low: float, high: float, sentence: str) -> None:
    """What no chance moves is one number: an interval without width would look exact."""
    net = BenefitLine(name="Net benefit", unit="pounds", value=Estimate(mean=5, low=1, high=9))
    other = BenefitLine(
        name="Net benefit",
        unit="pounds",
        value=Estimate(mean=(low + high) / 2, low=low, high=high),
    )

    assert decision([net], [other]) == f"it pays: £1 to £9 a year beside no portal; {sentence}"
