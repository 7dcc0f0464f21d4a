"""An integration's delivery is the event that the force recorded, or nothing that it recorded."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from reference.contract.events import (
    AnyEvent,
    CloudEvent,
    CrimeClosed,
    CrimeRecorded,
    CrimeReopened,
    MilestoneReached,
    OfficerReplied,
    VictimRecord,
)
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.evidence.records import ChangesSeenAsOne, EventDelivered, Record
from tests.simulator.doubles.crimes import NOW, REFERENCE, allocated


class _Matched:
    def __init__(self) -> None:
        self.now = NOW
        self.notes: list[Record] = []
        self.taken: list[str] = []
        self.ids: list[str] = []
        self.deliveries = MatchedDeliveries(self.notes.append, self._take, self._time)

    def _take(self, event_id: str, as_id: str) -> None:
        self.taken.append(event_id)
        self.ids.append(as_id)

    def _time(self) -> datetime:
        return self.now

    def deliver(self, event: AnyEvent, *, event_id: str = "theirs-1", status: int = 202) -> None:
        envelope = CloudEvent(
            specversion="1.0",
            id=event_id,
            source="integration",
            type=type(event).__name__,
            time=self.now,
            data=msgspec.Raw(msgspec.json.encode(event)),
        )
        self.deliveries.name([envelope])
        self.deliveries.delivered([envelope], status, "c-1", self.now)

    @property
    def delivered(self) -> list[tuple[str, int]]:
        return [
            (each.event_id, each.status) for each in self.notes if isinstance(each, EventDelivered)
        ]

    @property
    def seen_as_one(self) -> list[str]:
        return [each.event_id for each in self.notes if isinstance(each, ChangesSeenAsOne)]


def _milestone(name: Any) -> MilestoneReached:
    return MilestoneReached(crime_reference=REFERENCE, milestone=name, reached_at=NOW)


def _closed(outcome: Any) -> CrimeClosed:
    return CrimeClosed(crime_reference=REFERENCE, outcome=outcome, closed_at=NOW)


def _recorded(phone: str) -> CrimeRecorded:
    return CrimeRecorded(
        crime_reference=REFERENCE,
        force="f",
        offence_code="1",
        offence_subgroup="g",
        offence="o",
        recorded_at=NOW,
        victims=(VictimRecord(person_id="p-1", mobile_phone=phone),),
    )


def test_a_delivery_is_known_by_what_it_says() -> None:
    """Times and ids are the integration's own; a second delivery is of the same event."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _recorded("07700 900123"))
    matched.deliver(_recorded("+447700900123"))
    matched.deliver(_recorded("+447700900123"))

    assert matched.delivered == [("e-1", 202), ("e-1", 202)]
    assert matched.taken == ["e-1", "e-1"]
    assert matched.deliveries.ours("theirs-1") == "e-1"


@pytest.mark.parametrize(
    ("recorded", "delivered"),
    [
        (_recorded("07700900123"), _recorded("07700900124")),
        (_closed(18), _closed(16)),
        (_milestone("scene_examined"), _milestone("suspect_arrested")),
        (allocated("Team A"), allocated("Team B")),
        (
            OfficerReplied(
                crime_reference=REFERENCE, person_id="p-1", reply_id="r", text="A", replied_at=NOW
            ),
            OfficerReplied(
                crime_reference=REFERENCE, person_id="p-2", reply_id="r", text="A", replied_at=NOW
            ),
        ),
    ],
)
def test_what_was_altered_is_not_what_was_recorded(recorded: AnyEvent, delivered: AnyEvent) -> None:
    """The recorded event was not delivered, and what was delivered was never recorded."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", recorded)
    matched.deliver(delivered)

    assert matched.delivered == [("theirs-1", 202)]
    assert matched.taken == []


def test_a_refusal_is_not_a_delivery() -> None:
    """The event waits: the integration may try again."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(18))
    matched.deliver(_closed(18), status=503)
    matched.deliver(_closed(18))

    assert matched.delivered == [("e-1", 503), ("e-1", 202)]
    assert matched.taken == ["e-1"]


def test_a_change_that_was_corrected_in_time_counts_as_seen() -> None:
    """The integration reads only what stands then."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(16))
    matched.now += timedelta(minutes=4)
    matched.deliveries.recorded("e-2", _closed(18))
    matched.deliver(_closed(18))

    assert matched.seen_as_one == ["e-1"]
    assert matched.taken == ["e-2", "e-1"]


def test_a_change_that_was_dropped_is_not_excused_by_a_later_one() -> None:
    """It had time to be read: it is lost, though the next of its kind arrives."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _milestone("scene_examined"))
    matched.now += timedelta(minutes=6)
    matched.deliveries.recorded("e-2", _milestone("forensics_sent"))
    matched.deliver(_milestone("forensics_sent"))

    assert matched.seen_as_one == []
    assert matched.taken == ["e-2"]


def test_what_was_put_back_in_time_need_not_leave() -> None:
    """A case is closed by a slip and opened again: neither is news."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(18))
    matched.now += timedelta(minutes=1)
    reopened = CrimeReopened(crime_reference=REFERENCE, reopened_at=matched.now)
    matched.deliveries.recorded("e-2", reopened)

    assert matched.seen_as_one == ["e-1", "e-2"]


def test_an_event_that_nobody_can_read_is_the_integrations_own() -> None:
    """It is noted as it came, and matches nothing."""
    matched = _Matched()
    envelope = CloudEvent(
        specversion="1.0", id="x", source="s", type="Weather", time=NOW, data=msgspec.Raw(b"{}")
    )
    matched.deliveries.delivered([envelope], 202, "", NOW)

    assert matched.delivered == [("x", 202)]


def test_an_update_that_comes_again_by_another_id_is_no_second_one() -> None:
    """No portal can know it again: it is the integration that tells it twice."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(18))
    matched.deliver(_closed(18), event_id="theirs-1")
    matched.deliver(_closed(18), event_id="theirs-2")

    assert matched.delivered == [("e-1", 202), ("theirs-2", 202)]


def test_a_crime_may_be_told_again() -> None:
    """As when somebody is linked: the contract asks that nobody hears it twice."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _recorded("07700900123"))
    matched.deliver(_recorded("07700900123"), event_id="theirs-1")
    matched.deliver(_recorded("07700900123"), event_id="theirs-2")

    assert matched.delivered == [("e-1", 202), ("e-1", 202)]


def test_after_a_restart_what_was_delivered_is_known_again() -> None:
    """A second delivery of it is no new event, and what waited still does."""
    before = _Matched()
    before.deliveries.recorded("e-1", _closed(18))
    before.deliver(_closed(18))
    after = _Matched()
    after.deliveries.restore(
        {"e-1": _closed(18), "e-2": _milestone("scene_examined")}, {before.ids[0]: "e-1"}
    )
    after.deliver(_closed(18))
    after.deliver(_milestone("scene_examined"), event_id="theirs-2")

    assert after.delivered == [("e-1", 202), ("e-2", 202)]
    assert after.deliveries.ours("theirs-1") == "e-1"
