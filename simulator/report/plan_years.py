"""A plan's years as CSV, a row a year and plan: for those who reckon the intervals themselves."""

import csv
import io

from simulator.results.planning import PlanResult

_PLANS = ("without", "today", "planned")


def years_csv(result: PlanResult) -> str:
    """Write each year without a portal, with today's plan and as planned; empty where not known."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    names = list(result.years[0].today)
    writer.writerow(("seed", "plan", *names))
    for year in result.years:
        for plan in _PLANS:
            values: dict[str, float] = getattr(year, plan)
            writer.writerow((year.seed, plan, *(values.get(each, "") for each in names)))
    return text.getvalue()
