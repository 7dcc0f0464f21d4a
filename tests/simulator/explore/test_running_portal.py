"""A portal that goes on: its clock, its phase and its people are known from story to story.

Most tests have it in process, where it is quick; its world is the same by URL.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from reference.contract.events import CloudEvent
from simulator.drivers.base import Delivery, Refused
from simulator.drivers.http import HttpDriver
from simulator.errors import BadInput, PortalNonsense
from simulator.evidence.records import EventRecorded
from simulator.explore.running_portal import (
    USED_FILE,
    CannotReplay,
    PortalState,
    RunningPortal,
    TimeUsedUp,
    ends_at,
    note_used,
    running_portal,
    state_of,
)
from simulator.explore.steps import Breakdown, StartSecondWorker
from simulator.inputs.own_people import OwnPeople
from tests.simulator.explore.stories import DAY, OWN, PLAIN, order, reference, story

_advance_to = HttpDriver.advance_to


def portal(
    folder: Path, *, phase: int = 1, own: OwnPeople | None = None
) -> AbstractContextManager[RunningPortal]:
    """Have a portal that goes on, perhaps of a target with people of its own."""
    tried = reference()
    target = structs.replace(tried.target, people=own or tried.target.people)
    return running_portal(target, order(), tried.secrets, phase=phase, files=[folder / USED_FILE])


def refusing(until: datetime, error: Callable[[], Exception]) -> Callable[..., datetime | None]:
    """Make a portal whose clock was at a time already."""

    def advanced(driver: HttpDriver, now: datetime) -> datetime | None:
        if now < until:
            raise error()
        return _advance_to(driver, now)

    return advanced


def test_stories_follow_one_another(tmp_path: Path) -> None:
    """Each begins after the one before has ended; the earlier people are no part of it."""
    with portal(tmp_path) as running:
        judged = []
        for _number in range(3):
            before, woven = running.now, running.alone(0, story(*PLAIN))
            assert woven.story.begins_at > before
            judged.append(woven.judged)
    assert [each.failures for each in judged] == [(), (), ()]
    crimes = [
        {getattr(each, "crime_reference", "") for each in one.records} - {""} for one in judged
    ]
    assert [len(each) for each in crimes] == [1, 1, 1]
    assert len(set.union(*crimes)) == 3


def test_the_next_run_goes_on_from_the_file(tmp_path: Path) -> None:
    """It knows how far the clock has gone, and who was there."""
    with portal(tmp_path) as running:
        running.alone(0, story(*PLAIN))
        ended, used = running.now, set(running.state.used.addresses)
    with portal(tmp_path) as running:
        assert running.now == ended
        assert not running.has_unknown_past
        assert running.renewed(story(*PLAIN)).people[0].phone not in used


def test_a_file_of_another_portal_says_nothing(tmp_path: Path) -> None:
    """Another portal begins at its beginning; a file that cannot be read is named."""
    state = PortalState(portal="another", clock=datetime(2027, 3, 1, tzinfo=UTC))
    (tmp_path / USED_FILE).write_bytes(msgspec.json.encode(state))
    with portal(tmp_path) as running:
        assert running.now < datetime(2026, 6, 1, tzinfo=UTC)
    (tmp_path / USED_FILE).write_text("{")
    with pytest.raises(BadInput, match=USED_FILE), portal(tmp_path):
        pass


@pytest.mark.parametrize(
    "error",
    [
        lambda: Refused(409, "Time goes forward only", ""),
        lambda: PortalNonsense("POST /test-clock answered 409, though the portal claims it"),
    ],
)
def test_the_time_of_a_portal_that_went_on_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception]
) -> None:
    """A week after its clock at most; a person who was there before, all people are new."""
    until = datetime(2026, 9, 10, 12, tzinfo=UTC)
    monkeypatch.setattr(HttpDriver, "advance_to", refusing(until, error))
    with portal(tmp_path) as running:
        assert until <= running.now <= until + timedelta(days=7)
        assert running.has_unknown_past
        assert running.renewed(story(*PLAIN)).people[0].phone != "07700900123"


def test_a_clock_that_never_takes_a_time_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is any other refusal, at once."""
    never = datetime(2100, 1, 1, tzinfo=UTC)
    refused = refusing(never, lambda: Refused(409, "Time goes forward only", ""))
    monkeypatch.setattr(HttpDriver, "advance_to", refused)
    with pytest.raises(BadInput, match="clock refuses every time until"), portal(tmp_path):
        pass
    wrong = refusing(never, lambda: PortalNonsense("POST /test-clock answered 401"))
    monkeypatch.setattr(HttpDriver, "advance_to", wrong)
    with pytest.raises(PortalNonsense, match="401"), portal(tmp_path):
        pass


def test_people_ids_and_domains_are_the_targets_own(tmp_path: Path) -> None:
    """A test environment that takes only these gets no others, in a crime's reference either."""
    with portal(tmp_path, own=OWN) as running:
        woven = running.alone(0, story(*PLAIN), is_again=True)
    judged, (person,) = woven.judged, woven.story.people
    assert person.record.person_id.startswith("NOM-")
    assert person.record.given_name in OWN.given_names
    assert person.mailbox.partition("@")[2] in OWN.mail_domains
    references = {x.crime_reference for x in judged.records if isinstance(x, EventRecorded)}
    assert references
    assert all(re.fullmatch(r"\d\d-\d{7}-\d\d", reference) for reference in references)
    assert judged.failures == ()


def test_no_story_goes_beyond_the_orders_bank_holidays(tmp_path: Path) -> None:
    """Later nobody knows when a deadline is."""
    too_long = structs.replace(story(*PLAIN), ends_after_seconds=8 * 365 * DAY)
    with portal(tmp_path) as running, pytest.raises(TimeUsedUp, match="names no bank holidays"):
        running.renewed(too_long)


def test_days_end_with_the_last_year_of_the_list() -> None:
    """A list of the past leaves two years, as long as `accept` may take."""
    assert ends_at(order(), 1) == datetime(2033, 1, 1, tzinfo=UTC)
    deadlines = structs.replace(order().deadlines, bank_holidays=())
    old = structs.replace(order(), deadlines=deadlines)
    assert ends_at(old, 1) == order().go_live_at(1) + timedelta(days=730)


def test_a_phase_that_has_passed_does_not_come_back(tmp_path: Path) -> None:
    """A story of it cannot be played, and neither can one of another order."""
    with portal(tmp_path, phase=2) as running:
        running.alone(0, story(*PLAIN, phase=2))
    with (
        portal(tmp_path, phase=1) as running,
        pytest.raises(CannotReplay, match="has entered phase 2, and the story is of phase 1"),
    ):
        running.renewed(story(*PLAIN, phase=1))


def test_a_portal_that_we_did_not_start_is_not_restarted(tmp_path: Path) -> None:
    """Such steps are left out, and outages of its neighbours stay."""
    restart, outage = Breakdown(what="portal restarted"), Breakdown(what="gateway down")
    with portal(tmp_path) as running:
        each = running.renewed(story(StartSecondWorker(), *PLAIN, restart, outage))
    assert restart not in each.steps
    assert StartSecondWorker() not in each.steps
    assert outage in each.steps


def recorded(event_type: str, crime: str, **data: Any) -> EventRecorded:
    """Say that an event was recorded on 1 June."""
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return EventRecorded(
        at=at,
        event_id=f"{event_type} of {crime}",
        event_type=event_type,
        crime_reference=crime,
        happened_at=at,
        data=msgspec.Raw(msgspec.json.encode(data)),
    )


def test_what_an_acceptance_left_open_is_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its hundreds of people are told of them for years; what left the force stays so."""
    sent: list[CloudEvent] = []

    def delivered(_driver: HttpDriver, delivery: Delivery) -> int:
        sent.extend(msgspec.json.decode(event, type=CloudEvent) for event in delivery.events)
        return 202

    monkeypatch.setattr(HttpDriver, "deliver", delivered)
    file = tmp_path / USED_FILE
    crimes = [recorded("CrimeRecorded", f"4326000000{number}") for number in (1, 2, 3)]
    gone = recorded("CrimeTransferred", "43260000002")
    note_used(reference().target, file, [*crimes, gone], 1)
    with portal(tmp_path):
        data = [msgspec.json.decode(event.data) for event in sent]
        assert {event.type for event in sent} == {"CrimeCancelled"}
        assert [each["crime_reference"] for each in data] == ["43260000001", "43260000003"]
    assert state_of(reference().target, file).left_open == set()


def test_a_portal_that_was_accepted_stays_in_its_phase(tmp_path: Path) -> None:
    """Its days are those of the run: what phase 2 brings is never owed in phase 1."""
    note_used(reference().target, tmp_path / USED_FILE, [recorded("CrimeRecorded", "1")], 1)
    with portal(tmp_path) as running:
        assert running.order.phase_at(running.order.go_live_at(1) + timedelta(days=2_000)) == 1


def test_a_number_of_an_event_is_used_however_it_is_written(tmp_path: Path) -> None:
    """The portal knows it as one number: a later person who had it would share it."""
    victim = {"mobile_phone": "+44 (0) 7700 900467 wife", "email": "A.Lund@POST.test", "age": 7}
    crime = recorded("CrimeRecorded", "43260000001", victims=[victim], area="7700 900468")
    target, file = reference().target, tmp_path / USED_FILE

    note_used(target, file, [crime], 1)

    assert state_of(target, file).used.addresses == {"07700900467", "a.lund@post.test"}
