"""Every year of a plan by itself, so that an interval can be reckoned again."""

import csv
import io

from simulator.report.plan_years import years_csv
from tests.simulator.report.test_plan_tables import RESULT


def test_each_year_has_a_row_for_each_plan() -> None:
    """Without a portal only what can be measured there has a number."""
    rows = list(csv.DictReader(io.StringIO(years_csv(RESULT))))

    assert [(each["seed"], each["plan"]) for each in rows] == [
        (seed, plan) for seed in ("1", "2") for plan in ("without", "today", "planned")
    ]
    assert [each["101: calls offered"] for each in rows[:3]] == ["9000.0", "8000.0", "7500.0"]
    assert [each["Net benefit"] for each in rows[:3]] == ["", "-500.0", "-400.0"]
