"""What a delivery set off is traced by its id: one that the event came with, and no other."""

from datetime import UTC, datetime

from simulator.evidence.records import EventDelivered
from simulator.judge.traceability import why_not_traceable

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def delivered(event_id: str, correlation_id: str, status: int = 202) -> EventDelivered:
    """Hand an event to the portal in a delivery of this id."""
    return EventDelivered(at=AT, event_id=event_id, status=status, correlation_id=correlation_id)


DELIVERIES = [
    delivered("deployed", "d-1"),
    delivered("allocated", "d-2", status=503),
    delivered("allocated", "d-3"),
    delivered("closed", "d-3"),
    delivered("deployed", "d-4"),
]


def test_any_delivery_that_brought_it_will_do() -> None:
    """An event that came twice has two ids, and a batch has one for all of it."""
    for carried in ("d-1", "d-4"):
        assert why_not_traceable(DELIVERIES, ["deployed"], carried) == ""
    assert why_not_traceable(DELIVERIES, ["closed"], "d-3") == ""


def test_of_several_events_either_will_do() -> None:
    """One message may tell of two deliveries: either id leads to one of them."""
    for carried in ("d-1", "d-3"):
        assert why_not_traceable(DELIVERIES, ["deployed", "allocated"], carried) == ""


def test_none_another_and_a_made_up_one_are_told_apart() -> None:
    """The vendor needs to know whether the id was lost, mixed up or made up."""
    assert why_not_traceable(DELIVERIES, ["deployed"], "") == "it carries no id at all"
    assert why_not_traceable(DELIVERIES, ["deployed"], "d-3") == (
        "it carries that of another delivery: d-3"
    )
    assert why_not_traceable(DELIVERIES, ["deployed"], "x-9") == (
        "it carries one that no delivery had: 'x-9'"
    )


def test_a_delivery_that_was_not_taken_sets_nothing_off() -> None:
    """Its id stands in no log but that of the refusal."""
    assert why_not_traceable(DELIVERIES, ["allocated"], "d-2").startswith("it carries one that no")


def test_what_is_odd_is_shown_short() -> None:
    """A page of nonsense in a header is no page in a report."""
    assert len(why_not_traceable(DELIVERIES, ["deployed"], "x" * 5000)) < 120
