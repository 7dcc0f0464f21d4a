"""A rehearsal's last quarter at other uptakes, in hours and pounds.

Reckoned as the calls are in `uptake.py`. Questions are as many more or fewer as register. The
portal's other tasks, and its texts, are taken to be those of the rehearsed share: runs of the model
at other shares have the same tasks, and texts cost little beside hours.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import hypot, sqrt

from simulator.rehearsal.net_benefit import NET, Costs, UseOfPortal, benefit_of
from simulator.results.values import Estimate, Uptake, UptakeBenefit, UptakeShare

#: The 97.5% point of the normal distribution.
_Z = 1.96


def benefit_by_uptake(
    uptake: Uptake,
    rehearsed: UptakeShare,
    weeks: Sequence[UseOfPortal],
    costs: Costs,
    fraction: float,
) -> list[UptakeBenefit]:
    """Reckon the weeks of the quarter at each share; nothing of no weeks, or if nobody registers.

    `rehearsed` is the quarter at the share of the run: there it comes to what the run had. The 95%
    intervals are by who was followed, a `fraction` of all: how many questions these asked is taken
    to be Poisson.
    """
    if not weeks or not uptake.rehearsed:
        return []
    whole = whole_of(weeks)
    return [_at(each, rehearsed, whole, costs, fraction) for each in uptake.shares]


def whole_of(weeks: Sequence[UseOfPortal]) -> UseOfPortal:
    """Add up what came of the portal in some weeks; at least one."""
    return replace(
        weeks[0],
        weeks=sum(each.weeks for each in weeks),
        calls_saved=sum(each.calls_saved for each in weeks),
        questions=sum(each.questions for each in weeks),
        other_tasks=sum(each.other_tasks for each in weeks),
        texts=sum(each.texts for each in weeks),
    )


def _at(
    each: UptakeShare, rehearsed: UptakeShare, whole: UseOfPortal, costs: Costs, fraction: float
) -> UptakeBenefit:
    times = each.registers / rehearsed.registers
    use = replace(
        whole,
        calls_saved=whole.calls_saved + _net(each) - _net(rehearsed),
        questions=whole.questions * times,
    )
    questions_error = sqrt(whole.questions * fraction) / fraction * times
    net = benefit_of(use, costs)[NET]
    of_a_call = benefit_of(replace(use, calls_saved=use.calls_saved + 1), costs)[NET] - net
    of_a_question = benefit_of(replace(use, questions=use.questions + 1), costs)[NET] - net
    return UptakeBenefit(
        registers=each.registers,
        calls_saved=_near(use.calls_saved, each.net_error),
        handler_hours=_near(use.calls_saved, each.net_error, use.call_seconds / 3600),
        question_hours=_near(use.questions, questions_error, use.task_minutes / 60),
        pounds=_near(net, hypot(of_a_call * each.net_error, of_a_question * questions_error)),
    )


def _net(each: UptakeShare) -> int:
    return each.calls_saved - each.calls_made


def _near(mean: float, error: float, times: float = 1.0) -> Estimate:
    half = _Z * error
    return Estimate(mean=times * mean, low=times * (mean - half), high=times * (mean + half))
