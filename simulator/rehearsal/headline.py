"""What a programme lead reads first of a rehearsal: calls, people wrongly told, harms, licence."""

from collections.abc import Mapping, Sequence

from simulator.judge.fold import Judgement
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.intervals import scaled
from simulator.rehearsal.net_benefit import Costs, total
from simulator.results.portal_life import FewerCalls, Headline
from simulator.results.values import Period

_LINE_101 = 1


def headline(
    period: Period,
    calls: Mapping[str, tuple[ForceCalls, ForceCalls]],
    weeks: Sequence[int],
    live: Judgement,
    costs: Costs | None,
    fraction: float,
    *,
    saved_errors: Mapping[str, float],
) -> Headline:
    """Sum up the last period; `weeks` are the places of those that begin in it.

    `saved_errors` has by force the standard error of the calls saved less those made, by who was
    followed.
    """
    harms = sum(each.kind == "FAIL" for each in live.findings)
    return Headline(
        period=period.name,
        weeks=len(weeks),
        forces=[
            _fewer(force, without, with_portal, weeks, saved_errors[force])
            for force, (without, with_portal) in calls.items()
            if weeks
        ],
        wrongly_told=scaled(period.misdirected_people, fraction),
        portal_harms=scaled(harms, fraction),
        licence_a_year=costs.licence_a_year.value if costs else None,
    )


def _fewer(
    force: str,
    without: ForceCalls,
    with_portal: ForceCalls,
    weeks: Sequence[int],
    saved_error: float,
) -> FewerCalls:
    before, after = (
        [each.levels[2 * place + _LINE_101].offered for place in weeks]
        for each in (without, with_portal)
    )
    by_week = [float(one - other) for one, other in zip(before, after, strict=True)]
    fewer = total(by_week, error_in_common=saved_error)
    return FewerCalls(
        force=force,
        without=sum(before),
        with_portal=sum(after),
        fewer=round(fewer.mean, 1),
        low=round(fewer.low, 1),
        high=round(fewer.high, 1),
    )
