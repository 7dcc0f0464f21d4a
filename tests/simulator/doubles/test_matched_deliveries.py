"""An integration's delivery is the event that the force recorded, or nothing that it recorded."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from msgspec import UNSET, structs

from reference.contract.events import (
    AnyEvent,
    CloudEvent,
    CrimeCancelled,
    CrimeClosed,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    MilestoneReached,
    OfficerReplied,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.matched_deliveries import EarlierEvent, MatchedDeliveries
from simulator.evidence.records import (
    ChangesSeenAsOne,
    DeliveredOtherwise,
    EventDelivered,
    Record,
)
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

    def withdraw(self, crime_reference: str) -> str:
        """Record that a crime was withdrawn, as the records do."""
        gone = CrimeCancelled(crime_reference=crime_reference, cancelled_at=self.now)
        self.deliveries.recorded("withdrawn", gone)
        return "withdrawn"

    def deliver(
        self, event: AnyEvent, *, event_id: str = "theirs-1", status: int = 202, **spoilt: Any
    ) -> None:
        self.batch((event, event_id), status=status, **spoilt)

    def batch(self, *events: tuple[AnyEvent, str], status: int = 202, **spoilt: Any) -> None:
        """Deliver several events at once, each by an id of the integration."""
        envelopes = [
            CloudEvent(
                specversion="1.0",
                id=event_id,
                source="integration",
                type=type(event).__name__,
                time=self.now,
                data=msgspec.Raw(msgspec.json.encode({**msgspec.to_builtins(event), **spoilt})),
            )
            for event, event_id in events
        ]
        first = self.deliveries.arrived(envelopes)
        if status:
            self.deliveries.delivered(envelopes, status, "c-1", self.now, first)
        else:
            self.deliveries.unanswered(envelopes)

    @property
    def delivered(self) -> list[tuple[str, int]]:
        return [(each.event_id, each.status) for each in self.came]

    @property
    def otherwise(self) -> list[DeliveredOtherwise]:
        """What was delivered that is not what was recorded."""
        return [each.otherwise for each in self.came if each.otherwise is not UNSET]

    @property
    def came(self) -> list[EventDelivered]:
        return [each for each in self.notes if isinstance(each, EventDelivered)]

    @property
    def seen_as_one(self) -> list[str]:
        return [each.event_id for each in self.notes if isinstance(each, ChangesSeenAsOne)]


def _milestone(name: Any, at: datetime = NOW) -> MilestoneReached:
    return MilestoneReached(crime_reference=REFERENCE, milestone=name, reached_at=at)


def _closed(outcome: Any, **values: Any) -> CrimeClosed:
    return CrimeClosed(crime_reference=REFERENCE, outcome=outcome, closed_at=NOW, **values)


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


def _reply(**values: Any) -> OfficerReplied:
    given = {"crime_reference": REFERENCE, "person_id": "p-1", "reply_id": "r", "text": "A"}
    return OfficerReplied(**{**given, "replied_at": NOW, **values})


def _details(**values: Any) -> VictimDetailsChanged:
    return VictimDetailsChanged(
        crime_reference=REFERENCE, victim=VictimRecord(person_id="p-1", **values)
    )


def _crime(**values: Any) -> CrimeRecorded:
    return structs.replace(_recorded("07700900123"), **values)


@pytest.mark.parametrize(
    ("recorded", "delivered", "fields"),
    [
        (_recorded("07700900123"), _recorded("07700900124"), "victims.mobile_phone"),
        (_closed(18), _closed(16), "outcome"),
        (_milestone("scene_examined"), _milestone("suspect_arrested"), "milestone"),
        (
            _milestone("scene_examined", at=NOW - timedelta(days=3)),
            _milestone("scene_examined", at=NOW - timedelta(days=4)),
            "reached_at",
        ),
        (allocated("Team A"), allocated("Team B"), "team"),
        (_reply(), _reply(person_id="p-2"), "person_id"),
        (_reply(), _reply(checked=True), "checked"),
        (_crime(safeguarding=("domestic_abuse",)), _crime(), "safeguarding"),
        (_crime(), _crime(force="nowhere"), "force"),
        (_crime(), _crime(offence_subgroup="h"), "offence_subgroup"),
        (_crime(), _crime(recorded_at=NOW - timedelta(days=1)), ""),
        (
            _crime(recorded_at=NOW - timedelta(days=2)),
            _crime(recorded_at=NOW - timedelta(days=1)),
            "recorded_at",
        ),
        (_crime(), _crime(victims=()), "victims"),
        (_details(has_died=True), _details(), "victim.has_died"),
        (_details(given_name="Alex"), _details(), "victim.given_name"),
        (_details(other_phone="01865496000"), _details(), "victim.other_phone"),
        (_details(preferred_channels=()), _details(), "victim.preferred_channels"),
        (_details(enhanced_rights=True), _details(), "victim.enhanced_rights"),
        (_details(is_restricted=True), _details(is_restricted=False), "victim.is_restricted"),
        (_details(is_restricted=True), _details(), "victim.is_restricted"),
        (_details(role="witness"), _details(), "victim.role"),
        (_details(born=date(1980, 2, 29)), _details(), "victim.born"),
        (_details(agreed_word_digest="d"), _details(), "victim.agreed_word_digest"),
        (_details(), _details(safe_channel="text"), "victim.safe_channel"),
    ],
)
def test_what_was_altered_is_named_by_its_field(
    recorded: AnyEvent, delivered: AnyEvent, fields: str
) -> None:
    """It stands for the recorded event, and the evidence has what was delivered."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", recorded)
    matched.deliver(delivered)

    assert matched.delivered == [("e-1", 202)]
    assert [", ".join(each.altered) for each in matched.otherwise] == ([fields] if fields else [])
    assert all(
        msgspec.json.decode(each.data, type=type(delivered)) == delivered
        and (each.event_type, each.crime_reference) == (type(recorded).__name__, REFERENCE)
        for each in matched.otherwise
    )


@pytest.mark.parametrize(
    ("recorded", "delivered"),
    [
        (_reply(text="A\nB"), _reply(text="A\r\nB ", reply_id="theirs")),
        (_crime(safeguarding=("a", "b")), _crime(safeguarding=("b", "a ", ""))),
        (
            _details(given_name="Alex ", email="Al@example.com"),
            _details(given_name="Alex", email="al@example.com"),
        ),
        (_details(mobile_phone="+44 (0)7700 900123"), _details(mobile_phone="07700900123")),
        (_details(preferred_channels=("email", "text")), _details()),
        (
            _crime(recorded_at=NOW - timedelta(days=2)),
            _crime(recorded_at=(NOW - timedelta(days=2)).astimezone(timezone(timedelta(hours=1)))),
        ),
        (_crime(offence=""), _crime(offence=REFERENCE)),
        (allocated(), structs.replace(allocated(), allocated_at=NOW - timedelta(hours=1))),
    ],
)
def test_the_same_in_other_clothes_is_not_altered(recorded: AnyEvent, delivered: AnyEvent) -> None:
    """An integration writes times, numbers, lists and line ends in its own way."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", recorded)
    matched.deliver(delivered)

    assert (matched.delivered, matched.otherwise) == ([("e-1", 202)], [])


@pytest.mark.parametrize(
    ("recorded", "delivered"),
    [
        (_crime(area="Oxford", grade=1), _crime()),
        (_details(safe_channel="text", who_is_told="nobody"), _details()),
        (_closed(20, to_body="The council"), _closed(20)),
    ],
)
def test_what_no_column_has_may_be_left_blank(recorded: AnyEvent, delivered: AnyEvent) -> None:
    """No integration can know it; the evidence has that the portal was not told."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", recorded)
    matched.deliver(delivered)

    [said] = matched.otherwise
    assert (matched.delivered, said.altered) == ([("e-1", 202)], ())


def test_an_integration_may_say_what_the_records_hold_by_then() -> None:
    """A crime was recorded, and changed before it was read: its delivery says what stands."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _crime())
    matched.deliveries.recorded("e-2", _details(mobile_phone="07700900456", has_died=True))
    now = VictimRecord(person_id="p-1", mobile_phone="07700900456", has_died=True)
    matched.deliver(_crime(victims=(now,)))

    assert matched.delivered == [("e-1", 202)]
    assert [each.altered for each in matched.otherwise] == [()]
    assert matched.seen_as_one == ["e-2"]


def test_a_change_that_a_new_crime_does_not_say_still_has_to_come() -> None:
    """Nor does one that was made long after: it had time to be told by itself."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _crime())
    matched.deliveries.recorded("e-2", _details(mobile_phone="07700900123", has_died=True))
    matched.now += timedelta(hours=1)
    reclassified = CrimeReclassified(
        crime_reference=REFERENCE,
        offence_code="2",
        offence_subgroup="g",
        offence="o",
        reclassified_at=NOW,
    )
    matched.deliveries.recorded("e-3", reclassified)
    matched.deliver(_crime(offence_code="2"))

    assert matched.seen_as_one == []
    assert [each.altered for each in matched.otherwise] == [()]


def test_an_altered_delivery_may_be_put_right() -> None:
    """What was recorded is delivered after it, and is no event that nobody recorded."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(18))
    matched.deliver(_closed(16))
    matched.deliver(_closed(18), event_id="theirs-2")

    assert matched.delivered == [("e-1", 202), ("e-1", 202)]
    assert [each.altered for each in matched.otherwise] == [("outcome",)]


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
    matched.deliveries.delivered([envelope], 202, "", NOW, matched.deliveries.arrived([envelope]))

    assert matched.delivered == [("x", 202)]


@pytest.mark.parametrize(
    ("event", "spoilt", "field"),
    [
        (_closed(18), {"outcome": 99}, "outcome"),
        (_crime(), {"victims": [{"person_id": "p-1", "role": "aunt"}]}, "victims.role"),
        (_crime(), {"force": None}, "force"),
    ],
)
def test_what_does_not_fit_the_contract_is_named_by_its_field(
    event: AnyEvent, spoilt: dict[str, Any], field: str
) -> None:
    """No record has such a one, and none was delivered: nothing of it is kept."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", event)
    matched.deliver(event, status=400, **spoilt)
    [said] = matched.otherwise

    assert matched.delivered == [("theirs-1", 400)]
    assert (said.event_type, said.crime_reference) == (type(event).__name__, REFERENCE)
    assert (said.altered, bytes(said.data)) == ((field,), b"null")


def test_an_update_that_comes_again_by_another_id_is_no_second_one() -> None:
    """No portal can know it again: it is the integration that tells it twice."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(18))
    matched.deliver(_closed(18), event_id="theirs-1")
    matched.deliver(_closed(18), event_id="theirs-2")

    assert matched.delivered == [("e-1", 202), ("theirs-2", 202)]
    assert [each.again_of for each in matched.otherwise] == ["e-1"]
    assert matched.deliveries.ours("theirs-2") == "theirs-2"


def test_one_delivery_may_hold_an_update_twice_by_two_ids() -> None:
    """Both are known before the portal answers: the second is told again, and not the same."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(18))
    matched.batch((_closed(18), "theirs-1"), (_closed(18), "theirs-2"))

    assert matched.delivered == [("e-1", 202), ("theirs-2", 202)]
    assert [each.again_of for each in matched.otherwise] == ["e-1"]
    assert [(each.delivered_id, each.arrived) for each in matched.came] == [
        ("theirs-1", 1),
        ("theirs-2", 2),
    ]


def test_two_updates_that_say_the_same_are_two() -> None:
    """An officer wrote the same words twice: neither is the other, told again."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _reply())
    matched.deliveries.recorded("e-2", _reply())
    matched.batch((_reply(), "theirs-1"), (_reply(), "theirs-2"))

    assert (matched.delivered, matched.otherwise) == ([("e-1", 202), ("e-2", 202)], [])


@pytest.mark.parametrize("status", [0, 503])
def test_what_the_portal_did_not_take_may_come_by_another_id(status: int) -> None:
    """The portal never had the first: the second is the event."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _closed(18))
    matched.deliver(_closed(18), status=status)
    matched.deliver(_closed(18), event_id="theirs-2")

    assert matched.delivered[-1] == ("e-1", 202)
    assert matched.otherwise == []


def test_an_update_that_comes_again_is_not_taken_for_one_that_waits() -> None:
    """The later milestone is still to come: it was not altered into the earlier one."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _milestone("scene_examined"))
    matched.deliver(_milestone("scene_examined"))
    matched.deliveries.recorded("e-2", _milestone("forensics_sent"))
    matched.deliver(_milestone("scene_examined"), event_id="theirs-2")

    assert [(each.again_of, each.altered) for each in matched.otherwise] == [("e-1", ())]
    assert matched.taken == ["e-1"]


@pytest.mark.parametrize(
    ("minutes", "end", "seen", "delivered"),
    [
        (1, None, ["e-2"], "withdrawn"),
        (6, None, [], "theirs-2"),
        (1, CrimeCancelled(crime_reference=REFERENCE, cancelled_at=NOW), ["e-2"], "e-3"),
    ],
)
def test_after_a_restart_a_crime_that_was_closed_and_deleted_at_once_may_be_told_as_withdrawn(
    minutes: int, end: AnyEvent | None, seen: list[str], delivered: str
) -> None:
    """Nobody could read the closure, whenever the doubles were stopped since."""
    matched = _Matched()
    matched.deliveries.withdraw = matched.withdraw
    ends = [] if end is None else [_earlier("e-3", end)]
    matched.deliveries.restore(
        [_earlier("e-1", _crime(), is_taken=True), _earlier("e-2", _closed(18)), *ends],
        {"theirs-1": "e-1"},
        {REFERENCE: NOW + timedelta(minutes=minutes)},
    )
    gone = CrimeCancelled(crime_reference=REFERENCE, cancelled_at=NOW)
    matched.deliver(gone, event_id="theirs-2")

    assert matched.seen_as_one == seen
    assert matched.delivered[-1] == (delivered, 202)


@pytest.mark.parametrize(("days", "altered"), [(1, []), (2, [("reached_at",)])])
def test_what_an_officer_corrected_is_not_altered(days: int, altered: list[Any]) -> None:
    """An integration may say what stands by then, and nothing else."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _milestone("scene_examined", NOW - timedelta(days=9)))
    matched.deliveries.corrected(_milestone("scene_examined", NOW - timedelta(days=1)))
    matched.deliver(_milestone("scene_examined", NOW - timedelta(days=days)))

    assert [each.altered for each in matched.otherwise if each.altered] == altered


@pytest.mark.parametrize(("minutes", "seen"), [(1, ["e-1", "e-2"]), (6, [])])
def test_a_crime_that_was_withdrawn_at_once_need_not_leave(minutes: int, seen: list[str]) -> None:
    """No integration that reads now and then can see it; after some minutes it can."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _crime())
    matched.now += timedelta(minutes=minutes)
    gone = CrimeCancelled(crime_reference=REFERENCE, cancelled_at=matched.now)
    matched.deliveries.recorded("e-2", gone)
    matched.deliveries.withdrawn(REFERENCE)

    assert matched.seen_as_one == seen


def _closed_and_deleted(minutes: int) -> _Matched:
    """Have a crime closed, and its record deleted so many minutes later."""
    matched = _Matched()
    matched.deliveries.withdraw = matched.withdraw
    matched.deliveries.recorded("e-1", _crime())
    matched.deliver(_crime())
    matched.now += timedelta(days=1)
    matched.deliveries.recorded("e-2", _closed(18))
    matched.now += timedelta(minutes=minutes)
    matched.deliveries.withdrawn(REFERENCE)
    return matched


@pytest.mark.parametrize(
    ("minutes", "seen", "delivered"),
    [(1, ["e-2"], "withdrawn"), (6, [], "theirs-2")],
)
def test_a_crime_that_is_closed_and_deleted_at_once_may_be_told_as_withdrawn(
    minutes: int, seen: list[str], delivered: str
) -> None:
    """Who reads now and then sees no closure then, only that it is gone; later, it is made up."""
    matched = _closed_and_deleted(minutes)
    matched.deliver(
        CrimeCancelled(crime_reference=REFERENCE, cancelled_at=matched.now), event_id="theirs-2"
    )

    assert matched.seen_as_one == seen
    assert matched.delivered[-1] == (delivered, 202)


def test_who_reads_a_closure_before_the_deletion_tells_it() -> None:
    """Then nothing else is due; who tells neither has lost the closure."""
    matched = _closed_and_deleted(1)
    assert matched.taken == ["e-1"]
    matched.deliver(_closed(18), event_id="theirs-2")

    assert matched.delivered[-1] == ("e-2", 202)
    assert matched.otherwise == []
    assert matched.seen_as_one == []


def test_a_crime_may_be_told_again() -> None:
    """As when somebody is linked: the contract asks that nobody hears it twice."""
    matched = _Matched()
    matched.deliveries.recorded("e-1", _recorded("07700900123"))
    matched.deliver(_recorded("07700900123"), event_id="theirs-1")
    matched.deliver(_recorded("07700900123"), event_id="theirs-2")

    assert matched.delivered == [("e-1", 202), ("e-1", 202)]
    assert [(each.again_of, each.altered) for each in matched.otherwise] == [("e-1", ())]


def test_after_a_restart_what_was_delivered_is_known_again() -> None:
    """A second delivery of it is no new event, and what waited still does."""
    before = _Matched()
    before.deliveries.recorded("e-1", _closed(18))
    before.deliver(_closed(18))
    after = _Matched()
    waiting = _earlier("e-2", _milestone("scene_examined"))
    after.deliveries.restore(
        [_earlier("e-1", _closed(18), is_taken=True), waiting], {before.ids[0]: "e-1"}, {}
    )
    after.deliver(_closed(18))
    after.deliver(_milestone("scene_examined"), event_id="theirs-2")

    assert after.delivered == [("e-1", 202), ("e-2", 202)]
    assert after.deliveries.ours("theirs-1") == "e-1"


def test_a_restart_forgives_no_lost_update() -> None:
    """What waited before it is as old as it was: a later one does not count for it."""
    matched = _Matched()
    matched.now += timedelta(hours=2)
    matched.deliveries.restore([_earlier("e-1", _milestone("scene_examined"))], {}, {})
    matched.deliveries.recorded("e-2", _milestone("forensics_sent"))
    matched.deliver(_milestone("forensics_sent"))

    assert matched.seen_as_one == []
    assert matched.taken == ["e-2"]


@pytest.mark.parametrize(("days", "altered"), [(1, []), (2, [("reached_at",)])])
def test_after_a_restart_what_an_officer_corrected_is_no_alteration(
    days: int, altered: list[Any]
) -> None:
    """An officer's slip is laid on no integration for that; another value still is."""
    slip = _earlier("e-1", _milestone("scene_examined", NOW - timedelta(days=9)))
    corrected = (_milestone("scene_examined", NOW - timedelta(days=1)),)
    matched = _Matched()
    matched.deliveries.restore([structs.replace(slip, corrected=corrected)], {}, {})
    matched.deliver(_milestone("scene_examined", NOW - timedelta(days=days)))

    assert [each.altered for each in matched.otherwise if each.altered] == altered


def _earlier(event_id: str, event: AnyEvent, *, is_taken: bool = False) -> EarlierEvent:
    return EarlierEvent(event_id=event_id, event=event, at=NOW, is_taken=is_taken)
