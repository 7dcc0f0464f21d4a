"""Rules of the change feed: whatever is handed over is seen, in order, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.events import CloudEvent
from simulator.evidence.records import ChangesSeenAsOne, EvidenceLog
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.changes import PAGE_CHANGES_MAX, Changes, UnknownCursor
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.records import CrimeSystem
from tests.simulator.asgi import call

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
TOKEN = "a-service-account-of-the-tests"


def change(
    number: int, kind: str = "OfficerDeployed", *, happened_at: datetime = NOW, **data: Any
) -> Outgoing:
    """Make one event on its way."""
    envelope = CloudEvent(
        specversion="1.0",
        id=f"event-{number}",
        source="tests",
        type=kind,
        sequence=f"{number:07d}",
        time=happened_at,
        data=msgspec.Raw(msgspec.json.encode({"crime_reference": "43-1", **data})),
    )
    return Outgoing(envelope.id, msgspec.json.encode(envelope))


def read_all(feed: Changes, cursor: str = "") -> tuple[list[str], str]:
    """Ask on until there is no more; gives the ids and the last cursor."""
    found: list[str] = []
    more = True
    while more:
        page = feed.since(cursor)
        found += [each.id for each in page.changes]
        cursor, more = page.cursor, page.more
    return found, cursor


def nothing_as_one(event_id: str, seen_as: str) -> None:
    """Fail: these tests have no changes of one thing."""
    raise AssertionError(f"{event_id} was hidden by {seen_as}")


@settings(deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=3 * PAGE_CHANGES_MAX), max_size=4))
def test_a_person_who_asks_on_misses_nothing_and_sees_nothing_again(batches: list[int]) -> None:
    """However many come between two questions, each change is seen once, in the order it came."""
    feed, seen, cursor, number = Changes(nothing_as_one), list[str](), "c0", 0
    for count in batches:
        feed.publish([change(number + each) for each in range(count)])
        number += count
        found, cursor = read_all(feed, cursor)
        seen += found

    assert seen == [f"event-{each}" for each in range(number)]
    assert read_all(feed, cursor) == ([], cursor)


def test_an_old_cursor_shows_it_all_again() -> None:
    """A portal that lost its place, or never kept it, has everything from there on."""
    feed = Changes(nothing_as_one)
    feed.publish([change(1)])
    _, after_the_first = read_all(feed)
    feed.publish([change(2)])
    read_all(feed, after_the_first)

    assert read_all(feed, after_the_first)[0] == ["event-2"]
    assert read_all(feed)[0] == ["event-1", "event-2"]


def test_the_feed_tells_what_was_read_for_the_first_time() -> None:
    """An event waits until the portal reads it, and is told of once, though it is read again."""
    feed, read = Changes(nothing_as_one), list[str]()
    feed.on_read = read.extend
    assert not feed.is_asked
    feed.publish([change(1), change(2)])
    assert feed.is_unread("event-1")

    read_all(feed)
    read_all(feed)

    assert feed.is_asked
    assert read == ["event-1", "event-2"]
    assert not feed.is_unread("event-1")


def test_one_id_of_two_sources_is_two_changes() -> None:
    """The feed tells of each by what the evidence calls it."""
    feed, read = Changes(nothing_as_one), list[str]()
    feed.on_read = read.extend
    body = change(1).body
    feed.publish([Outgoing("event-1 of elsewhere", body), Outgoing("event-1", body)])
    assert read_all(feed)[0] == ["event-1", "event-1"]
    assert read == ["event-1 of elsewhere", "event-1"]


def test_a_change_says_what_the_event_says_but_for_its_sequence() -> None:
    """What is detected has no sequence; everything else is as integration hands it over."""
    feed = Changes(nothing_as_one)
    handed_over = change(7, appointment_id="a", person_id="p")
    feed.publish([handed_over])

    (seen,) = feed.since("").changes

    event = msgspec.json.decode(handed_over.body, type=CloudEvent)
    assert event.sequence
    assert seen == msgspec.structs.replace(event, sequence="")


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("CrimeAllocated", {"team": "A"}, {"team": "B"}),
        ("AppointmentChanged", {"appointment_id": "a"}, {"appointment_id": "a"}),
        ("VictimDetailsChanged", {"victim": {"person_id": "p"}}, {"victim": {"person_id": "p"}}),
    ],
)
def test_two_unread_changes_of_one_thing_are_seen_as_one(
    kind: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """A record keeps only the latest: the earlier is never seen, and the evidence names it."""
    hidden: list[tuple[str, str]] = []
    feed = Changes(lambda *pair: hidden.append(pair))
    feed.publish([change(1, kind, **one), change(2), change(3, kind, **other)])

    assert read_all(feed)[0] == ["event-2", "event-3"]
    assert hidden == [("event-1", "event-3")]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("OfficerDeployed", {}, {}),
        ("OfficerReplied", {"person_id": "p"}, {"person_id": "p"}),
        ("AppointmentChanged", {"appointment_id": "a"}, {"appointment_id": "b"}),
        ("VictimDetailsChanged", {"victim": {"person_id": "p"}}, {"victim": {"person_id": "q"}}),
        ("CrimeAllocated", {"crime_reference": "43-1"}, {"crime_reference": "43-2"}),
    ],
)
def test_changes_of_two_things_stay_two(
    kind: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """What is added, or is about another person, crime or appointment, is a change of its own."""
    feed = Changes(nothing_as_one)
    feed.publish([change(1, kind, **one), change(2, kind, **other)])

    assert read_all(feed)[0] == ["event-1", "event-2"]


def test_what_was_read_is_not_taken_back() -> None:
    """A second change of a thing is a separate change once the first has been read."""
    feed = Changes(nothing_as_one)
    feed.publish([change(1, "CrimeAllocated")])
    _, cursor = read_all(feed)
    feed.publish([change(2, "CrimeAllocated")])

    assert read_all(feed, cursor)[0] == ["event-2"]


def test_handed_over_again_it_is_seen_again_only_if_it_was_read() -> None:
    """At least once: a repetition is a change like any other, unless the first still waits."""
    feed = Changes(nothing_as_one)
    feed.publish([change(1)])
    feed.publish([change(1)])
    found, cursor = read_all(feed)
    feed.publish([change(1)])

    assert found == ["event-1"]
    assert read_all(feed, cursor)[0] == ["event-1"]


@given(st.text(max_size=12))
def test_a_cursor_nobody_was_given_is_refused(cursor: str) -> None:
    """Nothing is guessed from a word that no page ended with."""
    feed = Changes(nothing_as_one)
    feed.publish([change(1)])
    given_out = {feed.since("").cursor, "", "c0"}

    if cursor in given_out or cursor.lstrip("c0") in {"", "1"}:
        return
    with pytest.raises(UnknownCursor):
        feed.since(cursor)


class _System:
    """The crime system with its interface and its log."""

    def __init__(self) -> None:
        self.evidence = EvidenceLog()
        self.records = CrimeSystem(now=lambda: NOW, evidence=self.evidence, source="tests")
        self.app = crime_system_app(self.records, token=TOKEN)

    def get(self, target: str, *, token: str = TOKEN) -> tuple[int, Any]:
        """Ask as a portal's service account."""
        answer = call(self.app, "GET", target, headers={"authorization": f"Bearer {token}"})
        return answer.status, answer.json


def test_the_feed_is_read_by_url() -> None:
    """GET answers changes, a cursor and whether there is more; from the cursor on there is none."""
    system = _System()
    system.records.changes.publish([change(1), change(2)])

    status, page = system.get("/occurrences/changes")
    assert status == 200
    assert [each["id"] for each in page["changes"]] == ["event-1", "event-2"]
    assert page["more"] is False

    assert system.get(f"/occurrences/changes?since={page['cursor']}") == (
        200,
        {"changes": [], "cursor": page["cursor"], "more": False},
    )


def test_only_the_portals_service_account_reads_it() -> None:
    """Another token is 401, and a word that is no cursor 400, naming the field."""
    system = _System()

    assert system.get("/occurrences/changes", token="another")[0] == 401
    status, problem = system.get("/occurrences/changes?since=yesterday")
    assert (status, problem["field"]) == (400, "since")


def test_what_nobody_will_see_is_written_down() -> None:
    """The judge can know that a portal never had the first of two changes."""
    system = _System()
    system.records.changes.publish([change(1, "CrimeAllocated"), change(2, "CrimeAllocated")])

    assert system.evidence.records == [
        ChangesSeenAsOne(at=NOW, event_id="event-1", seen_as="event-2")
    ]


def test_an_older_change_of_a_thing_does_not_replace_a_newer_one() -> None:
    """However often it is handed over before the portal has asked; after that it may come."""
    pairs = list[tuple[str, str]]()
    feed = Changes(lambda event_id, seen_as: pairs.append((event_id, seen_as)))
    victim = {"person_id": "P1"}
    older, newer = (change(each, "VictimDetailsChanged", victim=victim) for each in (1, 2))
    feed.publish([older, newer, older])

    found, cursor = read_all(feed)
    assert found == ["event-2"]
    assert pairs == [("event-1", "event-2")]

    feed.publish([older])

    assert read_all(feed, cursor)[0] == ["event-1"]


def test_an_older_change_handed_over_late_does_not_hide_the_newer_one() -> None:
    """The record itself has the newer state; of two of one moment the last one stands."""
    pairs = list[tuple[str, str]]()
    feed = Changes(lambda event_id, seen_as: pairs.append((event_id, seen_as)))
    victim = {"person_id": "P1"}
    before = NOW - timedelta(minutes=1)
    older = change(1, "VictimDetailsChanged", happened_at=before, victim=victim)
    newer = change(2, "VictimDetailsChanged", victim=victim)
    feed.publish([newer, older])

    assert read_all(feed)[0] == ["event-2"]
    assert pairs == [("event-1", "event-2")]
