"""What to know of a plan's numbers: how exact they are, and what they leave out."""

from collections.abc import Sequence

from simulator.planning.paired_years import OneYear
from simulator.planning.plan_input import PlanInput
from simulator.rehearsal.intervals import estimate


def half_width(years: Sequence[OneYear]) -> float:
    """Give half the width of the interval of what the result is to be exact about.

    That is the share of 101 calls that the plan saves beside today's or, where it changes nothing,
    that today's portal saves.
    """
    differences = [each.planned.net - each.today.net for each in years]
    if not any(differences):
        differences = [each.today.net for each in years]
    calls = [_offered_101(each) for each in years]
    return estimate([saved / of for saved, of in zip(differences, calls, strict=True)]).half_width


def _offered_101(year: OneYear) -> float:
    return max(1.0, sum(each[0] for name, each in year.desk["without"].items() if "101" in name))


def plan_notes(plan: PlanInput, years: Sequence[OneYear]) -> list[str]:
    """Say how exact the numbers are, and what they leave out; the first two are on one page."""
    half, wanted = half_width(years), plan.study.half_width.value
    exact = "as asked" if half <= wanted else f"wider than the {wanted:.3%} asked"
    if len(years) < plan.years_wanted:
        exact = f"which so few years do not settle: the study asks for {plan.years_wanted}"
    return [
        _INTERVALS.format(years=len(years), half=half, exact=exact),
        _ASSUMED + ("" if plan.is_brief else _TORNADO),
        _PAIRS,
        _MODEL,
        _OTHER_TASKS,
        _HOURS,
        *([_PAID] if any(map(plan.planned.centres.shifts_of, plan.planned.centres.forces)) else []),
        *([_MESSAGES] if not plan.is_brief else []),
    ]


_INTERVALS = (
    "{years} years, each with seeds of its own; intervals are 95%, by Student's t. Half the "
    "interval of the share of 101 calls saved is {half:.3%}, {exact}."
)
_ASSUMED = "The intervals are of chance alone. Every number that is assumed decides the result."
_TORNADO = " The tornado says which decide the most, in calls and in pounds."
_OTHER_TASKS = (
    "The portal's other tasks are details that it finds wrong, which an officer mends, and victims "
    "whom an officer tells in person. A force may do both without a portal: the last line of the "
    "benefit leaves them out."
)
_HOURS = (
    "Hours of handlers that calls no longer take are time set free. The net benefit leaves out as "
    "many of them as a plan rosters fewer: their pay is counted already."
)
_PAID = (
    "Handlers on shifts are paid by the full-time equivalent, as those by the hour are: pounds, "
    "hours and full-time equivalents are one number in three units. Breaks and absence are in it."
)
_MESSAGES = (
    "A message that makes calls may be owed all the same: the Victims' Code asks for most of them."
)
_PAIRS = (
    "Both plans of a year have the same crimes, people, details, worries and calls. What each "
    "person does is drawn by person, purpose and occasion, so differences are of pairs."
)
_MODEL = (
    "The portal is a model. It sends what the reference portal sends, at the same seconds: "
    "docs/planning.md says how that is shown."
)
