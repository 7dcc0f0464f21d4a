"""The net benefit of a rehearsal's last quarter, from what happened in each of its weeks."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from simulator.clock import LONDON
from simulator.contact_centre.staffing import update_call_seconds
from simulator.evidence.records import MessageAccepted, QuestionAsked, Record, TaskRaised
from simulator.rehearsal.net_benefit import Costs, UseOfPortal, weekly_benefit
from simulator.rehearsal.plan import Plan
from simulator.results.values import BenefitLine, Week

#: The tasks beside questions on which officers of a rehearsal spend time.
_OTHER_TASKS = frozenset({"contact_details", "sensitive_contact"})


def benefit_of_quarter(
    plan: Plan, costs: Costs, fraction: float, weeks: Sequence[Week], *, saved_error: float
) -> list[BenefitLine]:
    """Reckon what the portal saved and cost in the last period; of less than two weeks nothing.

    `saved_error` is the standard error of the calls saved less those made, by who was followed: all
    weeks share it.
    """
    use = use_by_week(plan, fraction, weeks)
    return weekly_benefit(use, costs, saved_error=saved_error) if use else []


def use_by_week(plan: Plan, fraction: float, weeks: Sequence[Week]) -> list[UseOfPortal]:
    """Take what came of the portal in each week of the last period; of less than two nothing."""
    first = plan.periods[-1].starts
    here = [each for each in weeks if each.starts >= first]
    if len(here) < 2:
        return []
    records, _judgement = plan.judged["live"]
    counts = _by_week(records, [each.starts for each in here])
    minutes = plan.rollout.officers.task_minutes.value
    further = plan.rollout.officers.other_task_minutes.value
    seconds = update_call_seconds(plan.centres)
    return [
        UseOfPortal(
            weeks=1,
            calls_saved=week.update_calls_without - week.update_calls_with,
            questions=counts[place, "questions"] / fraction,
            other_tasks=counts[place, "tasks"] / fraction,
            texts=counts[place, "texts"] / fraction,
            further_hours=counts[place, "further tasks"] / fraction * further / 60,
            call_seconds=seconds,
            task_minutes=minutes,
        )
        for place, week in enumerate(here)
    ]


def _by_week(records: Sequence[Record], starts: Sequence[date]) -> Counter[tuple[int, str]]:
    """Count questions, tasks beside them, and texts of the live portal in each week."""
    found: Counter[tuple[int, str]] = Counter()
    end = starts[-1] + timedelta(days=7)
    for each in records:
        what = _what(each)
        day = each.at.astimezone(LONDON).date() if what else starts[0]
        if what and starts[0] <= day < end:
            found[bisect_right(starts, day) - 1, what] += 1
    return found


def _what(record: Record) -> str:
    if isinstance(record, QuestionAsked):
        return "questions"
    if isinstance(record, TaskRaised) and record.task_kind != "victim_question":
        return "tasks" if record.task_kind in _OTHER_TASKS else "further tasks"
    if isinstance(record, MessageAccepted) and record.channel == "text":
        return "texts"
    return ""
