"""A task that was raised meets what is owed of its kind: before it, and at the same moment."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.evidence.records import TaskRaised
from simulator.judge.facts.owed_tasks import OwedTask, OwedTasks

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
CRIME = "43260000001"


def owed(requirement: str = "SAFE-04", *, seconds: int = 0) -> OwedTask:
    """Give one that is owed about a suspect."""
    return OwedTask(
        kind="sensitive_contact",
        person_id="P1",
        crime_reference=CRIME,
        begun_at=NOW + timedelta(seconds=seconds),
        requirement=requirement,
        expected="the force is asked",
    )


def raised(*, crime: str = CRIME) -> TaskRaised:
    """Give one that the portal raised now."""
    return TaskRaised(
        at=NOW,
        task_kind="sensitive_contact",
        crime_reference=crime,
        person_id="P1",
        reason="tell them, safely",
        due_at=None,
        key="k1",
        assignee="",
    )


@pytest.mark.parametrize(
    ("later", "is_met"),
    [(owed(), True), (owed("SENS-01"), False), (owed(seconds=1), False)],
    ids=["for the same reason at once", "for another reason", "a second later"],
)
def test_what_is_owed_twice_at_once_for_one_reason_is_looked_into_once(
    later: OwedTask, *, is_met: bool
) -> None:
    """The portal took both in one delivery, and asks the force once."""
    tasks, first = OwedTasks(), owed()
    tasks.owe(first)
    tasks.raised(raised())
    tasks.owe(later)

    assert first.raised_at == NOW
    assert (later.raised_at == NOW) is is_met


def test_a_task_about_another_crime_meets_nothing() -> None:
    """It is another officer's."""
    tasks, first = OwedTasks(), owed()
    tasks.owe(first)
    tasks.raised(raised(crime="43260000002"))

    assert first.raised_at is None
