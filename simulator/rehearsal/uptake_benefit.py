"""A rehearsal's last quarter at other uptakes, in hours and pounds.

Reckoned as the calls are in `uptake.py`. Questions are as many more or fewer as register. The
portal's other tasks, and its texts, are taken to be those of the rehearsed share: runs of the model
at other shares have the same tasks, and texts cost little beside hours.
"""

from collections.abc import Sequence
from dataclasses import replace

from simulator.rehearsal.net_benefit import (
    CALLS_SAVED,
    HANDLER_HOURS,
    NET,
    QUESTION_HOURS,
    Costs,
    UseOfPortal,
    weekly_benefit,
)
from simulator.results.values import Uptake, UptakeBenefit, UptakeShare

#: One week alone says nothing of how weeks differ.
_WEEKS_MIN = 2


def benefit_by_uptake(
    uptake: Uptake,
    rehearsed: UptakeShare,
    weeks: Sequence[UseOfPortal],
    costs: Costs,
    saved_error: float,
) -> list[UptakeBenefit]:
    """Reckon the weeks of the quarter at each share, and as published; of less than two nothing.

    `rehearsed` is the quarter at the share of the run: there it comes to what the run had, with the
    same intervals, of how the weeks differ and of who was followed. `saved_error` is the standard
    error of the calls saved in the run because of the latter.
    """
    if len(weeks) < _WEEKS_MIN or not uptake.rehearsed:
        return []
    shares = [*uptake.shares, *([uptake.at_published] if uptake.at_published else [])]
    return [
        _at(each, rehearsed, weeks, costs, saved_error, is_published=each is uptake.at_published)
        for each in shares
    ]


def whole_of(weeks: Sequence[UseOfPortal]) -> UseOfPortal:
    """Add up what came of the portal in some weeks; at least one."""
    return replace(
        weeks[0],
        weeks=sum(each.weeks for each in weeks),
        calls_saved=sum(each.calls_saved for each in weeks),
        questions=sum(each.questions for each in weeks),
        other_tasks=sum(each.other_tasks for each in weeks),
        texts=sum(each.texts for each in weeks),
        further_hours=sum(each.further_hours for each in weeks),
    )


def _at(
    each: UptakeShare,
    rehearsed: UptakeShare,
    weeks: Sequence[UseOfPortal],
    costs: Costs,
    saved_error: float,
    *,
    is_published: bool,
) -> UptakeBenefit:
    more = (_net(each) - _net(rehearsed)) / len(weeks)
    times = each.registers / rehearsed.registers
    use = [
        replace(week, calls_saved=week.calls_saved + more, questions=week.questions * times)
        for week in weeks
    ]
    error = saved_error * each.net_error / rehearsed.net_error if rehearsed.net_error else 0.0
    lines = {line.name: line.value for line in weekly_benefit(use, costs, saved_error=error)}
    return UptakeBenefit(
        registers=each.registers,
        registered=each.registered if is_published else None,
        calls_saved=lines[CALLS_SAVED],
        handler_hours=lines[HANDLER_HOURS],
        question_hours=lines[QUESTION_HOURS],
        pounds=lines[NET],
    )


def _net(each: UptakeShare) -> int:
    return each.calls_saved - each.calls_made
