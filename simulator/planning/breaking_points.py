"""Where a plan breaks: the load from which on a target no longer holds, in one year.

The plan's calls, or the crimes of its officers, are taken so many times: the same callers and
crimes at every load, so that only the load differs. The search goes by halves, or nearer where
what was found points to.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import structs

from simulator.planning.cases import Question
from simulator.planning.plan_input import PlanInput
from simulator.planning.scenario import Targets, YearFiles
from simulator.planning.year import Year, YearOfPortal
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.intervals import estimate
from simulator.results.planning import BreakingPoint

#: Times the plan's calls, and times the crimes that each officer is given, that are tried.
CALL_LOADS = tuple(each / 100 for each in range(30, 201))
CRIME_LOADS = tuple(each / 10 for each in range(3, 81))
#: What a year is searched for: a target of a force, or of the officers of both.
ANSWERED_999, ABANDONED_101, ANSWERED_QUESTIONS = "999", "101", "questions"
OFFICERS = "officers"
_HALF = 0.5
#: So many of the plan's years are searched: from year to year it differs by hundredths.
YEARS_SEARCHED = 3


class Broken(NamedTuple):
    """The highest load of those tried at which a target holds.

    0 where it holds at none; None where it holds at all.
    """

    force: str
    target: str
    load: float | None


def breaking_points(plan: PlanInput, number: int) -> list[Broken]:
    """Find where one year of the plan breaks."""
    files, targets = plan.planned, plan.study.targets
    year = Year(files, plan.study, seed=plan.seed + number, fraction=plan.study.fraction)
    run = year.run(files)
    return [*_of_calls(year, files, run, targets), _of_officers(year, files, targets)]


def where_it_breaks(plan: PlanInput, years: Sequence[Sequence[Broken]]) -> list[BreakingPoint]:
    """Sum up the years that were searched: each target with its load and interval."""
    found = []
    for same in zip(*years, strict=True):
        force, target, _load = same[0]
        loads = CRIME_LOADS if force == OFFICERS else CALL_LOADS
        known = [each.load for each in same if each.load]
        is_known = len(known) == len(same)
        found.append(
            BreakingPoint(
                force=force,
                target=_said(target, plan),
                load="crimes" if force == OFFICERS else "calls",
                times=estimate(known, least=0.0) if is_known else None,
                holds_at_all=not is_known and all(each.load is None or each.load for each in same),
                tried=(loads[0], loads[-1]),
                years=len(same),
            )
        )
    return found


def _said(target: str, plan: PlanInput) -> str:
    targets = plan.study.targets
    seconds = plan.planned.centres.answer_target_seconds_999.value
    return {
        ANSWERED_999: f"{targets.answered_999.value:.0%} of 999 in {seconds:g} s",
        ABANDONED_101: f"at most {targets.abandoned_101.value:.0%} of 101 abandoned",
        ANSWERED_QUESTIONS: f"half of questions answered in {targets.question_hours.value:g} h",
    }[target]


def _of_calls(
    year: Year, files: YearFiles, run: YearOfPortal, targets: Targets
) -> Iterator[Broken]:
    callers = year.callers(files.centres, files, run)
    for force in files.centres.forces:
        known: dict[float, ForceCalls] = {}

        def answered(
            load: float, force: str = force, known: dict[float, ForceCalls] = known
        ) -> ForceCalls:
            if load not in known:
                known[load] = callers.answered(files.centres, [force], load=load)[force]
            return known[load]

        margins: Mapping[str, Callable[[ForceCalls], float]] = {
            ANSWERED_999: lambda each: in_time_999(each) - targets.answered_999.value,
            ABANDONED_101: lambda each: targets.abandoned_101.value - abandoned_101(each),
        }
        for target, margin in margins.items():

            def spare(load: float, margin: Callable[[ForceCalls], float] = margin) -> float:
                return margin(answered(load))

            yield Broken(force, target, last_that_keeps(CALL_LOADS, spare))


def _of_officers(year: Year, files: YearFiles, targets: Targets) -> Broken:
    def spare(load: float) -> float:
        questions = year.run(_with_crimes(files, load)).use.questions
        soon = targets.question_hours.value * 3600
        return answered_soon(questions, soon, year.measured) - _HALF

    return Broken(OFFICERS, ANSWERED_QUESTIONS, last_that_keeps(CRIME_LOADS, spare))


def answered_soon(
    questions: Iterable[Question], soon: float, between: tuple[float, float]
) -> float:
    """Give the share of questions that are answered so soon; of none, all.

    One without an answer is not; those of the last seconds might still be, and are left out.
    """
    begins, ends = between
    asked = [each for each in questions if begins <= each.asked_at <= ends - soon]
    in_time = [0 <= each.answered_at <= each.asked_at + soon for each in asked]
    return sum(in_time) / len(in_time) if in_time else 1.0


def in_time_999(calls: ForceCalls) -> float:
    """Give the share of 999 calls offered that are answered in time; of none, all."""
    share = calls.levels[0].in_target_share_of_offered
    return 1.0 if share is None else share


def abandoned_101(calls: ForceCalls) -> float:
    """Give the share of 101 calls that are abandoned; of none, none."""
    return calls.levels[1].abandoned_share or 0.0


def _with_crimes(files: YearFiles, load: float) -> YearFiles:
    """Give each officer so many times the crimes."""
    officers = files.rollout.officers
    caseload = structs.replace(officers.caseload, value=max(1.0, officers.caseload.value * load))
    officers = structs.replace(officers, caseload=caseload)
    return structs.replace(files, rollout=structs.replace(files.rollout, officers=officers))


def last_that_keeps(loads: Sequence[float], spare: Callable[[float], float]) -> float | None:
    """Find the last of these rising loads at which there is something to spare, or nothing lacks.

    0 where there is none, None where even the last has. It begins at a load of 1. Where what was
    found lies on a line, the next try is where the line ends; else it halves what is left.
    """
    low, high = -1, len(loads)
    at_low = at_high = 0.0
    place = min(range(len(loads)), key=lambda each: abs(loads[each] - 1))
    step = max(1, len(loads) // 12)
    while high - low > 1:
        found = spare(loads[place])
        before = high - low
        if found >= 0:
            low, at_low = place, found
        else:
            high, at_high = place, found
        if low == -1:
            place, step = max(0, high - step), 2 * step
        elif high == len(loads):
            place, step = min(high - 1, low + step), 2 * step
        else:
            place = _next(low, high, at_low, at_high, halved=2 * (high - low) <= before)
    if low == -1:
        return 0.0
    return None if high == len(loads) else loads[low]


def _next(low: int, high: int, at_low: float, at_high: float, *, halved: bool) -> int:
    """Choose a place between two of which one keeps; the middle after a try that helped little."""
    if not halved:
        return (low + high) // 2
    share = at_low / (at_low - at_high)
    return min(max(low + round(share * (high - low)), low + 1), high - 1)
