"""Rules that hold on any calendar: on odd weekdays, across clock changes, over Christmas."""

from datetime import date, datetime
from typing import Any

import msgspec
import pytest

from simulator.clock import LONDON
from simulator.evidence.records import (
    EventRecorded,
    InternalNoteWritten,
    MessageAccepted,
    PersonKnown,
    Seen,
    SignedIn,
)
from simulator.rehearsal.run import CompletedRehearsal, rehearse
from tests.simulator.rehearsal.small import write_small

AUTUMN = {
    "phase_1": date(2026, 10, 14),
    "phase_2": date(2026, 10, 30),
    "phase_3": date(2026, 11, 17),
}


def _in_autumn(order: dict[str, Any]) -> None:
    order["go_live"] = AUTUMN


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> CompletedRehearsal:
    """A rehearsal on odd weekdays, across a clock change and into the holidays."""
    return rehearse(write_small(tmp_path_factory.mktemp("autumn"), order=_in_autumn))


@pytest.mark.proof
def test_an_odd_calendar_is_a_calendar(autumn: CompletedRehearsal) -> None:
    """Periods begin on the order's days, on any weekday, and nothing fails."""
    live = [each for each in autumn.result.periods if each.name.endswith(" live")]

    assert [each.starts for each in live[:3]] == list(AUTUMN.values())
    assert autumn.result.periods[-1].ends == date(2027, 1, 5)
    assert autumn.result.verdict in {"PASS", "WARNING"}
    assert autumn.result.failures == []


def test_no_call_is_avoided_before_an_odd_go_live(autumn: CompletedRehearsal) -> None:
    """Weeks before go-live are the same with and without the portal."""
    for each, following in zip(autumn.result.weeks, autumn.result.weeks[1:], strict=False):
        if following.starts <= AUTUMN["phase_1"]:
            assert each.update_calls_with == each.update_calls_without


@pytest.mark.parametrize("run", ["ordinary", "autumn"])
def test_nothing_is_sent_at_night(run: str, request: pytest.FixtureRequest) -> None:
    """No message is sent in London's quiet hours, before and after the clocks change."""
    rehearsed: CompletedRehearsal = request.getfixturevalue(run)

    for records in rehearsed.evidence.values():
        for each in records:
            if isinstance(each, MessageAccepted) and each.carries != "one_time_code":
                assert 8 <= each.at.astimezone(LONDON).hour < 21


@pytest.mark.parametrize("run", ["ordinary", "autumn"])
def test_officers_answer_by_day(run: str, request: pytest.FixtureRequest) -> None:
    """Replies and corrected details are written in a shift, between 07:00 and 22:00."""
    rehearsed: CompletedRehearsal = request.getfixturevalue(run)
    written = [
        each.at.astimezone(LONDON)
        for records in rehearsed.evidence.values()
        for each in records
        if isinstance(each, EventRecorded)
        and each.event_type in {"OfficerReplied", "VictimDetailsChanged"}
        # That a victim moved or died is written down by whoever hears of it.
        and not any(word in bytes(each.data) for word in (b"moved.", b'"has_died":true'))
    ]

    assert written
    ten = datetime(2026, 1, 1, 22).time()  # noqa: DTZ001  a time of day
    assert all(each.hour >= 7 and each.time() <= ten for each in written)


def test_only_the_holder_of_an_address_signs_in(ordinary: CompletedRehearsal) -> None:
    """Everybody who signs in got a message on a phone or mailbox they really hold."""
    for records in ordinary.evidence.values():
        people = {each.person_id: each for each in records if isinstance(each, PersonKnown)}
        told = {each.to for each in records if isinstance(each, MessageAccepted)}
        for each in records:
            if isinstance(each, SignedIn):
                person = people[each.person_id]
                assert person.role == "victim"
                assert {person.mobile_phone, person.email.lower()} & told


def test_no_victim_sees_officers_notes(ordinary: CompletedRehearsal) -> None:
    """Notes are written, and none of their words is shown."""
    records = ordinary.evidence["live"]
    notes = [each.text for each in records if isinstance(each, InternalNoteWritten)]
    shown = msgspec.json.encode([each for each in records if isinstance(each, Seen)]).decode()

    assert notes
    assert not [each for each in notes if each in shown]


def test_people_write_in_phase_3_only(ordinary: CompletedRehearsal) -> None:
    """Before phase 3 nobody can write."""
    kinds = {
        each.event_type
        for each in ordinary.evidence["Phase 2 test"]
        if isinstance(each, EventRecorded)
    }

    assert "OfficerReplied" not in kinds
