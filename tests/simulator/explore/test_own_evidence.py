"""A story is judged by its own evidence, on a portal that goes on writing to earlier people."""

from datetime import UTC, datetime

import msgspec

from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    MessageReached,
    MessageRefused,
    PhaseEntered,
    ReceiptSent,
    Record,
    TaskRaised,
)
from simulator.explore.own_evidence import EarlierStories

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
THEN, NOW = "07700900111", "07700900222"


def recorded(event_id: str, crime: str) -> EventRecorded:
    """Record an event."""
    return EventRecorded(
        at=AT,
        event_id=event_id,
        event_type="OfficerDeployed",
        crime_reference=crime,
        happened_at=AT,
        data=msgspec.Raw(b"{}"),
    )


def delivered(event_id: str, correlation_id: str = "") -> EventDelivered:
    """Hand an event over."""
    return EventDelivered(at=AT, event_id=event_id, status=202, correlation_id=correlation_id)


def message(name: str, to: str, reference: str = "", correlation_id: str = "") -> MessageAccepted:
    """Send a message."""
    return MessageAccepted(
        at=AT,
        message_id=name,
        channel="text",
        to=to,
        subject="",
        body="There is an update.",
        sender="",
        reference=reference,
        correlation_id=correlation_id,
    )


def own(*records: Record) -> list[Record]:
    """Give what is the second story's of these records; the first was of event `old-1`."""
    earlier = EarlierStories()
    first = (PhaseEntered(at=AT, phase=1), recorded("old-1", "431"))
    assert list(earlier.own_of(first)) == list(first)
    earlier.leave(first, {"07700 900111", "0770090011"})
    begins = recorded("new-1", "432")
    phase, begun, *rest = earlier.own_of((begins, *records))
    assert (phase, begun) == (first[0], begins)
    return rest


def test_a_message_to_somebody_of_an_earlier_story_is_no_part_of_it() -> None:
    """Neither are its arrival, its receipt, and what the portal does about the earlier crime."""
    task = TaskRaised(
        at=AT,
        key="k",
        crime_reference="431",
        task_kind="call_victim",  # type: ignore[arg-type]
        person_id="p",
        reason="",
        assignee="",
    )
    assert not own(
        message("m1", THEN),
        MessageReached(at=AT, message_id="m1", holders=1),
        ReceiptSent(at=AT, message_id="m1", status="delivered"),
        message("m2", "07700900333", reference="old-1"),
        MessageRefused(at=AT, to="0770090011", channel="text", status=400, reason="no number"),
        delivered("old-1"),
        task,
    )


def test_a_message_about_its_own_news_is_charged_to_it_whoever_gets_it() -> None:
    """Its event, its crime or its delivery names it."""
    by_event = message("m1", THEN, reference="new-1")
    by_crime = message("m2", THEN, reference="432")
    by_delivery = message("m3", THEN, correlation_id="c-1")
    kept = (delivered("new-1", "c-1"), by_event, by_crime, by_delivery)
    assert own(*kept) == list(kept)


def test_a_message_to_its_own_people_or_to_nobody_known_is_its_own() -> None:
    """Nothing else can have caused it."""
    kept = (
        message("m1", NOW),
        MessageReached(at=AT, message_id="m1", holders=1),
        message("m2", "07700900333"),
        MessageRefused(at=AT, to="0770090022", channel="text", status=400, reason="no number"),
    )
    assert own(*kept) == list(kept)


def test_an_earlier_run_counts_too() -> None:
    """Its addresses and crimes are known from the start."""
    earlier = EarlierStories({THEN}, {"431"})
    assert list(earlier.own_of([message("m1", THEN), message("m2", NOW)])) == [message("m2", NOW)]
