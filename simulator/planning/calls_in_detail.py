"""The calls of a plan in detail: by hour of the day, and abandoned calls by each definition in use.

`paired_years.py` keeps those of each year; here the years come to means.
"""

from collections.abc import Mapping, Sequence
from statistics import mean

from msgspec import Struct

from simulator.contact_centre.calls import LINES
from simulator.contact_centre.service_level import HANG_UP_SECONDS, LevelOfHour
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.intervals import estimate
from simulator.results.planning import Abandonment, LevelInHour, PlanHour
from simulator.results.values import Estimate


class CallsInDetail(Struct, frozen=True, kw_only=True):
    """One force's calls in one year: by hour, and by line and definition the share abandoned."""

    hours: list[LevelOfHour]
    abandoned_after: dict[str, dict[int, float]]


def in_detail(calls: Mapping[str, ForceCalls]) -> dict[str, CallsInDetail]:
    """Take the detail of each force's calls in a year."""
    return {
        force: CallsInDetail(
            hours=each.hours,
            abandoned_after={
                level.line: {
                    seconds: level.hung_up_after[seconds] / max(1, level.offered)
                    for seconds in HANG_UP_SECONDS
                }
                for level in each.levels
            },
        )
        for force, each in calls.items()
    }


#: By "without", "today" and "planned", and by force.
Details = Mapping[str, Mapping[str, CallsInDetail]]


def plan_hours(years: Sequence[Details], *, is_as_today: bool) -> list[PlanHour]:
    """Give every hour of every line; nothing planned where the plan is as today."""
    found = []
    for force, first in years[0]["today"].items():
        for place, hour in enumerate(first.hours):
            levels = {
                plan: _mean_level([year[plan][force].hours[place] for year in years])
                for plan in ("without", "today", "planned")
            }
            found.append(
                PlanHour(
                    force=force,
                    line=hour.line,
                    hour=hour.hour,
                    without=levels["without"],
                    today=levels["today"],
                    planned=None if is_as_today else levels["planned"],
                )
            )
    return found


def _mean_level(levels: Sequence[LevelOfHour]) -> LevelInHour:
    return LevelInHour(
        offered=mean(each.offered for each in levels),
        wait_seconds=_mean([each.wait_seconds_mean for each in levels]),
        abandoned_share=_mean([each.abandoned_share for each in levels]),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return mean(known) if known else None


def abandonment(years: Sequence[Details], *, is_as_today: bool) -> list[Abandonment]:
    """Give the share of calls abandoned, by force, line and definition."""

    def of(plan: str, force: str, line: str, seconds: int) -> Estimate:
        shares = [year[plan][force].abandoned_after[line][seconds] for year in years]
        return estimate(shares, least=0.0, most=1.0)

    return [
        Abandonment(
            force=force,
            line=line,
            after_seconds=seconds,
            without=of("without", force, line, seconds),
            today=of("today", force, line, seconds),
            planned=None if is_as_today else of("planned", force, line, seconds),
        )
        for force in years[0]["today"]
        for line in LINES
        for seconds in HANG_UP_SECONDS
    ]
