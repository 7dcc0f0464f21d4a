"""What a plan comes to in one sentence: pounds, what callers get, and what is overdue."""

from collections.abc import Mapping, Sequence
from statistics import mean

from simulator.planning.centre_measures import CALL_BACK_WAIT, OVERDUE
from simulator.planning.paired_years import OneYear
from simulator.planning.plan_input import PlanInput
from simulator.rehearsal.net_benefit import NET
from simulator.results.values import BenefitLine


def decision(benefit: Sequence[BenefitLine], difference: Sequence[BenefitLine]) -> str:
    """Say what the pounds and their interval come to: beside no portal, then beside today."""
    [net] = [each.value for each in benefit if each.name == NET]
    pays = "it pays" if net.low > 0 else "it does not pay" if net.high < 0 else "it may pay or not"
    said = f"{pays}: {_pounds(net.low)} to {_pounds(net.high)} a year beside no portal"
    if not difference:
        return said
    [other] = [each.value for each in difference if each.name == NET]
    by = f"{_pounds(other.low)} to {_pounds(other.high)}"
    if other.low == other.high == 0:
        return f"{said}; the same as today's plan"
    if other.high - other.low < _PENNY:
        # Calls and officers' hours are as today's: what is left is pay, which no chance moves.
        more = "more" if other.mean < 0 else "less"
        by = f"{_pounds(abs(other.mean))} {more}"
        return f"{said}; costs {by} than today's plan, in every year alike"
    if other.low > 0:
        return f"{said}; better than today's plan by {by}"
    if other.high < 0:
        return f"{said}; worse than today's plan by {_pounds(-other.high)} to {_pounds(-other.low)}"
    return f"{said}; no difference from today's plan that shows, {by}"


def targets_kept(plan: PlanInput, years: Sequence[OneYear]) -> str:
    """Say which of the two targets of all callers the plan misses, by force, or that it keeps both.

    Where a force misses one without a portal too, that share stands beside it.
    """
    targets, seconds = plan.study.targets, plan.planned.centres.answer_target_seconds_999.value
    in_time = f"{targets.answered_999.value:.0%} of 999 in {seconds:g} s"
    abandoned = f"{targets.abandoned_101.value:.0%} of 101 abandoned"
    late, too_many = [], []
    for key in years[0].desk["today"]:
        force, line = key.rsplit(" ", 1)
        place = 3 if line == "999" else 1
        without, planned = (
            mean(each.desk[which][key][place] for each in years) for which in ("without", "planned")
        )
        said = f"{force.replace('_', ' ').title()} {planned:.1%}, no portal {without:.1%}"
        if line == "999" and planned < targets.answered_999.value:
            late.append(said)
        if line == "101" and planned > targets.abandoned_101.value:
            too_many.append(said)
    missed = [
        *([f"misses {in_time} ({'; '.join(late)})"] if late else []),
        *([f"has more than {abandoned} ({'; '.join(too_many)})"] if too_many else []),
    ]
    return " and ".join(missed) or f"keeps {in_time} and at most {abandoned}"


def what_callers_get(years: Sequence[OneYear]) -> str:
    """Say what changes for callers beside today by a point or more, and how long call-backs take.

    "" where nothing does: pounds alone do not say what a line pays for another.
    """
    said = []
    for key in years[0].desk["today"]:
        places = _PLACES[key.rpartition(" ")[2]]
        for place, name in places:
            today, planned = (
                mean(each.desk[plan][key][place] for each in years) for plan in ("today", "planned")
            )
            if abs(planned - today) >= _POINT:
                said.append(f"{key.replace('_', ' ').title()} {name} {today:.1%} to {planned:.1%}")
    for name, (unit, _value) in years[0].centre.get("planned", {}).items():
        if unit == "seconds" and name.endswith(CALL_BACK_WAIT):
            minutes = mean(each.centre["planned"][name][1] for each in years) / 60
            said.append(f"{name.removesuffix(CALL_BACK_WAIT)} called back after {minutes:,.0f} min")
    return f"; callers: {', '.join(said)}" if said else ""


def overdue(years: Sequence[OneYear]) -> str:
    """Warn of call-backs that are overdue when a year ends: "" where there are none.

    Such a queue of callers only grows, whatever the means of the year say.
    """
    found = {}
    for name in years[0].centre.get("planned", {}):
        if name.endswith(OVERDUE):
            waiting = mean(each.centre["planned"][name][1] for each in years)
            if waiting:
                found[name.removesuffix(OVERDUE)] = waiting
    said = ", ".join(f"{number:,.0f} on {name}" for name, number in found.items())
    return f"; WARNING: call-backs overdue when the year ends: {said}" if found else ""


_PENNY = 0.01
#: By line, what is said first of it, and where a year's desk has that.
_PLACES: Mapping[str, Sequence[tuple[int, str]]] = {
    "101": ((1, "abandoned"),),
    "999": ((3, "answered in 10 s"), (1, "abandoned")),
}
#: One percentage point: what changes by less is not said first.
_POINT = 0.01


def _pounds(number: float) -> str:
    return f"{'-' if number < 0 else ''}£{abs(number):,.0f}"
