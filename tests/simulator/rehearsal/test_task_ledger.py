"""What officers keep of their tasks: each ends once, and none is due and forgotten."""

import pytest

from simulator.errors import NotConserved
from simulator.rehearsal.officer_behaviour import CALL_BACK
from simulator.rehearsal.task_ledger import OTHER_TASKS, UNDER_WAY, TaskLedger


def test_tasks_are_counted_by_how_they_ended() -> None:
    """By name; what is not due yet is under way, and what others do is one name."""
    ledger = TaskLedger()
    ledger.take("a", "victim_question", 5)
    ledger.take("b", "victim_question", 50)
    ledger.take("c", CALL_BACK, 5)
    ledger.go_on("c", 20)
    ledger.take("d", "late_answer", 1)
    ledger.end("a", "answered")
    ledger.end("d", "handed over")

    assert ledger.close(20) == {
        "questions": {"answered": 1, UNDER_WAY: 1},
        "call-backs": {UNDER_WAY: 1},
        OTHER_TASKS: {"handed over": 1},
    }


def test_a_task_that_was_due_and_did_not_end_is_an_error() -> None:
    """Its name is in the sentence."""
    ledger = TaskLedger()
    ledger.take("a", "contact_details", 5)

    with pytest.raises(NotConserved, match="wrong details: one was due and never ended"):
        ledger.close(6)


def test_a_task_ends_once_and_is_taken_once() -> None:
    """Twice the one or the other, or neither, is an error."""
    ledger = TaskLedger()
    ledger.take("a", CALL_BACK, 5)
    with pytest.raises(NotConserved, match="call-backs: one was taken twice"):
        ledger.take("a", CALL_BACK, 5)
    ledger.end("a", "rung back")
    with pytest.raises(NotConserved, match="ended twice, or was never taken"):
        ledger.end("a", "rung back")
    with pytest.raises(NotConserved, match="ended twice, or was never taken"):
        ledger.go_on("a", 5)
