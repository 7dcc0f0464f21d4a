"""Claims that only a vendor's own record can meet."""

import pytest

from simulator.check.capabilities import check_own_record
from simulator.check.table import CheckTable
from simulator.evidence.records import How, MessageAccepted, Record, TaskRaised
from tests.simulator.worlds import MOBILE, REFERENCE, START


def message(how: How) -> Record:
    """Give a message that was seen this way."""
    return MessageAccepted(
        at=START,
        message_id="m",
        channel="text",
        to=MOBILE,
        subject="",
        body="There is an update.",
        sender="",
        reference="",
        how=how,
    )


def task(how: How) -> Record:
    """Give a task that was seen this way."""
    return TaskRaised(
        at=START,
        key="t",
        crime_reference=REFERENCE,
        task_kind="breach",
        person_id="p",
        reason="a test",
        assignee="",
        how=how,
    )


@pytest.mark.parametrize(
    ("how", "verdict"), [("vendor's own record", "PASS"), ("intercepted", "FAIL")]
)
def test_a_claimed_record_must_not_be_empty(how: How, verdict: str) -> None:
    """Messages seen by our doubles do not show that the vendor's record has them."""
    rows = CheckTable()

    check_own_record(rows, [message(how), task(how)], ("messages_since", "stamps_since"))

    assert [(each.name, each.verdict) for each in rows.rows] == [
        ("messages_since", verdict),
        ("stamps_since", verdict),
    ]


def test_a_record_that_is_not_claimed_is_not_asked_for() -> None:
    """There is no row for it."""
    rows = CheckTable()

    check_own_record(rows, [message("intercepted")], ("text", "messages_since"))

    assert [each.name for each in rows.rows] == ["messages_since"]
