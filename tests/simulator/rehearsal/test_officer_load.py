"""Tasks by week and kind at full volume, and the hours of those that officers do."""

from datetime import date, timedelta

from simulator.evidence.records import Record, TaskRaised
from simulator.rehearsal.officer_load import tasks_by_week
from simulator.rehearsal.plan import london_midnight

WEEKS = [date(2026, 6, 1) + timedelta(weeks=each) for each in range(4)]


def task(kind: str, day: date) -> Record:
    """Make a task raised as a London day begins."""
    return TaskRaised(
        at=london_midnight(day),
        key=f"{kind}-{day}",
        crime_reference="c",
        task_kind=kind,  # type: ignore[arg-type]
        person_id="p",
        reason="",
        assignee="",
    )


def test_tasks_are_counted_from_the_week_of_the_first() -> None:
    """A week begins on its London day; what comes after the last week is left out."""
    records = [
        task("victim_question", WEEKS[1]),
        task("victim_question", WEEKS[2]),
        task("breach", WEEKS[2]),
        task("victim_question", WEEKS[3]),
    ]
    found = tasks_by_week(records, WEEKS, 0.1, 30)

    assert [each.starts for each in found] == WEEKS[1:3]
    assert [each.tasks for each in found] == [
        {"breach": 0.0, "victim_question": 10.0},
        {"breach": 10.0, "victim_question": 10.0},
    ]


def test_only_what_officers_do_takes_hours() -> None:
    """A breach is for a team: ten questions of half an hour take five hours."""
    records = [task("victim_question", WEEKS[0]), task("breach", WEEKS[0])]

    assert tasks_by_week(records, WEEKS, 0.1, 30)[0].hours == 5


def test_without_tasks_there_is_no_week() -> None:
    """A portal that raises none has no load to plot."""
    assert tasks_by_week([], WEEKS, 0.1, 30) == []
