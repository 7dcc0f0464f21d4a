"""Tasks by week and kind at full volume, and the hours of those that officers do."""

from datetime import date, timedelta

from simulator.rehearsal.officer_load import tasks_by_week

WEEKS = [date(2026, 6, 1) + timedelta(weeks=each) for each in range(4)]


def test_tasks_are_counted_from_the_week_of_the_first() -> None:
    """The day before a week is of the week before; what comes after the last week is left out."""
    tasks = {
        (WEEKS[2] - timedelta(days=1), "victim_question"): 1,
        (WEEKS[2], "victim_question"): 1,
        (WEEKS[2], "breach"): 1,
        (WEEKS[3], "victim_question"): 1,
    }
    found = tasks_by_week(tasks, WEEKS, 0.1, 30, 12)

    assert [each.starts for each in found] == WEEKS[1:3]
    assert [each.tasks for each in found] == [
        {"breach": 0.0, "victim_question": 10.0},
        {"breach": 10.0, "victim_question": 10.0},
    ]


def test_every_task_takes_somebody_hours() -> None:
    """Ten questions of half an hour take officers five hours, and ten breaches others two."""
    tasks = {(WEEKS[0], "victim_question"): 1, (WEEKS[0], "breach"): 1}

    assert tasks_by_week(tasks, WEEKS, 0.1, 30, 12)[0].hours == 5 + 2


def test_without_tasks_there_is_no_week() -> None:
    """A portal that raises none has no load to plot."""
    assert tasks_by_week({}, WEEKS, 0.1, 30, 12) == []
