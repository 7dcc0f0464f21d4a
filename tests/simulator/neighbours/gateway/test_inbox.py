"""The inbox keeps every message once, and tells the world and the portal the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import Channel
from simulator.neighbours.gateway.inbox import PAGE_MESSAGES, Accepted, Inbox, RefusedRequest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _accept(inbox: Inbox, *, channel: Channel = "text", reference: str = "") -> Accepted:
    return inbox.accept(
        channel=channel,
        to="07700900123",
        to_given="+44 7700 900123",
        subject="",
        body="There is an update.",
        sender="GOVUK",
        reference=reference,
        template_id="a-template",
    )


@given(st.lists(st.sampled_from(["text", "refused", "drain"])))
def test_drains_give_everything_once_in_order(steps: list[str]) -> None:
    """All drains together are what arrived, in order, whenever they happened."""
    inbox = Inbox(lambda: NOW)
    arrived: list[Accepted | RefusedRequest] = []
    drained: list[Accepted | RefusedRequest] = []
    for step in steps:
        if step == "drain":
            drained += inbox.drain()
        elif step == "text":
            arrived.append(_accept(inbox))
        else:
            arrived.append(inbox.refuse(channel="text", to="0", status=400, reason="short"))
    drained += inbox.drain()

    assert arrived == drained
    assert inbox.drain() == []


def test_ids_repeat_from_run_to_run_and_never_within_one() -> None:
    """Two runs give the same ids in the same order, each of them once."""
    first, second = Inbox(lambda: NOW), Inbox(lambda: NOW)
    ids = [_accept(first).message_id for _ in range(100)]

    assert ids == [_accept(second).message_id for _ in range(100)]
    assert len(set(ids)) == 100


def test_unused_id_is_no_message() -> None:
    """An id that is only pretended belongs to no message, then or later."""
    inbox = Inbox(lambda: NOW)
    pretended = inbox.unused_id()
    _accept(inbox)

    assert inbox.message(pretended) is None
    with pytest.raises(KeyError):
        inbox.set_status(pretended, "delivered", NOW)


def test_pages_hold_every_message_once_newest_first() -> None:
    """Following pages to the first empty one meets every wanted message once, newest first."""
    inbox = Inbox(lambda: NOW)
    for n in range(2 * PAGE_MESSAGES + 7):
        _accept(inbox, reference=f"{n}", channel="text" if n % 2 else "email")
    seen: list[str] = []
    for _ in range(3):
        older_than = seen[-1] if seen else ""
        page = inbox.page(lambda each: each.channel == "text", older_than=older_than)
        assert len(page) <= PAGE_MESSAGES
        seen += [each.message_id for each in page]
    references = [found.reference for each in seen if (found := inbox.message(each))]

    assert [f"{n}" for n in range(2 * PAGE_MESSAGES + 5, 0, -2)] == references


def test_page_older_than_an_unknown_message_is_empty() -> None:
    """Nothing is older than a message that is not there."""
    inbox = Inbox(lambda: NOW)
    _accept(inbox)

    assert inbox.page(lambda _: True, older_than="unknown") == []


def test_message_is_created_until_something_is_known() -> None:
    """A message that was only accepted is created, and not completed."""
    inbox = Inbox(lambda: NOW)
    message = _accept(inbox)

    assert inbox.status_of(message.message_id) == "created"
    assert inbox.completed_at(message.message_id) is None


def test_pending_message_is_not_completed() -> None:
    """A pending message has no time of completion, whenever it became pending."""
    inbox = Inbox(lambda: NOW)
    message = _accept(inbox)
    inbox.set_status(message.message_id, "pending", NOW + timedelta(seconds=5))

    assert inbox.status_of(message.message_id) == "pending"
    assert inbox.completed_at(message.message_id) is None


def test_receipt_says_what_the_inbox_then_says() -> None:
    """The receipt gives the number as the portal wrote it, and status and time as kept."""
    inbox = Inbox(lambda: NOW)
    message = _accept(inbox, reference="event-7")
    later = NOW + timedelta(seconds=30)
    receipt = inbox.receipt(message.message_id, "permanent-failure", later)

    assert receipt.id == message.message_id
    assert receipt.reference == "event-7"
    assert receipt.to == "+44 7700 900123"
    assert receipt.notification_type == "sms"
    assert receipt.created_at == "2026-03-02T09:00:00.000000Z"
    assert receipt.completed_at == "2026-03-02T09:00:30.000000Z"
    assert inbox.status_of(message.message_id) == receipt.status == "permanent-failure"
    assert inbox.completed_at(message.message_id) == later


def test_receipt_of_a_message_without_a_reference_has_none() -> None:
    """A portal that gave no reference gets none back."""
    inbox = Inbox(lambda: NOW)
    message = _accept(inbox)

    assert inbox.receipt(message.message_id, "delivered", NOW).reference is None
