"""The tasks that a live portal raises each week, by kind, at full volume, and the force's hours."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from simulator.rehearsal.officers import OFFICER_TASKS
from simulator.results.portal_life import TasksOfWeek


def tasks_by_week(
    tasks: Mapping[tuple[date, str], int],
    weeks: Sequence[date],
    fraction: float,
    task_minutes: float,
    other_minutes: float,
) -> list[TasksOfWeek]:
    """Add up tasks by day and kind from the week of the first on.

    `weeks` ends with the day after the last week. Every kind that occurs has an entry in each week.
    Hours are of the tasks that officers do here, and of all other kinds, which take
    `other_minutes`: those of supervisors, the control room and Witness Care.
    """
    found = [Counter[str]() for _week in weeks]
    for (day, kind), number in tasks.items():
        if weeks[0] <= day < weeks[-1]:
            found[bisect_right(weeks, day) - 1][kind] += number
    kinds = sorted({kind for week in found for kind in week})
    first = next((place for place, week in enumerate(found) if week), len(found))
    return [
        TasksOfWeek(
            starts=starts,
            tasks={kind: round(week[kind] / fraction, 1) for kind in kinds},
            hours=round(_minutes(week, task_minutes, other_minutes) / fraction / 60, 1),
        )
        for starts, week in list(zip(weeks[:-1], found, strict=False))[first:]
    ]


def _minutes(tasks: Counter[str], task_minutes: float, other_minutes: float) -> float:
    by_officers = sum(tasks[each] for each in OFFICER_TASKS)
    return by_officers * task_minutes + (tasks.total() - by_officers) * other_minutes
