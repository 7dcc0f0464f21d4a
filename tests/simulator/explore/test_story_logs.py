"""Each record goes to the story that it is of, on a portal that plays many of them."""

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
from simulator.explore.story_logs import StoryLogs

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
    logs = StoryLogs()
    phase, begins = PhaseEntered(at=AT, phase=1), recorded("new-1", "432")
    logs.append(phase)
    first = logs.begin({"07700 900111", "0770090011"}, ())
    first.append(recorded("old-1", "431"))
    assert first.records == [phase, recorded("old-1", "431")]
    logs.end(first)
    second = logs.begin({NOW}, ())
    second.append(begins)
    for record in records:
        logs.append(record)
    assert second.records[:2] == [phase, begins]
    return second.records[2:]


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
    logs = StoryLogs({THEN}, {"431"})
    story = logs.begin({NOW}, ())
    for record in (message("m1", THEN), message("m2", NOW)):
        logs.append(record)
    assert story.records == [message("m2", NOW)]


def test_two_stories_at_once_get_what_is_theirs() -> None:
    """By event before address; what neither explains is of the one at work, or else of both."""
    logs = StoryLogs()
    one, other = logs.begin({THEN}, {"P1"}), logs.begin({NOW}, {"P2"})
    one.append(recorded("e-1", "431"))
    crossed, unknown = message("m1", NOW, reference="e-1"), message("m3", "07700900333")
    logs.append(crossed)
    logs.append(ReceiptSent(at=AT, message_id="m1", status="delivered"))
    logs.append(message("m2", NOW))
    logs.append(unknown)
    with logs.of_one(one):
        logs.append(message("m4", "07700900444"))
        logs.append(message("m5", NOW))
    names = [[getattr(record, "message_id", "") for record in log.records] for log in (one, other)]
    assert names == [["", "m1", "m1", "m3", "m4"], ["m2", "m3", "m5"]]
